package graph

import (
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// A U-Net of two sizes, in three parts. What enters its last block, up, has the shape of the
// sample.
const (
	wayIn = `
	{"name": "in", "op": "conv", "of": ["sample"], "tensor": "in", "channels": 4, "side": 3,
	 "padding": 1},`
	wayDown = `
	{"name": "down", "op": "conv", "of": ["in"], "tensor": "down", "channels": 4, "side": 3,
	 "stride": 2, "padding": 1},
	{"name": "up", "op": "resample", "of": ["down"], "to": "double"},`
	wayOut = `
	{"name": "t", "op": "sinusoid", "width": 8},
	{"name": "both", "op": "concat", "of": ["up", "in"]},
	{"name": "moved", "op": "add", "of": ["both", "t"]},
	{"name": "out", "op": "conv", "of": ["moved"], "tensor": "out", "channels": 4, "side": 3,
	 "padding": 1}`
)

// TestDeepFeatures: an evaluation with the deep features of another equals one of a graph that is
// given them as its estimate, and has no smaller picture.
func TestDeepFeatures(t *testing.T) {
	s := newSheet(t, 4, 6, 6)
	s.tensor("in.weight", 4, 4, 3, 3)
	s.tensor("in.bias", 4)
	s.tensor("out.weight", 4, 8, 3, 3)
	s.tensor("out.bias", 4)
	compiled := func(nodes string, f weights.File) *Network {
		n, err := New(s.parse(nodes), &f, 2, kernels.Best())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	given := compiled(wayIn+strings.Replace(wayOut, `"up"`, `"estimate"`, 1),
		weights.File{Tensors: slices.Clone(s.Tensors)})
	s.tensor("down.weight", 4, 4, 3, 3)
	s.tensor("down.bias", 4)
	n := compiled(wayIn+wayDown+wayOut, s.File)
	const pixel = kernels.Lanes // numbers of a pixel with four channels
	if given.DeepSize() != 0 || n.DeepSize() != pixel*6*6 {
		t.Fatalf("%d deep features, and %d without a smaller picture", n.DeepSize(),
			given.DeepSize())
	}
	room := func() [][]float32 { return [][]float32{make([]float32, 144), make([]float32, 144)} }
	deep := [][]float32{make([]float32, n.DeepSize()), make([]float32, n.DeepSize())}
	got, want := room(), room()
	n.ForwardDeep(got, s.items, deep, false)
	for i := range s.items {
		for j := range 144 { // deep features lie pixel by pixel
			s.items[i].Estimate[j] = deep[i][j%36*pixel+j/36]
			s.items[i].Sample[j] = float32(s.r.NormFloat64())
		}
		s.items[i].Time += 40
	}
	n.ForwardDeep(got, s.items, deep, true)
	given.Forward(want, s.items)
	for i := range want {
		if fixture.Hash(got[i]) != fixture.Hash(want[i]) {
			t.Errorf("item %d differs from the graph that is given its deep features", i)
		}
	}
}

// TestDeepNodes: which values are the deep features, and which nodes are left beside them.
func TestDeepNodes(t *testing.T) {
	const more = `
	{"name": "third", "op": "activation", "of": ["up"], "act": "silu"},`
	added := strings.Replace(wayOut, `"of": ["both", "t"]}`, `"of": ["both", "t"]},
	{"name": "twice", "op": "concat", "of": ["moved", "third"]}`, 1)
	added = strings.Replace(added, `["moved"], "tensor"`, `["twice"], "tensor"`, 1)
	for _, c := range []struct{ name, nodes, pins, beside string }{
		{"a U-Net", wayIn + wayDown + wayOut, "up", "in t both moved out"},
		// of up alone, but worked out before it enters
		{"two values", wayIn + wayDown + more + strings.Replace(added, `["up", "in"]`,
			`["third", "in"]`, 1), "third", "in t both moved twice out"},
		{"two values that enter", wayIn + wayDown + more + added, "up", "in third t both moved " +
			"twice out"},
		{"a value beside the way", wayIn + strings.Replace(wayDown, `{"name": "up"`,
			`{"name": "aside", "op": "resample", "of": ["down"], "to": "double"},
			{"name": "up"`, 1) + wayOut + `,
			{"name": "sum", "op": "add", "of": ["out", "aside"]}`, "aside up",
			"in t both moved out sum"},
		{"a smaller picture later", wayIn + wayDown + `
			{"name": "same", "op": "add", "of": ["in", "up"]},
			{"name": "out", "op": "concat", "of": ["same", "sample"]}`, "same", "out"},
		{"no smaller picture", wayIn + strings.Replace(wayOut, `"up"`, `"sample"`, 1), "", ""},
		{"no concatenation", wayIn + wayDown + `
			{"name": "out", "op": "add", "of": ["up", "in"]}`, "", ""},
		{"the sample nowhere beside", wayIn + wayDown + `
			{"name": "out", "op": "concat", "of": ["up", "up"]}`, "", ""},
	} {
		g := newSheet(t, 4, 6, 6).parse(c.nodes)
		d := g.deepFeatures()
		var pins, beside []string
		for i, n := range g.nodes {
			if d.pinned(i) {
				pins = append(pins, n.name)
			}
			if d.beside != nil && !d.only(i) {
				beside = append(beside, n.name)
			}
		}
		if got := strings.Join(pins, " "); got != c.pins {
			t.Errorf("%s: the deep features are %q, want %q", c.name, got, c.pins)
		}
		if got := strings.Join(beside, " "); got != c.beside {
			t.Errorf("%s: beside them are %q, want %q", c.name, got, c.beside)
		}
	}
}
