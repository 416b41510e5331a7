package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func weightsFile(t *testing.T, name string) file {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "weights", name+".safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	return file{Path: "weights/" + name + ".safetensors", Data: data}
}

func TestModels(t *testing.T) {
	digits, glyphs := weightsFile(t, "digits"), weightsFile(t, "glyphs")
	another := file{Path: "weights/another.safetensors", Data: glyphs.Data}
	got, err := models([]file{another, weightsFile(t, "digits-classifier"),
		weightsFile(t, "digits-small"), weightsFile(t, "digits-cascade"), {Path: "web/main.js",
			Data: []byte("no model")}, glyphs, digits,
		{Path: "weights/glyphs-weak.safetensors", Data: glyphs.Data}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(got.Data)
	at := 0
	for _, want := range []string{
		`"models": [`, `"name": "digits"`, `"title": "Digits"`, `"bytes": 2248738`, `"9"`,
		`"licence": "Distributed`, `"data": "MNIST`,
		`"name": "another"`, `"name": "glyphs"`, `"title": "Glyphs"`, `"bytes": 5500298`, `"Z"`,
		`"name": "digits-cascade"`, `"bytes": 1372540`, `"name": "digits-small"`, `"bytes": 809666`,
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("after %d bytes there is no %s in\n%s", at, want, text)
		}
		at += i
	}
	if strings.Contains(text, "digits-classifier") {
		t.Error("a classifier is offered as a model")
	}
	if strings.Contains(text, "glyphs-weak") {
		t.Error("a weaker version is offered as a model")
	}
	if got.Path != "web/models.json" {
		t.Errorf("the list is %s", got.Path)
	}
	bad := file{Path: "weights/bad.safetensors", Data: []byte("nothing")}
	if _, err := models([]file{bad}); err == nil || !strings.Contains(err.Error(), bad.Path) {
		t.Errorf("a broken file: got %v, want its name", err)
	}
}

// A single file lists the models that it carries, and no others.
func TestSingleLists(t *testing.T) {
	files := []file{weightsFile(t, "digits"), weightsFile(t, "glyphs")}
	list, err := choice{models: []string{"glyphs"}}.list(files)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(list.Data); !strings.Contains(text, `"glyphs"`) ||
		strings.Contains(text, `"digits"`) {
		t.Errorf("got %s", text)
	}
	small, err := thumbnails(filepath.Join("..", "..", "weights"),
		append(files, file{Path: "weights/another.safetensors"}))
	if err != nil {
		t.Fatal(err)
	}
	picture := regexp.MustCompile(`"(\S+)": ?"data:image/png;base64,iVBOR`)
	if got := picture.FindAllStringSubmatch(string(small.Data), -1); len(got) != 2 ||
		got[0][1] != "digits" || got[1][1] != "glyphs" {
		t.Errorf("there are pictures of %q", got)
	}
	if small.Data, err = thumbnailsOf(small.Data, []string{"glyphs", "another"}); err != nil {
		t.Fatal(err)
	}
	if got := picture.FindAllStringSubmatch(string(small.Data), -1); len(got) != 1 ||
		got[0][1] != "glyphs" {
		t.Errorf("the file has pictures of %q", got)
	}
}
