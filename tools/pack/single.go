package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/sampler/lab/keys"
	"tweedie/sampler/recipe"
)

// single carries out the command line of `pack single`.
func single(args []string) error {
	flags := flag.NewFlagSet("pack single", flag.ContinueOnError)
	out := flags.String("o", "tweedie.html", "`file` to write")
	model := flags.String("model", "",
		"`names` of the models that it carries, with commas; the first is shown (default the "+
			"recipe's)")
	recipe := flags.String("recipe", "", "`recipe` that it opens with, such as 'm=digits&c=7'")
	lab := flags.Bool("lab", false, "the lab instead of the page: a recipe such as 'd=moons&p=x0'")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 0 {
		return fmt.Errorf("%q is not expected", flags.Arg(0))
	}
	chosen := choose
	if *lab {
		chosen = chooseLab
	}
	choice, err := chosen(*model, *recipe)
	if err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	files, err := own(root).assemble()
	if err != nil {
		return err
	}
	document, err := choice.document(files)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, document, 0o666); err != nil {
		return err
	}
	fmt.Printf("%s: %.1f MB, opens without a server\n",
		filepath.ToSlash(*out), float64(len(document))/1e6)
	return nil
}

// choice is what a single file holds of all that a page can.
type choice struct {
	models []string // the first is the one that the page opens with
	recipe string   // canonical, or empty for the model's own
	lab    bool     // the lab, which has no models
}

// chooseLab checks what the command line asks for of the lab.
func chooseLab(models, text string) (choice, error) {
	if models != "" {
		return choice{}, errors.New("-lab trains its models itself: leave -model out")
	}
	s, err := keys.Parse(text)
	if err != nil {
		return choice{}, err
	}
	return choice{lab: true, recipe: s.String()}, nil
}

// choose checks what the command line asks for.
func choose(models, text string) (choice, error) {
	var c choice
	if models != "" {
		for name := range strings.SplitSeq(models, ",") {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(c.models, name) {
				c.models = append(c.models, name)
			}
		}
		if len(c.models) == 0 {
			return choice{}, errors.New("-model names no model")
		}
	}
	r, err := recipe.Parse(text)
	if err != nil {
		return choice{}, err
	}
	named := r.Get("m")
	switch {
	case len(c.models) == 0:
		c.models = []string{named}
	case text == "":
	case !slices.Contains(c.models, named):
		return choice{}, fmt.Errorf("the text is for the model %q, which -model leaves out", named)
	default:
		c.models = slices.DeleteFunc(c.models, func(name string) bool { return name == named })
		c.models = slices.Insert(c.models, 0, named)
	}
	if text != "" {
		c.recipe = r.String()
	}
	return c, nil
}
