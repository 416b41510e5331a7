package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/tools/pack/list"
	"tweedie/tools/pack/program"
)

// plain keeps nothing.
var plain = &squeezer{level: quickBrotli}

// tree makes a folder with the given files, pairs of path and content.
func tree(t *testing.T, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(pairs[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(pairs[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func paths(files []file) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Path)
	}
	return names
}

func TestPageFiles(t *testing.T) {
	root := tree(t,
		"index.html", "page", "web/boot.js", "1", "web/fr.json", "{}", "web/look/page.css", "p{}",
		"web/look/page.test.js", "no", "web/look/testdata/page.json", "no",
		"web/package.json", "no",
		"web/types.d.ts", "no", "web/README.md", "no", "web/.eslintrc.json", "no",
		"web/dist/index.html", "old", "web/node_modules/x/x.js", "no", "Makefile", "no")
	files, err := own(root).pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"index.html", "web/boot.js", "web/fr.json", "web/look/page.css"}
	if got := paths(files); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWeightFiles(t *testing.T) {
	root := tree(t, "weights/a.safetensors", "a", "weights/file.go", "package weights",
		"weights/b.safetensors", "b")
	files, err := own(root).weightFiles()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"weights/a.safetensors", "weights/b.safetensors"}
	if got := paths(files); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWriteRemovesOnlyItsOwn(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	first := []file{{Path: "index.html", Name: "index.html", Data: []byte("one")},
		{Path: "web/old.js", Name: "web/old.js", Data: []byte("old")}}
	if err := write(dist, first, plain); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dist, "web", "mine.txt")
	if err := os.WriteFile(kept, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := write(dist, []file{{Path: "index.html", Name: "index.html", Data: []byte("two")}},
		plain); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dist, "index.html")); err != nil ||
		string(got) != "two" {
		t.Errorf("index.html: got %q, %v, want \"two\"", got, err)
	}
	if _, err := os.Stat(filepath.Join(dist, "web", "old.js")); err == nil {
		t.Error("a file of the earlier build is still there")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a file that is not of a build: %v", err)
	}
	l, err := list.Read(os.DirFS(dist))
	if err != nil {
		t.Fatal(err)
	}
	want := list.Entry{Path: "index.html", Name: "index.html",
		Bytes: 3, Gzip: len(gzipped([]byte("two"))),
		SHA256: "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"}
	if len(l.Files) != 1 || l.Files[0] != want {
		t.Errorf("list: got %+v, want %+v", l.Files, want)
	}
}

func TestWriteRefusesAStrangeList(t *testing.T) {
	dist := tree(t, "files.json", `{"files":[{"path":"../precious"}]}`)
	err := write(dist, []file{{Path: "index.html", Name: "index.html", Data: []byte("page")}},
		plain)
	if err == nil || !strings.Contains(err.Error(), "../precious") {
		t.Errorf("got %v, want an error that names the path", err)
	}
}

func TestSize(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	noise := make([]byte, 3000)
	state := uint32(7)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	if err := write(dist, []file{{Path: "index.html", Name: "index.html", Data: []byte("page")},
		{Path: "web/worker.wasm", Name: "web/worker.wasm", Data: noise}}, plain); err != nil {
		t.Fatal(err)
	}
	const fitting = `"visit":{"until the first step":4000,"with everything":4000}}`
	for _, c := range []struct {
		name, budget string
		wrong        string
	}{
		{"fits", `{"gzip":{"web/worker.wasm":4000},` + fitting, ""},
		{"quick", `{"gzip":{"web/worker.wasm":4000},` + fitting, ""},
		{"too much at first", `{"visit":{"until the first step":1000,"with everything":4000}}`,
			"a first visit, until the first step, is "},
		{"too much", `{"visit":{"until the first step":4000,"with everything":1000}}`,
			"a first visit, with everything, is "},
		{"over", `{"gzip":{"web/worker.wasm":1000}}`, "web/worker.wasm is "},
		{"missing", `{"gzip":{"web/viewer.wasm":1000}}`, "web/viewer.wasm has a budget"},
		{"malformed", `{"gzip":{"web/viewer.wasm":"1 MB"}}`, "cannot unmarshal"},
		{"unknown", `{"zip":{}}`, "unknown field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "sizes.json")
			if err := os.WriteFile(name, []byte(c.budget), 0o666); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			err := size(&out, dist, name, c.name == "quick")
			if (err == nil) != (c.wrong == "") ||
				err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("got %v, want %q", err, c.wrong)
			}
			if c.wrong == "" && !strings.Contains(out.String(), "web/worker.wasm\n") {
				t.Errorf("the table lacks the file:\n%s", out.String())
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	for _, args := range [][]string{{"bake"}, {"build", "more"}, {"size", "-nothing"}} {
		if err := run(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// Only what comes later, or never unasked, is left out of the first part.
func TestStagesOf(t *testing.T) {
	for name, want := range map[string]int{
		"index.html": 2, "web/page/main.js": 2, "web/edit/extras.js": 2, "web/new.bin": 2,
		"weights/faces.safetensors": 2, "web/worker.wasm": 2,
		"web/viewer.wasm": 1, "web/single.html": 1, "web/embed/player.js": 1, "web/embed.js": 0,
		"web/edit/sketch.js": 1, "web/opened/fit.js": 1, "web/page/main-later-3.js": 1,
		"web/load/service-worker.js": 1, "web/run/ladder.js": 1, "web/stage/stage.js": 2,
		"weights/other.safetensors": 0, "web/bench.wasm": 0, "web/bench/core.js": 0,
		"web/worker-scalar.wasm": 0, "web/icon-512.png": 0, "index.html.txt": 0,
		"web/lab.html": 0, "web/lab.wasm": 0, "web/lab/lab.js": 0, "web/text/lab-later-1.js": 0,
		"web/text/lab.js":  0,
		"web/page/help.js": 1, "web/text/refused.js": 1, "web/files/png.js": 1,
		"web/lab-single.html": 0, "web/lab-player.html": 0, "web/embed/lab-player.js": 0,
	} {
		if got := stagesOf(name); len(got) != want {
			t.Errorf("%s is in %q, want %d", name, got, want)
		}
	}
}

func TestCommittedBudget(t *testing.T) {
	budget, err := readBudget("sizes.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range program.All() {
		if budget.Gzip[p.Path] <= 0 {
			t.Errorf("%s has no budget", p.Path)
		}
	}
}
