package layers

// Modulations are the values that an embedding, of time and class for example,
// gives to the blocks of a network. Each block has its linear layer behind the
// embedding, and all these layers are evaluated in one step.
type Modulations struct {
	c  *Compiler
	in Channels // of the embedding
	// The weights of the layers so far, packed. In one piece they would be moved whenever one more
	// comes, and WebAssembly would keep the room of every piece before.
	w      [][]float32
	b      []float32 // their biases, one after another
	out    Channels  // their outputs
	values []float32 // [batch][out.Physical()]
}

// Modulation is one block's share, or a plane of 1×1. The zero value is none.
type Modulation struct {
	of    *Modulations
	at    int // its place in an item's values
	plane *Plane
}

// Modulation returns a plane of 1×1 as a modulation: its channels have two parts, the scales and
// behind them the shifts.
func (p *Plane) Modulation() Modulation { return Modulation{plane: p} }

// none says whether nothing is modulated.
func (m Modulation) none() bool { return m.of == nil && m.plane == nil }

// values are those of an item.
func (m Modulation) values(item int) []float32 {
	if m.plane != nil {
		return m.plane.Item(item)
	}
	return m.of.values[item*m.of.out.Physical()+m.at:]
}

// Modulations begins a list for an embedding of channels in.
func (c *Compiler) Modulations(in Channels) *Modulations { return &Modulations{c: c, in: in} }

// Empty says whether no block has a share yet: the steps so far do not depend
// on the embedding.
func (m *Modulations) Empty() bool { return len(m.out) == 0 }

// Add appends a block's layer: name.weight, [outputs, embedding], and
// name.bias, [outputs]. plus, [outputs], is added to its bias; it may be nil.
func (m *Modulations) Add(name string, out Channels, plus []float32) Modulation {
	at := m.out.Physical()
	w := m.c.Passing(name+".weight", out.Count(), m.in.Count())
	m.w = append(m.w, m.c.Pack(w, 1, m.in.Places(), out.Offsets(m.in.Count())))
	first := len(m.b)
	m.b = append(m.b, m.c.Passing(name+".bias", out.Count())...)
	for i, v := range plus {
		m.b[first+i] += v
	}
	m.out = append(m.out, out...)
	return Modulation{of: m, at: at}
}

// Compute adds the step that makes all shares of x, [batch][in.Physical()],
// which is replaced by act(x).
func (m *Modulations) Compute(name string, x []float32, act string) {
	c, p, k, d := m.c, m.c.program, m.in.Physical(), m.out.Physical()
	b, layers := c.Floats(d), m.w
	m.out.spread(b, m.b)
	m.w, m.b = nil, nil
	m.values = c.Floats(c.Batch * d)
	activate := c.activate(act, k)
	c.Add(Step{Name: name, Run: func(batch int) {
		activate(x, batch)
		at := 0
		for _, w := range layers {
			n := len(w) / k
			p.kernels.Gemm(batch, n, k, x, k, w, m.values[at:], d, b[at:], nil, 0)
			at += n
		}
	}})
}

// Bias adds the share to a convolution.
func (m Modulation) Bias() Bias {
	return func() ([]float32, int) { return m.of.values[m.at:], m.of.out.Physical() }
}

// apply scales and shifts a normalisation by item's share, which has two parts:
// the scales and behind them the shifts.
func (m Modulation) apply(item int, scale, shift []float32) {
	if m.none() {
		return
	}
	k := len(scale)
	by := m.values(item)
	for i := range k {
		f := 1 + by[i]
		scale[i] *= f
		shift[i] = float32(shift[i]*f) + by[k+i]
	}
}
