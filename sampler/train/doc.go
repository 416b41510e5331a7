// Package train has small dense networks that learn: the network with its way back, AdamW, and a
// moving average of the weights.
//
// A network is a Program, a list of operations over buffers that are allocated once:
//
//	var x, y *train.Value
//	o := train.Options{Kernels: kernels.Best(), Batch: 512}
//	p := train.Compile(o, func(c *train.Compiler) {
//		x = c.Input(2)
//		h := c.SiLU(c.Linear("first", x, 64))
//		y = c.Output(c.Linear("last", h, 2))
//	})
//	p.Start(seed, stream)
//	… fill x.Data …
//	p.Forward(512)
//	… fill y.Grad with the loss's gradient with respect to y.Data …
//	p.Backward(512)
//	err := optimiser.Step(p.Gradient, loss)
//
// What is minimised is the caller's: it writes the gradients of the outputs. All weights are one
// slice, and so are their gradients, in the layout that the kernels want. So an optimiser knows
// nothing of layers, two programs of the same operations share weights by sharing the slice, and
// the moving average is sampled by putting it in the slice's place.
//
// # One result
//
// Activations, weights and gradients are float32, sums have a fixed order, and the random numbers
// are those of package noise. The same calls give the same weights to the bit, natively and in
// WebAssembly, on vector kernels and on the reference.
//
// # Memory
//
// A Value holds [batch][Stride] numbers, Stride being its width rounded up to a multiple of
// kernels.Lanes. What is behind the width is zero in Data and in Grad, so padded weights are zero
// and stay so. Forward, Backward and Step allocate nothing.
//
// # Another operation
//
// An operation is a method of Compiler that appends its way forward and its way back (compiler.go).
// The table of TestGradients gets a row for it: a gradient that is not compared with finite
// differences does not count.
package train
