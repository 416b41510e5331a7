// Lab trains a model of the plane on the command line and draws points from it: the same recipe
// gives the same points everywhere.
//
//	go run ./tools/lab -recipe 'd=spiral&steps=2000' [-o points.png] [-trace FILE.safetensors]
//	    [-paint PICTURE.png [-light]] [-hash] [-presets] [-keys]
//
// With -paint the data are a picture's: the middle of it becomes the density of d=painted, and the
// recipe that is printed has it inside, as the page makes it of the same picture. What is dark is
// likely if the edge is light, and what is light if it is dark; -light, or -light=false, says so.
//
// The program prints the canonical recipe with the points' hash, and then what the model is worth:
// its distance from data that it has not seen, their likelihood by the model and by its bounds, and
// where the exact score is known the error of its own. Below the points of latent diffusion the
// picture of -o shows the digits that places of the plane decode to. With -hash the program prints
// the recipe and the SHA-256 of the points and of the weights instead. A recipe with h is checked:
// other points are an error. The exit status is 0 if all went well, 1 if something is wrong with
// the recipe, the training or a file, and 2 if the command line is wrong.
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
	"strconv"

	"tweedie/sampler/lab/keys"
	"tweedie/sampler/plane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// options are the command line.
type options struct {
	recipe, picture, trace, paint string
	ink                           plane.Ink // of paint
	hash, presets, keys           bool
}

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseArguments(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "lab:", err)
		return 2
	case o.presets:
		listPresets(stdout)
		return 0
	case o.keys:
		fmt.Fprint(stdout, keys.Markdown())
		return 0
	}
	if err := work(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "lab:", err)
		return 1
	}
	return 0
}

func parseArguments(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("lab", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.recipe, "recipe", "", "the `recipe`, as in d=spiral&p=v&steps=2000")
	f.StringVar(&o.picture, "o", "", "write the points to `OUT.png`, with the recipe inside")
	f.StringVar(&o.trace, "trace", "",
		"write the weights, the losses and every x_t and x̂0 to `OUT.safetensors`")
	f.StringVar(&o.paint, "paint", "", "take the density of `PICTURE.png` as data")
	f.BoolFunc("light", "whether what is light in the picture is likely, or with -light=false "+
		"what is dark, whatever its edge", func(text string) error {
		light, err := strconv.ParseBool(text)
		o.ink = plane.DarkInk
		if light {
			o.ink = plane.LightInk
		}
		return err
	})
	f.BoolVar(&o.hash, "hash", false, "print the SHA-256 of points and weights")
	f.BoolVar(&o.presets, "presets", false, "list the data and what to try, and do nothing else")
	f.BoolVar(&o.keys, "keys", false, "list the keys of a recipe and do nothing else")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, "usage: lab [flags]\n\n"+
			"Trains a model of the plane and draws points from it.\n\n")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return o, err
	}
	if err == nil && f.NArg() != 0 {
		err = fmt.Errorf("the argument %q belongs to no flag", f.Arg(0))
	}
	if err == nil && o.ink != plane.FoundInk && o.paint == "" {
		err = errors.New("-light is for the picture of -paint; give -paint, too, or leave " +
			"-light out")
	}
	for _, file := range []string{o.picture, o.trace} {
		if folder := filepath.Dir(file); err == nil && file != "" {
			if s, wrong := os.Stat(folder); wrong != nil || !s.IsDir() {
				err = fmt.Errorf("there is no folder %s to write %s to", folder,
					filepath.Base(file))
			}
		}
	}
	return o, err
}

func listPresets(stdout io.Writer) {
	for _, p := range keys.Presets() {
		exact := ""
		if p.Exact {
			exact = "; the exact score is known"
		}
		fmt.Fprintf(stdout, "d=%-13s %s%s\n", p.Name, p.Doc, exact)
	}
	fmt.Fprintf(stdout, "d=%-13s what the key paint or the flag -paint gives\n", plane.PaintedData)
	for _, e := range keys.Examples() {
		fmt.Fprintf(stdout, "\n%s\n    %s\n", e.Recipe, e.Doc)
	}
}
