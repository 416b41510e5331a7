package layers

import "tweedie/sampler/kernels"

// LinearAttention adds attention whose time grows with the number of pixels, not with its square
// (Shen et al., arXiv:1812.01243): in every head
//
//	dst = softmax(q)·(softmax(k)ᵀ v)
//
// with q's softmax over the channels of a pixel, and k's over the pixels and the memory of each
// channel. v and the memory's values hold the factor 1/√d. dst has the channels of the heads.
func (c *Compiler) LinearAttention(name string, n Attention, x, dst *Plane) {
	a := linearAttend{c.attend(n, x, dst)}
	grow(&c.size.scores, a.depth*a.depth)
	inner := n.Heads.Count()
	macs := 3*a.pixels*x.Ch.Count()*inner + (a.seen+a.pixels)*inner*n.Heads[0]
	c.Add(Step{Name: name, MultiplyAdds: macs, Run: a.run})
}

type linearAttend struct{ *attend }

func (a linearAttend) run(batch int) {
	b, run := &a.p.shared, a.p.kernels
	q := b.qk[:a.pixels*a.width]
	k := b.qk[a.pixels*a.width : 2*a.pixels*a.width]
	values, context := b.values[:a.keys*a.depth], b.scores[:a.depth*a.depth]
	for item := range batch {
		x, out := a.x.Item(item), a.out.Item(item)
		a.project(a.Q, x, q)
		a.project(a.K, x, k)
		run.Softmax(q, a.pixels*len(a.Heads), a.Heads[0], a.depth)
		for head, width := range a.Heads {
			a.turnKeys(b.keys, k, head)
			run.Softmax(b.keys, width, a.seen, a.keys)
			a.packValues(values, x, head)
			clear(context)
			for p := 0; p < a.depth; p += kernels.Lanes {
				run.Gemm(width, kernels.Lanes, a.keys, b.keys, a.keys, values[p*a.keys:],
					context[p*a.depth:], kernels.Lanes, b.zeros, nil, 0)
			}
			run.Gemm(a.pixels, a.depth, a.depth, q[head*a.depth:], a.width, context,
				out[head*a.depth:], a.out.Pixel, b.zeros, nil, 0)
		}
	}
}

// turnKeys writes one head's keys channel by channel: rows, [width][keys].
func (a linearAttend) turnKeys(rows, k []float32, head int) {
	for p := range a.seen {
		for l, v := range a.key(k, head, p)[:a.Heads[head]] {
			rows[l*a.keys+p] = v
		}
	}
}
