package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler/kernels"
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
	"tweedie/tools/progress"
)

// work does what the command line asks for.
func work(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if o.paint != "" {
		var err error
		if o.recipe, err = painted(o.recipe, o.paint, o.ink); err != nil {
			return err
		}
	}
	s, err := keys.Parse(o.recipe)
	if err != nil {
		return err
	}
	e, err := experiment.New(s, nil)
	if err != nil {
		return err
	}
	if kernels.Best().Name == "reference" && s.Steps > 100 {
		fmt.Fprintln(stderr, "This build has no vector kernels: with GOEXPERIMENT=simd in the "+
			"environment it is about ten times faster, and the points are the same.")
	}
	var t *trace
	if o.trace != "" {
		t = new(trace)
	}
	if err := learn(ctx, e, t, stderr); err != nil {
		return err
	}
	run, err := draw(ctx, e, t)
	if err != nil {
		return err
	}
	return finish(o, e, run, t, stdout)
}

// learn trains to the end.
func learn(ctx context.Context, e *experiment.Experiment, t *trace, stderr io.Writer) error {
	tr := e.Training
	bar := progress.New(stderr, tr.Steps(), progressbar.OptionSetDescription("training"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("steps"))
	defer func() { _ = bar.Clear() }()
	for ctx.Err() == nil && tr.Step() {
		if t != nil {
			t.losses = append(t.losses, float32(tr.Loss()))
		}
		_ = bar.Add(1)
	}
	if tr.Err() == nil && tr.Done() < tr.Steps() {
		return fmt.Errorf("interrupted after training step %d of %d; nothing was written",
			tr.Done(), tr.Steps())
	}
	return tr.Err()
}

// draw takes the points through the sampler.
func draw(ctx context.Context, e *experiment.Experiment, t *trace) (experiment.Drawing, error) {
	run, err := e.Draw()
	if err != nil {
		return nil, err
	}
	if t != nil {
		if err := t.begin(run); err != nil {
			return nil, err
		}
	}
	for ctx.Err() == nil && run.Next() {
		if t != nil && run.Image() == run.Images()-1 {
			t.add(run)
		}
	}
	if run.Err() == nil && run.Step() < run.Steps() {
		return nil, fmt.Errorf("interrupted after solver step %d of %d; nothing was written",
			run.Step(), run.Steps())
	}
	return run, run.Err()
}

// finish writes and prints what came out.
func finish(o options, e *experiment.Experiment, run experiment.Drawing, t *trace,
	stdout io.Writer) error {
	x := experiment.Points(run)
	sum := experiment.Hash(x)
	asked := e.Settings.Hash
	if asked != "" && asked != sum[:16] {
		return fmt.Errorf("the points have the hash %s, and the recipe says %s: it was made with "+
			"another version, or changed", sum[:16], asked)
	}
	e.Settings.Hash = sum[:16]
	recipe := e.Settings.String()
	if o.picture != "" {
		if err := writePicture(o.picture, e, run, recipe); err != nil {
			return err
		}
	}
	if t != nil {
		if err := t.write(o.trace, e, recipe, sum); err != nil {
			return err
		}
	}
	fmt.Fprintln(stdout, recipe)
	if !o.hash {
		judge(e, x, stdout)
		return nil
	}
	var weights []float32
	for _, tensor := range e.Training.Tensors() {
		weights = append(weights, tensor.Values...)
	}
	fmt.Fprintf(stdout, "points  %s\nweights %s\n", sum, experiment.Hash(weights))
	return nil
}

// judge prints what the model is worth.
func judge(e *experiment.Experiment, x []float32, stdout io.Writer) {
	tr := e.Training
	fmt.Fprintf(stdout, "%d parameters, %d training steps, last loss %.4f\n", tr.Parameters(),
		tr.Done(), tr.Loss())
	all := e.Measures(x)
	for i, m := range all {
		if i > 0 && m.Of != "" && m.Name == all[i-1].Name { // one line for all that it is of
			fmt.Fprint(stdout, "; ", m.Of)
		} else {
			if i > 0 {
				fmt.Fprintln(stdout)
			}
			fmt.Fprint(stdout, strings.TrimSpace(m.Doc+" "+m.Of))
		}
		if m.At >= 0 {
			fmt.Fprintf(stdout, " at t=%d", m.At)
		}
		fmt.Fprintf(stdout, ": %.4f", m.Value)
		if m.Error > 0 {
			fmt.Fprintf(stdout, " ± %.4f", m.Error)
		}
		if !math.IsNaN(m.Real) {
			fmt.Fprintf(stdout, ", and of %s %.4f", cmp.Or(m.Beside, "other held-out data"), m.Real)
		}
	}
	fmt.Fprintln(stdout)
}
