package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/weights"
)

// modelsName is the list of the models that the page offers, for its menu:
// everything that can be told of a model before it is loaded.
const modelsName = "web/models.json"

// modelEntry describes one model.
type modelEntry struct {
	Name    string   `json:"name"` // as recipes have it: the file's name without extension
	Title   string   `json:"title"`
	Bytes   int      `json:"bytes"` // of all files that it needs
	Classes []string `json:"classes"`
	Licence string   `json:"licence"`
	Data    string   `json:"data"`             // what it was trained on
	Guided  bool     `json:"guided,omitempty"` // by its classifier, when a recipe asks
	// channels, height, width; of a cascade nothing, since its pictures grow
	Shape []int `json:"shape,omitempty"`
}

// models is the list of the weights among files. The page's own model, digits,
// is the first; the others follow by name, those last that are another form of
// one, digits-small.
func models(files []file) (file, error) {
	entries := []modelEntry{}
	sizes := map[string]int{}
	bases := map[string]string{}
	classifiers := map[string]bool{}
	weak := map[string]bool{} // weaker versions, which serve the recipes of their models
	for _, f := range files {
		if path.Dir(f.Path) != "weights" {
			continue
		}
		sizes[modelName(f)] = len(f.Data)
		parsed, err := weights.Parse(f.Data)
		if err != nil {
			return file{}, fmt.Errorf("%s: %w", f.Path, err)
		}
		if model.IsClassifier(parsed) { // it serves other models' recipes
			classifiers[modelName(f)] = true
			continue
		}
		e, base, err := describeModel(f, parsed)
		if err != nil {
			return file{}, fmt.Errorf("%s: %w", f.Path, err)
		}
		entries = append(entries, e)
		bases[e.Name] = base
	}
	for i, e := range entries {
		entries[i].Bytes += sizes[bases[e.Name]]
		entries[i].Guided = classifiers[e.Name+"-classifier"]
		weak[e.Name+"-weak"] = true
	}
	entries = slices.DeleteFunc(entries, func(e modelEntry) bool { return weak[e.Name] })
	slices.SortStableFunc(entries, func(a, b modelEntry) int {
		return cmp.Or(cmp.Compare(rank(a.Name), rank(b.Name)), strings.Compare(a.Name, b.Name))
	})
	text, err := json.MarshalIndent(struct {
		Models []modelEntry `json:"models"`
	}{entries}, "", "  ")
	return file{Path: modelsName, Data: append(text, '\n')}, err
}

// rank is a model's place in the list before its name counts.
func rank(name string) int {
	switch {
	case name == ownModel:
		return 0
	case !strings.Contains(name, "-"):
		return 1
	}
	return 2
}

// describeModel reads what a weights file says of itself, and of a cascade the
// name of its first stage.
func describeModel(f file, parsed *weights.File) (modelEntry, string, error) {
	name := modelName(f)
	_, info, err := model.OpenFile(name, parsed, picture.Hash(f.Data))
	if err != nil {
		return modelEntry{}, "", err
	}
	e := modelEntry{Name: name, Title: info.Title, Bytes: len(f.Data),
		Classes: append([]string{}, info.Classes...),
		Licence: parsed.Metadata["licence"], Data: parsed.Metadata["data"]}
	if info.Cascade != nil {
		return e, info.Cascade.Base, nil
	}
	c, h, w := info.Drawn()
	e.Shape = []int{c, h, w}
	return e, "", nil
}

// modelName is what recipes call a weights file.
func modelName(f file) string {
	return strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
}
