package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/andybalholm/brotli"

	"tweedie/tools/pack/list"
)

// size prints what each file of the built page weighs, raw and compressed, and
// fails if one, or a first visit, is over its budget or if a file with a budget
// is missing. Brotli's
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
	visit := map[string]int{}
	for _, e := range built.Files {
		data, err := fs.ReadFile(files, e.Path)
		if err != nil {
			return err
		}
		small, limit := len(gzipped(data)), "-"
		for _, stage := range stagesOf(e.Name) {
			visit[stage] += small
		}
		if most, ok := budget.Gzip[e.Name]; ok {
			limit = fmt.Sprint(most)
			if small > most {
				over = append(over, fmt.Sprintf("%s is %d bytes over", e.Name, small-most))
			}
			delete(budget.Gzip, e.Name)
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
	for _, stage := range []string{toFirstStep, toEverything} {
		most, small := budget.Visit[stage], visit[stage]
		fmt.Fprintf(w, "A first visit, %s: %d bytes under gzip -9, of %d.\n", stage, small, most)
		if small > most {
			over = append(over, fmt.Sprintf("a first visit, %s, is %d bytes over",
				stage, small-most))
		}
	}
	for name := range budget.Gzip {
		over = append(over, name+" has a budget but is not in the page")
	}
	if len(over) > 0 {
		slices.Sort(over)
		return fmt.Errorf("%s: %s", budgetFile, strings.Join(over, "; "))
	}
	return nil
}

// The parts of a first visit that have a budget: until the page draws, on a
// plain canvas, and until nothing more is fetched, with Ebitengine and what is
// kept for visits without a network.
const (
	toFirstStep  = "until the first step"
	toEverything = "with everything"
)

// stagesOf lists the parts of a first visit that a file is in. A file that is
// not known to come later counts from the beginning.
func stagesOf(name string) []string {
	folder, base := path.Split(name)
	switch {
	case late(name, openingModel), path.Ext(name) == copyEnding:
		return nil
	case base == "viewer.wasm", folder == "web/viewer/", folder == "web/embed/",
		folder == "web/edit/" && base != "extras.js", folder == "web/plots/",
		folder == "web/share/" && base != "share.js",
		folder == "web/opened/", folder == "web/learn/", strings.Contains(base, "-later-"),
		strings.HasPrefix(name, "web/look/lessons"),
		name == "web/stage/viewer.js", name == "web/load/offline.js",
		name == "web/stage/headings.js", name == "web/run/handles.js", name == "web/run/ladder.js",
		name == "web/page/help.js", name == "web/files/png.js", name == "web/text/refused.js",
		name == "web/text/zh.js", isSkeleton(name), name == workerName, name == thumbnailsName,
		path.Ext(name) == ".webmanifest",
		strings.HasPrefix(base, "player"), strings.HasPrefix(base, "embed"):
		return []string{toEverything}
	}
	return []string{toFirstStep, toEverything}
}

// budget is the largest gzip sizes allowed, in bytes.
type budget struct {
	Gzip  map[string]int `json:"gzip"`  // by name in the repository
	Visit map[string]int `json:"visit"` // by part of a first visit
}

// readBudget reads a budget.
func readBudget(name string) (budget, error) {
	var b budget
	text, err := os.ReadFile(name)
	if err != nil {
		return b, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return b, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}
