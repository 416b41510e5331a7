package layers

import (
	"math"
	"testing"
)

// rmsNorm is RMSNorm without a modulation and an activation.
func (p picture) rmsNorm(gain []float64) picture {
	return each(p.c, p.h, p.w, func(c, y, x int) float64 {
		squares := 0.0
		for i := range p.c {
			squares += p.at(i, y, x) * p.at(i, y, x)
		}
		return p.at(c, y, x) / max(math.Sqrt(squares), 1e-12) * gain[c] * math.Sqrt(float64(p.c))
	})
}

// TestRMSNorm has a plane and the input of a convolution as targets, with and without a modulation
// and activations. One pixel is zero: its norm is not divided by.
func TestRMSNorm(t *testing.T) {
	for _, act := range []string{"", "silu", "relu"} {
		b := newBench(t, 11, 5, 6)
		gain, block := b.add("n.g", 1, 1, 11, 1, 1), b.linear("block", 6, 22)
		conv := b.conv("c", 11, 4, 3)
		for c := range 11 {
			b.in.v[c*30+7], b.x[c*30+7] = 0, 0
		}
		by := block.vector([]float64{1, 0, 0, 0, 0, 0})
		y := b.in.rmsNorm(gain)
		y = each(11, 5, 6, func(c, i, j int) float64 {
			v := y.at(c, i, j)*(1+by[c]) + by[11+c]
			switch act {
			case "silu":
				return silu(v)
			case "relu":
				return max(v, 0)
			}
			return v
		})
		want := y.conv3(conv.weight, conv.bias)
		b.compare("RMS norm with "+act, want, func(c *Compiler, x *Plane) *Plane {
			e := c.Floats(8)
			e[0] = 1
			m := c.Modulations(Channels{6})
			by := m.Add("block", Channels{11, 11}, nil)
			pad, y := c.Padding(5, 6, x.Ch), c.Plane(5, 6, Channels{4})
			m.Compute("m", e, "")
			c.RMSNorm("n", RMSNorm{Gain: "n.g", Act: act, By: by}, x, pad)
			c.Conv3("c", pad, y, Fixed(c.Vector("c.bias", y.Ch)), nil)
			return y
		})
	}
	b := newBench(t, 3, 4, 4)
	gain := b.add("g", 1, 1, 3, 1, 1)
	b.compare("RMS norm", b.in.rmsNorm(gain), func(c *Compiler, x *Plane) *Plane {
		y := c.Plane(4, 4, x.Ch)
		c.RMSNorm("n", RMSNorm{Gain: "g"}, x, y)
		return y
	})
}
