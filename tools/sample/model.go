package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/sampler/model"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
)

// readRecipe returns the recipe of the command line and the weights file that it is for. The model
// is named by the file unless the recipe's text names it.
func readRecipe(o options) (recipe.Recipe, string, error) {
	r, err := recipe.Parse(o.recipe)
	if err != nil {
		return r, "", err
	}
	path := o.weights
	if path == "" {
		path = filepath.Join("weights", r.Get("m")+".safetensors")
	} else {
		// A recipe that names its model twice is one whose text named it.
		name := modelName(path)
		switch named, err := recipe.Parse("m=" + name + "&" + strings.TrimPrefix(o.recipe, "#")); {
		case err == nil:
			r = named
		case !givenTwice(err):
			return r, "", fmt.Errorf("rename %s, a model is called like its file: %w", path, err)
		}
	}
	for _, field := range o.set {
		if err := r.Set(field.Key, field.Value); err != nil {
			return r, "", err
		}
	}
	return r, path, nil
}

func givenTwice(err error) bool {
	var wrong *recipe.Error
	return errors.As(err, &wrong) && wrong.Key == "m" && strings.Contains(wrong.Message, "twice")
}

// modelName is a weights file's name without folder and extension.
func modelName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// accompany opens the other networks that a recipe asks for: they lie beside the model's file, if
// no flag says where.
func accompany(o options, path string, r *recipe.Recipe, info *recipe.Info) error {
	files := map[string]string{} // of networks that lie elsewhere
	if o.guide != "" {
		name := modelName(o.guide)
		if err := r.Set("classifier", name); err != nil {
			return fmt.Errorf("rename %s, a classifier is called like its file: %w", o.guide, err)
		}
		if files[name] = o.guide; len(info.Needs(*r)) == 0 {
			return errors.New("-classifier guides nothing without -classifier-guidance and -class")
		}
	}
	if o.weak != "" {
		name := modelName(o.weak)
		if err := r.Set("weak", name); err != nil {
			return fmt.Errorf("rename %s, a model is called like its file: %w", o.weak, err)
		}
		if files[name] = o.weak; !slices.Contains(info.Needs(*r), name) {
			return errors.New("-weak guides nothing without -autoguidance of another scale than 1")
		}
	}
	for _, name := range info.Needs(*r) {
		file, ok := files[name]
		if !ok {
			file = filepath.Join(filepath.Dir(path), name+".safetensors")
		}
		content, err := readWeights(file)
		if err != nil {
			return err
		}
		if err := model.Accompany(info, name, content); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// readWeights reads a weights file.
func readWeights(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(
			"there is no weights file %s; name one with a flag, or make it with tools/convert",
			path)
	}
	return content, err
}

// openModel reads a weights file and makes its model.
func openModel(path string) (network.Model, recipe.Info, error) {
	content, err := readWeights(path)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	m, info, err := model.Open(modelName(path), content)
	if err != nil {
		return nil, recipe.Info{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, info, nil
}
