package graph

import (
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// linear is a linear layer at every pixel, or a 1×1 convolution. Tensor.weight has the shape [Rows,
// inputs], with ones behind it up to Dims numbers; the layer is its rows from First on. Rows 0
// stands for Channels.
type linear struct {
	Tensor      string
	Channels    int
	Unbiased    bool // there is no Tensor.bias
	Dims        int
	First, Rows int
}

func (o *linear) read(r *json.Reader) {
	o.Dims = 2
	r.Need("tensor", "channels")
	r.Text("tensor", &o.Tensor)
	r.IntIn("channels", &o.Channels, 1, maxChannels)
	r.Bool("unbiased", &o.Unbiased)
	r.IntIn("dims", &o.Dims, 2, 4)
	r.IntIn("first", &o.First, 0, maxChannels)
	r.IntIn("rows", &o.Rows, 0, maxChannels)
	if o.Rows == 0 {
		o.Rows = o.First + o.Channels
	}
}

func (o *linear) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	if o.First+o.Channels > o.Rows {
		return Shape{}, "takes row " + strconv.Itoa(o.First+o.Channels-1) + " of " +
			strconv.Itoa(o.Rows)
	}
	return Shape{o.Channels, in[0].Height, in[0].Width}, ""
}

func (o *linear) summing() {}

// weights says which tensors these are.
func (o *linear) weights(inputs int) layers.Weights {
	w := layers.Weights{Name: o.Tensor, Unbiased: o.Unbiased, Shape: []int{o.Rows, inputs}}
	for len(w.Shape) < o.Dims {
		w.Shape = append(w.Shape, 1)
	}
	for i := range o.Channels {
		w.Rows = append(w.Rows, o.First+i)
	}
	return w
}

func (o *linear) compile(b *builder, n *node, in []*value, out *value) {
	x := in[0].Plane
	l := b.Linear(o.weights(x.Ch.Count()), x.Ch, out.Ch)
	b.Product(n.name, l, x, out.Plane, b.summand())
}

// summand is the plane that the layer adds to its result, nil for none.
func (b *builder) summand() *layers.Plane {
	if b.sum == nil {
		return nil
	}
	return b.sum.Plane
}

// conv is a convolution with zeros around: Tensor.weight is [Channels, inputs, Side, Side],
// Tensor.bias [Channels].
type conv struct{ filter }

// filter is a window over the picture, with its tensors.
type filter struct {
	Tensor                string
	Channels              int
	Side, Stride, Padding int
}

func (o *filter) read(r *json.Reader) {
	r.Need("tensor", "channels", "side")
	r.Text("tensor", &o.Tensor)
	r.IntIn("channels", &o.Channels, 1, maxChannels)
	r.IntIn("side", &o.Side, 1, 16)
	r.IntIn("stride", &o.Stride, 1, 16)
	r.IntIn("padding", &o.Padding, 0, 16)
}

func (o *filter) window() layers.Window {
	return layers.Window{Side: o.Side, Stride: o.Stride, Padding: o.Padding}
}

func (o *conv) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	out := func(side int) int { return (side+2*o.Padding-o.Side)/o.Stride + 1 }
	s := Shape{o.Channels, out(in[0].Height), out(in[0].Width)}
	if in[0].Height+2*o.Padding < o.Side || in[0].Width+2*o.Padding < o.Side {
		return s, "is larger than its picture of " + in[0].String()
	}
	return s, ""
}

// isConv3 says whether the faster convolution does it.
func (o *conv) isConv3() bool { return o.Side == 3 && o.Stride == 1 && o.Padding == 1 }

func (o *conv) summing() {}

func (o *conv) compile(b *builder, n *node, in []*value, out *value) {
	if !o.isConv3() {
		b.Conv(o.Tensor, in[0].Plane, out.Plane, o.window())
		b.addSum(n.name, out)
		return
	}
	pad := in[0].pad
	if pad == nil {
		x := in[0].Plane
		pad = b.Padding(x.H, x.W, x.Ch)
		b.Resample(n.name, layers.Keep, x, pad)
	}
	b.Conv3(o.Tensor, pad, out.Plane, layers.Fixed(b.Vector(o.Tensor+".bias", out.Ch)), b.summand())
}

// addSum adds the sum of a layer that does not add it itself.
func (b *builder) addSum(name string, out *value) {
	if b.sum == nil {
		return
	}
	y, plus := out.Plane, b.sum.Plane
	b.Add(layers.Step{Name: name, Run: func(batch int) {
		n := batch * y.H * y.W * y.Pixel
		for i, v := range plus.Data[:n] {
			y.Data[i] += v
		}
	}})
}
