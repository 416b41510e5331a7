package unet

import "tweedie/sampler/kernels"

// bias returns what is added to every pixel of item i: x[i*stride:].
type bias func() (x []float32, stride int)

// fixed is a bias that all items share.
func fixed(x []float32) bias { return func() ([]float32, int) { return x, 0 } }

const (
	// chunkTiles is how many Winograd tiles are taken at a time: their
	// transforms stay in the second-level cache.
	chunkTiles = 32
	// chunkGap keeps the matrices of a chunk from falling on the same cache
	// sets, in floats.
	chunkGap = 16
)

// conv3 is a 3×3 convolution of stride 1 of a padded picture, plus b and,
// unless it is nil, res, which may be dst.
func (c *compiler) conv3(name string, x *padded, in channels, dst *plane, b bias, res *plane) {
	n, out := c.net, dst.ch
	k, d, t := in.physical(), out.physical(), x.tile
	w := c.passing(name+".weight", out.count(), in.count(), 3, 3)
	u := t.TransformWeights(w, in.count(), in.places(), out.places())
	c.weightBytes += 4 * len(u)
	side := int(t)
	tw, th := (x.cols-2)/side, (x.rows-2)/side
	chunk := min(max(1, chunkTiles/tw), c.batch*th)
	vs, ms := chunk*tw*k+chunkGap, chunk*tw*d+chunkGap
	grow(&c.size.v, t.Elements()*vs)
	grow(&c.size.m, t.Elements()*ms)
	grow(&c.size.edge, side*side*d)
	runs, zeros := elements(t, x.doubled)
	var from kernels.Geometry
	if res != nil {
		from = res.geometry()
	}
	c.add(name, 9*in.count()*out.count()*dst.h*dst.w, func(batch int) {
		biases, stride := b()
		items, copies := n.distinct(batch, x.common)
		for first := 0; first < items*th; first += chunk {
			rows := min(chunk, items*th-first)
			for i := range rows {
				at := (first+i)/th*x.image() + (first+i)%th*side*x.cols*x.c
				n.k.WinogradInput(t, x.data[at:], x.cols*x.c, tw, k, n.v[i*tw*k:], vs)
			}
			for _, r := range runs {
				n.k.BatchGemm(r.count, rows*tw, d, k, n.v[r.first*vs:], vs, u[r.first*k*d:], n.m[r.first*ms:], ms)
			}
			for _, e := range zeros {
				clear(n.m[e*ms : e*ms+rows*tw*d])
			}
			for i := range rows * copies {
				row := i / copies
				item, y := (first+row)/th+i%copies, (first+row)%th*side
				var old []float32
				if res != nil {
					old = res.data[item*res.image()+y*from.Row:]
				}
				n.k.WinogradOutput(t, n.m[row*tw*d:], ms, tw, d, dst.data[item*dst.image()+y*dst.w*dst.pixel:], dst.geometry(),
					min(side, dst.h-y), dst.w, biases[item*stride:], old, from, n.edge)
			}
		}
	})
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

// conv1 is a 1×1 convolution, a matrix product over all pixels, plus b and,
// unless it is nil, res.
func (c *compiler) conv1(name string, w []float32, x, dst *plane, b []float32, res *plane) {
	n := c.net
	k, d := x.ch.physical(), dst.ch.physical()
	c.add(name, x.ch.count()*dst.ch.count()*x.h*x.w, func(batch int) {
		if res == nil {
			n.k.Gemm(batch*x.h*x.w, d, k, x.data, x.pixel, w, dst.data, dst.pixel, b, nil, 0)
			return
		}
		n.k.Gemm(batch*x.h*x.w, d, k, x.data, x.pixel, w, dst.data, dst.pixel, b, res.data, res.pixel)
	})
}

// down3 is a 3×3 convolution of stride 2, a matrix product over the gathered
// neighbourhoods. padding is 1, or 0 for one row and column of zeros right
// and below.
func (c *compiler) down3(name string, x, dst *plane, padding int) {
	n := c.net
	k, d := x.ch.physical(), dst.ch.physical()
	inputs := x.ch.count()
	w := c.passing(name+".weight", dst.ch.count(), inputs, 3, 3)
	rows := make([]int, 0, 9*k)
	for tap := range 9 {
		for _, i := range x.ch.places() {
			rows = append(rows, offset(i, 9, tap))
		}
	}
	u := kernels.PackPanels(w, 1, rows, dst.ch.offsets(9*inputs))
	c.weightBytes += 4 * len(u)
	b := c.vector(name+".bias", dst.ch)
	grow(&c.size.cols, dst.h*dst.w*9*k)
	c.add(name, 9*inputs*dst.ch.count()*dst.h*dst.w, func(batch int) {
		for item := range batch {
			gather(n.cols, x.data[item*x.image():], x, k, dst.h, dst.w, padding)
			n.k.Gemm(dst.h*dst.w, d, 9*k, n.cols, 9*k, u, dst.data[item*dst.image():], dst.pixel, b, nil, 0)
		}
	})
}

// gather writes, for every pixel of an h×w output of stride 2, the 3×3
// neighbourhood of k channels that it sees.
func gather(cols, data []float32, x *plane, k, h, w, padding int) {
	for i := range h {
		for j := range w {
			for p := range 9 {
				to := cols[((i*w+j)*9+p)*k:][:k]
				y, z := 2*i+p/3-padding, 2*j+p%3-padding
				if y < 0 || y >= x.h || z < 0 || z >= x.w {
					clear(to)
					continue
				}
				copy(to, data[(y*x.w+z)*x.pixel:])
			}
		}
	}
}

// upsample2 doubles a picture by repeating pixels, into a padded buffer.
func (c *compiler) upsample2(name string, x *plane) *padded {
	k := x.ch.physical()
	to := *c.padding(2*x.h, 2*x.w, k)
	to.doubled = true
	c.add(name, 0, func(batch int) {
		g := to.geometry()
		for item := range batch {
			in, out := x.data[item*x.image():], to.inside(item)
			for i := range 2 * x.h {
				for j := range 2 * x.w {
					copy(out[i*g.Row+j*g.Pixel:][:k], in[(i/2*x.w+j/2)*x.pixel:])
				}
			}
		}
	})
	return &to
}
