package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/andybalholm/brotli"

	"tweedie/tools/pack/list"
)

// size prints what each file of the built page weighs, raw and compressed, and
// fails if one is over its budget or if a file with a budget is missing. Brotli's
// best level takes a minute for the whole page; quick leaves it out.
func size(w io.Writer, dist, budgetFile string, quick bool) error {
	budget, err := readBudget(budgetFile)
	if err != nil {
		return err
	}
	files := os.DirFS(dist)
	built, err := list.Read(files)
	if err != nil {
		return fmt.Errorf("the built page cannot be read, `make build` makes it: %w", err)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "bytes\tgzip -9\tbrotli -11\tgzip budget\t  file")
	var over []string
	for _, e := range built.Files {
		data, err := fs.ReadFile(files, e.Path)
		if err != nil {
			return err
		}
		small, limit := len(gzipped(data)), "-"
		if most, ok := budget[e.Name]; ok {
			limit = fmt.Sprint(most)
			if small > most {
				over = append(over, fmt.Sprintf("%s is %d bytes over", e.Name, small-most))
			}
			delete(budget, e.Name)
		}
		best := "-"
		if !quick {
			best = fmt.Sprint(len(brotlied(data, brotli.BestCompression)))
		}
		fmt.Fprintf(table, "%d\t%d\t%s\t%s\t  %s\n", len(data), small, best, limit, e.Name)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for name := range budget {
		over = append(over, name+" has a budget but is not in the page")
	}
	if len(over) > 0 {
		slices.Sort(over)
		return fmt.Errorf("%s: %s", budgetFile, strings.Join(over, "; "))
	}
	return nil
}

// readBudget reads the largest gzip sizes allowed, in bytes by path.
func readBudget(name string) (map[string]int, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var budget struct {
		Gzip map[string]int `json:"gzip"`
	}
	if err := decoder.Decode(&budget); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return budget.Gzip, nil
}
