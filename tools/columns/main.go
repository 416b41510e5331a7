// Columns fails where a line of Go code is wider than 100 columns, a tab counting as four.
//
//	go run ./tools/columns FOLDER…   the folders, and what is below them
//
// Generated files are left out.
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

const most = 100

// generated is the line that marks a generated file, as `go help generate` has it.
var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func main() {
	lines := 0
	for _, folder := range os.Args[1:] {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".cache"):
				return filepath.SkipDir
			case entry.IsDir() || filepath.Ext(path) != ".go":
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, number := range wide(text) {
				fmt.Printf("%s:%d: wider than %d columns\n", path, number, most)
				lines++
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, "columns:", err)
			os.Exit(1)
		}
	}
	if lines > 0 {
		fmt.Fprintf(os.Stderr, "columns: %d lines are too wide; break them\n", lines)
		os.Exit(1)
	}
}

// wide returns the numbers of the lines of a Go file that are too wide, none of a generated file.
func wide(text []byte) []int {
	if generated.Match(text) {
		return nil
	}
	var numbers []int
	for i, line := range bytes.Split(text, []byte("\n")) {
		if utf8.RuneCountInString(strings.ReplaceAll(string(line), "\t", "    ")) > most {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}
