package unet

import (
	"math"

	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// modulation is a resnet block's share of Network.modulation: what the time
// embedding adds to its first convolution or, with scale_shift, how it scales
// and shifts its second normalisation.
type modulation struct {
	w, b  []float32 // [outputs][time embedding], [outputs]
	width channels
}

// timeBias registers the block's time_emb_proj. It returns the bias of conv1,
// which holds the embedding's share unless the block is modulated, and the
// place of the modulation or unmodulated.
func (c *compiler) timeBias(name string, out channels) (first bias, modulated int) {
	conv := c.tensor(name+".conv1.bias", out.count())
	at := c.net.modulationWidth
	m := modulation{width: out}
	if c.ResnetTimeScaleShift == "scale_shift" {
		m.width = channels{out.count(), out.count()}
	}
	m.w = c.tensor(name+".time_emb_proj.weight", m.width.count(), c.TimeEmbeddingDim)
	m.b = c.tensor(name+".time_emb_proj.bias", m.width.count())
	c.modulations = append(c.modulations, m)
	c.net.modulationWidth += m.width.physical()
	if c.ResnetTimeScaleShift == "scale_shift" {
		return fixed(spread(conv, out)), at
	}
	for i := range conv {
		m.b[i] += conv[i]
	}
	n := c.net
	return func() ([]float32, int) { return n.modulation[at:], n.modulationWidth }, unmodulated
}

// embedding puts the steps that turn timestep and class into
// Network.modulation in front of all others.
func (c *compiler) embedding() {
	body := c.net.steps
	c.net.steps = nil
	first := c.BlockOutChannels[0]
	proj := channels{first}
	if c.TimeEmbeddingType == "fourier" {
		proj = channels{2 * first}
	}
	project := c.timeProjection(first)
	wide := channels{c.TimeEmbeddingDim}
	emb := make([]float32, c.batch*wide.physical())
	c.perceptron("time_embedding", proj, wide, emb, nil, func(it *Item, out []float32) { project(it.Timestep, out) })
	c.class(proj, wide, emb, project)
	c.modulate(wide, emb)
	c.net.steps = append(c.net.steps, body...)
}

// timeProjection returns the function that spreads a timestep over out.
func (c *compiler) timeProjection(first int) func(t float32, out []float32) {
	half := first / 2
	switch c.TimeEmbeddingType {
	case "learned":
		table, rows := c.tensor("time_proj.weight", c.NumTrainTimesteps, first), c.NumTrainTimesteps
		return func(t float32, out []float32) {
			row := min(max(int(t), 0), rows-1)
			copy(out, table[row*first:(row+1)*first])
		}
	case "fourier": // random features of log t, Song et al., arXiv:2011.13456, appendix C
		w := c.tensor("time_proj.weight", first)
		return func(t float32, out []float32) {
			x := float32(portable.Log(float64(t)))
			for i, f := range w {
				a := float32(float32(float32(x*f)*2) * math.Pi)
				s, co := portable.Sincos(float64(a))
				out[i], out[first+i] = float32(s), float32(co)
			}
		}
	}
	freqs := make([]float32, half) // 10000^(−i/(half−shift)), Vaswani et al., section 3.5
	for i := range freqs {
		a := float32(-portable.Log(10000)) * float32(i) / float32(half-c.FreqShift)
		freqs[i] = float32(portable.Exp(float64(a)))
	}
	return func(t float32, out []float32) {
		for i, f := range freqs {
			s, co := portable.Sincos(float64(float32(t * f)))
			if c.FlipSinToCos {
				s, co = co, s
			}
			out[i], out[half+i] = float32(s), float32(co)
		}
	}
}

// perceptron is TimestepEmbedding: linear, SiLU, linear of what fill writes;
// the result goes to emb, added to add unless that is nil.
func (c *compiler) perceptron(name string, in, wide channels, emb, add []float32, fill func(it *Item, out []float32)) {
	n := c.net
	k, d := in.physical(), wide.physical()
	w1 := c.linear(name+".linear_1.weight", in, wide, 1)
	b1 := c.vector(name+".linear_1.bias", wide)
	w2 := c.linear(name+".linear_2.weight", wide, wide, 1)
	b2 := c.vector(name+".linear_2.bias", wide)
	x, hidden := make([]float32, c.batch*k), make([]float32, c.batch*d)
	one := filled(d, 1)
	zero := make([]float32, d)
	c.add(name, 0, func(batch int) {
		for item := range batch {
			fill(&n.items[item], x[item*k:(item+1)*k])
		}
		n.k.Gemm(batch, d, k, x, k, w1, hidden, d, b1, nil, 0)
		line := kernels.Geometry{Row: d, Pixel: d}
		n.k.Affine(hidden, line, hidden, line, batch, 1, d, one, zero, true)
		n.k.Gemm(batch, d, d, hidden, d, w2, emb, d, b2, add, d)
	})
}

func filled(n int, v float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// class adds the class embedding to emb.
func (c *compiler) class(proj, wide channels, emb []float32, project func(float32, []float32)) {
	n := c.net
	d, ed := wide.physical(), c.TimeEmbeddingDim
	switch {
	case c.ClassEmbedType == "timestep":
		sum := make([]float32, len(emb))
		c.perceptron("class_embedding", proj, wide, sum, emb, func(it *Item, out []float32) { project(it.ClassNumber, out) })
		c.add("class_embedding", 0, func(batch int) { copy(emb, sum[:batch*d]) })
	case c.ClassEmbedType == "identity":
		c.add("class_embedding", 0, func(batch int) {
			for item := range batch {
				for i, v := range n.items[item].ClassVector[:ed] {
					emb[item*d+i] += v
				}
			}
		})
	case c.NumClassEmbeds > 0:
		table := c.tensor("class_embedding.weight", c.NumClassEmbeds, ed)
		c.add("class_embedding", 0, func(batch int) {
			for item := range batch {
				row := n.items[item].Class
				if row == NoClass {
					continue
				}
				for i, v := range table[row*ed : (row+1)*ed] {
					emb[item*d+i] += v
				}
			}
		})
	}
}

// modulate is act(emb) through every block's time_emb_proj in one product.
func (c *compiler) modulate(wide channels, emb []float32) {
	n := c.net
	var all channels
	var w, b []float32
	for _, m := range c.modulations {
		all = append(all, m.width...)
		w, b = append(w, m.w...), append(b, m.b...)
	}
	packed, offset := c.packed(w, wide, all, 1), spread(b, all)
	c.modulations = nil
	k, d := wide.physical(), all.physical()
	n.modulation = make([]float32, c.batch*d)
	one, zero := filled(k, 1), make([]float32, k)
	other := plainActivation(c.ActFn)
	c.add("time_emb_proj", 0, func(batch int) {
		line := kernels.Geometry{Row: k, Pixel: k}
		n.k.Affine(emb, line, emb, line, batch, 1, k, one, zero, other == nil)
		if other != nil {
			apply(other, emb, line, batch, 1, k)
		}
		n.k.Gemm(batch, d, k, emb, k, packed, n.modulation, d, offset, nil, 0)
	})
}
