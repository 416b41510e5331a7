package unet

import (
	"math"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// target is where a normalisation writes: a plane or a padded buffer.
type target struct {
	data     func(item int) []float32
	geometry kernels.Geometry
	common   bool // see padded
}

func into(p *plane) target {
	return target{func(item int) []float32 { return p.data[item*p.image():] }, p.geometry(), false}
}

func intoPadded(p *padded) target { return target{p.inside, p.geometry(), p.common} }

// unmodulated is the place of no modulation; any other is where the scales of
// a scale_shift block begin in Network.modulation, its shifts behind them.
const unmodulated = -1

// norm is group normalisation (Wu and He, arXiv:1803.08494), then the time
// embedding's scale and shift, then the activation act ("" for none).
func (c *compiler) norm(name string, x *plane, to target, groups int, act string, modulated int) {
	ch := x.ch.count()
	if groups < 1 || ch%groups != 0 {
		panic(loadError{&ConfigError{"norm_num_groups", "leaves " + name + " with " + strconv.Itoa(groups) + " groups for " + strconv.Itoa(ch) + " channels"}})
	}
	n := c.net
	gamma, beta := c.tensor(name+".weight", ch), c.tensor(name+".bias", ch)
	k := x.ch.physical()
	grow(&c.size.channels, k)
	place := make([]int, 0, ch) // physical place of each channel
	for p, l := range x.ch.places() {
		if l >= 0 {
			place = append(place, p)
		}
	}
	c.add(name, 0, func(batch int) {
		scale, shift := n.scale[:k], n.shift[:k]
		items, _ := n.distinct(batch, to.common)
		for item := range items {
			in := x.data[item*x.image():]
			n.groupNorm(in, x, groups, place, gamma, beta, c.NormEps)
			if modulated >= 0 {
				m := n.modulation[item*n.modulationWidth+modulated:]
				for i := range k {
					f := 1 + m[i]
					scale[i] *= f
					shift[i] = float32(shift[i]*f) + m[k+i]
				}
			}
			n.k.Affine(in, x.geometry(), to.data(item), to.geometry, x.h, x.w, k, scale, shift, act == "silu" || act == "swish")
			if f := plainActivation(act); f != nil {
				apply(f, to.data(item), to.geometry, x.h, x.w, k)
			}
		}
	})
}

// groupNorm sets n.scale and n.shift so that x·scale + shift has mean beta
// and deviation gamma in every group. Two passes: the mean, then the squares
// about it.
func (n *Network) groupNorm(in []float32, x *plane, groups int, place []int, gamma, beta []float32, eps float64) {
	k, pixels := x.ch.physical(), x.h*x.w
	sums, mean, scale, shift := n.sums[:k], n.mean[:k], n.scale[:k], n.shift[:k]
	per := len(place) / groups
	count := float64(per * pixels)
	clear(mean)
	clear(scale)
	clear(shift)
	n.k.ChannelSums(in, x.pixel, pixels, k, nil, sums)
	for g := range groups {
		s := 0.0
		for _, p := range place[g*per : (g+1)*per] {
			s += float64(sums[p])
		}
		for _, p := range place[g*per : (g+1)*per] {
			mean[p] = float32(s / count)
		}
	}
	n.k.ChannelSums(in, x.pixel, pixels, k, mean, sums)
	for g := range groups {
		s := 0.0
		for _, p := range place[g*per : (g+1)*per] {
			s += float64(sums[p])
		}
		r := 1 / math.Sqrt(s/count+eps)
		for i := g * per; i < (g+1)*per; i++ {
			p := place[i]
			a := float64(gamma[i]) * r
			scale[p] = float32(a)
			shift[p] = float32(float64(beta[i]) - float64(float64(mean[p])*a))
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

// plainActivation returns the activations that have no vector kernel, nil for
// SiLU and none.
func plainActivation(name string) func(float32) float32 {
	switch name {
	case "relu":
		return func(x float32) float32 { return max(x, 0) }
	case "gelu": // x·Φ(x), Hendrycks and Gimpel, arXiv:1606.08415
		return func(x float32) float32 {
			return float32(0.5 * float64(x) * (1 + portable.Erf(float64(x)*math.Sqrt2/2)))
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
