//go:build !js

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPageHasWords: the page's names of keys, choices, presets, groups and measures are of such as
// there are, and every preset has one. What has no name there is shown as it is described here.
func TestPageHasWords(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "web", "text", "lab.js"))
	if err != nil {
		t.Fatal(err)
	}
	p := open(t)
	d := last[Described](t, p.hears(Describe{ID: 1}))
	known := map[string]bool{}
	for _, k := range d.Keys {
		known["key."+k.Name], known["hint."+k.Name] = true, true
		known["group."+string(k.Group)] = true
		for _, c := range append(k.Choices, "none", "all") {
			known["choice."+k.Name+"."+c] = true
		}
	}
	for _, preset := range d.Presets {
		known["preset."+preset.Name] = true
		if n := strings.Count(string(text), "'lab.preset."+preset.Name+"': "); n != 2 {
			t.Errorf("the preset %s has names in %d languages, want 2", preset.Name, n)
		}
	}
	const few = "&units=8&batch=16&steps=2&n=9&ssteps=2"
	for _, recipe := range []string{small, "d=spiral" + few, "d=moons&c=all" + few,
		"d=mixture&schedule=straight" + few, "m=vae&units=8&batch=16&steps=2&n=9"} {
		for _, m := range last[Measured](t, p.hears(Train{ID: 2, Recipe: recipe})).Measures {
			known["measure."+m.Name] = true
		}
	}
	named := regexp.MustCompile(`'lab\.((?:key|hint|choice|preset|group|measure)\.[\w.-]+)'`)
	found := 0
	known["measure.rare"] = true // of more points than there are here
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		found++
		if !known[m[1]] {
			t.Errorf("web/text/lab.js names %s, which is not there", m[1])
		}
	}
	if found < 60 {
		t.Errorf("%d names were found", found)
	}
}
