package layers

import (
	"math"
	"strconv"
)

// BatchNorm is batch normalisation with the statistics of training (Ioffe and Szegedy,
// arXiv:1502.03167), then an activation:
//
//	y = act((x − μ)/√(v + Eps)·γ + β)
//
// with γ, β, μ and v of Name.weight, Name.bias, Name.running_mean and Name.running_var, [channels].
type BatchNorm struct {
	Name string
	Eps  float64
	Act  string // one of Functions, or ""
}

// BatchNorm adds a normalisation from x to y. It is one scale and one shift for each channel.
func (c *Compiler) BatchNorm(n BatchNorm, x *Plane, y Target) {
	c.forwardOnly()
	k := x.Ch.Physical()
	scale, shift := c.Vector(n.Name+".weight", x.Ch), c.Vector(n.Name+".bias", x.Ch)
	mean, variance := c.Vector(n.Name+".running_mean", x.Ch), c.Vector(n.Name+".running_var", x.Ch)
	for i, channel := range x.Ch.Places() {
		if channel < 0 {
			continue
		}
		spread := float64(variance[i]) + n.Eps
		if !(spread > 0) {
			c.Refuse(&TensorError{c.Family, n.Name + ".running_var",
				"has the variance " + strconv.FormatFloat(float64(variance[i]), 'g', 4, 32) +
					", which has no standard deviation"})
		}
		a := float64(scale[i]) / math.Sqrt(spread)
		scale[i] = float32(a)
		shift[i] = float32(float64(shift[i]) - float64(float64(mean[i])*a))
	}
	p, silu, plain := c.program, isSiLU(n.Act), c.function(n.Act)
	c.Add(Step{Name: n.Name, Run: func(batch int) {
		for item := range batch {
			in, out := x.Item(item), y.Item(item)
			p.kernels.Affine(in, x.Geometry(), out, y.Geometry(), x.H, x.W, k, scale, shift, silu)
			if plain != nil {
				plain(out, y.Geometry(), x.H, x.W, k)
			}
		}
	}})
}
