package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/solver"
)

// TestPage draws every sampler with one step of a small network: each has a row
// with a picture or a reason.
func TestPage(t *testing.T) {
	out := filepath.Join(t.TempDir(), "page.html")
	if err := run([]string{"-weights", "../../sampler/testdata/mnist28.safetensors", "-recipe",
		"s=2", "-steps", "3", "-o", out}); err != nil {
		t.Fatal(err)
	}
	b := fixture.File(t, out)
	page := string(b)
	if got := strings.Count(page, "<tr>"); got != len(solver.Samplers())+1 {
		t.Errorf("got %d rows, want one for each of %d samplers and the head",
			got, len(solver.Samplers()))
	}
	if !strings.Contains(page, "data:image/png;base64,") || !strings.Contains(page, "m=mnist28") {
		t.Error("the page has no picture with its recipe")
	}
}

func TestMistakes(t *testing.T) {
	const small = "../../sampler/testdata/mnist28.safetensors"
	out := filepath.Join(t.TempDir(), "page.html")
	for says, args := range map[string][]string{
		"no such file":             {"-weights", "none.safetensors"},
		`there is no key "x"`:      {"-weights", small, "-recipe", "x=1"},
		"steps is":                 {"-weights", small, "-recipe", "s=1", "-steps", "0"},
		`the argument "7" belongs`: {"7"},
	} {
		if err := run(append([]string{"-o", out}, args...)); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("%v: got %v, want %q", args, err, says)
		}
	}
}
