//go:build !js

package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command matches `go test … -run PATTERN … ./package` in a text.
var command = regexp.MustCompile(`go test [^` + "`" + `\n]*`)

// TestNamedTestsExist: the tests exist that texts name in commands. A name in a text is not updated
// when its test moves.
func TestNamedTestsExist(t *testing.T) {
	root := filepath.Join("..", "..")
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && skipped(path, root, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, c := range command.FindAllString(string(text), -1) {
			found++
			if complaint := named(t, root, c); complaint != "" {
				t.Errorf("%s: %s: %s", path, c, complaint)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 10 {
		t.Errorf("%d commands were found in the texts, and there are at least 10", found)
	}
}

// named returns what is wrong with a command, "" for nothing.
func named(t *testing.T, root, text string) string {
	pattern := ".*"
	if m := regexp.MustCompile(`-run[ =]('[^']*'|\S+)`).FindStringSubmatch(text); m != nil {
		pattern, _, _ = strings.Cut(strings.Trim(m[1], "'"), "/")
	}
	wanted, err := regexp.Compile(pattern)
	if err != nil {
		return err.Error()
	}
	for _, word := range strings.Fields(text) {
		below, ok := strings.CutPrefix(word, "./")
		if !ok || strings.HasSuffix(below, "...") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(root, below, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range regexp.MustCompile(
				`(?m)^func ((?:Test|Fuzz|Example)\w*)\(`).FindAllStringSubmatch(string(source),
				-1) {
				if wanted.MatchString(f[1]) {
					return ""
				}
			}
		}
		return "package " + below + " has no such test"
	}
	return "" // all packages, or none named
}

// skipped reports whether a folder holds no texts of the project.
func skipped(path, root, name string) bool {
	return name == "testdata" || name == "node_modules" || name == "dist" || path != root &&
		strings.HasPrefix(name, ".")
}
