package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

const field = "../../tools/convert/testdata/field/"

// tidy is a folder of diffusers.
func tidy(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, name := range []string{"config.json", "scheduler_config.json",
		"diffusion_pytorch_model.safetensors"} {
		texts["a bird/"+name] = string(fixture.File(t, filepath.Join(field, name)))
	}
	return texts
}

// TestConvert converts a folder. The bytes are the same on every platform.
func TestConvert(t *testing.T) {
	var said []Line
	end := convert(given(t, tidy(t)), [][2]string{{"title", "Bird"}, {"licence", ""}},
		func(line Line) { said = append(said, line) })
	c, ok := end.(Converted)
	if !ok {
		t.Fatalf("got %+v", end)
	}
	f := c.Facts
	if c.Name != "a-bird" || f.Title != "Bird" || f.Width == 0 || f.Memory == 0 ||
		f.Bytes != len(c.Bytes) || f.SHA256 != fmt.Sprintf("%x", sha256.Sum256(c.Bytes)) ||
		len(f.Stored) == 0 || f.Prediction != "epsilon" || len(c.Said) != len(said) {
		t.Errorf("got %q, %+v, said %q and %q", c.Name, f, c.Said, said)
	}
	fixture.Golden(t, "testdata/golden.txt", []fixture.Line{{Name: c.Name, Value: f.SHA256}})
}

// TestPassedOver: of files that come together, those that were not needed are named.
func TestPassedOver(t *testing.T) {
	texts := tidy(t)
	said := func() string {
		end := convert(given(t, texts), nil, func(Line) {})
		c, ok := end.(Converted)
		if !ok {
			t.Fatalf("got %+v", end)
		}
		return fmt.Sprint(c.Said)
	}
	if lines := said(); strings.Contains(lines, "passed over:") {
		t.Errorf("of the files that belong together some are passed over: %q", lines)
	}
	texts["a bird/cat.png"] = "no weights"
	if lines := said(); !strings.Contains(lines, "of 4 files 3 were read; passed over: cat.png") {
		t.Errorf("said %q", lines)
	}
	for _, name := range []string{"b", "d", "e", "f", "g"} {
		texts["a bird/"+name+".png"] = "no weights"
	}
	if lines := said(); !strings.Contains(lines,
		"of 9 files 3 were read; passed over: b.png, cat.png, d.png, e.png, 2 others") {
		t.Errorf("said %q", lines)
	}
}

// TestRefused converts what cannot be converted.
func TestRefused(t *testing.T) {
	alone := tidy(t)
	delete(alone, "a bird/config.json")
	labml := map[string]string{"mnist.safetensors": string(fixture.File(t,
		"../../tools/convert/family/testdata/cfm-cifar/state.safetensors.gz"))}
	for _, c := range []struct {
		what    string
		texts   map[string]string
		options [][2]string
		says    string
		asks    string
	}{
		{"no config", alone, nil, "there is no config.json beside " +
			"diffusion_pytorch_model.safetensors", ""},
		{"text", map[string]string{"notes.txt": "hello"}, nil, "notes.txt", ""},
		{"a folder of texts", map[string]string{"a/notes.txt": "x", "a/b.md": "y"}, nil,
			"name the file with the weights itself", ""},
		{"no size", labml, nil, "-size", "size"},
		{"an unknown option", tidy(t), [][2]string{{"colour", "red"}},
			`there is no option "colour"`, ""},
		{"an option of the command line", tidy(t), [][2]string{{"config", "x.json"}},
			`there is no option "config"`, ""},
		{"a bad size", labml, [][2]string{{"size", "0"}}, "size: want a side from 1", "size"},
		{"a size that does not fit", labml, [][2]string{{"size", "15"}},
			"-size 15×15 does not fit the network", "size"},
		{"names of classes", labml, [][2]string{{"size", "16"}, {"classes", "a,b"}},
			"-classes gives 2 names", "classes"},
		{"an unknown family", labml, [][2]string{{"family", "cats"}},
			`there is no family "cats"`, ""},
	} {
		end := convert(given(t, c.texts), c.options, func(Line) {})
		r, ok := end.(Refused)
		if !ok || !strings.Contains(r.Message, c.says) {
			t.Errorf("%s: got %+v, want %q", c.what, end, c.says)
			continue
		}
		found := c.asks == ""
		for _, a := range r.Needs {
			found = found || a == c.asks
		}
		if !found {
			t.Errorf("%s: asks %+v, want %s", c.what, r.Asks, c.asks)
		}
	}
}

// TestAnswersAsk: the option that was asked for helps.
func TestAnswersAsk(t *testing.T) {
	texts := map[string]string{"cfm.safetensors": string(fixture.File(t,
		"../../tools/convert/family/testdata/cfm-cifar/state.safetensors.gz"))}
	end := convert(given(t, texts), [][2]string{{"size", "32"}}, func(Line) {})
	if c, ok := end.(Converted); !ok || c.Facts.Width != 32 {
		t.Errorf("got %+v", end)
	}
}
