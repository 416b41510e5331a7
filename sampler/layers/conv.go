package layers

import "tweedie/sampler/kernels"

// Bias returns what a convolution adds to every pixel of item i:
// x[i*stride:], [physical channels].
type Bias func() (x []float32, stride int)

// Fixed is a bias that all items share.
func Fixed(x []float32) Bias { return func() ([]float32, int) { return x, 0 } }

// Conv3 adds a 3×3 convolution of stride 1 with zeros around:
//
//	dst = conv(x, name.weight) + b + res
//
// name.weight: [outputs, inputs, 3, 3]. res may be nil or dst itself. All
// pictures are of one size.
//
// The way back is the convolution with every filter turned by 180° and inputs
// and outputs exchanged. It gives the gradient of x; that of res is dst's.
func (c *Compiler) Conv3(name string, x *Padded, dst *Plane, b Bias, res *Plane) {
	p, inputs, outputs := c.program, x.Ch.Count(), dst.Ch.Count()
	w := c.Passing(name+".weight", outputs, inputs, 3, 3)
	there := c.winograd(w, x, dst.Ch)
	s := Step{Name: name, MultiplyAdds: 9 * inputs * outputs * dst.H * dst.W}
	s.Run = func(batch int) {
		items, copies := p.distinct(batch, x.Common)
		bias, stride := b()
		there.run(items, copies, dst, bias, stride, res)
	}
	if c.Gradient {
		turned := make([]float32, len(w))
		for o := range outputs {
			for i := range inputs {
				for e := range 9 {
					turned[(i*outputs+o)*9+8-e] = w[(o*inputs+i)*9+e]
				}
			}
		}
		from := c.Padding(dst.H, dst.W, dst.Ch)
		back := c.winograd(turned, from, x.Ch)
		dx := &Plane{Data: x.Grad, H: x.H, W: x.W, Ch: x.Ch, Pixel: x.Ch.Physical()}
		s.Back = func() {
			copyRows(from, dst)
			back.run(1, 1, dx, p.shared.zeros, 0, nil)
		}
	}
	c.Add(s)
}

// copyRows writes the gradient of a plane to a padded picture.
func copyRows(to *Padded, from *Plane) {
	inside, g, row := to.Item(0), to.Geometry(), from.W*from.Pixel
	for i := range from.H {
		copy(inside[i*g.Row:], from.Grad[i*row:(i+1)*row])
	}
}

const (
	// chunkTiles is the number of Winograd tiles that are transformed at a
	// time: they stay in the second-level cache.
	chunkTiles = 32
	// chunkGap keeps the matrices of a chunk from falling on the same cache
	// sets, in floats.
	chunkGap = 16
)

// winograd is a 3×3 convolution of x with its transformed weights.
type winograd struct {
	p      *Program
	x      *Padded
	u      []float32 // Tile.TransformWeights
	k, d   int       // physical channels of input and output
	tw, th int       // tiles side by side and one above the other
	chunk  int       // rows of tiles that are taken at a time
	vs, ms int       // from one matrix of the transform to the next
	runs   []run     // elements of the transform that need products
	zeros  []int     // and those that are zero
}

// winograd prepares the convolution with w, [outputs, inputs, 3, 3].
func (c *Compiler) winograd(w []float32, x *Padded, out Channels) *winograd {
	t, side := x.tile, int(x.tile)
	v := &winograd{p: c.program, x: x, k: x.Ch.Physical(), d: out.Physical()}
	v.u = c.counted(t.Elements()*v.k*v.d, func() []float32 {
		return t.TransformWeights(w, x.Ch.Count(), x.Ch.Places(), out.Places())
	})
	v.tw, v.th = (x.cols-2)/side, (x.rows-2)/side
	v.chunk = min(max(1, chunkTiles/v.tw), c.Batch*v.th)
	v.vs, v.ms = v.chunk*v.tw*v.k+chunkGap, v.chunk*v.tw*v.d+chunkGap
	grow(&c.size.v, t.Elements()*v.vs)
	grow(&c.size.m, t.Elements()*v.ms)
	grow(&c.size.edge, side*side*v.d)
	grow(&c.size.constants, v.d)
	v.runs, v.zeros = elements(t, x.Doubled)
	return v
}

// run convolves items pictures, each the input of copies outputs, into dst.
func (w *winograd) run(items, copies int, dst *Plane, bias []float32, stride int, res *Plane) {
	p, b, x, t := w.p, &w.p.shared, w.x, w.x.tile
	side, row, image := int(t), x.cols*w.k, x.image()
	to, from := dst.Geometry(), kernels.Geometry{}
	if res != nil {
		from = res.Geometry()
	}
	for first := 0; first < items*w.th; first += w.chunk {
		rows := min(w.chunk, items*w.th-first)
		for i := range rows {
			at := (first+i)/w.th*image + (first+i)%w.th*side*row
			p.kernels.WinogradInput(t, x.Data[at:], row, w.tw, w.k, b.v[i*w.tw*w.k:], w.vs)
		}
		for _, r := range w.runs {
			p.kernels.BatchGemm(r.count, rows*w.tw, w.d, w.k, b.v[r.first*w.vs:], w.vs,
				w.u[r.first*w.k*w.d:], b.m[r.first*w.ms:], w.ms)
		}
		for _, e := range w.zeros {
			clear(b.m[e*w.ms : e*w.ms+rows*w.tw*w.d])
		}
		for i := range rows * copies {
			r := i / copies
			item, y := (first+r)/w.th+i%copies, (first+r)%w.th*side
			var old []float32
			if res != nil {
				old = res.Item(item)[y*from.Row:]
			}
			p.kernels.WinogradOutput(t, b.m[r*w.tw*w.d:], w.ms, w.tw, w.d,
				dst.Item(item)[y*to.Row:], to, min(side, dst.H-y), dst.W,
				bias[item*stride:], old, from, b.edge)
		}
	}
}

// run is a run of consecutive elements of a Winograd transform.
type run struct{ first, count int }

// elements returns the elements of a tile's transform that need products and
// those that are zero. After doubling by repetition pixels 1 and 2 of a tile
// are equal and so are, in F(4×4), pixels 3 and 4: row and column 2 of Bᵀ d B
// vanish exactly, 7 of 16 elements or 11 of 36.
func elements(t kernels.Tile, doubled bool) (runs []run, zeros []int) {
	if !doubled {
		return []run{{0, t.Elements()}}, nil
	}
	size := t.Size()
	for i := range size {
		if i == 2 {
			for j := range size {
				zeros = append(zeros, i*size+j)
			}
			continue
		}
		runs = append(runs, run{i * size, 2}, run{i*size + 3, size - 3})
		zeros = append(zeros, i*size+2)
	}
	return runs, zeros
}
