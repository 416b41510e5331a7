package layers

import (
	"math"
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// Activations are the functions that diffusers' networks name; "" leaves values as they are. swish
// is another name of silu. Functions are all that Norm, Activate and the embeddings can apply:
// gelu_fast is gelu in float32, by a vector kernel, where gelu is rounded from float64.
var (
	Activations = []string{"silu", "swish", "mish", "gelu", "relu"}
	Functions   = append(slices.Clone(Activations), geluFast, "gelu_tanh", "sine")
)

const geluFast = "gelu_fast"

// isSiLU says whether the kernels apply the activation as they scale and shift.
func isSiLU(act string) bool { return act == "silu" || act == "swish" }

// plainActivation returns the activations that have no vector kernel, nil for
// SiLU and none.
func plainActivation(act string) func(float32) float32 {
	switch act {
	case "relu":
		return func(x float32) float32 { return max(x, 0) }
	case "gelu": // x·Φ(x), Hendrycks and Gimpel, arXiv:1606.08415
		return func(x float32) float32 {
			return float32(0.5 * float64(x) * (1 + portable.Erf(float64(x)*math.Sqrt2/2)))
		}
	case "gelu_tanh": // its approximation by tanh, in the same paper
		return func(x float32) float32 {
			a := float64(x)
			u := float64(a * (1 + float64(0.044715*float64(a*a))))
			const slope = 0.7978845608028654 // √(2/π)
			return float32(0.5 * a * (1 + portable.Tanh(float64(slope*u))))
		}
	case "sine":
		return func(x float32) float32 {
			s, _ := portable.Sincos(float64(x))
			return float32(s)
		}
	case "mish": // x·tanh(log(1 + eˣ)), Misra, arXiv:1908.08681
		return func(x float32) float32 {
			if x > 40 {
				return x
			}
			return float32(float64(x) * portable.Tanh(portable.Log1p(portable.Exp(float64(x)))))
		}
	}
	return nil
}

// Activate adds the step that writes act(x) to y. act is one of Functions.
func (c *Compiler) Activate(name, act string, x *Plane, y Target) {
	c.forwardOnly()
	p, k, silu, plain := c.program, x.Ch.Physical(), isSiLU(act), c.function(act)
	grow(&c.size.constants, k)
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			in, out := x.Item(item), y.Item(item)
			p.kernels.Affine(in, x.Geometry(), out, y.Geometry(), x.H, x.W, k,
				p.shared.ones, p.shared.zeros, silu)
			if plain != nil {
				plain(out, y.Geometry(), x.H, x.W, k)
			}
		}
	}})
}

// function returns what applies an activation in place to a picture of c channels, nil for SiLU and
// none.
func (c *Compiler) function(act string) func(x []float32, g kernels.Geometry, rows, cols, c int) {
	if f := plainActivation(act); f != nil {
		return func(x []float32, g kernels.Geometry, rows, cols, c int) {
			apply(f, x, g, rows, cols, c)
		}
	}
	if act != geluFast {
		return nil
	}
	program := c.program
	return func(x []float32, g kernels.Geometry, rows, cols, c int) {
		gelu := program.kernels.GELU // there are no kernels while a program is only measured
		for r := range rows {
			row := x[r*g.Row:]
			if g.Pixel == c {
				gelu(row, cols*c)
				continue
			}
			for p := range cols {
				gelu(row[p*g.Pixel:], c)
			}
		}
	}
}

// apply runs f over the c channels of every pixel.
func apply(f func(float32) float32, x []float32, g kernels.Geometry, rows, cols, c int) {
	for r := range rows {
		for p := range cols {
			v := x[r*g.Row+p*g.Pixel:][:c]
			for i := range v {
				v[i] = f(v[i])
			}
		}
	}
}

// activate returns what applies an activation in place to vectors of n floats
// that stand one after another.
func (c *Compiler) activate(act string, n int) func(x []float32, vectors int) {
	p, line := c.program, kernels.Geometry{Row: n, Pixel: n}
	if isSiLU(act) {
		grow(&c.size.constants, n)
		return func(x []float32, vectors int) {
			b := &p.shared
			p.kernels.Affine(x, line, x, line, vectors, 1, n, b.ones, b.zeros, true)
		}
	}
	f := c.function(act)
	return func(x []float32, vectors int) {
		if f != nil {
			f(x, line, vectors, 1, n)
		}
	}
}
