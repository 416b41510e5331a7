package layers

// Pooling is what a pool makes of the pixels of a square.
type Pooling int

const (
	MeanPool Pooling = iota
	MaxPool
)

// Pool adds the step that makes one pixel of each square of side×side pixels. dst is as many times
// smaller than x.
func (c *Compiler) Pool(name string, kind Pooling, side int, x *Plane, dst Target) {
	c.forwardOnly()
	if h, w, _ := dst.shape(); h*side != x.H || w*side != x.W {
		panic("layers: a pool of squares that do not make up the picture")
	}
	k, g := x.Ch.Physical(), dst.Geometry()
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			in, out := x.Item(item), dst.Item(item)
			for i := range x.H / side {
				for j := range x.W / side {
					square := in[(i*x.W+j)*side*x.Pixel:]
					kind.square(out[i*g.Row+j*g.Pixel:][:k], square, side, x)
				}
			}
		}
	}})
}

// square writes the pool of the square whose first pixel is at in.
func (p Pooling) square(out, in []float32, side int, x *Plane) {
	copy(out, in)
	for at := 1; at < side*side; at++ {
		pixel := in[(at/side*x.W+at%side)*x.Pixel:][:len(out)]
		for l, v := range pixel {
			if p == MaxPool {
				out[l] = max(out[l], v)
			} else {
				out[l] += v
			}
		}
	}
	if p == MeanPool {
		inverse := 1 / float32(side*side)
		for l := range out {
			out[l] *= inverse
		}
	}
}
