package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/recipe"
)

func TestSiteArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		name string
		want string // the error, or part of it
	}{
		{[]string{"-checkpoint", "a/model-10.pt", "-title", "Small birds!"}, "small-birds", ""},
		{[]string{"-checkpoint", "a/model-10.pt"}, "model-10", ""},
		{[]string{"-checkpoint", "a/model-10.pt", "-title", "小鸟"}, "model-10", ""},
		{[]string{"-checkpoint", "a/___.pt", "-title", "…"}, "model", ""},
		{[]string{"-checkpoint", "x", "-name", "My.Birds"}, "My.Birds", ""},
		{[]string{"-checkpoint", "x", "-name", "../birds"}, "", "want letters, digits"},
		{[]string{"-checkpoint", "x", "-name", "a b"}, "", "want letters, digits"},
		{[]string{"-title", "Birds"}, "", "name the checkpoint with -checkpoint"},
		{[]string{"-checkpoint", "x", "more"}, "", `"more" is not expected`},
		{[]string{"-checkpoint", "x", "-address", "birds"}, "", "is not the address of a site"},
		{[]string{"-checkpoint", "x", "-sise", "3"}, "", "flag provided but not defined"},
		{[]string{"-checkpoint", "x", "--", "-o", "y"}, "", "-o is pack site's own"},
		{[]string{"-checkpoint", "x", "--", "--title=Birds"}, "", "-title is pack site's own"},
	} {
		o, err := siteArguments(c.args)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: got %v, want %q", c.args, err, c.want)
			}
			continue
		}
		if err != nil || o.name != c.name {
			t.Errorf("%q: the model is %q (%v), want %q", c.args, o.name, err, c.name)
		}
	}
	o, err := siteArguments([]string{"-checkpoint", "x", "-classes", "a,b", "--", "-heads", "4"})
	if want := []string{"-classes", "a,b", "-heads", "4"}; err != nil ||
		!slices.Equal(o.convert, want) {
		t.Errorf("tools/convert gets %q (%v), want %q", o.convert, err, want)
	}
}

// A folder that holds something else is left alone.
func TestVacant(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "index.html")
	if err := errors.Join(vacant(filepath.Join(folder, "none")), vacant(folder)); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(name, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{folder: "is not empty, and was not written by pack",
		name: "is a file: name a folder"} {
		if err := vacant(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", path, err, says)
		}
	}
	written := t.TempDir()
	if err := write(written, []file{{Path: "index.html", Data: []byte("x")}}, plain); err != nil {
		t.Fatal(err)
	}
	if err := vacant(written); err != nil {
		t.Errorf("a site that pack has written: %v", err)
	}
	// One that could not be written to its end can be built again, and leaves nothing behind.
	half := t.TempDir()
	a, b := file{Path: "a", Data: []byte("x")}, file{Path: "a/b", Data: []byte("x")}
	if err := write(half, []file{a, b}, plain); err == nil {
		t.Fatal("a file was written into a file")
	}
	if err := errors.Join(vacant(half), write(half, []file{{Path: "c"}}, plain)); err != nil {
		t.Errorf("half a site: %v", err)
	}
	if left, err := os.ReadDir(half); err != nil || len(left) != 2 {
		t.Errorf("c and the list are wanted, and there are %v (%v)", left, err)
	}
}

// The page and the player of a site open with its model, and nothing else changes.
func TestSiteOpensWithItsModel(t *testing.T) {
	files := []file{
		{Path: "index.html", Data: []byte("<!doctype html>\n<html lang=\"en\">")},
		{Path: playerName, Data: []byte("<html lang=\"en\">")},
		{Path: "web/other.html", Data: []byte("<html>")},
	}
	files = marked(files, "model", "birds", "index.html", playerName)
	for i, want := range []string{
		"<!doctype html>\n<html data-model=\"birds\" lang=\"en\">",
		"<html data-model=\"birds\" lang=\"en\">", "<html>",
	} {
		if got := string(files[i].Data); got != want {
			t.Errorf("%s is %s, want %s", files[i].Path, got, want)
		}
	}
}

// A badge is well-formed whatever the title is.
func TestBadge(t *testing.T) {
	for _, title := range []string{"Birds", `<b> & "quotes"`, "小鸟"} {
		d := xml.NewDecoder(bytes.NewReader(badge(title)))
		text := ""
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", title, err, badge(title))
			}
			if data, ok := token.(xml.CharData); ok {
				text += string(data)
			}
		}
		if !strings.Contains(text, title) {
			t.Errorf("the badge says %q, want %q in it", text, title)
		}
		if bytes.Contains(badge(title), []byte("%!")) {
			t.Errorf("%s", badge(title))
		}
	}
}

// A card of any model has the size that sites expect, in colour where it has any.
func TestCardOfAnotherModel(t *testing.T) {
	for _, c := range []struct {
		model   string
		classes []string
		grey    bool
	}{{"tiles", []string{"a"}, false}, {"digits-small", nil, true}} {
		text := siteCard(c.model, recipe.Info{Classes: c.classes})
		data, err := drawCard(weightsFile(t, c.model).Data, text)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != cardWidth || b.Dy() != cardHeight {
			t.Errorf("%s: the card is %v", c.model, b)
		}
		coloured := 0
		for y := range cardHeight {
			for x := range cardWidth {
				if r, g, b, _ := img.At(x, y).RGBA(); r != g || g != b {
					coloured++
				}
			}
		}
		stage := cardWidth * cardHeight / 3
		if c.grey && coloured > cardWidth*cardHeight-stage || !c.grey && coloured < stage {
			t.Errorf("%s: %d pixels are coloured", c.model, coloured)
		}
	}
}

func TestSiteReport(t *testing.T) {
	got := siteReport(siteOptions{out: "mysite"}, "birds", "Birds", 6_100_000)
	for _, want := range []string{
		"make run MODEL=mysite ", "mysite/birds.html, 6.1 MB",
		`<script src="https://YOUR-SITE/web/embed.js" async></script>`,
		`<tweedie-sampler model="birds" controls></tweedie-sampler>`,
		"[![Birds runs in your browser](https://YOUR-SITE/badge.svg)](https://YOUR-SITE/)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s in it", got, want)
		}
	}
	got = siteReport(siteOptions{out: "my site"}, "b", "a ](b) `c` <i> *d*", 1)
	for _, want := range []string{"make run MODEL='my site' ",
		"[![a \\](b) \\`c\\` \\<i> \\*d\\* runs in"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s in it", got, want)
		}
	}
	if got := oneLine(" a\x01\nb\u202e c\u2028d\xff"); got != "a b c d" {
		t.Errorf("the title is %q", got)
	}
	got = siteReport(siteOptions{out: "m", address: "https://a.org/b/"}, "b", "B", 1)
	if !strings.Contains(got, "https://a.org/b/web/embed.js") || strings.Contains(got, "%!") {
		t.Errorf("got\n%s", got)
	}
}
