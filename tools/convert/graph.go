package main

import (
	"errors"
	"fmt"
	"io"

	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/family"
	"tweedie/weights"
)

// listFamilies prints the families, and what their files do not say.
func listFamilies(w io.Writer) error {
	fmt.Fprintf(w, "%s: diffusers' networks, with their config.json\n", unet.ClassName)
	for _, f := range family.Families {
		fmt.Fprintf(w, "%s: %s\n", f.Name, f.Of)
		for _, o := range f.Options {
			if _, err := fmt.Fprintf(w, "  %-12s %s\n", o.Flag, o.Default); err != nil {
				return err
			}
		}
	}
	return nil
}

// grown is a network whose architecture is data.
type grown struct {
	*graph.Network
	raw *graph.Network // as its authors' code has it
}

// openGraph compiles both forms of a network.
func openGraph(m *graph.Model, f *weights.File, raw string) (network, error) {
	g, err := graph.Parse([]byte(raw))
	if err != nil {
		return nil, err
	}
	n, err := graph.New(g, f, 1, kernels.Best())
	return grown{m.Network, n}, err
}

func (g grown) size() string { return fmt.Sprint(g.Parameters, " parameters") }

func (g grown) check(file string, tolerance float64, w io.Writer) error {
	return checkFile(file, tolerance, w, func(f *weights.File, all *difference) error {
		for _, form := range forms {
			if err := g.compare(f, form, all, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// compare evaluates the recording of one form, if the file has it, and prints a line for each item.
func (g grown) compare(f *weights.File, form form, all *difference, w io.Writer) error {
	sample, ok := f.Tensor(form.sample)
	times, okTimes := f.Tensor(form.times)
	output, okOutput := f.Tensor(form.output)
	if !ok || !okTimes || !okOutput {
		return nil
	}
	steps, err := numbers(times)
	if err != nil {
		return err
	}
	n, in, out := len(steps), size(g.raw.Sample), size(g.raw.Output)
	if n == 0 || sample.Len() != n*in || output.Len() != n*out {
		return fmt.Errorf("want %d inputs %v and outputs %v, one for each of %s, got %v and %v",
			n, g.raw.Sample, g.raw.Output, form.times, sample.Shape, output.Shape)
	}
	labels, err := g.labels(f, form.labels, n)
	if err != nil {
		return err
	}
	x, want := sample.Float32s(), output.Float64s()
	estimate := make([]float32, n*in)
	if t, ok := f.Tensor("self_cond"); ok && t.Len() == n*in {
		estimate = t.Float32s()
	}
	if x == nil || want == nil {
		return errors.New("want floating-point numbers in " + form.sample + " and " + form.output)
	}
	got := make([]float32, out)
	for i := range n {
		g.raw.Forward([][]float32{got}, []graph.Item{{Sample: x[i*in : (i+1)*in],
			Estimate: estimate[i*in : (i+1)*in], Time: steps[i], Class: labels[i]}})
		var d difference
		for j, v := range got {
			d.add(float64(v), want[i*out+j])
		}
		all.join(d)
		if _, err := fmt.Fprintf(w, "%s[%d]  %v  t %g\n",
			form.output, i, &d, steps[i]); err != nil {
			return err
		}
	}
	return nil
}

// labels are the classes of the items, none for a network without classes or a recording without.
func (g grown) labels(f *weights.File, name string, n int) ([]int, error) {
	labels := make([]int, n)
	for i := range labels {
		labels[i] = graph.NoClass
	}
	t, ok := f.Tensor(name)
	if g.raw.Classes == 0 || !ok {
		return labels, nil
	}
	values, err := numbers(t)
	if err != nil {
		return nil, err
	}
	if len(values) != n {
		return nil, fmt.Errorf("want %d classes in %s, one for each timestep, got %d", n, name,
			len(values))
	}
	for i, v := range values {
		// The row behind the last class stands for none where there is one.
		if labels[i] = int(v); labels[i] == g.raw.Classes {
			labels[i] = graph.NoClass
		}
		if v != float64(int(v)) || v < 0 || int(v) > g.raw.Classes {
			return nil, fmt.Errorf("want classes from 0 to %d in %s, got %g at index %d",
				g.raw.Classes, name, v, i)
		}
	}
	return labels, nil
}

func size(s graph.Shape) int { return s.Channels * s.Height * s.Width }
