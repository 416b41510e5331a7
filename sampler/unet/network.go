package unet

import (
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// Network is a U-Net ready to run: packed weights, buffers for a fixed number
// of pictures, and the steps between them. It is not safe for concurrent use.
type Network struct {
	Config
	Parameters int // numbers in the state dict
	Bytes      int // of packed weights and buffers

	k     *kernels.Set
	batch int
	steps []step

	items []Item      // of the evaluation going on
	alike bool        // all of them have the same sample, as in guidance
	out   [][]float32 // its results

	modulation               []float32 // [batch][modulationWidth]: what the time embedding gives each resnet block
	modulationWidth          int
	v, m, edge, cols         []float32 // scratch of the convolutions
	sums, mean               []float32 // scratch of the normalisations
	scale, shift             []float32
	zeros                    []float32
	scores, q, k8, v8, mixed []float32 // scratch of attention
}

// step is one operation on the first batch items of its buffers.
type step struct {
	name string // the module's name in the state dict
	macs int    // multiply-adds of one item, counted as the plain formula has them
	run  func(batch int)
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

// New compiles the network that cfg describes with the weights of f, with
// buffers for up to batch items at once, on kernels k. Every tensor of f must
// belong to the network, have the right shape and be finite.
func New(cfg Config, f *weights.File, batch int, k *kernels.Set) (n *Network, err error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(loadError)
			if !ok {
				panic(r)
			}
			n, err = nil, e.error
		}
	}()
	c := newCompiler(cfg, f, batch, k)
	c.network()
	return c.finish(), nil
}

// Forward evaluates the network: out[i], [OutChannels, H, W], for items[i].
// There are at most as many items as New was told. It allocates nothing and
// panics if a size is wrong.
func (n *Network) Forward(out [][]float32, items []Item) {
	if len(items) > n.batch || len(out) != len(items) {
		panic("unet: more items than buffers, or not one output for each")
	}
	for i := range items {
		if len(items[i].Sample) != n.InChannels*n.SampleHeight*n.SampleWidth {
			panic("unet: a sample of the wrong size")
		}
		if len(out[i]) != n.OutChannels*n.SampleHeight*n.SampleWidth {
			panic("unet: an output of the wrong size")
		}
		if n.ClassEmbedType == "" && n.NumClassEmbeds > 0 && (items[i].Class < NoClass || items[i].Class >= n.NumClassEmbeds) {
			panic("unet: a class that the table does not have")
		}
	}
	n.begin(out, items)
	for i := range n.steps {
		n.steps[i].run(len(items))
	}
	n.items, n.out = nil, nil
}

func (n *Network) begin(out [][]float32, items []Item) {
	n.items, n.out, n.alike = items, out, true
	for i := range items {
		n.alike = n.alike && &items[i].Sample[0] == &items[0].Sample[0]
	}
}

// distinct says how many of batch items a buffer holds, and of how many
// outputs each is the input: of all, where common buffers hold one for items
// that are alike.
func (n *Network) distinct(batch int, common bool) (items, copies int) {
	if common && n.alike {
		return 1, batch
	}
	return batch, 1
}

// Part is one step of a network in a profile.
type Part struct {
	Name         string // the module's name in the state dict
	MultiplyAdds int    // of one item, counted as the plain formula has them
	Time         float64
}

// Profile is Forward with the time that each step took by the clock now.
func (n *Network) Profile(out [][]float32, items []Item, now func() float64) []Part {
	parts := make([]Part, len(n.steps))
	n.begin(out, items)
	last := now()
	for i := range n.steps {
		n.steps[i].run(len(items))
		t := now()
		parts[i] = Part{n.steps[i].name, n.steps[i].macs, t - last}
		last = t
	}
	n.items, n.out = nil, nil
	return parts
}

// MultiplyAdds counts those of one item, as the plain formulas have them.
func (n *Network) MultiplyAdds() (sum int) {
	for i := range n.steps {
		sum += n.steps[i].macs
	}
	return sum
}
