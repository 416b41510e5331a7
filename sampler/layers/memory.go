package layers

import (
	"errors"
	"strconv"
)

// arena lends buffers and takes them back while the list of steps is made: two
// activations share memory when one is dead before the other lives.
type arena struct{ free []buffer }

// buffer is memory of size floats.
type buffer struct {
	size int
	data []float32 // shorter in a program that is only measured
}

// get returns the smallest free buffer with n floats or more, and whether there is one.
func (a *arena) get(n int) (b buffer, ok bool) {
	best := -1
	for i, b := range a.free {
		if b.size >= n && (best < 0 || b.size < a.free[best].size) {
			best = i
		}
	}
	if best < 0 {
		return b, false
	}
	b = a.free[best]
	a.free = append(a.free[:best], a.free[best+1:]...)
	return b, true
}

func (a *arena) put(b buffer) {
	if b.size > 0 {
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
func (c *Compiler) Floats(n int) []float32 {
	return c.counted(n, func() []float32 { return make([]float32, n) })
}

// counted adds n floats to Program.Bytes and returns those that floats makes. Where the program is
// only measured, nothing is made.
func (c *Compiler) counted(n int, floats func() []float32) []float32 {
	c.program.Bytes += 4 * n
	if c.Kernels == nil {
		return c.blank(n)
	}
	return floats()
}

// scratch is Floats for a buffer of pixels of k floats. One that is only measured has one pixel.
func (c *Compiler) scratch(n, k int) []float32 {
	if c.Kernels == nil {
		c.program.Bytes += 4 * n
		return c.blank(k)
	}
	return c.Floats(n)
}

// maxBlank bounds the buffer of a program that is only measured, in floats.
const maxBlank = 1 << 28

// blank returns n floats that other buffers share: those of a program that never runs.
func (c *Compiler) blank(n int) []float32 {
	if n > maxBlank {
		c.Refuse(errors.New(c.Family + ": one of its layers needs a buffer of " +
			strconv.Itoa(n/1e6*4) + " MB"))
	}
	if n > len(c.blanks) {
		c.blanks = make([]float32, n)
	}
	return c.blanks[:n:n]
}

// share allocates the shared buffers.
func (c *Compiler) share() {
	s, b := &c.size, &c.program.shared
	b.v, b.m = c.scratch(s.v, 0), c.scratch(s.m, 0)
	b.edge, b.cols = c.scratch(s.edge, 0), c.scratch(s.cols, 0)
	b.sums = c.Floats(s.moments)
	if c.Gradient {
		b.dots, b.p, b.q = c.Floats(s.moments), c.Floats(s.moments), c.Floats(s.moments)
	} else {
		b.moments = c.newMoments(s.moments, s.moments)
	}
	b.scores, b.qk = c.scratch(s.scores, 0), c.scratch(s.q, 0)
	b.keys, b.values = c.scratch(s.keys, 0), c.scratch(s.values, 0)
	n := max(s.constants, s.moments)
	b.zeros, b.ones = c.Floats(n), c.Floats(n)
	for i := range b.ones {
		b.ones[i] = 1
	}
}
