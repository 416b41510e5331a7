package layers

import "math"

// RMSNorm divides the channels of every pixel by their root mean square (Zhang and Sennrich,
// arXiv:1910.07467), then comes a block's modulation, then an activation:
//
//	y = act(√C·x/max(‖x‖, 1e-12)·g·(1 + scale) + shift)
//
// with the norm over the C channels of the pixel, and g the tensor Gain, [1, C, 1, 1].
type RMSNorm struct {
	Gain string
	Act  string     // one of Activations, or ""
	By   Modulation // its scale and shift; the zero value is none
}

// shortest is the least norm that a pixel is divided by.
const shortest = 1e-12

// RMSNorm adds a normalisation from x to y.
func (c *Compiler) RMSNorm(name string, n RMSNorm, x *Plane, y Target) {
	c.forwardOnly()
	ch, k := x.Ch.Count(), x.Ch.Physical()
	gain := c.Floats(k)
	x.Ch.spread(gain, c.Passing(n.Gain, 1, ch, 1, 1))
	for i, g := range gain {
		gain[i] = float32(math.Sqrt(float64(ch)) * float64(g))
	}
	grow(&c.size.moments, k)
	p, silu, plain := c.program, isSiLU(n.Act), c.function(n.Act)
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			in, out, g := x.Item(item), y.Item(item), y.Geometry()
			for i := range x.H * x.W {
				direction(out[i/x.W*g.Row+i%x.W*g.Pixel:][:k], in[i*x.Pixel:][:k])
			}
			scale, shift := p.shared.moments.scale[:k], p.shared.moments.shift[:k]
			copy(scale, gain)
			clear(shift)
			n.By.apply(item, scale, shift)
			p.kernels.Affine(out, g, out, g, x.H, x.W, k, scale, shift, silu)
			if plain != nil {
				plain(out, g, x.H, x.W, k)
			}
		}
	}})
}

// direction writes x/‖x‖ to y.
func direction(y, x []float32) {
	squares := 0.0
	for _, v := range x {
		squares += float64(float64(v) * float64(v))
	}
	inverse := float32(1 / max(math.Sqrt(squares), shortest))
	for i, v := range x {
		y[i] = v * inverse
	}
}
