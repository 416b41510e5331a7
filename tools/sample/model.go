package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/model"
	"tweedie/sampler/unet"
)

// readRecipe returns the recipe of the command line and the weights file that it is for. The model is named by the file unless the
// recipe's text names it.
func readRecipe(o options) (sampler.Recipe, string, error) {
	r, err := sampler.ParseRecipe(o.recipe)
	if err != nil {
		return r, "", err
	}
	path := o.weights
	if path == "" {
		path = filepath.Join("weights", r.Get("m")+".safetensors")
	} else {
		// A recipe that names its model twice is one whose text named it.
		name := modelName(path)
		switch named, err := sampler.ParseRecipe("m=" + name + "&" + strings.TrimPrefix(o.recipe, "#")); {
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
	var wrong *sampler.RecipeError
	return errors.As(err, &wrong) && wrong.Key == "m" && strings.Contains(wrong.Message, "twice")
}

// modelName is a weights file's name without folder and extension.
func modelName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// openModel reads a weights file and compiles its network.
func openModel(path string) (*unet.Model, sampler.Info, error) {
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, sampler.Info{}, fmt.Errorf("there is no weights file %s; name one with -weights, or make it with tools/convert", path)
	case err != nil:
		return nil, sampler.Info{}, err
	}
	m, info, err := model.Open(modelName(path), content)
	if err != nil {
		return nil, sampler.Info{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, info, nil
}
