package layers

// arena lends buffers and takes them back while the list of steps is made: two
// activations share memory when one is dead before the other lives.
type arena struct{ free [][]float32 }

// get returns the smallest free buffer with n floats or more, or nil.
func (a *arena) get(n int) []float32 {
	best := -1
	for i, b := range a.free {
		if len(b) >= n && (best < 0 || len(b) < len(a.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	b := a.free[best]
	a.free = append(a.free[:best], a.free[best+1:]...)
	return b
}

func (a *arena) put(b []float32) {
	if b != nil {
		a.free = append(a.free, b)
	}
}

// sizes says how large the buffers that all steps share must be, in floats.
type sizes struct {
	v, m, edge, cols, moments, constants, scores, q, keys, values int
}

// grow raises a to at least n.
func grow(a *int, n int) { *a = max(*a, n) }

// shared are the buffers whose contents last for one step.
type shared struct {
	v, m, edge, cols         []float32 // of convolutions
	sums, dots, p, q         []float32 // of normalisations, [channels]
	moments                  moments   // of normalisations without gradients
	scores, qk, keys, values []float32 // of attention
	zeros, ones              []float32 // constants
}

// Floats returns n zeros and counts them.
func (c *Compiler) Floats(n int) []float32 { return c.counted(make([]float32, n)) }

// counted adds a buffer to Program.Bytes.
func (c *Compiler) counted(b []float32) []float32 {
	c.program.Bytes += 4 * len(b)
	return b
}

// share allocates the shared buffers.
func (c *Compiler) share() {
	s, b := &c.size, &c.program.shared
	b.v, b.m, b.edge, b.cols = c.Floats(s.v), c.Floats(s.m), c.Floats(s.edge), c.Floats(s.cols)
	b.sums = c.Floats(s.moments)
	if c.Gradient {
		b.dots, b.p, b.q = c.Floats(s.moments), c.Floats(s.moments), c.Floats(s.moments)
	} else {
		b.moments = c.newMoments(s.moments, s.moments)
	}
	b.scores, b.qk = c.Floats(s.scores), c.Floats(s.q)
	b.keys, b.values = c.Floats(s.keys), c.Floats(s.values)
	n := max(s.constants, s.moments)
	b.zeros, b.ones = c.Floats(n), c.Floats(n)
	for i := range b.ones {
		b.ones[i] = 1
	}
}
