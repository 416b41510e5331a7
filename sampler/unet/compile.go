package unet

import (
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// loadError is what the compiler panics with when the weights do not fit the
// config; New returns it.
type loadError struct{ error }

// TensorError says what is wrong with a tensor of a weights file.
type TensorError struct{ Tensor, Reason string }

func (e *TensorError) Error() string { return "unet: tensor " + e.Tensor + " " + e.Reason }

// compiler makes the list of steps.
type compiler struct {
	Config
	file  *weights.File
	used  map[string]bool
	net   *Network
	arena arena
	pads  map[[3]int]*padded // by height, width and channels
	batch int
	size  scratch

	modulations []modulation
	catalogue   []*plane // the concatenations, by up layer
	pushed      int      // results of the way down so far
	weightBytes int
	decoded     []float32 // the tensor that passes
}

// scratch is how large the shared buffers must be.
type scratch struct{ v, m, edge, cols, channels, width, scores, q, k8, v8, mixed int }

// grow raises a to at least n.
func grow(a *int, n int) { *a = max(*a, n) }

func newCompiler(cfg Config, f *weights.File, batch int, k *kernels.Set) *compiler {
	return &compiler{
		Config: cfg, file: f, batch: batch,
		used: map[string]bool{},
		pads: map[[3]int]*padded{},
		net:  &Network{Config: cfg, k: k, batch: batch},
	}
}

// finish allocates the scratch and checks that every tensor was used.
func (c *compiler) finish() *Network {
	n, s := c.net, c.size
	for i := range c.file.Tensors {
		t := &c.file.Tensors[i]
		if !c.used[t.Name] {
			panic(loadError{&TensorError{t.Name, "is not part of the network that the config describes"}})
		}
		n.Parameters += t.Len()
	}
	n.v, n.m, n.edge, n.cols = make([]float32, s.v), make([]float32, s.m), make([]float32, s.edge), make([]float32, s.cols)
	n.sums, n.mean = make([]float32, s.channels), make([]float32, s.channels)
	n.scale, n.shift = make([]float32, s.channels), make([]float32, s.channels)
	n.zeros = make([]float32, max(s.width, s.channels))
	n.scores, n.q, n.mixed = make([]float32, s.scores), make([]float32, s.q), make([]float32, s.mixed)
	n.k8, n.v8 = make([]float32, s.k8), make([]float32, s.v8)
	n.Bytes = c.weightBytes + c.arena.bytes + 4*(s.v+s.m+s.edge+s.cols+5*s.channels+s.scores+s.q+s.mixed+s.k8+s.v8+len(n.modulation))
	for _, p := range c.pads {
		n.Bytes += 4 * len(p.data)
	}
	return n
}

// add appends a step of macs multiply-adds per item.
func (c *compiler) add(name string, macs int, run func(batch int)) {
	c.net.steps = append(c.net.steps, step{name, macs, run})
}

// tensor returns a tensor as float32 after checking shape and values.
func (c *compiler) tensor(name string, shape ...int) []float32 {
	return slices.Clone(c.passing(name, shape...))
}

// passing is tensor whose result lasts until the next call: for what is packed
// at once, which is nearly all of a file.
func (c *compiler) passing(name string, shape ...int) []float32 {
	x, fault := c.file.Finite(c.decoded, name, shape...)
	if fault != "" {
		panic(loadError{&TensorError{name, fault}})
	}
	c.used[name] = true
	if len(x) > len(c.decoded) {
		c.decoded = x
	}
	return x
}

// vector spreads a per-channel tensor over the physical channels.
func (c *compiler) vector(name string, ch channels) []float32 {
	return spread(c.passing(name, ch.count()), ch)
}

func spread(x []float32, ch channels) []float32 {
	y := make([]float32, ch.physical())
	for p, l := range ch.places() {
		if l >= 0 {
			y[p] = x[l]
		}
	}
	return y
}

// linear packs the matrix of a linear layer or 1×1 convolution,
// [outputs, inputs], times factor.
func (c *compiler) linear(name string, in, out channels, factor float32, shape ...int) []float32 {
	if shape == nil {
		shape = []int{out.count(), in.count()}
	}
	return c.packed(c.passing(name, shape...), in, out, factor)
}

func (c *compiler) packed(w []float32, in, out channels, factor float32) []float32 {
	b := kernels.PackPanels(w, factor, in.places(), out.offsets(in.count()))
	c.weightBytes += 4 * len(b)
	return b
}

// plane allocates an activation.
func (c *compiler) plane(h, w int, ch channels) *plane {
	n := ch.physical()
	b := c.arena.get(c.batch * h * w * n)
	return &plane{data: b, h: h, w: w, ch: ch, pixel: n, owned: b}
}

// free gives a plane's buffer back; views own none.
func (c *compiler) free(p *plane) { c.arena.put(p.owned) }

// commonPadding is padding for what does not depend on time and class.
func (c *compiler) commonPadding(h, w, ch int) *padded {
	p := *c.padding(h, w, ch)
	p.common = true
	return &p
}

// padding returns the padded buffer of a shape. Its contents last until the
// next step that writes one of the same shape.
func (c *compiler) padding(h, w, ch int) *padded {
	key := [3]int{h, w, ch}
	if c.pads[key] == nil {
		tile := tileFor(h, w)
		s := int(tile)
		p := &padded{rows: (h+s-1)/s*s + 2, cols: (w+s-1)/s*s + 2, c: ch, tile: tile}
		p.data = make([]float32, c.batch*p.image())
		c.pads[key] = p
	}
	return c.pads[key]
}
