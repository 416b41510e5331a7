package graph

// transposed is a transposed convolution: Tensor.weight is [inputs, Channels, Side, Side],
// Tensor.bias [Channels]. Each side of the picture becomes (side−1)·Stride − 2·Padding + Side.
type transposed struct{ filter }

func (o *transposed) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	w := o.window()
	return Shape{o.Channels, w.Transposed(in[0].Height), w.Transposed(in[0].Width)}, ""
}

func (o *transposed) compile(b *builder, _ *node, in []*value, out *value) {
	b.Transposed(o.Tensor, in[0].Plane, out.Plane, o.window())
}
