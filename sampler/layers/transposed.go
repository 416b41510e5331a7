package layers

// Transposed is the side that a picture's side becomes in a transposed convolution.
func (w Window) Transposed(side int) int { return (side-1)*w.Stride - 2*w.Padding + w.Side }

// Transposed adds a transposed convolution, plus bias: every pixel of x adds Side×Side pixels to
// dst, which are Stride apart from those of the next, without the Padding rows and columns at each
// edge.
//
// name.weight: [inputs, outputs, Side, Side], as PyTorch's ConvTranspose2d has it; name.bias:
// [outputs]. It is a matrix product, and a sum over the pixels that meet: from the lowest row and
// column of x to the highest, then the bias.
func (c *Compiler) Transposed(name string, x, dst *Plane, w Window) {
	c.forwardOnly()
	p, inputs, outputs := c.program, x.Ch.Count(), dst.Ch.Count()
	if dst.H != w.Transposed(x.H) || dst.W != w.Transposed(x.W) {
		panic("layers: a transposed convolution to a picture of another size")
	}
	area := w.Side * w.Side
	k, d := x.Ch.Physical(), dst.Ch.Physical()
	t := c.Passing(name+".weight", inputs, outputs, w.Side, w.Side)
	cols := make([]int, 0, area*d)
	for tap := range area {
		for _, at := range dst.Ch.Offsets(area) {
			if at >= 0 {
				at += tap
			}
			cols = append(cols, at)
		}
	}
	weight := c.Pack(t, 1, x.Ch.Offsets(outputs*area), cols)
	bias := c.Vector(name+".bias", dst.Ch)
	pixels, n := x.H*x.W, area*d
	grow(&c.size.cols, pixels*n)
	grow(&c.size.constants, n)
	macs := area * inputs * outputs * pixels
	c.Add(Step{Name: name, MultiplyAdds: macs, Run: func(batch int) {
		given := p.shared.cols[:pixels*n]
		for item := range batch {
			p.kernels.Gemm(pixels, n, k, x.Item(item), x.Pixel, weight, given, n,
				p.shared.zeros, nil, 0)
			w.meet(dst, item, given, x, bias)
		}
	}})
}

// meet writes the sums of what the pixels of x give, [x.H·x.W][Side·Side][channels], to item of
// dst.
func (w Window) meet(dst *Plane, item int, given []float32, x *Plane, bias []float32) {
	d, out := dst.Ch.Physical(), dst.Item(item)
	for i := range dst.H {
		for j := range dst.W {
			to := out[(i*dst.W+j)*dst.Pixel:][:d]
			clear(to)
			top, bottom := w.givers(i, x.H)
			left, right := w.givers(j, x.W)
			for y := top; y <= bottom; y++ {
				for z := left; z <= right; z++ {
					tap := (i+w.Padding-y*w.Stride)*w.Side + j + w.Padding - z*w.Stride
					for l, v := range given[((y*x.W+z)*w.Side*w.Side+tap)*d:][:d] {
						to[l] += v
					}
				}
			}
			for l, b := range bias {
				to[l] += b
			}
		}
	}
}

// givers are the first and last of side pixels that give to pixel i of the result: those y with 0 ≤
// i + Padding − y·Stride < Side.
func (w Window) givers(i, side int) (first, last int) {
	reach := i + w.Padding
	return max(0, (reach-w.Side+w.Stride)/w.Stride), min(side-1, reach/w.Stride)
}
