package family

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// recorded is a network of testdata, with what its authors' code gave for some inputs: the folder
// name has the state dictionary and io, the calls.
type recorded struct {
	name string
	Settings
	network *Network
	graph   *graph.Graph
	io      *weights.File
}

// record recognises and builds the network of a folder.
func record(t *testing.T, name string, o Settings) *recorded {
	t.Helper()
	state := fixture.Weights(t, filepath.Join("testdata", name, "state.safetensors.gz"))
	r := &recorded{name: name, Settings: o,
		io: fixture.Weights(t, filepath.Join("testdata", name, "io.safetensors.gz"))}
	s := NewState(state.Tensors)
	f := Recognise(s)
	if f == nil {
		t.Fatalf("%s: the family is not recognised", name)
	}
	var err error
	if r.network, err = f.Build(s, o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if r.graph, err = graph.Parse([]byte(r.network.Config)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	r.measured(t)
	return r
}

// measured compares what is told of the network before it is compiled with what it takes then.
func (r *recorded) measured(t *testing.T) {
	t.Helper()
	file := &weights.File{Tensors: r.network.Tensors}
	compiled, err := graph.New(r.graph, file, 2, kernels.Best())
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	only, err := graph.New(r.graph, file, 2, nil)
	if err != nil || only.Bytes != compiled.Bytes ||
		only.MultiplyAdds() != compiled.MultiplyAdds() {
		t.Errorf("%s: measured %d bytes and %d multiply-adds, %v, compiled %d and %d", r.name,
			only.Bytes, only.MultiplyAdds(), err, compiled.Bytes, compiled.MultiplyAdds())
	}
}

// numbers returns a tensor of the recorded calls, nil if they have no such tensor.
func (r *recorded) numbers(name string) []float64 {
	x, ok := r.io.Tensor(name)
	if !ok {
		return nil
	}
	if x.DType != weights.I64 {
		return x.Float64s()
	}
	whole, _ := x.Int64s()
	out := make([]float64, len(whole))
	for i, v := range whole {
		out[i] = float64(v)
	}
	return out
}

// items are the recorded inputs; change may alter each.
func (r *recorded) items(change func(*graph.Item)) []graph.Item {
	sample, times := r.numbers("sample"), r.numbers("timesteps")
	classes, estimate := r.numbers("class_labels"), r.numbers("self_cond")
	items, size := make([]graph.Item, len(times)), len(sample)/len(times)
	for i := range items {
		it := graph.Item{Sample: make([]float32, size), Estimate: make([]float32, size),
			Time: times[i], Class: graph.NoClass}
		for j := range it.Sample {
			it.Sample[j] = float32(sample[i*size+j])
			if estimate != nil {
				it.Estimate[j] = float32(estimate[i*size+j])
			}
		}
		if classes != nil {
			it.Class = int(classes[i])
		}
		if change != nil {
			change(&it)
		}
		items[i] = it
	}
	return items
}

// compile returns the network for as many items as were recorded.
func (r *recorded) compile(
	t *testing.T, of func(*graph.Graph, *weights.File, int, *kernels.Set) (*graph.Network, error),
	k *kernels.Set,
) *graph.Network {
	t.Helper()
	n, err := of(r.graph, &weights.File{Tensors: r.network.Tensors}, len(r.numbers("timesteps")), k)
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	return n
}

// check compares the network with a recorded output, and both sets of kernels with each other.
// bound is relative to the largest number of the output, if that is above 1.
func (r *recorded) check(t *testing.T, output string, bound float64, change func(*graph.Item)) {
	t.Helper()
	want, items := r.numbers(output), r.items(change)
	got := r.forward(t, kernels.Best(), items)
	worst, most := 0.0, 1.0
	for i, w := range want {
		worst, most = max(worst, math.Abs(float64(got[i])-w)), max(most, math.Abs(w))
	}
	t.Logf("%s, %s: %d numbers, worst %.2g of %.2f", r.name, output, len(want), worst, most)
	if !(worst <= bound*most) || len(got) != len(want) {
		t.Errorf("%s, %s: differs by %.2g", r.name, output, worst)
	}
	if kernels.Best().Name == kernels.Reference().Name {
		return
	}
	for i, v := range r.forward(t, kernels.Reference(), items) {
		if math.Float32bits(v) != math.Float32bits(got[i]) {
			t.Fatalf("%s, %s: number %d is %v on the reference kernels and %v on the others",
				r.name, output, i, v, got[i])
		}
	}
}

// forward evaluates the network, which allocates nothing.
func (r *recorded) forward(t *testing.T, k *kernels.Set, items []graph.Item) []float32 {
	t.Helper()
	n := r.compile(t, graph.New, k)
	outs := make([][]float32, len(items))
	for i := range outs {
		outs[i] = make([]float32, n.Output.Channels*n.Output.Height*n.Output.Width)
	}
	n.Forward(outs, items)
	if a := testing.AllocsPerRun(3, func() { n.Forward(outs, items) }); a != 0 {
		t.Errorf("%s: an evaluation allocates %v times", r.name, a)
	}
	return slices.Concat(outs...)
}

// checkBlocks compares every recorded module's output for the first item, of which every stride-th
// number is stored, as "block NAME". bound is relative as in check.
func (r *recorded) checkBlocks(t *testing.T, stride int, bound float64) {
	t.Helper()
	n := r.compile(t, graph.Record, kernels.Best())
	items := r.items(nil)
	outs := make([][]float32, len(items))
	for i := range outs {
		outs[i] = make([]float32, n.Output.Channels*n.Output.Height*n.Output.Width)
	}
	n.Forward(outs, items)
	blocks, worst, at := 0, 0.0, ""
	for _, x := range r.io.Tensors {
		name, ok := strings.CutPrefix(x.Name, "block ")
		if !ok {
			continue
		}
		blocks++
		got, want := n.Value(name, 0), x.Float64s()
		if len(want) != (len(got)+stride-1)/stride {
			t.Errorf("%s: the block %s has %d numbers, and %d are recorded", r.name, name, len(got),
				len(want))
			continue
		}
		most := 1.0
		for _, w := range want {
			most = max(most, math.Abs(w))
		}
		for i, w := range want {
			if d := math.Abs(float64(got[i*stride])-w) / most; !(d <= worst) {
				worst, at = d, name
			}
		}
	}
	t.Logf("%s: %d blocks, worst %.2g in %s", r.name, blocks, worst, at)
	if !(worst <= bound) || blocks == 0 {
		t.Errorf("%s: of %d blocks, %s differs by %.2g", r.name, blocks, at, worst)
	}
}
