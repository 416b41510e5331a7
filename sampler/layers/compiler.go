package layers

import (
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// Options say what a Program is compiled for.
type Options struct {
	Family string // the package that the network is of: errors begin with it
	// Kernels do the arithmetic. With nil the program is only measured: it knows its
	// Bytes and MultiplyAdds, takes next to no memory itself, and must not run.
	Kernels *kernels.Set
	Batch   int // items that the buffers hold
	// Gradient makes a program of one item that has a way back, Program.Back.
	// It keeps every activation.
	Gradient bool
	// Thin is the Winograd tile of pictures with a side of one or two and more
	// than 64 pixels. F(2×2) needs fewer products there. The classifiers have
	// had F(4×4), and the tile is part of the result, so the choice is stated.
	Thin kernels.Tile
	// Tile is that of all pictures, 0 for the one that follows from the picture (TileFor) and the
	// weights (isHeavy).
	Tile kernels.Tile
	// Asked is told of the tensors of a program that is only measured, which then needs no file
	// that has them.
	Asked func(name string, shape []int)
}

// Compiler makes the list of steps of a Program.
type Compiler struct {
	Options
	program *Program
	source  source
	arena   arena
	pads    map[[3]int]*Padded // by height, width and physical channels
	size    sizes
	blanks  []float32 // of a program that is only measured
	deep    bool      // of the steps to come, see Deep
	heavy   bool      // see TileFor
}

// refusal is what Refuse panics with; Compile returns its error.
type refusal struct{ error }

// Refuse ends the compilation with an error: the weights do not fit the config.
func (c *Compiler) Refuse(err error) { panic(refusal{err}) }

// Compile makes a Program of the weights of f. build adds its steps. Every
// tensor of f must be used by one of them, have the right shape and be finite;
// otherwise the error is a *TensorError. An error that build refuses with is
// returned as it is.
func Compile(o Options, f *weights.File, build func(c *Compiler)) (p *Program, err error) {
	if o.Gradient && o.Batch != 1 {
		panic("layers: gradients are those of one item")
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(refusal)
			if !ok {
				panic(r)
			}
			p, err = nil, e.error
		}
	}()
	c := &Compiler{
		Options: o,
		program: &Program{kernels: o.Kernels, batch: o.Batch},
		source:  source{file: f, used: map[string]bool{}},
		pads:    map[[3]int]*Padded{},
	}
	c.heavy = f != nil && isHeavy(f)
	build(c)
	c.unused()
	c.share()
	return c.program, nil
}

// Add appends a step. Inlined where layers are added, it would make programs larger.
//
//go:noinline
func (c *Compiler) Add(s Step) {
	s.deep = c.deep
	c.program.steps = append(c.program.steps, s)
}

// Before puts the steps that build adds in front of all steps so far.
func (c *Compiler) Before(build func()) {
	later := c.program.steps
	c.program.steps = nil
	build()
	c.program.steps = append(c.program.steps, later...)
}

// forwardOnly panics where a program with gradients uses a layer without a way
// back.
func (c *Compiler) forwardOnly() {
	if c.Gradient {
		panic("layers: this layer has no way back")
	}
}

// Plane allocates an activation. Its contents are not defined.
func (c *Compiler) Plane(h, w int, ch Channels) *Plane {
	k := ch.Physical()
	n := c.Batch * h * w * k
	b, ok := c.arena.get(n)
	if !ok {
		b = buffer{n, c.scratch(n, k)}
	}
	p := &Plane{Data: b.data, H: h, W: w, Ch: ch, Pixel: k, owned: b}
	if c.Gradient {
		p.Grad = c.Floats(n)
	}
	return p
}

// Free gives a plane's buffer back for activations of the steps to come. A part
// of a plane owns none, and with gradients every activation is kept.
func (c *Compiler) Free(p *Plane) {
	if !c.Gradient {
		c.arena.put(p.owned)
	}
}

// Padding returns the padded picture of a shape.
func (c *Compiler) Padding(h, w int, ch Channels) *Padded {
	k := ch.Physical()
	key := [3]int{h, w, k}
	p := c.pads[key]
	if p == nil {
		tile := c.Tile
		if tile == 0 {
			tile = TileFor(h, w, c.heavy, c.Thin)
		}
		side := int(tile)
		p = &Padded{H: h, W: w, tile: tile}
		p.rows, p.cols = (h+side-1)/side*side+2, (w+side-1)/side*side+2
		p.Data = c.scratch(c.Batch*p.rows*p.cols*k, k)
		if c.Gradient {
			p.Grad = c.Floats(h * w * k)
		}
		c.pads[key] = p
	}
	own := *p
	own.Ch = ch
	return &own
}
