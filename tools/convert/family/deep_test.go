package family

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// TestDeepFeatures: a network with skip connections gives the bits of a whole evaluation with the
// deep features of the same samples, after another evaluation has used its buffers. The others
// depend on the deep features, too, and without skip connections there are none.
func TestDeepFeatures(t *testing.T) {
	two := lucidSize
	two.Heads = 2
	var all []*recorded
	for _, c := range []struct {
		name string
		o    Settings
	}{
		{"improved-cond", lucidSize},
		{"guided-neworder", Settings{Height: 16, Width: 16, HeadWidth: 8, Order: "qkv"}},
		{"cfm-cifar", Settings{Height: 16, Width: 16, Prediction: flow, Raw: true}},
		{"lucidrains-unet-basic", lucidSize}, {"lucidrains-unet-selfcond", lucidSize},
		{"lucidrains-unet-learnedsin", lucidSize}, {"lucidrains-cfg-ten", lucidSize},
		{"lucidrains-cfg-five", two}, {"mindiffusion-cifar", Settings{}},
	} {
		all = append(all, record(t, c.name, c.o))
	}
	all = append(all, recordTea(t, "tea-mnist"), recordTea(t, "tea-rgb"))
	for _, r := range all {
		again(t, r.name, r.compile(t, graph.New, kernels.Best()), r.items(nil))
	}
	n, err := Recognise(NewState(newLabml().list)).Build(NewState(newLabml().list),
		Settings{Height: 8, Width: 8, Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	labml := &recorded{name: "labml", network: n,
		io: &weights.File{Tensors: []weights.Tensor{fixture.NewTensor("timesteps", []int{1}, 9.0)}}}
	if labml.graph, err = graph.Parse([]byte(n.Config)); err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 64)
	again(t, "labml", labml.compile(t, graph.New, kernels.Best()),
		[]graph.Item{{Sample: x, Estimate: x, Time: 321, Class: graph.NoClass}})

	dit := record(t, "dit-latent", Settings{Heads: 4}).compile(t, graph.New, kernels.Best())
	if size := dit.DeepSize(); size != 0 || dit.MultiplyAddsAgain() != dit.MultiplyAdds() {
		t.Errorf("DiT has %d deep features", size)
	}
}

// again is TestDeepFeatures for one network.
func again(t *testing.T, name string, n *graph.Network, items []graph.Item) {
	t.Helper()
	all, left := n.MultiplyAdds(), n.MultiplyAddsAgain()
	t.Logf("%s: %d numbers, %.0f %% of the products are left", name, n.DeepSize(),
		100*float64(left)/float64(all))
	if n.DeepSize() == 0 || left > all*3/4 {
		t.Fatalf("%s: %d deep features, %d of %d products are left", name, n.DeepSize(), left, all)
	}
	room := func(size int) [][]float32 {
		list := make([][]float32, len(items))
		for i := range list {
			list[i] = make([]float32, size)
		}
		return list
	}
	size := n.Output.Channels * n.Output.Height * n.Output.Width
	want, got := room(size), room(size)
	deep, others := room(n.DeepSize()), room(n.DeepSize())
	n.Forward(want, items)
	n.ForwardDeep(got, items, deep, false)
	for i := range want {
		if fixture.Hash(got[i]) != fixture.Hash(want[i]) {
			t.Errorf("%s: item %d differs where deep features are kept", name, i)
		}
	}
	other := make([]graph.Item, len(items))
	for i, it := range items {
		it.Sample, it.Time = make([]float32, len(it.Sample)), it.Time+1
		for j := range it.Sample {
			it.Sample[j] = float32(math.Sin(float64(i + 5*j)))
		}
		other[i] = it
	}
	n.ForwardDeep(got, other, others, false)
	n.ForwardDeep(got, items, deep, true)
	for i := range want {
		if fixture.Hash(got[i]) != fixture.Hash(want[i]) {
			t.Errorf("%s: item %d differs with its own deep features", name, i)
		}
	}
	n.ForwardDeep(got, items, others, true)
	for i := range want {
		if fixture.Hash(got[i]) == fixture.Hash(want[i]) {
			t.Errorf("%s: item %d does not depend on the deep features", name, i)
		}
	}
	if a := testing.AllocsPerRun(2, func() { n.ForwardDeep(got, items, deep, true) }); a != 0 {
		t.Errorf("%s: an evaluation allocates %v times", name, a)
	}
}
