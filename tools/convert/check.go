package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"tweedie/sampler/unet"
	"tweedie/weights"
)

// defaultTolerance is the largest |Δ| a check allows against outputs that PyTorch computed with
// unrounded weights, for outputs of about unit size: above the differences measured on networks of
// every kind (5.3e-3 for F16, 1.9e-5 for F32, 2e-2 for BF16), and below those of a wrong layer.
func defaultTolerance(coarsest weights.DType) float64 {
	switch coarsest {
	case weights.I8:
		return 1e-1
	case weights.BF16:
		return 4e-2
	case weights.F16:
		return 1e-2
	}
	return 2e-5
}

// coarsest is the type with the fewest bits of mantissa that the weights went through.
func coarsest(tensors []weights.Tensor, to weights.DType) weights.DType {
	if to == weights.I8 {
		return to
	}
	for i := range tensors {
		switch tensors[i].DType {
		case weights.BF16:
			return weights.BF16
		case weights.F16:
			if to != weights.BF16 {
				to = weights.F16
			}
		}
	}
	return to
}

// form has the names of a recording's tensors.
type form struct{ sample, times, labels, output string }

// forms are the names of tensors in recordings, ours and diffusers': the
// inputs, their timesteps and labels, and the network's outputs.
var forms = []form{
	{"sample", "timesteps", "class_labels", "output"},
	{"sample", "timestep", "class_labels", "output"},
	{"sample8", "timestep8", "class_labels8", "output8"},
	{"x", "t", "y", "eps"},
}

// recording has inputs and outputs of a network for a number of items.
type recording struct {
	name   string      // of the output
	items  []unet.Item // inputs
	output [][]float32 // [items][OutChannels·H·W]
}

// network is the content of a weights file.
type network interface {
	// size returns the size in words.
	size() string
	// check runs the network on every recording of a file, prints each output's difference and
	// fails if one is above the tolerance.
	check(file string, tolerance float64, w io.Writer) error
}

// denoiser is a U-Net.
type denoiser struct{ *unet.Network }

func (d denoiser) size() string { return fmt.Sprint(d.Parameters, " parameters") }

