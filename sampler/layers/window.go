package layers

// Window is how a convolution looks at a picture: Side×Side pixels for each
// output, which are Stride apart, with Padding rows and columns of zeros above
// and left. As many follow below and right as the output needs.
type Window struct{ Side, Stride, Padding int }

// Conv adds a convolution of any window, plus bias:
//
//	dst = conv(x, name.weight) + name.bias
//
// name.weight: [outputs, inputs, Side, Side]. It is a matrix product over the
// gathered neighbourhoods. Convolutions of 3×3 with stride 1 are faster as
// Conv3. The way back adds the neighbourhoods' gradients, output by output,
// where they were gathered.
func (c *Compiler) Conv(name string, x, dst *Plane, w Window) {
	p, inputs, outputs := c.program, x.Ch.Count(), dst.Ch.Count()
	area := w.Side * w.Side
	k, d := area*x.Ch.Physical(), dst.Ch.Physical()
	t := c.Passing(name+".weight", outputs, inputs, w.Side, w.Side)
	rows := make([]int, 0, k)
	for tap := range area {
		for _, at := range x.Ch.Offsets(area) {
			if at >= 0 {
				at += tap
			}
			rows = append(rows, at)
		}
	}
	cols := dst.Ch.Offsets(area * inputs)
	there := c.Pack(t, 1, rows, cols)
	var back []float32
	if c.Gradient {
		back = c.Pack(t, 1, cols, rows)
	}
	bias := c.Vector(name+".bias", dst.Ch)
	pixels := dst.H * dst.W
	grow(&c.size.cols, pixels*k)
	grow(&c.size.constants, k)
	s := Step{Name: name, MultiplyAdds: area * inputs * outputs * pixels}
	s.Run = func(batch int) {
		taken := p.shared.cols
		for item := range batch {
			w.gather(taken, x, dst, item)
			p.kernels.Gemm(pixels, d, k, taken, k, there, dst.Item(item), dst.Pixel, bias, nil, 0)
		}
	}
	if c.Gradient {
		s.Back = func() {
			taken := p.shared.cols
			p.kernels.Gemm(pixels, k, d, dst.Grad, d, back, taken, k, p.shared.zeros, nil, 0)
			w.scatter(taken, x, dst)
		}
	}
	c.Add(s)
}

// gather writes the neighbourhood of item's picture in x that every pixel of
// dst sees to cols, [dst.H·dst.W][Side·Side][channels].
func (w Window) gather(cols []float32, x, dst *Plane, item int) {
	k, data := x.Ch.Physical(), x.Item(item)
	for i := range dst.H {
		for j := range dst.W {
			for r := range w.Side {
				for s := range w.Side {
					to := cols[:k]
					cols = cols[k:]
					y, z := w.Stride*i+r-w.Padding, w.Stride*j+s-w.Padding
					if y < 0 || y >= x.H || z < 0 || z >= x.W {
						clear(to)
						continue
					}
					copy(to, data[(y*x.W+z)*x.Pixel:])
				}
			}
		}
	}
}

// scatter adds cols to the gradients of the pixels that they were gathered
// from.
func (w Window) scatter(cols []float32, x, dst *Plane) {
	k := x.Ch.Physical()
	clear(x.Grad)
	for i := range dst.H {
		for j := range dst.W {
			for r := range w.Side {
				for s := range w.Side {
					from := cols[:k]
					cols = cols[k:]
					y, z := w.Stride*i+r-w.Padding, w.Stride*j+s-w.Padding
					if y < 0 || y >= x.H || z < 0 || z >= x.W {
						continue
					}
					to := x.Grad[(y*x.W+z)*x.Pixel:][:k]
					for l, v := range from {
						to[l] += v
					}
				}
			}
		}
	}
}
