package classifier

import (
	"errors"
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// Network is a classifier ready to run: packed weights, buffers for one
// picture, and the steps between them. It is not safe for concurrent use.
type Network struct {
	Config
	Parameters int // numbers in the state dict

	k     *kernels.Set
	steps []step

	x        []float32 // of the evaluation going on: [InChannels, H, W]
	timestep float32
	dx       []float32 // its gradient's place, like x

	modulation []float32 // what the time adds behind each block's first convolution, and that one's bias
	logits     *plane    // 1×1
	v, m, edge []float32 // scratch of the Winograd convolutions
	cols       []float32 // scratch of those with stride 2
	zeros      []float32
	sums, dots []float32 // scratch of the normalisations
	p, q, e    []float32
}

// step is one operation. backward turns the gradient of what forward wrote
// into that of what it read; it is nil where nothing that depends on x is read.
type step struct {
	name     string // the module's name in the state dict
	forward  func()
	backward func()
}

// plane is an activation, [h][w][c] with c padded to a multiple of
// kernels.Lanes, and its gradient.
type plane struct {
	h, w, ch, c int // ch: channels without padding
	data, grad  []float32
}

func (p *plane) pixels() int { return p.h * p.w }

// padded is a picture with a border of zeros, large enough for whole Winograd
// tiles. Nobody writes the border.
type padded struct {
	data       []float32 // [rows][cols][c]
	rows, cols int
	c          int
	tile       kernels.Tile
}

// inside is the picture's first pixel.
func (p *padded) inside() []float32 { return p.data[(p.cols+1)*p.c:] }

func (p *padded) geometry() kernels.Geometry {
	return kernels.Geometry{Row: p.cols * p.c, Pixel: p.c}
}

// loadError is what the compiler panics with when the weights do not fit the
// config; New returns it.
type loadError struct{ error }

// New compiles the network that cfg describes with the weights of f, on
// kernels k. Every tensor of f must belong to the network, have the right shape
// and be finite.
func New(cfg Config, f *weights.File, k *kernels.Set) (n *Network, err error) {
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
	c := &compiler{Network: &Network{Config: cfg, k: k}, file: f, used: map[string]bool{}, pads: map[[3]int]*padded{}}
	c.network()
	return c.finish(), nil
}

// Forward writes the logits of the classes, [Classes], for a picture x,
// [InChannels, H, W], at timestep t, which may be fractional. It allocates
// nothing and panics if a size is wrong.
func (n *Network) Forward(logits, x []float32, t float32) {
	if len(logits) != n.Classes {
		panic("classifier: logits of the wrong size")
	}
	n.forward(x, t)
	copy(logits, n.logits.data)
}

func (n *Network) forward(x []float32, t float32) {
	if len(x) != n.InChannels*n.Height*n.Width {
		panic("classifier: a picture of the wrong size")
	}
	n.x, n.timestep = x, t
	for i := range n.steps {
		n.steps[i].forward()
	}
	n.x = nil
}

// Gradient writes ∇ₓ log p(class | x, t) to dst. dst, x: [InChannels, H, W];
// dst may be x. Otherwise like Forward.
//
// It begins at the logits with the class's one minus the softmax, where the
// class's own is summed up from the others: it is not lost when the class is
// all but certain.
func (n *Network) Gradient(dst, x []float32, t float32, class int) {
	if class < 0 || class >= n.Classes || len(dst) != len(x) {
		panic("classifier: a class that the network does not have, or a gradient of the wrong size")
	}
	n.forward(x, t)
	g := n.logits.grad
	copy(g, n.logits.data)
	n.k.Softmax(g, 1, n.Classes, n.logits.c)
	others := float32(0)
	for i, p := range g[:n.Classes] {
		if i != class {
			others += p
		}
		g[i] = -p
	}
	g[class] = others
	n.dx = dst
	for i := len(n.steps) - 1; i >= 0; i-- {
		if back := n.steps[i].backward; back != nil {
			back()
		}
	}
	n.dx = nil
}

// compiler makes the list of steps.
type compiler struct {
	*Network
	file *weights.File
	used map[string]bool
	pads map[[3]int]*padded // by height, width and channels

	times []projection
	size  struct{ v, m, edge, cols, channels, zeros, plane int }
}

// grow raises a to at least n.
func grow(a *int, n int) { *a = max(*a, n) }

func (c *compiler) add(name string, forward, backward func()) {
	c.steps = append(c.steps, step{name, forward, backward})
}

// finish allocates the scratch and checks that every tensor was used.
func (c *compiler) finish() *Network {
	n, s := c.Network, c.size
	for i := range c.file.Tensors {
		t := &c.file.Tensors[i]
		if !c.used[t.Name] {
			wrong(t.Name, "is not part of the network that the config describes")
		}
		n.Parameters += t.Len()
	}
	n.v, n.m, n.edge, n.cols = make([]float32, s.v), make([]float32, s.m), make([]float32, s.edge), make([]float32, s.cols)
	n.zeros = make([]float32, max(s.channels, s.zeros))
	for _, b := range []*[]float32{&n.sums, &n.dots, &n.p, &n.q} {
		*b = make([]float32, s.channels)
	}
	n.e = make([]float32, s.plane)
	return n
}

// plane allocates an activation of ch channels.
func (c *compiler) plane(h, w, ch int) *plane {
	p := &plane{h: h, w: w, ch: ch, c: kernels.Padded(ch)}
	p.data, p.grad = make([]float32, h*w*p.c), make([]float32, h*w*p.c)
	grow(&c.size.channels, p.c)
	grow(&c.size.plane, len(p.data))
	return p
}

// padding returns the padded buffer of a shape. Its contents last until the
// next step that writes one of the same shape.
func (c *compiler) padding(h, w, ch int) *padded {
	key := [3]int{h, w, ch}
	if c.pads[key] == nil {
		tile := kernels.F4
		if h*w <= 64 { // see unet.tileFor
			tile = kernels.F2
		}
		s := int(tile)
		p := &padded{rows: (h+s-1)/s*s + 2, cols: (w+s-1)/s*s + 2, c: ch, tile: tile}
		p.data = make([]float32, p.rows*p.cols*ch)
		c.pads[key] = p
	}
	return c.pads[key]
}

// tensor returns a tensor as float32 after checking shape and values.
func (c *compiler) tensor(name string, shape ...int) []float32 {
	x, fault := c.file.Finite(nil, name, shape...)
	if fault != "" {
		wrong(name, fault)
	}
	c.used[name] = true
	return x
}

func wrong(tensor, reason string) {
	panic(loadError{errors.New("classifier: tensor " + tensor + " " + reason)})
}

// vector is a tensor of one number for each channel, padded with zeros.
func (c *compiler) vector(name string, ch int) []float32 {
	return append(c.tensor(name, ch), make([]float32, kernels.Padded(ch)-ch)...)
}

// offsets returns stride·channel at every place of the padded layout, −1 for
// padding.
func offsets(channels, stride int) []int {
	places := slices.Repeat([]int{-1}, kernels.Padded(channels))
	for l := range channels {
		places[l] = l * stride
	}
	return places
}
