//go:build !js

package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/plane"
)

// TestPageHasWords: the page has a name and a hint for every key of the lab's own, a name for each
// of its choices and for every group, class, preset, measure and example, in both languages, and
// none of what is not there. Keys of samplers have those of the first page, and their choices the
// field's names.
func TestPageHasWords(t *testing.T) {
	words := named(t, "lab.js", `'lab\.((?:key|hint|choice|class|group|measure|`+
		`judges|topic|try)\.[\w.-]+)':`)
	maps.Copy(words, named(t, "plane.js", `'lab\.(preset\.[\w.-]+)':`))
	first := named(t, "en.js", `'options\.([\w.-]+)':`)
	p := open(t)
	d := last[Described](t, p.hears(Describe{ID: 1}))
	wanted := map[string]bool{}
	for _, k := range d.Keys {
		switch {
		case k.Name == "h": // has no control
			continue
		case k.Name == "d": // is chosen by the pictures of presets
			wanted["key.d"], wanted["group."+string(k.Group)] = true, true
			continue
		}
		wanted["group."+string(k.Group)] = true
		if first[k.Name] > 0 && first[k.Name+".hint"] > 0 {
			continue
		}
		wanted["key."+k.Name], wanted["hint."+k.Name] = true, true
		if k.Name == "k" { // samplers have titles
			continue
		}
		for _, c := range k.Choices {
			wanted["choice."+k.Name+"."+c] = true
		}
	}
	wanted["choice.c.none"], wanted["choice.c.all"] = true, true
	for _, preset := range append(d.Presets, Preset{Name: plane.PaintedData,
		Classes: plane.Colours()}) {
		wanted["preset."+preset.Name] = true
		for _, class := range preset.Classes {
			// Some are numbered, and some are no more than a letter or a digit.
			if kind, _, _ := strings.Cut(class, " "); len(kind) > 1 {
				wanted["class."+kind] = true
			}
		}
	}
	for _, measure := range experiment.MeasureNames() {
		wanted["measure."+measure], wanted["judges."+measure] = true, true
	}
	for _, e := range keys.Examples() {
		wanted["topic."+string(e.Topic)], wanted["try."+e.Name] = true, true
		said := "'(lab.try." + e.Name + ")': '" + regexp.QuoteMeta(e.Doc) + "'"
		if len(named(t, "lab.js", said)) == 0 {
			t.Errorf("web/text/lab.js does not say of the example %s what Go does", e.Name)
		}
	}
	for name := range wanted {
		if words[name] != 2 {
			t.Errorf("web/text has lab.%s in %d languages, want 2", name, words[name])
		}
	}
	for name := range words {
		if !wanted[name] {
			t.Errorf("web/text names lab.%s, which is not there", name)
		}
	}
}

// named counts what a file of the page's sentences names in a form.
func named(t *testing.T, file, form string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "web", "text", file))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, m := range regexp.MustCompile(form).FindAllStringSubmatch(string(text), -1) {
		found[m[1]]++
	}
	return found
}

// TestPageSaysWhy: the page has a sentence for each reason of the lab's own, in both languages, and
// it says no value that the reason has not.
func TestPageSaysWhy(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "sampler", "lab", "keys", "reasons.go"))
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`solver\.Reason = "(lab\.\w+)" +// [^:\n]*(?:: ([\w, ]+))?\n`)
	reasons := form.FindAllStringSubmatch(string(source), -1)
	if n := strings.Count(string(source), "solver.Reason ="); n != len(reasons) || n == 0 {
		t.Fatalf("of %d reasons %d are read", n, len(reasons))
	}
	said := named(t, "lab-refused.js", `'refused\.(lab\.\w+)':`)
	for _, r := range reasons {
		name, values := r[1], append(strings.Split(r[2], ", "), "label")
		if said[name] != 2 {
			t.Errorf("web/text/lab-refused.js has %s in %d languages, want 2", name, said[name])
		}
		delete(said, name)
		for sentence := range named(t, "lab-refused.js", `'refused\.`+name+`': '([^']*)'`) {
			for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(sentence, -1) {
				if !slices.Contains(values, m[1]) {
					t.Errorf("the sentence of %s says a %s, which it has not", name, m[1])
				}
			}
		}
	}
	if len(said) > 0 {
		t.Errorf("web/text/lab-refused.js has words for %v, which are no reasons", said)
	}
}
