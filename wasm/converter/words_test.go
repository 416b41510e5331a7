//go:build !js

package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/sampler/schedule"
	"tweedie/tools/convert/conversion"
	"tweedie/tools/convert/family"
)

// placed matches a value's place in a sentence of the page.
var placed = regexp.MustCompile(`\{(\w+)\}`)

// english matches words that are no names of files, options or classes.
var english = regexp.MustCompile(`[a-z] [a-z]`)

// TestPageHasWords: the page has a sentence for every reason and every note in both languages, with
// no other values than these have, and none that nothing asks for.
func TestPageHasWords(t *testing.T) {
	reasons, notes := map[string][]string{}, map[string][]string{}
	for _, folder := range []string{".", filepath.Join("..", "..", "tools", "convert")} {
		err := filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
				sentencesOf(t, name, reasons, notes)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	worker := string(page(t, "own/worker.js"))
	refused := regexp.MustCompile(`refuse\('([\w.]+)'.*?(\{.*?\})?\);`)
	for _, m := range refused.FindAllStringSubmatch(worker, -1) {
		reasons[m[1]] = regexp.MustCompile(`\w+`).FindAllString(m[2], -1)
	}
	text := string(page(t, "text/why.js"))
	flags(&conversion.Options{}).VisitAll(func(f *flag.Flag) {
		if !slices.Contains(absent, f.Name) &&
			strings.Count(text, "\n  'own.set."+f.Name+"': ") != 2 {
			t.Errorf("the page has no name for the option %s in two languages", f.Name)
		}
	})
	hold(t, "own.why.", text, reasons)
	text = string(page(t, "text/note.js"))
	notes["of"] = []string{"file", "text"} // what the page makes of a note and its file
	hold(t, "own.note.", text, notes)
	families, predictions := map[string][]string{}, map[string][]string{}
	for _, name := range family.Names() {
		families[name] = nil
	}
	for _, p := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score, schedule.FlowVelocity} {
		predictions[string(p)] = nil
	}
	hold(t, "own.family.", text, families)
	hold(t, "own.predicts.", text, predictions)
}

// untold are values that a sentence of the page may leave out: the name of the file is beside the
// sentence as well, and what a reader of files has found wrong is a diagnosis in English, which the
// page quotes.
var untold = []string{"file", "flag", "hint", "fault"}

// hold compares sentences with the page's texts: their identifiers behind the beginning of a key,
// and the names of their values.
func hold(t *testing.T, begin, text string, sentences map[string][]string) {
	t.Helper()
	both := map[string]int{}
	line := regexp.MustCompile(`(?m)^  '` + regexp.QuoteMeta(begin) + `([\w.-]+)': '(.*)',$`)
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		both[m[1]]++
		values, known := sentences[m[1]]
		if !known {
			t.Errorf("%s%s is a sentence that nothing asks for", begin, m[1])
		}
		for _, place := range placed.FindAllStringSubmatch(m[2], -1) {
			if known && !slices.Contains(values, place[1]) {
				t.Errorf("%s%s: %q has a value %s, and Go gives %q", begin, m[1], m[2], place[1],
					values)
			}
		}
		for _, value := range values {
			if !strings.Contains(m[2], "{"+value+"}") && !slices.Contains(untold, value) {
				t.Errorf("%s%s: %q leaves the value %s out", begin, m[1], m[2], value)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(sentences)) {
		if both[id] != 2 {
			t.Errorf("%s%s stands %d times in the page's texts, want it in two languages", begin,
				id, both[id])
		}
	}
}

func page(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "web", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sentencesOf adds the reasons and notes that a Go file has, with the names of their values, which
// all of one identifier have.
func sentencesOf(t *testing.T, name string, reasons, notes map[string][]string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		of, _ := f.X.(*ast.Ident)
		id, literal := text(call.Args[0])
		all := reasons
		switch f.Sel.Name {
		case "NewNote", "Note", "note", "say":
			all = notes
		case "Because":
		case "New", "Of":
			literal = literal && of != nil && of.Name == "reason"
		default:
			return true
		}
		if !literal {
			return true
		}
		// A file's reader does not know its name, which is added.
		values := []string{}
		reads := file.Name.Name == "torch" || file.Name.Name == "checkpoint" && f.Sel.Name == "Of"
		if reads || strings.Contains(source(call.Args[1]), "{file}") {
			values = append(values, "file")
		}
		for i := 2; i+1 < len(call.Args); i += 2 {
			value, _ := text(call.Args[i])
			values = append(values, value)
			if _, computed := call.Args[i+1].(*ast.CallExpr); !computed &&
				english.MatchString(source(call.Args[i+1])) {
				t.Errorf("%s: %q has the phrase %q as its value %s: want a Note, which the page "+
					"has words for", name, id, source(call.Args[i+1]), value)
			}
			if value == "flag" { // the page has a hint at what its field takes
				values = append(values, "hint")
			}
		}
		if before, known := all[id]; known && told(before) != told(values) {
			t.Errorf("%s: %q has the values %q, and elsewhere %q", name, id, values, before)
		}
		all[id] = values
		return true
	})
}

// told is what a sentence has to have, in one text.
func told(values []string) string {
	return strings.Join(slices.DeleteFunc(slices.Sorted(slices.Values(values)),
		func(v string) bool { return slices.Contains(untold, v) }), " ")
}

// text is the value of a literal.
func text(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// source is what the literals of an expression say.
func source(e ast.Expr) string {
	var b strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok {
			s, _ := text(x)
			b.WriteString(s)
		}
		return true
	})
	return b.String()
}
