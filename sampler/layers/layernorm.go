package layers

import "math"

// LayerNorm is layer normalisation over the channels of each pixel (Ba et al., arXiv:1607.06450),
// then a modulation by vectors of the item:
//
//	y = ((x − μ)/√(σ² + Eps)·γ + β)·(1 + Scale) + Shift
//
// with γ of Name.weight and β of Name.bias, [channels].
type LayerNorm struct {
	Name         string // "" without γ and β
	Eps          float64
	Scale, Shift *Plane // 1×1, with the channels of x; nil for none
}

// LayerNorm adds a normalisation from x to y.
func (c *Compiler) LayerNorm(name string, n LayerNorm, x *Plane, y Target) {
	c.forwardOnly()
	k, g := x.Ch.Physical(), y.Geometry()
	gamma, beta := c.Floats(k), c.Floats(k)
	if n.Name != "" {
		copy(gamma, c.Vector(n.Name+".weight", x.Ch))
		copy(beta, c.Vector(n.Name+".bias", x.Ch))
	} else {
		for place, channel := range x.Ch.Places() {
			if channel >= 0 {
				gamma[place] = 1
			}
		}
	}
	scale, shift, count := c.Floats(k), c.Floats(k), float64(x.Ch.Count())
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			n.modulate(item, scale, shift, gamma, beta)
			in, out := x.Item(item), y.Item(item)
			for p := range x.H * x.W {
				normalise(out[p/x.W*g.Row+p%x.W*g.Pixel:][:k], in[p*x.Pixel:], count, n.Eps,
					scale, shift)
			}
		}
	}})
}

// modulate writes what a normalised pixel is multiplied by, and what is added.
func (n *LayerNorm) modulate(item int, scale, shift, gamma, beta []float32) {
	copy(scale, gamma)
	copy(shift, beta)
	if n.Scale == nil {
		return
	}
	more, plus := n.Scale.Item(item), n.Shift.Item(item)
	for i := range scale {
		f := 1 + more[i]
		scale[i] *= f
		shift[i] = float32(shift[i]*f) + plus[i]
	}
}

// normalise writes the normalisation of one pixel with count channels, whose padding is zero and
// stays so. The sums are float64: that of the squares needs no second pass.
func normalise(out, in []float32, count, eps float64, scale, shift []float32) {
	sum, squares := 0.0, 0.0
	for _, v := range in[:len(out)] {
		a := float64(v)
		sum += a
		squares += float64(a * a)
	}
	mean := sum / count
	variance := max(squares/count-float64(mean*mean), 0)
	r, mu := float32(1/math.Sqrt(variance+eps)), float32(mean)
	for i := range out {
		out[i] = float32(float32((in[i]-mu)*r)*scale[i]) + shift[i]
	}
}
