// Sample runs a model on the command line: the same recipe gives the same pixels as the page and
// the embed.
//
//	go run ./tools/sample -weights FILE [-class C] [-seed S] [-n N] [-sampler ddim] [-steps 50]
//	    [-guidance 2] [-eta 0] [-o OUT.png] [-trace OUT.safetensors] [-scale N]
//	    [-recipe 'm=digits&c=7&…']
//	    [-image IN.png [-strength 0.8] [-mask MASK.png [-resample 10]] [-invert C]] [-to SEED]
//	    [-classifier FILE -classifier-guidance 3]
//	    [-bound IN.png [-form denoising,consistency,flow] [-draws 2] [-terms FILE]] [-samplers]
//
// Every key of a recipe has a flag; -help lists them. Where -recipe says the same key, the flag
// counts.
//
// The program prints two lines: the canonical recipe with the pixels' hash, and the whole SHA-256
// of the pixels. A recipe with h is checked: other pixels are an error. With -bound it prints the
// recipe, then every term of each estimate in bits per dimension as it comes, and the estimates;
// -steps is then the number of timesteps. The exit status is 0 if all went well, 1 if something is
// wrong with a file, the recipe or the run, and 2 if the command line is wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/sampler/likelihood"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// options are the command line.
type options struct {
	weights string
	recipe  string
	pixels  string         // what the recipe begins with, from the same text; see apart
	set     []recipe.Field // flags that override keys of the recipe
	picture string
	trace   string
	image   string
	// whether light and dark of image, or of bound, change places: auto, yes or no
	inverted string
	mask     string
	guide    string // weights file of the classifier
	weak     string // weights file of the weaker version
	scale    int

	bound string // picture to estimate the likelihood of, instead of sampling
	forms []string
	draws int
	terms string // file that keeps the terms

	samplers bool // list them and do nothing else
}

const usage = `usage: sample -weights FILE [flags]

Runs the model of a weights file and prints the recipe and the SHA-256 of the pixels.
Without -weights the file is weights/M.safetensors, M being the recipe's model.

`

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseArguments(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err == nil && o.samplers:
		listSamplers(stdout)
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "sample:", err)
		return 2
	}
	work := sample
	if o.bound != "" {
		work = estimate
	}
	if err := work(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "sample:", err)
		return 1
	}
	return 0
}

func parseArguments(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("sample", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.weights, "weights", "", "weights `file` (safetensors, made by tools/convert)")
	f.StringVar(&o.recipe, "recipe", "",
		"the whole `recipe`, as in a link, m=digits&c=7&s=42, or a picture that has one, x.png")
	f.StringVar(&o.picture, "o", "",
		"write the pictures to `OUT.png`, several in a grid, with the recipe inside")
	f.StringVar(&o.trace, "trace", "", "write every x_t and x̂0 to `OUT.safetensors`")
	f.StringVar(&o.image, "image", "",
		"begin with the picture of `FILE.png`, brought to the model's size, with noise added; "+
			"see -strength")
	f.StringVar(&o.inverted, "inverted", auto,
		"whether light and dark of -image change places: yes, no, or auto, if it is dark on "+
			"light and the model draws greys (`word`)")
	f.StringVar(&o.mask, "mask", "",
		"draw again only what is white in `FILE.png`, and keep the rest of -image")
	f.StringVar(&o.bound, "bound", "",
		"say how likely the picture of `FILE.png` is under the model, in bits per dimension, "+
			"instead of sampling")
	form := f.String("form", strings.Join(likelihood.Forms(), ","),
		"`estimates` of -bound, with commas")
	f.IntVar(&o.draws, "draws",
		2, "noisy `pictures` for each timestep of -bound, and random directions of its flow")
	f.StringVar(&o.terms, "terms", "",
		"keep the terms of -bound in `FILE`, and go on from those that are there")
	f.StringVar(&o.guide, "classifier", "",
		"weights `file` of the classifier of -classifier-guidance (default: the recipe's, "+
			"beside the model's)")
	f.StringVar(&o.weak, "weak", "",
		"weights `file` of the weaker version for -autoguidance (default: the recipe's, beside "+
			"the model's)")
	f.BoolVar(&o.samplers, "samplers",
		false, "list the samplers, with a sentence and the source of each")
	f.IntVar(&o.scale, "scale", 1, "enlarge each pixel in the PNG to `N`×N")
	for _, k := range recipe.Keys() {
		if k.Flag == "" {
			continue
		}
		f.Func(k.Flag, flagUsage(k), func(value string) error {
			o.set = append(o.set, recipe.Field{Key: k.Name, Value: value})
			return nil
		})
	}
	err := f.Parse(args)
	if err == nil && strings.EqualFold(filepath.Ext(o.recipe), ".png") {
		o.recipe, err = recipeIn(o.recipe)
	}
	o.recipe, o.pixels = apart(o.recipe)
	o.forms = strings.Split(*form, ",")
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		f.SetOutput(stderr)
		f.PrintDefaults()
		return o, err
	case err != nil:
		return o, err
	case f.NArg() > 0:
		return o, fmt.Errorf("the argument %q belongs to no flag; see -help", f.Arg(0))
	case o.bound != "" && o.picture+o.trace+o.image+o.mask != "":
		return o, errors.New("-bound makes no picture, so that -o, -trace, -image and -mask do " +
			"not go with it")
	case o.bound == "" && o.terms != "":
		return o, errors.New("-terms keeps what -bound computes, so that it goes with it alone")
	case !slices.Contains([]string{auto, yes, no}, o.inverted):
		return o, fmt.Errorf("-inverted is %q but must be %s, %s or %s", o.inverted, auto, yes, no)
	case o.draws < 1:
		return o, fmt.Errorf("-draws is %d but must be 1 or more", o.draws)
	case slices.ContainsFunc(o.forms, func(form string) bool {
		return !slices.Contains(likelihood.Forms(), form)
	}):
		return o, fmt.Errorf("-form is %q but must be some of %s, with commas",
			*form, strings.Join(likelihood.Forms(), ", "))
	case o.scale < 1 || o.scale > maxScale:
		return o, fmt.Errorf("-scale is %d but must be from 1 to %d", o.scale, maxScale)
	case o.picture != "" && !strings.EqualFold(filepath.Ext(o.picture), ".png"):
		return o, fmt.Errorf("-o is %q but must be a file name that ends in .png", o.picture)
	}
	return o, nil
}

// listSamplers prints what there is to choose from, group by group.
func listSamplers(out io.Writer) {
	group := ""
	for _, s := range solver.Samplers() {
		if s.Group != group {
			if group != "" {
				fmt.Fprintln(out)
			}
			group = s.Group
			fmt.Fprintln(out, group)
		}
		fmt.Fprintf(out, "  %-13s %s: %s [%s]\n", s.Name, s.Title, s.Description, s.Paper)
	}
}

// flagUsage is what -help says of a key's flag.
func flagUsage(k recipe.Key) string {
	text := strings.NewReplacer("`", "", "\\", "").Replace(k.Doc)
	operand := string(k.Kind)
	switch k.Kind {
	case recipe.Whole, recipe.Number:
		operand = "number"
	case recipe.Choice:
		operand = "word"
	}
	text += " (`" + operand + "`: " + k.Allowed
	if k.Name != k.Flag {
		text += "; the key " + k.Name
	}
	return text + ")"
}
