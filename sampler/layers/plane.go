package layers

import "tweedie/sampler/kernels"

// Plane is an activation: one picture of H×W pixels for each item, NHWC.
type Plane struct {
	Data []float32 // [batch][H][W][Pixel], from the plane's first channel on
	Grad []float32 // the gradient, laid out like Data; nil without Options.Gradient

	H, W  int
	Ch    Channels
	Pixel int // floats from one pixel to the next: Ch.Physical(), or more in a part of a plane

	owned buffer // to give back, of size 0 for a part
}

// Image is the number of floats from one item to the next.
func (p *Plane) Image() int { return p.H * p.W * p.Pixel }

// Item returns item i's data from its first pixel on.
func (p *Plane) Item(i int) []float32 { return p.Data[i*p.Image():] }

// Geometry says how the pixels lie.
func (p *Plane) Geometry() kernels.Geometry {
	return kernels.Geometry{Row: p.W * p.Pixel, Pixel: p.Pixel}
}

// Part is the view of part i of a concatenation: the channels Ch[i]. There is no
// way back through parts.
func (p *Plane) Part(i int) *Plane {
	part := *p
	part.Grad = nil
	part.Data, part.Ch, part.owned = p.Data[p.Ch[:i].Physical():], p.Ch[i:i+1], buffer{}
	return &part
}

func (p *Plane) shape() (h, w int, ch Channels) { return p.H, p.W, p.Ch }
func (p *Plane) gradient() []float32            { return p.Grad }
func (p *Plane) shared() bool                   { return false }

// Padded is the input of a 3×3 convolution: a picture with a border of zeros
// that is large enough for whole Winograd tiles. No step writes the border.
//
// Padded pictures of one shape share their memory: the contents last until the
// next step that writes a picture of that shape.
type Padded struct {
	Data []float32 // [batch][rows][cols][Ch.Physical()]
	Grad []float32 // [H][W][Ch.Physical()]; nil without Options.Gradient

	H, W int
	Ch   Channels

	// Doubled says that every pixel is repeated in a square of 2×2, which begins
	// at an even place. The convolution then leaves out the products that are
	// zero.
	Doubled bool
	// Common says that the layers up to this one depend on the sample alone.
	// While all items have the same sample, item 0 stands for all.
	Common bool

	rows, cols int
	tile       kernels.Tile
}

// image is the number of floats from one item to the next.
func (p *Padded) image() int { return p.rows * p.cols * p.Ch.Physical() }

// Item returns item i's data from its first pixel inside the border on.
func (p *Padded) Item(i int) []float32 {
	return p.Data[i*p.image()+(p.cols+1)*p.Ch.Physical():]
}

// Geometry says how the pixels lie.
func (p *Padded) Geometry() kernels.Geometry {
	k := p.Ch.Physical()
	return kernels.Geometry{Row: p.cols * k, Pixel: k}
}

func (p *Padded) shape() (h, w int, ch Channels) { return p.H, p.W, p.Ch }
func (p *Padded) gradient() []float32            { return p.Grad }
func (p *Padded) shared() bool                   { return p.Common }

// Target is where a layer writes: a *Plane or a *Padded.
type Target interface {
	// Item returns item i's data from its first pixel on.
	Item(i int) []float32
	// Geometry says how the pixels lie.
	Geometry() kernels.Geometry

	shape() (h, w int, ch Channels)
	gradient() []float32
	shared() bool // see Padded.Common
}
