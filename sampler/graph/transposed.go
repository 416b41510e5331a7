package graph

import (
	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// transposed is a transposed convolution: Tensor.weight is [inputs, Channels, Side, Side],
// Tensor.bias [Channels]. Each side of the picture becomes (side−1)·Stride − 2·Padding + Side.
type transposed struct {
	Tensor                string
	Channels              int
	Side, Stride, Padding int
}

func (o *transposed) read(r *json.Reader) {
	r.Need("tensor", "channels", "side")
	r.Text("tensor", &o.Tensor)
	r.IntIn("channels", &o.Channels, 1, maxChannels)
	r.IntIn("side", &o.Side, 1, 16)
	r.IntIn("stride", &o.Stride, 1, 16)
	r.IntIn("padding", &o.Padding, 0, 16)
}

func (o *transposed) window() layers.Window {
	return layers.Window{Side: o.Side, Stride: o.Stride, Padding: o.Padding}
}

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
