package wire

import (
	"bytes"
	"flag"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/want again")

func TestGeneratedFilesAreNotStale(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, p := range Programs {
		s, err := Read(root, p)
		if err != nil {
			t.Fatal(err)
		}
		stale, err := s.Stale(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range stale {
			t.Errorf("%s is not what %s says; run go generate ./wasm/wire", f.Path, p.Messages)
		}
	}
}

// TestEveryKindIsWritten compares what is written for testdata/module, whose messages
// have a field of each kind, with testdata/want. One of its programs takes no requests and
// has its messages in its own package.
func TestEveryKindIsWritten(t *testing.T) {
	module := filepath.Join("testdata", "module")
	written(t, module, Sampler, 4, "")
	written(t, module, Program{Messages: "wasm/teller", Main: "wasm/teller", Scripts: "web/told"},
		3, "teller.")
}

// written compares the files of a program, whose names in testdata/want have a prefix.
func written(t *testing.T, module string, program Program, number int, prefix string) {
	t.Helper()
	s, err := Read(module, program)
	if err != nil {
		t.Fatal(err)
	}
	files, err := s.Files(module)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Join("testdata", "want", prefix+path.Base(f.Path)+".txt")
		if *update {
			if err := os.WriteFile(name, f.Text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(f.Text, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", f.Path, f.Text, want)
		}
	}
	stale, err := s.Stale(module)
	if err != nil || len(stale) != len(files) || len(files) != number {
		t.Errorf("%d files, of which %d are stale (%v), want %d",
			len(files), len(stale), err, number)
	}
}

// declared is a module with the requests and messages that are given.
func declared(t *testing.T, requests, messages string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                   "module example\n",
		"wasm/protocol/request.go": "package protocol\n" + requests,
		"wasm/protocol/message.go": "package protocol\n" + messages,
		"web/engine/worker.js":     begin + "without an end\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestRefusals: what no message can hold is said, with the struct and the field.
func TestRefusals(t *testing.T) {
	const ask, answer = "type Ask struct{ ID int }", "type Answer struct{ ID int }"
	for _, c := range []struct{ requests, messages, want string }{
		{"", answer, "request.go or message.go has no structs"},
		{ask, "", "request.go or message.go has no structs"},
		{ask, "type A struct{ F map[string]int }", "A.F is of type map[string]int"},
		{ask, "type A struct{ F int32 }", "A.F is of type int32"},
		{ask, "type A struct{ F []float64 }", "A.F is of type []float64"},
		{ask, "import \"image\"\ntype A struct{ F image.Point }", "A.F is of type invalid type"},
		{ask, "type A struct{ F []B }\ntype B int", "A.F holds B, which is not in message.go"},
		{ask, "type A struct{ F []B `wire:\",record\"` }\ntype B struct{ K int }",
			"A.F is a record, but B does not begin with its key"},
		{ask, "type A struct{ F B `wire:\",omitempty\"` }\ntype B struct{ K int }",
			"A.F is a struct, which cannot be missing"},
		{ask, "type A struct{ F struct{ K int } }", "A.F is of type struct{K int}"},
		{ask, "type A struct{ F map[string]string }", "A.F is of a kind that no message has"},
		{ask, "type A struct{ F []B }\ntype B struct{ P []byte }",
			"B.P is of a kind that no part has"},
		{"type Ask struct{ F map[string]any }", answer, "Ask.F is of a kind that no request has"},
		{ask, "type A struct{ F []string `wire:\",record\"` }", "A.F is of type []string"},
		{ask, "type A struct{ F int `wire:\"f,odd\"` }", `A.F has the unknown option "odd"`},
		{ask, "type A struct{ F int `wire:\",ends\"` }", "A.F is no id"},
		{ask, "type A struct{ ID string `wire:\",ends\"` }", "A.ID is no id"},
		{ask, "type A struct{ F, G int `wire:\"f\"` }", "A has two fields f"},
		{ask, "type A struct{ Type string }", "A has two fields type"},
		{"type Ask struct{ F map[string]any }", answer, "Ask.F is of a kind that no request has"},
		{ask, "type ASK struct{ F int }", "two types are called ask"},
	} {
		s, err := Read(declared(t, c.requests, c.messages), Sampler)
		if err == nil || !strings.HasPrefix(err.Error(), "wire: "+c.want) {
			t.Errorf("%s; %s: got %v, %v, want an error with %q",
				c.requests, c.messages, s, err, c.want)
		}
	}
	dir := declared(t, ask, answer)
	s, err := Read(dir, Sampler)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Files(dir); err == nil || !strings.Contains(err.Error(), "no section") {
		t.Errorf("got %v, want an error about the section of worker.js", err)
	}
}

func TestWireNames(t *testing.T) {
	for name, want := range map[string]string{
		"ID": "id", "T": "t", "SIMD": "simd", "Xt": "xt", "X0": "x0", "X0MSE": "x0MSE",
		"StandardError": "standardError", "IDOf": "idOf",
	} {
		if got := wireName(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestCommentsAreWrapped(t *testing.T) {
	w := &writer{}
	comment(w, "  ", strings.Repeat("word ", 30)+"end")
	lines := strings.Split(strings.TrimSuffix(w.String(), "\n"), "\n")
	long := slices.ContainsFunc(lines, func(l string) bool { return len(l) > width })
	if long || len(lines) != 4 || lines[0] != "  /**" || lines[3] != "   */" {
		t.Errorf("got %q", lines)
	}
}
