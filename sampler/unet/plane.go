package unet

import "tweedie/sampler/kernels"

// channels is how logical channels lie in a pixel: parts side by side, each
// padded with zeros to a multiple of kernels.Lanes.
type channels []int

func (c channels) count() (n int) {
	for _, p := range c {
		n += p
	}
	return n
}

// physical is the padded number of channels.
func (c channels) physical() (n int) {
	for _, p := range c {
		n += kernels.Padded(p)
	}
	return n
}

// places returns the channel at every physical place, −1 for padding.
func (c channels) places() []int {
	places := make([]int, 0, c.physical())
	first := 0
	for _, n := range c {
		for l := range kernels.Padded(n) {
			if l < n {
				places = append(places, first+l)
			} else {
				places = append(places, -1)
			}
		}
		first += n
	}
	return places
}

// offsets returns stride·channel at every physical place, −1 for padding.
func (c channels) offsets(stride int) []int {
	places := c.places()
	for p, l := range places {
		places[p] = offset(l, stride, 0)
	}
	return places
}

// offset is l·stride + first for a channel, −1 for padding.
func offset(l, stride, first int) int {
	if l < 0 {
		return -1
	}
	return l*stride + first
}

// plane is an activation: one picture per batch item, h×w pixels, NHWC.
type plane struct {
	data  []float32 // [batch][h][w][pixel], from the plane's first channel on
	h, w  int
	ch    channels
	pixel int       // floats from one pixel to the next, more than ch.physical() in a concatenation
	owned []float32 // the buffer to give back, nil for a view of another plane
}

func (p *plane) image() int { return p.h * p.w * p.pixel }

func (p *plane) geometry() kernels.Geometry {
	return kernels.Geometry{Row: p.w * p.pixel, Pixel: p.pixel}
}

// padded is the input of a 3×3 convolution: the picture with a border of
// zeros, large enough for whole Winograd tiles. Nobody writes the border.
type padded struct {
	data       []float32 // [batch][rows][cols][c]
	rows, cols int
	c          int
	tile       kernels.Tile
	doubled    bool // every pixel stands there four times, from an even place on
	common     bool // item 0 stands for all while the items share their sample
}

func (p *padded) image() int { return p.rows * p.cols * p.c }

// inside is item b's first pixel.
func (p *padded) inside(b int) []float32 { return p.data[b*p.image()+(p.cols+1)*p.c:] }

func (p *padded) geometry() kernels.Geometry {
	return kernels.Geometry{Row: p.cols * p.c, Pixel: p.c}
}

// tileFor chooses the Winograd tile of an h×w picture: the one with fewer
// products, but F(2×2) up to 8×8, where its transformed weights, less than
// half as large, are what the convolution waits for.
func tileFor(h, w int) kernels.Tile {
	count := func(t kernels.Tile) int {
		s := int(t)
		return (h + s - 1) / s * ((w + s - 1) / s) * t.Elements()
	}
	if h*w <= 64 || count(kernels.F2) < count(kernels.F4) {
		return kernels.F2
	}
	return kernels.F4
}

// arena hands out buffers and takes them back while the list of steps is
// made: two activations share memory when one is dead before the other lives.
type arena struct {
	free  [][]float32
	bytes int // of all buffers ever made
}

func (a *arena) get(n int) []float32 {
	best := -1
	for i, b := range a.free {
		if len(b) >= n && (best < 0 || len(b) < len(a.free[best])) {
			best = i
		}
	}
	if best < 0 {
		a.bytes += 4 * n
		return make([]float32, n)
	}
	b := a.free[best]
	a.free = append(a.free[:best], a.free[best+1:]...)
	return b
}

func (a *arena) put(b []float32) {
	if b != nil {
		a.free = append(a.free, b)
	}
}
