package unet

import (
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/sampler/layers"
	"tweedie/weights"
)

// Network is a U-Net ready to run, with buffers for a fixed number of pictures.
// It is not safe for concurrent use.
type Network struct {
	Config
	Parameters int // numbers in the state dict
	Bytes      int // of packed weights and buffers

	program *layers.Program
	batch   int
	items   []Item      // of the evaluation going on
	out     [][]float32 // its results
}

// Item is one input of a Network.
type Item struct {
	Sample   []float32 // x: [InChannels, H, W]
	Timestep float32   // may be fractional
	// The condition, by ClassEmbedType: a row of the table (NoClass: no
	// embedding is added), a number for timestep, a vector of
	// TimeEmbeddingDim for identity.
	Class       int
	ClassNumber float32
	ClassVector []float32
}

// New compiles the network of a config that ParseConfig returned with the
// weights of f, with buffers for up to batch items at once, on kernels k. Every
// tensor of f must belong to the network, have the right shape and be finite.
func New(cfg Config, f *weights.File, batch int, k *kernels.Set) (*Network, error) {
	return compile(cfg, f, layers.Options{Kernels: k, Batch: batch})
}

func compile(cfg Config, f *weights.File, o layers.Options) (*Network, error) {
	n := &Network{Config: cfg, batch: o.Batch}
	o.Family, o.Thin = "unet", kernels.F2
	p, err := layers.Compile(o, f, func(c *layers.Compiler) {
		b := &builder{Compiler: c, Config: cfg, net: n}
		b.network()
	})
	if err != nil {
		return nil, err
	}
	n.program, n.Parameters, n.Bytes = p, p.Parameters, p.Bytes
	return n, nil
}

// Tensors lists the tensors that a config asks for, in the order of the layers, without type and
// data.
func Tensors(cfg Config) (all []weights.Tensor, err error) {
	_, err = compile(cfg, new(weights.File), layers.Options{Batch: 1,
		Asked: func(name string, shape []int) {
			if !slices.ContainsFunc(all, func(t weights.Tensor) bool { return t.Name == name }) {
				all = append(all, weights.Tensor{Name: name, Shape: slices.Clone(shape)})
			}
		}})
	return all, err
}

// Forward evaluates the network: out[i], [OutChannels, H, W], for items[i].
// There are at most as many items as New was told. It allocates nothing and
// panics if a size is wrong.
func (n *Network) Forward(out [][]float32, items []Item) { n.ForwardDeep(out, items, nil, false) }

// ForwardDeep is Forward that writes the deep features of items[i], what enters the last up block,
// to deep[i], [DeepSize], unless deep is nil. With again it takes them from there, and evaluates
// the layers beside them alone: conv_in, the first down block, the last up block and conv_out.
func (n *Network) ForwardDeep(out [][]float32, items []Item, deep [][]float32, again bool) {
	n.check(out, items)
	n.items, n.out = items, out
	n.program.RunDeep(len(items), alike(items), deep, again)
	n.items, n.out = nil, nil
}

// DeepSize is the number of values of an item's deep features.
func (n *Network) DeepSize() int { return n.program.Deep }

// Profile is Forward with the time that each step took by the clock now.
func (n *Network) Profile(out [][]float32, items []Item, now func() float64) []layers.Part {
	n.check(out, items)
	n.items, n.out = items, out
	parts := n.program.Profile(len(items), alike(items), now)
	n.items, n.out = nil, nil
	return parts
}

// MultiplyAdds is the number for one item, as the plain formulas have them.
func (n *Network) MultiplyAdds() int { return n.program.MultiplyAdds() }

// MultiplyAddsAgain is the number where deep features are used again.
func (n *Network) MultiplyAddsAgain() int { return n.program.MultiplyAddsAgain() }

func (n *Network) check(out [][]float32, items []Item) {
	if len(items) > n.batch || len(out) != len(items) {
		panic("unet: more items than buffers, or not one output for each")
	}
	table := n.ClassEmbedType == "" && n.NumClassEmbeds > 0
	for i := range items {
		it := &items[i]
		switch {
		case len(it.Sample) != n.InChannels*n.SampleHeight*n.SampleWidth:
			panic("unet: a sample of the wrong size")
		case len(out[i]) != n.OutChannels*n.SampleHeight*n.SampleWidth:
			panic("unet: an output of the wrong size")
		case table && (it.Class < NoClass || it.Class >= n.NumClassEmbeds):
			panic("unet: a class that the table does not have")
		}
	}
}

// alike says whether all items have the same sample.
func alike(items []Item) bool {
	for i := range items {
		if &items[i].Sample[0] != &items[0].Sample[0] {
			return false
		}
	}
	return true
}
