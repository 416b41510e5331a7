package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/tools/convert/conversion"
	"tweedie/weights"
)

// checkBlocks runs the first recorded input through a network that keeps what every layer gives,
// and prints how far each is from the outputs recorded under its modules' names.
func checkBlocks(o options, r *conversion.Result, w io.Writer) error {
	name := filepath.Base(o.blocks)
	if !r.Draft.Graph || o.check == "" {
		return errors.New("-blocks compares the networks that -families lists, and not " +
			"diffusers', and needs the inputs of -check")
	}
	g, err := graph.Parse([]byte(r.Draft.Raw))
	if err != nil {
		return err
	}
	n, err := graph.Record(g, &weights.File{Tensors: r.File.Tensors}, 1, kernels.Best())
	if err != nil {
		return err
	}
	recorded, err := readWeights(o.check)
	if err != nil {
		return err
	}
	blocks, err := readWeights(o.blocks)
	if err != nil {
		return err
	}
	item, err := firstItem(grown{raw: n}, recorded)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(o.check), err)
	}
	n.Forward([][]float32{make([]float32, size(n.Output))}, []graph.Item{item})
	for i := range blocks.Tensors {
		t := &blocks.Tensors[i]
		got, want := n.Value(t.Name, 0), t.Float64s()
		if got == nil || len(got) != len(want) {
			fmt.Fprintf(w, "block %-24s is no layer of the converted network\n", t.Name)
			continue
		}
		var d difference
		for j, v := range got {
			d.add(float64(v), want[j])
		}
		if _, err := fmt.Fprintf(w, "block %-24s %v\n", t.Name, &d); err != nil {
			return err
		}
	}
	if len(blocks.Tensors) == 0 {
		return fmt.Errorf("%s: want the outputs of modules, got none", name)
	}
	return nil
}

func readWeights(name string) (*weights.File, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := weights.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return f, nil
}

// firstItem is the first input of a recording.
func firstItem(g grown, f *weights.File) (graph.Item, error) {
	for _, form := range forms {
		sample, ok := f.Tensor(form.sample)
		times, okTimes := f.Tensor(form.times)
		if !ok || !okTimes {
			continue
		}
		steps, err := numbers(times)
		if err != nil {
			return graph.Item{}, err
		}
		labels, err := g.labels(f, form.labels, len(steps))
		if err != nil {
			return graph.Item{}, err
		}
		n := size(g.raw.Sample)
		x := sample.Float32s()
		if len(steps) == 0 || len(x) != len(steps)*n {
			break
		}
		it := graph.Item{Sample: x[:n], Estimate: make([]float32, n), Time: steps[0],
			Class: labels[0]}
		if t, ok := f.Tensor("self_cond"); ok && t.Len() == len(x) {
			it.Estimate = t.Float32s()[:n]
		}
		return it, nil
	}
	return graph.Item{}, fmt.Errorf("want inputs of %v with their timesteps, got none",
		g.raw.Sample)
}