func (d denoiser) check(file string, tolerance float64, w io.Writer) error {
	return checkFile(file, tolerance, w, func(f *weights.File, all *difference) error {
		for _, form := range forms {
			r, err := readRecording(d.Network, f, form.sample, form.times, form.labels, form.output)
			if err != nil {
				return err
			}
			if r == nil {
				continue
			}
			if err := compare(d.Network, r, all, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkFile reads a file of recordings, lets run evaluate it, and judges the
// difference.
func checkFile(file string, tolerance float64, w io.Writer,
	run func(f *weights.File, all *difference) error) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	base := filepath.Base(file)
	f, err := weights.Parse(b)
	if err != nil {
		return fmt.Errorf("%s: %w", base, err)
	}
	var all difference
	if err := run(f, &all); err != nil {
		return fmt.Errorf("%s: %w", base, err)
	}
	if all.count == 0 {
		return fmt.Errorf("%s: want recorded inputs and outputs (sample, timesteps, "+
			"class_labels and output), got none", base)
	}
	fmt.Fprintf(w, "in all     %v  tolerance %.2g\n", &all, tolerance)
	if all.largest > tolerance {
		return differs{fmt.Sprintf("%s: the converted network differs by %.3g from the recorded "+
			"outputs, %.3g is allowed (-tol); -dtype f32 shows how much of it is rounding", base,
			all.largest, tolerance)}
	}
	return nil
}

// compare evaluates a recording and prints a line for each of its items.
func compare(net *unet.Network, r *recording, all *difference, w io.Writer) error {
	got := make([]float32, len(r.output[0]))
	for i := range r.items {
		net.Forward([][]float32{got}, r.items[i:i+1])
		var d difference
		for j, v := range got {
			d.add(float64(v), float64(r.output[i][j]))
		}
		all.join(d)
		if _, err := fmt.Fprintf(w, "%s[%d]  %v  t %g\n",
			r.name, i, &d, r.items[i].Timestep); err != nil {
			return err
		}
	}
	return nil
}

// difference accumulates the differences between values and wanted ones.
type difference struct {
	count            int
	largest          float64 // infinite once a value was NaN
	squares, squared float64 // Σ(got-want)², Σwant²
}

func (d *difference) add(got, want float64) {
	delta := math.Abs(got - want)
	if delta != delta { // NaN counts as infinite, and stays the largest
		delta = math.Inf(1)
	}
	d.count++
	d.largest = max(d.largest, delta)
	d.squares += delta * delta
	d.squared += want * want
}

func (d *difference) join(e difference) {
	d.count += e.count
	d.largest = max(d.largest, e.largest)
	d.squares += e.squares
	d.squared += e.squared
}

func (d *difference) String() string {
	n := float64(max(d.count, 1))
	return fmt.Sprintf("max|Δ| %.3e  rms %.3e  (recorded rms %.3g)",
		d.largest, math.Sqrt(d.squares/n), math.Sqrt(d.squared/n))
}

// readRecording takes the tensors of one form out of a file and cuts them into items; nil if the
// file lacks them.
func readRecording(
	net *unet.Network, f *weights.File, sample, times, labels, output string,
) (*recording, error) {
	x, ok := f.Tensor(sample)
	t, okTimes := f.Tensor(times)
	y, okOutput := f.Tensor(output)
	if !ok || !okTimes || !okOutput {
		return nil, nil
	}
	steps, err := numbers(t)
	if err != nil {
		return nil, err
	}
	n := len(steps)
	size := net.SampleHeight * net.SampleWidth
	if n == 0 || x.Len() != n*net.InChannels*size || y.Len() != n*net.OutChannels*size {
		return nil, fmt.Errorf(
			"want %d inputs [%d,%d,%d] and outputs [%d,%d,%d], one for each of %s, got %v and %v",
			n, net.InChannels, net.SampleHeight, net.SampleWidth,
			net.OutChannels, net.SampleHeight, net.SampleWidth, times, x.Shape, y.Shape)
	}
	r := &recording{name: output, items: make([]unet.Item, n), output: make([][]float32, n)}
	in, out := make([]float32, x.Len()), make([]float32, y.Len())
	if err := errors.Join(x.DecodeFloat32(in), y.DecodeFloat32(out)); err != nil {
		return nil, err
	}
	for i := range r.items {
		r.items[i] = unet.Item{Sample: in[i*len(in)/n : (i+1)*len(in)/n],
			Timestep: float32(steps[i]), Class: unet.NoClass}
		r.output[i] = out[i*len(out)/n : (i+1)*len(out)/n]
	}
	return r, label(net, f, labels, r.items)
}

// label sets the conditions of the items, if the network takes one.
func label(net *unet.Network, f *weights.File, name string, items []unet.Item) error {
	table := net.ClassEmbedType == "" && net.NumClassEmbeds > 0
	if !table && net.ClassEmbedType == "" {
		return nil
	}
	t, ok := f.Tensor(name)
	if !ok {
		return fmt.Errorf("want %s, because the network has classes, got none", name)
	}
	values, err := numbers(t)
	if err != nil {
		return err
	}
	each := 1
	if net.ClassEmbedType == "identity" {
		each = net.TimeEmbeddingDim
	}
	if len(values) != len(items)*each {
		return fmt.Errorf("want %d numbers in %s, got %d", len(items)*each, name, len(values))
	}
	for i := range items {
		first := values[i*each]
		switch {
		case table && !(first >= 0 && first < float64(net.NumClassEmbeds) &&
			first == math.Trunc(first)):
			return fmt.Errorf("want classes from 0 to %d in %s, got %g at index %d",
				net.NumClassEmbeds-1, name, first, i)
		case table:
			items[i].Class = int(first)
		case net.ClassEmbedType == "timestep":
			items[i].ClassNumber = float32(first)
		default: // identity
			for _, v := range values[i*each : (i+1)*each] {
				items[i].ClassVector = append(items[i].ClassVector, float32(v))
			}
		}
	}
	return nil
}

// numbers returns the elements of a tensor, also of integers.
func numbers(t *weights.Tensor) ([]float64, error) {
	if t.DType != weights.I64 {
		return t.Float64s(), nil
	}
	ints, err := t.Int64s()
	list := make([]float64, len(ints))
	for i, v := range ints {
		list[i] = float64(v)
	}
	return list, err
}

// differs is the error about a network that answers otherwise than was recorded.
type differs struct{ text string }

func (d differs) Error() string { return d.text }
