package layers

import (
	"math"

	"tweedie/sampler/portable"
)

// Embedding spreads a number over out.
type Embedding func(x float32, out []float32)

// Sinusoid returns the embedding by the sines and cosines of x·10000^(−i/(n−shift)),
// i < n = width/2, one behind the other (Vaswani et al., arXiv:1706.03762,
// section 3.5). shift must be below n.
func Sinusoid(width, shift int, cosFirst bool) Embedding {
	half := width / 2
	frequencies := make([]float32, half)
	for i := range frequencies {
		a := float32(-portable.Log(10000)) * float32(i) / float32(half-shift)
		frequencies[i] = float32(portable.Exp(float64(a)))
	}
	return func(x float32, out []float32) {
		for i, f := range frequencies {
			s, co := portable.Sincos(float64(float32(x * f)))
			if cosFirst {
				s, co = co, s
			}
			out[i], out[half+i] = float32(s), float32(co)
		}
	}
}

// Fourier returns the embedding by the sines and then the cosines of 2π·x·w, for
// random features w (Tancik et al., arXiv:2006.10739).
func Fourier(w []float32) Embedding {
	return func(x float32, out []float32) {
		for i, f := range w {
			a := float32(float32(float32(x*f)*2) * math.Pi)
			s, co := portable.Sincos(float64(a))
			out[i], out[len(w)+i] = float32(s), float32(co)
		}
	}
}

// Perceptron is two linear layers with SiLU between them.
type Perceptron struct {
	First, Second string   // their names
	In, Out       Channels // Out is also the width between them
}

// Perceptron adds the step to = second(SiLU(first(x))) + plus, where fill
// writes item's x, [In]. to and plus: [batch][Out.Physical()]; plus may be nil.
func (c *Compiler) Perceptron(
	name string, n Perceptron, to, plus []float32, fill func(item int, x []float32),
) {
	p, k, d := c.program, n.In.Physical(), n.Out.Physical()
	first := c.Linear(Weights{Name: n.First}, n.In, n.Out)
	second := c.Linear(Weights{Name: n.Second}, n.Out, n.Out)
	x, hidden := c.Floats(c.Batch*k), c.Floats(c.Batch*d)
	silu := c.activate("silu", d)
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			fill(item, x[item*k:(item+1)*k])
		}
		p.kernels.Gemm(batch, d, k, x, k, first.weight, hidden, d, first.bias, nil, 0)
		silu(hidden, batch)
		p.kernels.Gemm(batch, d, d, hidden, d, second.weight, to, d, second.bias, plus, d)
	}})
}

// AddRow adds the step that adds a row of the table name.weight, [rows,
// ch.Count()], to every item's vector in x, [batch][ch.Physical()]: the row that
// pick names, none if that is negative. ch is one part.
func (c *Compiler) AddRow(
	name string, rows int, x []float32, ch Channels, pick func(item int) int,
) {
	n, d := ch.Count(), ch.Physical()
	table := c.Tensor(name+".weight", rows, n)
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			row := pick(item)
			if row < 0 {
				continue
			}
			for i, v := range table[row*n : (row+1)*n] {
				x[item*d+i] += v
			}
		}
	}})
}
