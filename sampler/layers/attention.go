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
	Memory  Memory   // the zero value is none
}

// Memory is keys and values that do not depend on the picture. They stand behind those of the
// pixels.
type Memory struct {
	count        int       // in each head
	keys, values []float32 // [heads][count][physical width]
}

// Memory returns the keys and values of the tensor name: [2, heads, count, width], or with the
// last two exchanged [2, heads, width, count]. The values are taken times factor.
func (c *Compiler) Memory(
	name string, heads Channels, count int, exchanged bool, factor float32,
) Memory {
	n, width, depth := len(heads), heads[0], kernels.Padded(heads[0])
	m := Memory{count, c.Floats(n * count * depth), c.Floats(n * count * depth)}
	shape, entry, channel := []int{2, n, count, width}, width, 1
	if exchanged {
		shape, entry, channel = []int{2, n, width, count}, 1, count
	}
	t := c.Passing(name, shape...)
	for i := range n * count {
		for j := range width {
			at := i/count*count*width + i%count*entry + j*channel
			m.keys[i*depth+j] = t[at]
			m.values[i*depth+j] = t[n*count*width+at] * factor
		}
	}
	return m
}

// Attention adds the layer from x to dst, whose channels are those of the heads.
func (c *Compiler) Attention(name string, n Attention, x, dst *Plane) {
	a := c.attend(n, x, dst)
	grow(&c.size.scores, queryBlock*a.keys)
	// The three projections, the scores and the mixture.
	inner := n.Heads.Count()
	macs := 3*a.pixels*x.Ch.Count()*inner + 2*a.pixels*a.seen*inner
	c.Add(Step{Name: name, MultiplyAdds: macs, Run: a.run})
}

// attend is a compiled attention.
type attend struct {
	Attention
	p                  *Program
	x, out             *Plane
	pixels, seen, keys int // seen: pixels and memory; keys: the same, padded
	in, width, depth   int // physical channels of x, of all heads, of one head
}

// attend prepares an attention and its buffers.
func (c *Compiler) attend(n Attention, x, dst *Plane) *attend {
	c.forwardOnly()
	a := &attend{
		Attention: n, p: c.program, x: x, out: dst,
		pixels: x.H * x.W, seen: x.H*x.W + n.Memory.count,
		in: x.Ch.Physical(), width: n.Heads.Physical(), depth: kernels.Padded(n.Heads[0]),
	}
	a.keys = kernels.Padded(a.seen)
	grow(&c.size.q, 2*a.pixels*a.width)
	grow(&c.size.keys, a.keys*a.depth)
	grow(&c.size.values, a.keys*a.depth)
	grow(&c.size.constants, max(a.keys, a.depth))
	return a
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
			a.packKeys(b.keys, k, head)
			a.packValues(b.values[:a.keys*a.depth], x, head)
			a.mix(q[head*a.depth:], a.out.Item(item)[head*a.depth:])
		}
	}
}

// project writes a projection of every pixel of x to y, [pixels][width].
func (a *attend) project(l Linear, x, y []float32) {
	a.p.kernels.Gemm(a.pixels, a.width, a.in, x, a.x.Pixel, l.weight, y, a.width, l.bias, nil, 0)
}

// key returns key i of a head, [depth]: that of a pixel, of the memory, or nil. k: [pixels][width].
func (a *attend) key(k []float32, head, i int) []float32 {
	switch {
	case i < a.pixels:
		return k[i*a.width+head*a.depth:][:a.depth]
	case i < a.seen:
		return a.Memory.keys[(head*a.Memory.count+i-a.pixels)*a.depth:][:a.depth]
	}
	return nil
}

// packKeys lays out one head's kᵀ, [depth][keys], as panels of eight keys; keys
// past the last are zero.
func (a *attend) packKeys(panels, k []float32, head int) {
	whole := a.pixels &^ (kernels.Lanes - 1)
	for p := 0; p < whole; p += kernels.Lanes {
		turn8(panels[p*a.depth:], k[p*a.width+head*a.depth:], a.width, a.depth)
	}
	for p := whole; p < a.keys; p++ {
		to := panels[p/kernels.Lanes*kernels.Lanes*a.depth+p%kernels.Lanes:]
		key := a.key(k, head, p)
		if key == nil {
			for l := range a.depth {
				to[l*kernels.Lanes] = 0
			}
			continue
		}
		for l, v := range key {
			to[l*kernels.Lanes] = v
		}
	}
}

// turn8 writes eight rows of n numbers, ld apart, column by column.
func turn8(to, rows []float32, ld, n int) {
	r0 := rows[:n]
	r1, r2, r3 := rows[ld:][:n], rows[2*ld:][:n], rows[3*ld:][:n]
	r4, r5, r6, r7 := rows[4*ld:][:n], rows[5*ld:][:n], rows[6*ld:][:n], rows[7*ld:][:n]
	for l := range r0 {
		column := (*[kernels.Lanes]float32)(to[l*kernels.Lanes:])
		column[0], column[1], column[2], column[3] = r0[l], r1[l], r2[l], r3[l]
		column[4], column[5], column[6], column[7] = r4[l], r5[l], r6[l], r7[l]
	}
}

// packValues projects the values of a head straight into panels, [keys][depth], and puts those of
// the memory behind them.
func (a *attend) packValues(panels, x []float32, head int) {
	first := head * a.depth
	clear(panels)
	for row := 0; row < a.pixels; row += valueBlock {
		rows := min(valueBlock, a.pixels-row)
		for p := 0; p < a.depth; p += kernels.Lanes {
			a.p.kernels.Gemm(rows, kernels.Lanes, a.in, x[row*a.x.Pixel:], a.x.Pixel,
				a.V.weight[(first+p)*a.in:], panels[p*a.keys+row*kernels.Lanes:], kernels.Lanes,
				a.V.bias[first+p:], nil, 0)
		}
	}
	for i := range a.Memory.count {
		value := a.Memory.values[(head*a.Memory.count+i)*a.depth:][:a.depth]
		for p := 0; p < a.depth; p += kernels.Lanes {
			copy(panels[p*a.keys+(a.pixels+i)*kernels.Lanes:], value[p:p+kernels.Lanes])
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
		run.Softmax(b.scores, rows, a.seen, a.keys)
		run.Gemm(rows, a.depth, a.keys, b.scores, a.keys, b.values[:a.keys*a.depth],
			out[row*a.out.Pixel:], a.out.Pixel, b.zeros, nil, 0)
	}
}
