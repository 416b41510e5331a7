// Quality says what a model is worth, beside the real pictures of its data set. It needs no
// PyTorch, and prints the same figures on every machine.
//
//	go run ./tools/quality -data faces.npz -weights weights/faces.safetensors [-recipe steps=20]
//	    [-n 1000] [-seed 1] [-draws 12] [-grid SAMPLES.png] [-near NEAR.png]
//
// A classifier that saw only real pictures judges how many pictures are of the class that was asked
// for, and its 64 features give the Fréchet distance to the held-out pictures (Heusel et al.,
// arXiv:1706.08500), beside that of as many real training pictures. The nearest training picture,
// mirrored or not, tells of copies. For pictures in colour it counts the pixels that are near to a
// colour of the training pictures. The data set is one of tools/train/prepare_*.py.
//
// Several -weights and several -recipe are judged by one classifier, each with each; the pictures
// that are written are of the first of both.
//
// The classifier is a dense network of package train, so it suits small pictures. The exit status
// is 0 if all went well, 1 if a file or the recipe is wrong, and 2 if the command line is.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tweedie/sampler/model"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the command line.
type options struct {
	data, grid, near string
	weights, recipes []string
	n, draws, steps  int
	seed             uint64
}

func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "quality:", err)
		return 2
	}
	if err := work(o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "quality:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("quality", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.data, "data", "", "the data set, a `FILE.npz`")
	several := func(to *[]string) func(string) error {
		return func(value string) error {
			*to = append(*to, value)
			return nil
		}
	}
	f.Func("weights", "the model, a `FILE.safetensors`", several(&o.weights))
	f.Func("recipe", "keys of the `recipe` that differ from the model's own", several(&o.recipes))
	f.IntVar(&o.n, "n", 1000, "number of pictures, rounded down to as many of each class")
	f.Uint64Var(&o.seed, "seed", 1, "the first seed")
	f.IntVar(&o.draws, "draws", 12, "number of draws of as many real pictures")
	f.IntVar(&o.steps, "judge-steps", 3000, "training steps of the classifier")
	f.StringVar(&o.grid, "grid", "", "write eight pictures of each class to `FILE.png`")
	f.StringVar(&o.near, "near", "",
		"write a picture of each class over the nearest training picture to `FILE.png`")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(stderr)
			f.Usage()
		}
		return o, err
	}
	if len(o.recipes) == 0 {
		o.recipes = []string{""}
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("the argument %q belongs to no flag", f.Arg(0))
	case o.data == "" || len(o.weights) == 0:
		return o, errors.New("-data and -weights say what is judged; give both")
	case o.n < 1 || o.draws < 1 || o.steps < 1:
		return o, errors.New("-n, -draws and -judge-steps must be 1 or more")
	}
	return o, nil
}

// open reads a model, and a recipe for it without class and seed. Other networks that the recipe
// needs lie beside the model's file.
func open(weights, text string) (network.Model, recipe.Info, recipe.Recipe, error) {
	file, err := os.ReadFile(weights)
	if err != nil {
		return nil, recipe.Info{}, recipe.Recipe{}, err
	}
	name := strings.TrimSuffix(filepath.Base(weights), filepath.Ext(weights))
	m, info, err := model.Open(name, file)
	if err != nil {
		return nil, recipe.Info{}, recipe.Recipe{}, fmt.Errorf("%s: %w", weights, err)
	}
	r, err := recipe.Parse(text)
	if err == nil {
		err = r.Set("m", name)
	}
	asked := r // a classifier guides to a class
	if err == nil {
		err = asked.Set("c", "all")
	}
	for _, beside := range info.Needs(asked) {
		if err != nil {
			break
		}
		path := filepath.Join(filepath.Dir(weights), beside+filepath.Ext(weights))
		if file, err = os.ReadFile(path); err == nil {
			err = model.Accompany(&info, beside, file)
		}
	}
	return m, info, r, err
}
