package classifier

import "tweedie/sampler/kernels"

// conv3 is a 3×3 convolution of stride 1 with zeros around, plus bias and,
// unless it is nil, res. The way back is the convolution with every filter
// turned by 180° and inputs and outputs exchanged; res's gradient is y's.
func (c *compiler) conv3(name string, x, y *plane, bias []float32, res *plane) {
	n := c.Network
	w := c.tensor(name+".weight", y.ch, x.ch, 3, 3)
	turned := make([]float32, len(w))
	for o := range y.ch {
		for i := range x.ch {
			for e := range 9 {
				turned[(i*y.ch+o)*9+8-e] = w[(o*x.ch+i)*9+e]
			}
		}
	}
	there := c.winograd(w, x, y)
	back := c.winograd(turned, y, x)
	c.add(name, func() {
		var add []float32
		if res != nil {
			add = res.data
		}
		there(x.data, y.data, bias, add)
	}, func() { back(y.grad, x.grad, n.zeros, nil) })
}

// winograd returns the convolution with w, [outputs, inputs, 3, 3], from planes
// like x to planes like y.
func (c *compiler) winograd(w []float32, x, y *plane) func(in, out, bias, res []float32) {
	n, pad := c.Network, c.padding(x.h, x.w, x.c)
	t, side, k, d := pad.tile, int(pad.tile), x.c, y.c
	u := t.TransformWeights(w, x.ch, offsets(x.ch, 1), offsets(y.ch, 1))
	tw, th := (pad.cols-2)/side, (pad.rows-2)/side
	vs, ms := th*tw*k, th*tw*d
	grow(&c.size.v, t.Elements()*vs)
	grow(&c.size.m, t.Elements()*ms)
	grow(&c.size.edge, side*side*d)
	g := pad.geometry()
	all := kernels.Geometry{Row: y.w * d, Pixel: d}
	return func(in, out, bias, res []float32) {
		inside := pad.inside()
		for i := range x.h {
			copy(inside[i*g.Row:], in[i*x.w*k:(i+1)*x.w*k])
		}
		for i := range th {
			n.k.WinogradInput(t, pad.data[i*side*g.Row:], g.Row, tw, k, n.v[i*tw*k:], vs)
		}
		n.k.BatchGemm(t.Elements(), th*tw, d, k, n.v, vs, u, n.m, ms)
		for i := range th {
			at := i * side * all.Row
			var old []float32
			if res != nil {
				old = res[at:]
			}
			n.k.WinogradOutput(t, n.m[i*tw*d:], ms, tw, d, out[at:], all, min(side, y.h-i*side), y.w, bias, old, all, n.edge)
		}
	}
}

// conv1 is a 1×1 convolution.
func (c *compiler) conv1(name string, x, y *plane) {
	w, bias := c.tensor(name+".weight", y.ch, x.ch, 1, 1), c.vector(name+".bias", y.ch)
	c.product(name, x, y, w, bias)
}

// product multiplies every pixel by a matrix, [outputs, inputs], and adds bias.
func (c *compiler) product(name string, x, y *plane, w, bias []float32) {
	n := c.Network
	inputs, outputs := offsets(x.ch, 1), offsets(y.ch, x.ch)
	there, back := kernels.PackPanels(w, 1, inputs, outputs), kernels.PackPanels(w, 1, outputs, inputs)
	c.add(name, func() {
		n.k.Gemm(x.pixels(), y.c, x.c, x.data, x.c, there, y.data, y.c, bias, nil, 0)
	}, func() {
		n.k.Gemm(x.pixels(), x.c, y.c, y.grad, y.c, back, x.grad, x.c, n.zeros, nil, 0)
	})
}

// down3 is a 3×3 convolution of stride 2 with a border of zeros: a product over
// the gathered neighbourhoods. On the way back the neighbourhoods' gradients
// are added up, output by output, where they were gathered.
func (c *compiler) down3(name string, x *plane) *plane {
	n := c.Network
	y := c.plane(x.h/2, x.w/2, x.ch)
	k, d, ch := x.c, y.c, x.ch
	w, bias := c.tensor(name+".weight", ch, ch, 3, 3), c.vector(name+".bias", ch)
	var inputs []int // of a neighbourhood
	for tap := range 9 {
		for _, i := range offsets(ch, 9) {
			if i >= 0 {
				i += tap
			}
			inputs = append(inputs, i)
		}
	}
	outputs := offsets(ch, 9*ch)
	there, back := kernels.PackPanels(w, 1, inputs, outputs), kernels.PackPanels(w, 1, outputs, inputs)
	grow(&c.size.cols, y.pixels()*9*k)
	grow(&c.size.zeros, 9*k)
	c.add(name, func() {
		gather(n.cols, x.data, x, y, false)
		n.k.Gemm(y.pixels(), d, 9*k, n.cols, 9*k, there, y.data, d, bias, nil, 0)
	}, func() {
		n.k.Gemm(y.pixels(), 9*k, d, y.grad, d, back, n.cols, 9*k, n.zeros, nil, 0)
		clear(x.grad)
		gather(n.cols, x.grad, x, y, true)
	})
	return y
}

// gather writes the 3×3 neighbourhood of x that every pixel of y sees to cols,
// or adds cols to where it came from.
func gather(cols, data []float32, x, y *plane, back bool) {
	k := x.c
	for i := range y.h {
		for j := range y.w {
			for p := range 9 {
				line := cols[((i*y.w+j)*9+p)*k:][:k]
				r, s := 2*i+p/3-1, 2*j+p%3-1
				switch inside := r >= 0 && r < x.h && s >= 0 && s < x.w; {
				case !inside && !back:
					clear(line)
				case !inside:
				case back:
					to := data[(r*x.w+s)*k:][:k]
					for l, v := range line {
						to[l] += v
					}
				default:
					copy(line, data[(r*x.w+s)*k:])
				}
			}
		}
	}
}
