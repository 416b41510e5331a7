package layers

import "math"

// Norm is group normalisation (Wu and He, arXiv:1803.08494), then a block's
// modulation, then an activation:
//
//	y = act(((x − μ)/√(σ² + Eps)·γ + β)·(1 + scale) + shift)
//
// with mean μ and variance σ² of each group of channels, γ of Name.weight and β
// of Name.bias, [channels].
type Norm struct {
	Name   string
	Groups int // they divide the channels
	Eps    float64
	Act    string     // one of Functions, or ""
	By     Modulation // its scale and shift; the zero value is none

	// Also is added to x's gradient on the way back: that of a shortcut around
	// this layer. It may be x's own Grad.
	Also []float32
}

// moments are the statistics of a picture, by physical channel.
type moments struct {
	mean, scale, shift []float32 // the layer is x·scale + shift
	precision          []float64 // 1/(σ² + Eps) of each group
}

func (c *Compiler) newMoments(channels, groups int) moments {
	c.program.Bytes += 8 * groups
	return moments{c.Floats(channels), c.Floats(channels), c.Floats(channels),
		make([]float64, groups)}
}

// groupNorm is a normalisation with its tensors.
type groupNorm struct {
	p           *Program
	x           *Plane
	groups      int
	eps         float64
	gamma, beta []float32 // [channels]
	place       []int     // [channels] physical place of each
	moments     *moments  // own with gradients, else the program's
}

// Norm adds a normalisation from x to y. With gradients the activation must be
// SiLU, a modulation is not possible, and the way back uses up the gradient of y.
func (c *Compiler) Norm(n Norm, x *Plane, y Target) {
	ch, k := x.Ch.Count(), x.Ch.Physical()
	if n.Groups < 1 || ch%n.Groups != 0 {
		panic("layers: groups that do not divide the channels")
	}
	g := &groupNorm{p: c.program, x: x, groups: n.Groups, eps: n.Eps}
	g.moments = &c.program.shared.moments
	g.gamma, g.beta = c.Tensor(n.Name+".weight", ch), c.Tensor(n.Name+".bias", ch)
	for place, channel := range x.Ch.Places() {
		if channel >= 0 {
			g.place = append(g.place, place)
		}
	}
	grow(&c.size.moments, k)
	p, silu, plain := c.program, isSiLU(n.Act), c.function(n.Act)
	s := Step{Name: n.Name, Run: func(batch int) {
		items, _ := p.distinct(batch, y.shared())
		for item := range items {
			in, out := x.Item(item), y.Item(item)
			g.look(in)
			scale, shift := g.moments.scale[:k], g.moments.shift[:k]
			n.By.apply(item, scale, shift)
			p.kernels.Affine(in, x.Geometry(), out, y.Geometry(), x.H, x.W, k, scale, shift, silu)
			if plain != nil {
				plain(out, y.Geometry(), x.H, x.W, k)
			}
		}
	}}
	if c.Gradient {
		if !silu || !n.By.none() || x.Pixel != k {
			c.forwardOnly()
		}
		own := c.newMoments(k, n.Groups)
		g.moments = &own
		s.Back = func() { g.back(y.gradient(), n.Also) }
	}
	c.Add(s)
}

// look finds the moments: x·scale + shift has mean β and deviation γ in every
// group. Two passes: the mean, then the squares about it.
func (g *groupNorm) look(in []float32) {
	x, k, pixels, m := g.x, g.x.Ch.Physical(), g.x.H*g.x.W, g.moments
	sums, mean, scale, shift := g.p.shared.sums[:k], m.mean[:k], m.scale[:k], m.shift[:k]
	per := len(g.place) / g.groups
	count := float64(per * pixels)
	clear(mean)
	clear(scale)
	clear(shift)
	g.p.kernels.ChannelSums(in, x.Pixel, pixels, k, nil, sums)
	for i := range g.groups {
		places := g.place[i*per : (i+1)*per]
		mu := float32(total(sums, places) / count)
		for _, p := range places {
			mean[p] = mu
		}
	}
	g.p.kernels.ChannelSums(in, x.Pixel, pixels, k, mean, sums)
	for i := range g.groups {
		places := g.place[i*per : (i+1)*per]
		variance := total(sums, places)/count + g.eps
		m.precision[i] = 1 / variance
		r := 1 / math.Sqrt(variance)
		for j, p := range places {
			a := float64(g.gamma[i*per+j]) * r
			scale[p] = float32(a)
			shift[p] = float32(float64(g.beta[i*per+j]) - float64(float64(mean[p])*a))
		}
	}
}

// total is the sum over a group's places.
func total(sums []float32, places []int) (s float64) {
	for _, p := range places {
		s += float64(sums[p])
	}
	return s
}

// back writes x's gradient: that of the layer plus also, unless it is nil. dy,
// the gradient of the output, is overwritten.
//
// With a = γ/σ and e = dy·silu'·a the layer's is
//
//	dx = e − ⟨e⟩ − (x−μ)·⟨e·(x−μ)⟩/σ²,
//
// ⟨⟩ being the mean over the group: linear in x with two numbers for each
// channel.
func (g *groupNorm) back(dy, also []float32) {
	x, k, pixels, m, b := g.x, g.x.Ch.Physical(), g.x.H*g.x.W, g.moments, &g.p.shared
	sums, dots, slopes, levels := b.sums[:k], b.dots[:k], b.p[:k], b.q[:k]
	per := len(g.place) / g.groups
	count := float64(per * pixels)
	e := dy
	g.p.kernels.SiLUGradient(x.Data, dy, e, pixels, k, m.scale, m.shift)
	g.p.kernels.ChannelSums(e, k, pixels, k, nil, sums)
	g.p.kernels.ChannelDots(x.Data, e, pixels, k, m.mean, dots)
	clear(slopes)
	clear(levels)
	for i := range g.groups {
		places := g.place[i*per : (i+1)*per]
		slope := -float64(m.precision[i] * total(dots, places) / count)
		level := total(sums, places) / count
		for _, p := range places {
			slopes[p] = float32(slope)
			levels[p] = float32(-level - float64(float64(m.mean[p])*slope))
		}
	}
	g.p.kernels.NormGradient(x.Data, e, x.Grad, pixels, k, slopes, levels, also)
}
