package unet

import (
	"math"

	"tweedie/sampler/kernels"
)

const (
	// queryBlock is how many rows of the attention matrix are made at a time.
	queryBlock = 32
	// valueBlock is how many pixels pass by all panels of the values' weights
	// while they stay in the first-level cache.
	valueBlock = 32
)

// attention adds self-attention over the pixels of x (Vaswani et al.,
// arXiv:1706.03762, equation 1) to dst:
//
//	dst = (x + out(softmax(q kᵀ/√d) v)) / scale, with q, k, v of norm(x)
//
// in channels/headDim heads; headDim 0 is one head, groups 0 no norm.
func (c *compiler) attention(name string, x, dst *plane, groups, headDim int, scale float64) {
	ch := x.ch.count()
	if headDim == 0 {
		headDim = ch
	}
	heads := ch / headDim
	if heads < 1 || heads*headDim != ch {
		panic(loadError{&ConfigError{"attention_head_dim", "does not divide the channels of " + name}})
	}
	split := make(channels, heads)
	for i := range split {
		split[i] = headDim
	}
	normed := x
	if groups > 0 {
		normed = c.plane(x.h, x.w, x.ch)
		c.norm(name+".group_norm", x, into(normed), groups, "", unmodulated)
	}
	factor := float32(1 / math.Sqrt(float64(headDim)))
	a := &attend{
		n: c.net, x: normed, heads: heads,
		pixels: x.h * x.w, keys: kernels.Padded(x.h * x.w),
		in: x.ch.physical(), width: split.physical(), depth: kernels.Padded(headDim),
	}
	a.wq, a.bq = c.projection(name+".to_q", x.ch, split, factor)
	a.wk, a.bk = c.projection(name+".to_k", x.ch, split, 1)
	a.wv, a.bv = c.projection(name+".to_v", x.ch, split, 1)
	a.scratch(&c.size)
	mixed := c.plane(x.h, x.w, split)
	a.out = mixed
	c.add(name, a.macs(), a.run)
	if groups > 0 {
		c.free(normed)
	}
	w := c.linear(name+".to_out.0.weight", split, x.ch, 1)
	c.conv1(name+".to_out", w, mixed, dst, c.vector(name+".to_out.0.bias", x.ch), x)
	c.free(mixed)
	c.divide(name, dst, scale)
}

// projection packs one of the three input layers, times factor.
func (c *compiler) projection(name string, in, out channels, factor float32) (w, b []float32) {
	w = c.linear(name+".weight", in, out, factor)
	b = c.vector(name+".bias", out)
	for i := range b {
		b[i] *= factor
	}
	return w, b
}

// attend is the step between the projections and the output layer.
type attend struct {
	n                      *Network
	x, out                 *plane
	heads                  int
	pixels, keys           int // keys: pixels, padded
	in, width, depth       int // channels of x, of all heads, of one head, padded
	wq, wk, wv, bq, bk, bv []float32
}

func (a *attend) scratch(s *scratch) {
	grow(&s.q, 2*a.pixels*a.width)
	grow(&s.k8, a.keys*a.depth)
	grow(&s.v8, a.keys*a.depth)
	grow(&s.scores, queryBlock*a.keys)
	grow(&s.width, max(a.keys, a.depth))
}

// macs counts the three projections, the scores and the mixture.
func (a *attend) macs() int {
	c := a.x.ch.count()
	return a.pixels*c*3*c + 2*a.pixels*a.pixels*c
}

func (a *attend) run(batch int) {
	n := a.n
	q := n.q[:a.pixels*a.width]
	k := n.q[a.pixels*a.width : 2*a.pixels*a.width]
	values := n.v8[:a.keys*a.depth]
	for item := range batch {
		x := a.x.data[item*a.x.image():]
		n.k.Gemm(a.pixels, a.width, a.in, x, a.x.pixel, a.wq, q, a.width, a.bq, nil, 0)
		n.k.Gemm(a.pixels, a.width, a.in, x, a.x.pixel, a.wk, k, a.width, a.bk, nil, 0)
		for head := range a.heads {
			first := head * a.depth
			packKeys(n.k8, k[first:], a.pixels, a.keys, a.width, a.depth)
			clear(values)
			for row := 0; row < a.pixels; row += valueBlock { // v, straight into panels
				rows := min(valueBlock, a.pixels-row)
				for p := 0; p < a.depth; p += kernels.Lanes {
					n.k.Gemm(rows, kernels.Lanes, a.in, x[row*a.x.pixel:], a.x.pixel, a.wv[(first+p)*a.in:], values[p*a.keys+row*kernels.Lanes:], kernels.Lanes, a.bv[first+p:], nil, 0)
				}
			}
			out := a.out.data[item*a.out.image()+first:]
			for row := 0; row < a.pixels; row += queryBlock {
				rows := min(queryBlock, a.pixels-row)
				n.k.Gemm(rows, a.keys, a.depth, q[row*a.width+first:], a.width, n.k8, n.scores, a.keys, n.zeros, nil, 0)
				n.k.Softmax(n.scores, rows, a.pixels, a.keys)
				n.k.Gemm(rows, a.depth, a.keys, n.scores, a.keys, values, out[row*a.out.pixel:], a.out.pixel, n.zeros, nil, 0)
			}
		}
	}
}

// packKeys lays out kᵀ, depth×keys, as panels of eight keys; keys past the
// last pixel are zero.
func packKeys(panels, k []float32, pixels, keys, width, depth int) {
	for p := range keys {
		to := panels[p/kernels.Lanes*kernels.Lanes*depth+p%kernels.Lanes:]
		if p >= pixels {
			for l := range depth {
				to[l*kernels.Lanes] = 0
			}
			continue
		}
		for l, v := range k[p*width : p*width+depth] {
			to[l*kernels.Lanes] = v
		}
	}
}
