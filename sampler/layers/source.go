package layers

import (
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// TensorError says what is wrong with a tensor of a weights file.
type TensorError struct {
	Family string // Options.Family
	Tensor string // its name
	Reason string // a clause: "has shape [3], wanted [4]"
}

func (e *TensorError) Error() string { return e.Family + ": tensor " + e.Tensor + " " + e.Reason }

// source is the state dict that tensors are taken from.
type source struct {
	file    *weights.File
	used    map[string]bool
	decoded []float32 // the tensor that passes
}

// Tensor returns a tensor, [shape], that stays.
func (c *Compiler) Tensor(name string, shape ...int) []float32 {
	x := c.Passing(name, shape...)
	return c.counted(len(x), func() []float32 { return slices.Clone(x) })
}

// Passing is Tensor whose result lasts until the next tensor is taken: for what
// is packed at once, which is nearly all of a file.
func (c *Compiler) Passing(name string, shape ...int) []float32 {
	s := &c.source
	if c.Asked != nil {
		c.Asked(name, shape)
		n := 1
		for _, d := range shape {
			n *= d
		}
		return c.blank(n)
	}
	if t, ok := s.file.Tensor(name); ok && c.Kernels == nil && slices.Equal(t.Shape, shape) {
		s.used[name] = true
		return c.blank(t.Len())
	}
	if c.Kernels == nil { // of a tensor that does not fit
		_, fault := s.file.Finite(nil, name, shape...)
		c.Refuse(&TensorError{c.Family, name, fault})
	}
	if s.decoded == nil {
		s.decoded = make([]float32, s.file.Largest())
	}
	x, fault := s.file.FiniteBy(c.Kernels.Halves, s.decoded, name, shape...)
	if fault != "" {
		c.Refuse(&TensorError{c.Family, name, fault})
	}
	s.used[name] = true
	return x
}

// Vector returns a tensor of one number for each channel, [ch.Count()], with
// zeros for the padding: [ch.Physical()].
func (c *Compiler) Vector(name string, ch Channels) []float32 {
	x := c.Passing(name, ch.Count())
	y := c.Floats(ch.Physical())
	ch.spread(y, x)
	return y
}

// Pack lays out a matrix for the products of kernels.Set: its element (l, j) is
// factor·w[rows[l]+cols[j]], or 0 where either offset is negative. rows belong
// to the inputs of a layer and cols to its outputs, see Channels.Offsets.
func (c *Compiler) Pack(w []float32, factor float32, rows, cols []int) []float32 {
	return c.counted(len(rows)*len(cols), func() []float32 {
		return kernels.PackPanels(w, factor, rows, cols)
	})
}

// unused refuses a file with a tensor that no layer took.
func (c *Compiler) unused() {
	s := &c.source
	for i := range s.file.Tensors {
		t := &s.file.Tensors[i]
		if s.file.IsScale(t.Name) {
			continue
		}
		if !s.used[t.Name] {
			c.Refuse(&TensorError{c.Family, t.Name,
				"is not part of the network that the config describes"})
		}
		c.program.Parameters += t.Len()
	}
}
