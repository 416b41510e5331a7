package train

import "tweedie/sampler/kernels"

// Linear returns x·Wᵀ + b with W, name.weight, [width, x.Width], and b, name.bias, [width].
func (c *Compiler) Linear(name string, x *Value, width int) *Value {
	return c.linear(name, x, width, false)
}

// Hidden returns x through some hidden layers of as many units, with SiLU, all but the first
// residual. After the prefix the first is called in, the others hidden.01 and so on.
func (c *Compiler) Hidden(prefix string, x *Value, units, layers int) *Value {
	h := c.SiLU(c.Linear(prefix+"in", x, units))
	for i := 1; i < layers; i++ {
		name := prefix + "hidden." + string(rune('0'+i/10)) + string(rune('0'+i%10))
		h = c.Add(h, c.SiLU(c.Linear(name, h, units)))
	}
	return h
}

// Rising is Linear with |W| in the place of W, as in the monotone networks of learned noise
// schedules (Kingma et al., arXiv:2107.00630, appendix H): no output falls where an input rises.
func (c *Compiler) Rising(name string, x *Value, width int) *Value {
	return c.linear(name, x, width, true)
}

func (c *Compiler) linear(name string, x *Value, width int, rising bool) *Value {
	y := c.value(width, true)
	k, n := x.Stride, y.Stride
	bound := inverseRoot(x.Width)
	w := c.parameter(parameter{name: name + ".weight", kind: matrix, rows: width, columns: x.Width,
		uniform: bound})
	b := c.parameter(parameter{name: name + ".bias", kind: vector, columns: width, uniform: bound})
	p := c.program
	acting := func() []float32 { return p.Weights[w.at : w.at+k*n] }
	if rising {
		positive := make([]float32, k*n)
		acting = func() []float32 {
			magnitudes(positive, p.Weights[w.at:])
			return positive
		}
	}
	var used []float32 // the matrix of the last run
	o := operation{learns: true, run: func(rows int) {
		used = acting()
		p.kernels.Gemm(rows, n, k, x.Data, k, used, y.Data, n, p.Weights[b.at:b.at+n], nil, 0)
	}}
	if x.Grad != nil {
		o.reads = []*Value{x}
		// The transposed matrix, and the product where it is added to a gradient.
		c.scratch = max(c.scratch, k*n+c.Batch*k)
	}
	i := len(p.operations)
	o.back = func(rows int) {
		gradient := p.Gradient[w.at : w.at+k*n]
		p.training.Outer(rows, k, n, x.Data, k, y.Grad, n, gradient)
		if rising {
			giveSigns(gradient, p.Weights[w.at:])
		}
		p.kernels.ChannelSums(y.Grad, n, rows, n, nil, p.Gradient[b.at:b.at+n])
		if x.Grad == nil {
			return
		}
		turned, to := p.scratch[:k*n], x.Grad
		transpose(turned, used, k, n)
		if !p.operations[i].fresh[0] {
			to = p.scratch[k*n:]
		}
		p.kernels.Gemm(rows, k, n, y.Grad, n, turned, to, k, p.zeros, nil, 0)
		if !p.operations[i].fresh[0] {
			p.plus(x.Grad, to, x.Grad, rows, k)
		}
	}
	c.add(o)
	return y
}

// transpose writes to b the transposed matrix of a, [k][n]: both as panels of eight columns.
func transpose(b, a []float32, k, n int) {
	const lanes = kernels.Lanes
	for j := 0; j < n; j += lanes {
		panel := a[j*k : (j+lanes)*k]
		for l := 0; l < k; l += lanes {
			from := (*[lanes * lanes]float32)(panel[l*lanes:])
			to := (*[lanes * lanes]float32)(b[l*n+j*lanes:])
			for r := range lanes {
				for e := range lanes {
					to[e*lanes+r] = from[r*lanes+e]
				}
			}
		}
	}
}

// magnitudes writes |x| to y, giveSigns multiplies y by the signs of x, where 0 has the sign 0.
func magnitudes(y, x []float32) {
	for i := range y {
		y[i] = max(x[i], -x[i])
	}
}

func giveSigns(y, x []float32) {
	for i := range y {
		switch v := x[i]; {
		case v < 0:
			y[i] = -y[i]
		case v == 0:
			y[i] = 0
		}
	}
}
