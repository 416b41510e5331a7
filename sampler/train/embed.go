package train

import (
	"math"

	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
)

// Table returns a row of a table that is trained, name.weight, [rows, width], for each item, and
// the slice in which the caller says which: a class, or a row of its own for no class.
func (c *Compiler) Table(name string, rows, width int) (y *Value, pick []int) {
	y = c.value(width, true)
	w := c.parameter(parameter{name: name + ".weight", kind: table, rows: rows, columns: width})
	pick = make([]int, c.Batch)
	p, n := c.program, y.Stride
	c.add(operation{
		learns: true,
		run: func(items int) {
			for r, row := range pick[:items] {
				copy(y.Data[r*n:(r+1)*n], p.Weights[w.at+row*n:])
			}
		},
		back: func(items int) { // in the order of the batch
			gradient := p.Gradient[w.at : w.at+rows*n]
			clear(gradient)
			for r, row := range pick[:items] {
				to := gradient[row*n : (row+1)*n]
				for i, v := range y.Grad[r*n : (r+1)*n] {
					to[i] += v
				}
			}
		},
	})
	return y, pick
}

// Sinusoid returns the embedding of x, one number, by sines and cosines, see layers.Sinusoid with
// the cosines first. x may have a gradient, so that a learned noise level can be embedded. Where
// levels are few, fill an input from a table instead: sines cost more than products.
func (c *Compiler) Sinusoid(x *Value, width int) *Value {
	if x.Width != 1 || width%2 != 0 {
		panic("train: a sinusoid of one number has an even width")
	}
	half := width / 2
	embedding := layers.Sinusoid(width, 0, true)
	frequencies := make([]float32, half)
	for i := range frequencies { // as there
		a := float32(-portable.Log(10000)) * float32(i) / float32(half)
		frequencies[i] = float32(portable.Exp(float64(a)))
	}
	y := c.value(width, needs(x))
	p, i := c.program, len(c.program.operations)
	o := operation{reads: wanting(x), run: func(rows int) {
		for r := range rows {
			embedding(x.Row(r)[0], y.Row(r))
		}
	}}
	if x.Grad != nil {
		c.scratch = max(c.scratch, c.Batch*x.Stride)
	}
	o.back = func(rows int) {
		gradient := p.scratch[:rows*x.Stride]
		clear(gradient)
		for r := range rows {
			sum, out, d := float32(0), y.Row(r), y.Grad[r*y.Stride:]
			for j, f := range frequencies { // the cosine's derivative is −f·sin, the sine's f·cos
				slope := float32(out[j]*d[half+j]) - float32(out[half+j]*d[j])
				sum += float32(f * slope)
			}
			gradient[r*x.Stride] = sum
		}
		p.give(i, 0, gradient, rows)
	}
	c.add(o)
	return y
}

// Octaves returns x and, for k < octaves and each number of x, d·sin and d·cos of 2ᵏ·π·x/a (Tancik
// et al., arXiv:2006.10739, positional encoding), so that a small network can follow fine detail.
// It reads a and the octaves' factors d from scale, [1 + octaves], whose first number is 1/a. The
// factors have no gradient.
func (c *Compiler) Octaves(x, scale *Value, octaves int) *Value {
	if scale.Grad != nil || scale.Width != 1+octaves {
		panic("train: octaves need 1 + octaves factors, which have no gradient")
	}
	y := c.value(x.Width*(1+2*octaves), needs(x))
	p, i := c.program, len(c.program.operations)
	begin := func(j int) int { return x.Width + j*2*octaves } // of number j's octaves
	o := operation{reads: wanting(x), run: func(rows int) {
		for r := range rows {
			in, factors, out := x.Row(r), scale.Row(r), y.Row(r)
			copy(out, in)
			if octaves == 0 {
				continue
			}
			for j, v := range in {
				at := begin(j)
				turned(out[at:at+2*octaves], float64(v)*float64(factors[0]), factors[1:])
			}
		}
	}}
	if x.Grad != nil {
		c.scratch = max(c.scratch, c.Batch*x.Stride)
	}
	o.back = func(rows int) {
		gradient := p.scratch[:rows*x.Stride]
		clear(gradient)
		for r := range rows {
			out, d, to := y.Row(r), y.Grad[r*y.Stride:], gradient[r*x.Stride:]
			for j := range x.Width {
				sum, frequency := d[j], float32(math.Pi*scale.Row(r)[0])
				for at := begin(j); at < begin(j+1); at += 2 { // as in Sinusoid, sines first
					slope := float32(out[at+1]*d[at]) - float32(out[at]*d[at+1])
					sum += float32(frequency * slope)
					frequency *= 2
				}
				to[j] = sum
			}
		}
		p.give(i, 0, gradient, rows)
	}
	c.add(o)
	return y
}

// turned writes the octaves of one number.
func turned(out []float32, x float64, factors []float32) {
	sin, cos := portable.Sincos(float64(math.Pi * x))
	for k, d := range factors {
		out[2*k], out[2*k+1] = float32(float64(d)*sin), float32(float64(d)*cos)
		// The next octave: sin 2a = 2·sin a·cos a, cos 2a = 1 − 2·sin² a.
		sin, cos = float64(float64(2*sin)*cos), 1-float64(2*float64(sin*sin))
	}
}
