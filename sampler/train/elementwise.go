package train

import (
	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// plus writes a + b to y, all [rows][stride] and perhaps the same.
func (p *Program) plus(a, b, y []float32, rows, stride int) {
	p.kernels.NormGradient(b, a, y, rows, stride, p.ones[:stride], p.zeros[:stride], nil)
}

// give adds a gradient to that of what operation i reads in place j.
func (p *Program) give(i, j int, gradient []float32, rows int) {
	o := &p.operations[i]
	v := o.reads[j]
	if n := rows * v.Stride; o.fresh[j] {
		copy(v.Grad[:n], gradient[:n])
	} else {
		p.plus(v.Grad, gradient, v.Grad, rows, v.Stride)
	}
}

// Add returns a + b, as a residual connection has it.
func (c *Compiler) Add(a, b *Value) *Value {
	alike(a, b)
	y := c.value(a.Width, needs(a, b))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) { p.plus(a.Data, b.Data, y.Data, rows, y.Stride) }}
	o.reads = wanting(a, b)
	o.back = func(rows int) {
		for j := range o.reads {
			p.give(i, j, y.Grad, rows)
		}
	}
	c.add(o)
	return y
}

// Multiply returns a·b, element by element.
func (c *Compiler) Multiply(a, b *Value) *Value {
	alike(a, b)
	y := c.value(a.Width, needs(a, b))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) {
		times(y.Data[:rows*y.Stride], a.Data, b.Data)
	}}
	other := map[*Value]*Value{a: b, b: a}
	o.reads = wanting(a, b)
	c.scratch = max(c.scratch, c.Batch*y.Stride)
	o.back = func(rows int) {
		for j, v := range o.reads {
			gradient := p.scratch[:rows*y.Stride]
			times(gradient, y.Grad, other[v].Data)
			p.give(i, j, gradient, rows)
		}
	}
	c.add(o)
	return y
}

func times(y, a, b []float32) {
	for i := range y {
		y[i] = a[i] * b[i]
	}
}

func alike(a, b *Value) {
	if a.Width != b.Width {
		panic("train: two values of different width")
	}
}

// wanting returns the values that have a gradient.
func wanting(values ...*Value) (list []*Value) {
	for _, v := range values {
		if v.Grad != nil {
			list = append(list, v)
		}
	}
	return list
}

// SiLU returns x·sigmoid(x).
func (c *Compiler) SiLU(x *Value) *Value {
	y := c.value(x.Width, needs(x))
	p, n, i := c.program, x.Stride, len(c.program.operations)
	o := operation{run: func(rows int) {
		line := kernels.Geometry{Row: rows * n, Pixel: n}
		p.kernels.Affine(x.Data, line, y.Data, line, 1, rows, n, p.ones[:n], p.zeros[:n], true)
	}}
	if o.reads = wanting(x); o.reads != nil {
		c.scratch = max(c.scratch, c.Batch*n)
	}
	o.back = func(rows int) {
		to := x.Grad
		if !p.operations[i].fresh[0] {
			to = p.scratch
		}
		p.kernels.SiLUGradient(x.Data, y.Grad, to, rows, n, p.ones[:n], p.zeros[:n])
		if !p.operations[i].fresh[0] {
			p.plus(x.Grad, to, x.Grad, rows, n)
		}
	}
	c.add(o)
	return y
}

// Exp returns eˣ, Softplus log(1 + eˣ), Sigmoid 1/(1 + e⁻ˣ), Tanh the hyperbolic tangent.
func (c *Compiler) Exp(x *Value) *Value {
	return c.pointwise(x, portable.Exp, func(x, y float64) float64 { return y })
}

// Softplus returns log(1 + eˣ).
func (c *Compiler) Softplus(x *Value) *Value {
	return c.pointwise(x, softplus, func(x, _ float64) float64 { return sigmoid(x) })
}

// Sigmoid returns 1/(1 + e⁻ˣ).
func (c *Compiler) Sigmoid(x *Value) *Value {
	return c.pointwise(x, sigmoid, func(_, y float64) float64 { return y * (1 - y) })
}

// Tanh returns the hyperbolic tangent of x.
func (c *Compiler) Tanh(x *Value) *Value {
	return c.pointwise(x, portable.Tanh, func(_, y float64) float64 { return 1 - float64(y*y) })
}

func sigmoid(x float64) float64 {
	if x < 0 {
		e := portable.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + portable.Exp(-x))
}

func softplus(x float64) float64 { return max(x, 0) + portable.Log1p(portable.Exp(-max(x, -x))) }

// pointwise returns f of every number. slope is the derivative, from x and f(x). Both compute in
// float64, with package portable: for small values and narrow layers that is fast enough.
func (c *Compiler) pointwise(x *Value, f func(x float64) float64, slope func(x, y float64) float64,
) *Value {
	y := c.value(x.Width, needs(x))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) {
		for r := range rows { // the padding stays zero
			to := y.Row(r)
			for e, v := range x.Row(r) {
				to[e] = float32(f(float64(v)))
			}
		}
	}}
	if o.reads = wanting(x); o.reads != nil {
		c.scratch = max(c.scratch, c.Batch*x.Stride)
	}
	o.back = func(rows int) {
		gradient := p.scratch[:rows*x.Stride]
		clear(gradient)
		for r := range rows {
			at := r * x.Stride
			for e, v := range x.Row(r) {
				d := slope(float64(v), float64(y.Data[at+e]))
				gradient[at+e] = float32(d * float64(y.Grad[at+e]))
			}
		}
		p.give(i, 0, gradient, rows)
	}
	c.add(o)
	return y
}
