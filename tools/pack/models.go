package main

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"tweedie/sampler/model"
	"tweedie/weights"
)

// modelsName is the list of the models that the page offers, for its menu:
// everything that can be told of a model before it is loaded.
const modelsName = "web/models.json"

// modelEntry describes one model.
type modelEntry struct {
	Name    string   `json:"name"` // as recipes have it: the file's name without extension
	Title   string   `json:"title"`
	Bytes   int      `json:"bytes"`
	Classes []string `json:"classes"`
	Licence string   `json:"licence"`
	Data    string   `json:"data"`            // what it was trained on
	Shape   []int    `json:"shape,omitempty"` // channels, height, width; of a cascade nothing, since its pictures grow
}

// models is the list of the weights among files. The page's own model, digits,
// is the first; the others follow by name.
func models(files []file) (file, error) {
	entries := []modelEntry{}
	for _, f := range files {
		if path.Dir(f.Path) != "weights" {
			continue
		}
		if model.IsClassifier(f.Data) { // it serves other models' recipes
			continue
		}
		e, err := describeModel(f)
		if err != nil {
			return file{}, fmt.Errorf("%s: %w", f.Path, err)
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b modelEntry) int {
		switch "digits" {
		case a.Name:
			return -1
		case b.Name:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	text, err := json.MarshalIndent(struct {
		Models []modelEntry `json:"models"`
	}{entries}, "", "  ")
	return file{Path: modelsName, Data: append(text, '\n')}, err
}

// describeModel reads what a weights file says of itself.
func describeModel(f file) (modelEntry, error) {
	name := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	_, info, err := model.Open(name, f.Data)
	if err != nil {
		return modelEntry{}, err
	}
	parsed, err := weights.Parse(f.Data)
	if err != nil {
		return modelEntry{}, err
	}
	e := modelEntry{Name: name, Title: info.Title, Bytes: len(f.Data), Classes: append([]string{}, info.Classes...),
		Licence: parsed.Metadata["licence"], Data: parsed.Metadata["data"]}
	if info.Cascade == nil {
		e.Shape = []int{info.Channels, info.Height, info.Width}
	}
	return e, nil
}
