package classifier

import (
	"math"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// network adds every step, in the order of NoisyClassifier.forward.
func (c *compiler) network() {
	x := c.input()
	for i, ch := range c.BlockOutChannels {
		prefix := "down_blocks." + strconv.Itoa(i)
		for j := range c.LayersPerBlock {
			x = c.resnet(prefix+".resnets."+strconv.Itoa(j), x, ch)
		}
		if i < len(c.BlockOutChannels)-1 {
			x = c.down3(prefix+".downsamplers.0.conv", x)
		}
	}
	c.head(x)
	c.embedding()
}

// input copies the picture to NHWC and runs conv_in; on the way back the
// gradient leaves where the picture came in.
func (c *compiler) input() *plane {
	n := c.Network
	h, w := c.Height, c.Width
	in := c.plane(h, w, c.InChannels)
	c.add("sample", func() {
		for i, v := range n.x {
			in.data[i%(h*w)*in.c+i/(h*w)] = v
		}
	}, func() {
		for i := range n.dx {
			n.dx[i] = in.grad[i%(h*w)*in.c+i/(h*w)]
		}
	})
	x := c.plane(h, w, c.BlockOutChannels[0])
	c.conv3("conv_in", in, x, c.vector("conv_in.bias", x.ch), nil)
	return x
}

// resnet adds a ResnetBlock2D and returns its output:
//
//	y = shortcut(x) + conv2(silu(norm2(conv1(silu(norm1(x))) + temb)))
//
// On the way back the branches meet in norm1, which comes last: to its share of
// x's gradient it adds the shortcut's, which is y's gradient itself or what
// conv_shortcut has made of it.
func (c *compiler) resnet(name string, x *plane, out int) *plane {
	a := c.plane(x.h, x.w, x.ch)
	hidden, b, y := c.plane(x.h, x.w, out), c.plane(x.h, x.w, out), c.plane(x.h, x.w, out)
	short, other := x, y.grad
	if out != x.ch {
		short, other = c.plane(x.h, x.w, out), x.grad
		short.grad = y.grad
	}
	c.norm(name+".norm1", x, a, other)
	c.conv3(name+".conv1", a, hidden, c.timeBias(name, out), nil)
	c.norm(name+".norm2", hidden, b, nil)
	if short != x {
		c.conv1(name+".conv_shortcut", x, short)
	}
	c.conv3(name+".conv2", b, y, c.vector(name+".conv2.bias", out), short)
	return y
}

// head is conv_norm_out, SiLU, the mean over all pixels and the linear layer.
func (c *compiler) head(x *plane) {
	n := c.Network
	a := c.plane(x.h, x.w, x.ch)
	c.norm("conv_norm_out", x, a, nil)
	mean := c.plane(1, 1, x.ch)
	inverse := 1 / float32(x.pixels())
	c.add("mean", func() {
		n.k.ChannelSums(a.data, a.c, a.pixels(), a.c, nil, mean.data)
		for i := range mean.data {
			mean.data[i] *= inverse
		}
	}, func() {
		for i := range mean.grad {
			mean.grad[i] *= inverse
		}
		for p := range a.pixels() {
			copy(a.grad[p*a.c:], mean.grad)
		}
	})
	n.logits = c.plane(1, 1, c.Classes)
	w, bias := c.tensor("classifier.weight", c.Classes, x.ch), c.vector("classifier.bias", c.Classes)
	c.product("classifier", mean, n.logits, w, bias)
}

// projection is what a block makes of the time embedding: [outputs][width] and
// [outputs], the bias of the convolution that it is added to included.
type projection struct {
	w, b []float32
	out  int
}

// timeBias registers a block's time_emb_proj and returns the place of its
// output, which holds conv1's bias as well.
func (c *compiler) timeBias(name string, out int) []float32 {
	p := projection{out: out}
	p.w = c.tensor(name+".time_emb_proj.weight", out, c.TimeEmbeddingDim)
	p.b = c.tensor(name+".time_emb_proj.bias", out)
	for i, v := range c.tensor(name+".conv1.bias", out) {
		p.b[i] += v
	}
	c.times = append(c.times, p)
	if c.modulation == nil { // one buffer, whose size is bounded by the config
		total := 0
		for _, ch := range c.BlockOutChannels {
			total += c.LayersPerBlock * kernels.Padded(ch)
		}
		c.modulation = make([]float32, total)
	}
	at := 0
	for _, t := range c.times[:len(c.times)-1] {
		at += kernels.Padded(t.out)
	}
	return c.modulation[at : at+kernels.Padded(out)]
}

// embedding puts the step that turns the timestep into modulation in front of
// all others. It does not depend on x and has no way back.
func (c *compiler) embedding() {
	n, d := c.Network, c.TimeEmbeddingDim
	wide := kernels.Padded(d)
	square := func(name string) (w, b []float32) {
		m := c.tensor(name+".weight", d, d)
		return kernels.PackPanels(m, 1, offsets(d, 1), offsets(d, d)), c.vector(name+".bias", d)
	}
	w1, b1 := square("time_embedding.linear_1")
	w2, b2 := square("time_embedding.linear_2")
	width := len(c.modulation)
	offset := make([]float32, width)
	var m []float32 // the blocks' matrices, one after another
	var rows []int  // where each place has its row in m
	for _, t := range c.times {
		copy(offset[len(rows):], t.b)
		for _, row := range offsets(t.out, d) {
			if row >= 0 {
				row += len(m)
			}
			rows = append(rows, row)
		}
		m = append(m, t.w...)
	}
	w3 := kernels.PackPanels(m, 1, offsets(d, 1), rows)
	frequencies := make([]float32, d/2) // 10000^(−2i/d), Vaswani et al., section 3.5
	for i := range frequencies {
		a := float32(-portable.Log(10000)) * float32(i) / float32(d/2)
		frequencies[i] = float32(portable.Exp(float64(a)))
	}
	waves, hidden, emb := make([]float32, wide), make([]float32, wide), make([]float32, wide)
	one, zero := make([]float32, wide), make([]float32, wide)
	for i := range one {
		one[i] = 1
	}
	line := kernels.Geometry{Row: wide, Pixel: wide}
	c.steps = append([]step{{name: "time_embedding", forward: func() {
		for i, f := range frequencies {
			s, co := portable.Sincos(float64(float32(n.timestep * f)))
			waves[i], waves[d/2+i] = float32(co), float32(s)
		}
		n.k.Gemm(1, wide, wide, waves, wide, w1, hidden, wide, b1, nil, 0)
		n.k.Affine(hidden, line, hidden, line, 1, 1, wide, one, zero, true)
		n.k.Gemm(1, wide, wide, hidden, wide, w2, emb, wide, b2, nil, 0)
		n.k.Affine(emb, line, emb, line, 1, 1, wide, one, zero, true)
		n.k.Gemm(1, width, wide, emb, wide, w3, n.modulation, width, offset, nil, 0)
	}}}, c.steps...)
	grow(&c.size.channels, wide)
}

// norm adds group normalisation (Wu and He, arXiv:1803.08494) and SiLU from x
// to y. On the way back it writes x's gradient, the sum of its own and, unless
// it is nil, other, which may be x's.
//
// With a = γ/σ and e = dy·silu'·a the gradient is
//
//	dx = e − ⟨e⟩ − (x−μ)·⟨e·(x−μ)⟩/σ²,
//
// ⟨⟩ being the mean over the group: linear in x with two numbers for each
// channel.
func (c *compiler) norm(name string, x, y *plane, other []float32) {
	n, k, pixels := c.Network, x.c, x.pixels()
	gamma, beta := c.tensor(name+".weight", x.ch), c.tensor(name+".bias", x.ch)
	groups := c.NormGroups
	per := x.ch / groups
	count := float64(per * pixels)
	mean, scale, shift := make([]float32, k), make([]float32, k), make([]float32, k)
	precision := make([]float64, groups) // 1/σ²
	all := kernels.Geometry{Row: x.w * k, Pixel: k}
	c.add(name, func() {
		sums := n.sums[:k]
		n.k.ChannelSums(x.data, k, pixels, k, nil, sums)
		for g := range groups {
			m := float32(total(sums, g, per) / count)
			for i := g * per; i < (g+1)*per; i++ {
				mean[i] = m
			}
		}
		n.k.ChannelSums(x.data, k, pixels, k, mean, sums)
		for g := range groups {
			variance := total(sums, g, per)/count + c.NormEps
			precision[g] = 1 / variance
			r := 1 / math.Sqrt(variance)
			for i := g * per; i < (g+1)*per; i++ {
				a := float64(gamma[i]) * r
				scale[i] = float32(a)
				shift[i] = float32(float64(beta[i]) - float64(float64(mean[i])*a))
			}
		}
		n.k.Affine(x.data, all, y.data, all, x.h, x.w, k, scale, shift, true)
	}, func() {
		sums, dots, p, q, e := n.sums[:k], n.dots[:k], n.p[:k], n.q[:k], n.e[:pixels*k]
		n.k.SiLUGradient(x.data, y.grad, e, pixels, k, scale, shift)
		n.k.ChannelSums(e, k, pixels, k, nil, sums)
		n.k.ChannelDots(x.data, e, pixels, k, mean, dots)
		clear(p)
		clear(q)
		for g := range groups {
			slope := -float64(precision[g] * total(dots, g, per) / count)
			level := total(sums, g, per) / count
			for i := g * per; i < (g+1)*per; i++ {
				p[i] = float32(slope)
				q[i] = float32(-level - float64(float64(mean[i])*slope))
			}
		}
		n.k.NormGradient(x.data, e, x.grad, pixels, k, p, q, other)
	})
}

// total adds up group g of per channels each.
func total(sums []float32, g, per int) (s float64) {
	for _, v := range sums[g*per : (g+1)*per] {
		s += float64(v)
	}
	return s
}
