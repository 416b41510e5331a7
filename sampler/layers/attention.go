package layers

import "tweedie/sampler/kernels"

const (
	// queryBlock is the number of rows of the attention matrix that are
	// computed at a time.
	queryBlock = 32
	// valueBlock is the number of pixels that are multiplied by all panels of
	// the values' weights while they stay in the first-level cache.
	valueBlock = 32
)

// Attention is self-attention over the pixels of a picture (Vaswani et al.,
// arXiv:1706.03762, equation 1): softmax(q kᵀ) v in every head. Its projections
// lead from x to the heads' channels; q holds the factor 1/√d.
type Attention struct {
	Q, K, V Linear
	Heads   Channels // one part for each head, all of one width
}

// Attention adds the layer from x to dst, whose channels are those of the heads.
func (c *Compiler) Attention(name string, n Attention, x, dst *Plane) {
	c.forwardOnly()
	a := &attend{
		Attention: n, p: c.program, x: x, out: dst,
		pixels: x.H * x.W, keys: kernels.Padded(x.H * x.W),
		in: x.Ch.Physical(), width: n.Heads.Physical(), depth: kernels.Padded(n.Heads[0]),
	}
	grow(&c.size.q, 2*a.pixels*a.width)
	grow(&c.size.keys, a.keys*a.depth)
	grow(&c.size.values, a.keys*a.depth)
	grow(&c.size.scores, queryBlock*a.keys)
	grow(&c.size.constants, max(a.keys, a.depth))
	// The three projections, the scores and the mixture.
	inner := n.Heads.Count()
	macs := 3*a.pixels*x.Ch.Count()*inner + 2*a.pixels*a.pixels*inner
	c.Add(Step{Name: name, MultiplyAdds: macs, Run: a.run})
}

// attend is a compiled attention.
type attend struct {
	Attention
	p                *Program
	x, out           *Plane
	pixels, keys     int // keys: pixels, padded
	in, width, depth int // physical channels of x, of all heads, of one head
}

func (a *attend) run(batch int) {
	b := &a.p.shared
	q := b.qk[:a.pixels*a.width]
	k := b.qk[a.pixels*a.width : 2*a.pixels*a.width]
	for item := range batch {
		x := a.x.Item(item)
		a.project(a.Q, x, q)
		a.project(a.K, x, k)
		for head := range a.Heads {
			first := head * a.depth
			a.packKeys(b.keys, k[first:])
			a.packValues(b.values[:a.keys*a.depth], x, first)
			a.mix(q[first:], a.out.Item(item)[first:])
		}
	}
}

// project writes a projection of every pixel of x to y, [pixels][width].
func (a *attend) project(l Linear, x, y []float32) {
	a.p.kernels.Gemm(a.pixels, a.width, a.in, x, a.x.Pixel, l.weight, y, a.width, l.bias, nil, 0)
}

// packKeys lays out one head's kᵀ, [depth][keys], as panels of eight keys; keys
// past the last pixel are zero.
func (a *attend) packKeys(panels, k []float32) {
	for p := range a.keys {
		to := panels[p/kernels.Lanes*kernels.Lanes*a.depth+p%kernels.Lanes:]
		if p >= a.pixels {
			for l := range a.depth {
				to[l*kernels.Lanes] = 0
			}
			continue
		}
		for l, v := range k[p*a.width : p*a.width+a.depth] {
			to[l*kernels.Lanes] = v
		}
	}
}

// packValues projects the values of the head whose channels begin at first
// straight into panels, [keys][depth].
func (a *attend) packValues(panels, x []float32, first int) {
	clear(panels)
	for row := 0; row < a.pixels; row += valueBlock {
		rows := min(valueBlock, a.pixels-row)
		for p := 0; p < a.depth; p += kernels.Lanes {
			a.p.kernels.Gemm(rows, kernels.Lanes, a.in, x[row*a.x.Pixel:], a.x.Pixel,
				a.V.weight[(first+p)*a.in:], panels[p*a.keys+row*kernels.Lanes:], kernels.Lanes,
				a.V.bias[first+p:], nil, 0)
		}
	}
}

// mix writes softmax(q kᵀ) v of one head.
func (a *attend) mix(q, out []float32) {
	b, run := &a.p.shared, a.p.kernels
	for row := 0; row < a.pixels; row += queryBlock {
		rows := min(queryBlock, a.pixels-row)
		run.Gemm(rows, a.keys, a.depth, q[row*a.width:], a.width, b.keys, b.scores, a.keys,
			b.zeros, nil, 0)
		run.Softmax(b.scores, rows, a.pixels, a.keys)
		run.Gemm(rows, a.depth, a.keys, b.scores, a.keys, b.values[:a.keys*a.depth],
			out[row*a.out.Pixel:], a.out.Pixel, b.zeros, nil, 0)
	}
}
