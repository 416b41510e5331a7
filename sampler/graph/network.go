package graph

import (
	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/sampler/network"
	"tweedie/weights"
)

// NoClass is the class that stands for none.
const NoClass = network.NoClass

// Network is a graph ready to run, with buffers for a fixed number of pictures. It is not safe for
// concurrent use.
type Network struct {
	*Graph
	Parameters int // numbers in the state dict
	Bytes      int // of packed weights and buffers

	program *layers.Program
	batch   int
	items   []Item      // of the evaluation going on
	out     [][]float32 // its results
	values  []*value    // of the nodes, in a network of Record
}

// Item is one input of a Network.
type Item struct {
	Sample   []float32 // x: [channels, height, width]
	Estimate []float32 // as Sample; read by networks that take one
	Time     float64
	Class    int // below Classes, or NoClass
}

// New compiles a graph with the weights of f, with buffers for up to batch items at once, on
// kernels k. Every tensor of f must be taken by a node, have the right shape and be finite.
func New(g *Graph, f *weights.File, batch int, k *kernels.Set) (*Network, error) {
	return compile(g, f, batch, k, false)
}

func compile(
	g *Graph, f *weights.File, batch int, k *kernels.Set, keep bool,
) (*Network, error) {
	n := &Network{Graph: g, batch: batch}
	o := layers.Options{Family: "graph", Kernels: k, Batch: batch, Thin: kernels.F2}
	o.Tile = kernels.Tile(g.Tile)
	p, err := layers.Compile(o, f, func(c *layers.Compiler) {
		b := &builder{Compiler: c, net: n, keep: keep}
		b.network()
		if keep {
			n.values = b.values[first:]
		}
	})
	if err != nil {
		return nil, err
	}
	n.program, n.Parameters, n.Bytes = p, p.Parameters, p.Bytes
	return n, nil
}

// TakesEstimate says whether the network is conditioned on the x̂0 of the step before.
func (n *Network) TakesEstimate() bool { return n.estimate }

// Forward evaluates the network: out[i], as Output says, for items[i]. There are at most as many
// items as New was told. It allocates nothing and panics if a size is wrong.
func (n *Network) Forward(out [][]float32, items []Item) { n.ForwardDeep(out, items, nil, false) }

// ForwardDeep is Forward that writes the deep features of items[i] to deep[i], [DeepSize], unless
// deep is nil. With again it takes them from there, and evaluates only what is beside them.
func (n *Network) ForwardDeep(out [][]float32, items []Item, deep [][]float32, again bool) {
	n.begin(out, items)
	n.program.RunDeep(len(items), false, deep, again)
	n.items, n.out = nil, nil
}

// DeepSize is the number of values of an item's deep features, 0 for a graph without any.
func (n *Network) DeepSize() int { return n.program.Deep }

// Profile is Forward with the time that each step took by the clock now.
func (n *Network) Profile(out [][]float32, items []Item, now func() float64) []layers.Part {
	n.begin(out, items)
	parts := n.program.Profile(len(items), false, now)
	n.items, n.out = nil, nil
	return parts
}

// MultiplyAdds is the number for one item, as the plain formulas have them.
func (n *Network) MultiplyAdds() int { return n.program.MultiplyAdds() }

// MultiplyAddsAgain is the number where deep features are used again.
func (n *Network) MultiplyAddsAgain() int { return n.program.MultiplyAddsAgain() }

func (n *Network) begin(out [][]float32, items []Item) {
	if len(items) > n.batch || len(out) != len(items) {
		panic("graph: more items than buffers, or not one output for each")
	}
	for i := range items {
		it := &items[i]
		if len(it.Sample) != n.Sample.size() || len(out[i]) != n.Output.size() ||
			n.estimate && len(it.Estimate) != n.Sample.size() {
			panic("graph: a sample, estimate or output of the wrong size")
		}
		if it.Class < NoClass || it.Class >= max(n.Classes, 1) {
			panic("graph: a class that the network does not have")
		}
	}
	n.items, n.out = items, out
}
