package main

import (
	"context"
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"

	"tweedie/sampler"
	"tweedie/sampler/kernels"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/lab/keys"
	"tweedie/tools/progress"
)

// work does what the command line asks for.
func work(ctx context.Context, o options, stdout, stderr io.Writer) error {
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
func draw(ctx context.Context, e *experiment.Experiment, t *trace) (*sampler.Run, error) {
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
func finish(o options, e *experiment.Experiment, run *sampler.Run, t *trace,
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
		if err := writePicture(o.picture, run, e.Data().Classes(), recipe); err != nil {
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

// judge prints what the model is worth. Points of a class have no distance from all data.
func judge(e *experiment.Experiment, x []float32, stdout io.Writer) {
	s := &e.Settings
	tr := e.Training
	fmt.Fprintf(stdout, "%d parameters, %d training steps, last loss %.4f\n", tr.Parameters(),
		tr.Done(), tr.Loss())
	n := len(x) / 2
	held := lab.HeldOut(e.Data(), s.Seed, n, 0)
	if s.Class == "none" {
		points := make([]float64, len(x))
		for i, v := range x {
			points[i] = float64(v)
		}
		again := lab.HeldOut(e.Data(), s.Seed, n, 1)
		fmt.Fprintf(stdout, "sliced Wasserstein distance from held-out data %.4f, of such data "+
			"from other such data %.4f\n", lab.SlicedWasserstein(points, held),
			lab.SlicedWasserstein(again, held))
		fmt.Fprintf(stdout, "mean distance to the nearest held-out point %.4f, of such data %.4f; "+
			"the other way round %.4f\n", lab.Nearest(points, held), lab.Nearest(again, held),
			lab.Nearest(held, points))
	}
	if exact := e.Data().Exact(); exact != nil {
		fmt.Fprint(stdout, "error against the exact score, as one of ε:")
		m := tr.Model(n)
		for _, t := range []int{50, 200, 400, 600, 800} {
			fmt.Fprintf(stdout, " %.3f at t=%d", lab.ScoreError(m, exact, held, s.Seed, t), t)
			if t < 800 {
				fmt.Fprint(stdout, ",")
			}
		}
		fmt.Fprintln(stdout)
	}
}
