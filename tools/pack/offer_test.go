package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/sampler/recipe"
)

// The page of another model shows its classes from the beginning, or none.
func TestOffered(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	info := recipe.Info{Classes: []string{"cat", `<b> "dog"`}}
	info.Defaults.Guidance = 2.5
	first := recipe.Settings{Images: 2}
	first.Steps = 30
	got, err := offered(page, info, first)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`name="c" value="cat"><span>cat</span></label>`,
		`value="&lt;b&gt; &#34;dog&#34;"><span>&lt;b&gt; &#34;dog&#34;</span></label></div>`,
		`<fieldset class="classes" id="classes" aria`, `step="0.1" value="2.5"`,
		`step="any" value="2.5" aria-label="Guidance, as a number"`,
		`<input id="steps" name="steps" type="number" inputmode="numeric" step="1" value="30"`,
		`<input id="images" name="n" type="number" inputmode="numeric" step="1" value="2"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(got, `name="c" value="7"`) {
		t.Error("the digits' classes are there")
	}
	info.Classes = nil
	if got, err = offered(page, info, first); err != nil || !strings.Contains(got,
		`<fieldset class="classes" id="classes" hidden aria`) ||
		!strings.Contains(got, `<div class="chips" id="chips"></div>`) {
		t.Errorf("without classes their place is shown (%v)", err)
	}
	if lines := strings.Count(got, "\n"); lines != strings.Count(page, "\n") {
		t.Errorf("the page has %d lines", lines)
	}
	if _, err := offered("<html>", info, first); err == nil {
		t.Error("a page without classes was taken")
	}
}
