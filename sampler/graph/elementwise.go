package graph

import (
	"slices"
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// activation is one of layers.Functions.
type activation struct{ Act string }

func (o *activation) read(r *json.Reader) {
	r.Need("act")
	r.OneOf("act", &o.Act, layers.Functions...)
}

func (o *activation) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	return in[0], ""
}

func (o *activation) bordered()                            {}
func (o *activation) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *activation) compile(b *builder, n *node, in []*value, out *value) {
	b.Activate(n.name, o.Act, in[0].Plane, out.target())
}

// add is the sum of two values of one shape; the second may also be a vector, which is added to
// every pixel.
type add struct{}

func (o *add) read(*json.Reader)                    {}
func (o *add) shape(in []Shape) (Shape, string)     { return pair(in) }
func (o *add) channels(in []*value) layers.Channels { return in[0].Ch }
func (o *add) compile(b *builder, n *node, in []*value, out *value) {
	b.pairwise(n, in, out, func(y, x, by []float32) {
		for i, v := range by {
			y[i] = x[i] + v
		}
	})
}

// multiply is the product, number by number, of two values, as add has them.
type multiply struct{}

func (o *multiply) read(*json.Reader)                    {}
func (o *multiply) shape(in []Shape) (Shape, string)     { return pair(in) }
func (o *multiply) channels(in []*value) layers.Channels { return in[0].Ch }
func (o *multiply) compile(b *builder, n *node, in []*value, out *value) {
	b.pairwise(n, in, out, func(y, x, by []float32) {
		for i, v := range by {
			y[i] = x[i] * v
		}
	})
}

// pair is the shape of what two values are combined to.
func pair(in []Shape) (Shape, string) {
	if fault := counted(in, 2); fault != "" {
		return Shape{}, fault
	}
	if in[1] != in[0] && in[1] != vector(in[0].Channels) {
		return Shape{}, "takes values of " + in[0].String() + " and " + in[1].String() +
			", which do not go together"
	}
	return in[0], ""
}

// pairwise adds the step that combines the pixels of two values.
func (b *builder) pairwise(n *node, in []*value, out *value, do func(y, x, by []float32)) {
	x, y := in[0].Plane, out.Plane
	by, free := b.plane(n.name, in[1], x.Ch)
	defer free()
	k, pixels := x.Ch.Physical(), x.H*x.W
	step := by.Pixel // from the vector or pixel of one pixel to that of the next
	if by.H*by.W == 1 {
		step = 0
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			from, to, with := x.Item(item), y.Item(item), by.Item(item)
			for p := range pixels {
				do(to[p*y.Pixel:], from[p*x.Pixel:], with[p*step:][:k])
			}
		}
	}})
}

// scale multiplies by a number.
type scale struct{ By float64 }

func (o *scale) read(r *json.Reader) {
	r.Need("by")
	r.Float("by", &o.By)
}

func (o *scale) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	return in[0], ""
}

func (o *scale) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *scale) compile(b *builder, n *node, in []*value, out *value) {
	x, y, by := in[0].Plane, out.Plane, float32(o.By)
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for i, v := range x.Data[:batch*x.Image()] {
			y.Data[i] = v * by
		}
	}})
}

// concat puts the channels of its values one behind the other.
type concat struct{}

func (o *concat) read(*json.Reader) {}

func (o *concat) shape(in []Shape) (Shape, string) {
	if len(in) < 2 {
		return Shape{}, "takes two values or more, not " + strconv.Itoa(len(in))
	}
	s := in[0]
	for _, more := range in[1:] {
		if more.Height != s.Height || more.Width != s.Width {
			return Shape{}, "takes values of " + in[0].String() + " and " + more.String() +
				", which do not lie side by side"
		}
		s.Channels += more.Channels
	}
	return s, ""
}

func (o *concat) channels(in []*value) (all layers.Channels) {
	for _, v := range in {
		all = slices.Concat(all, v.Ch)
	}
	return all
}

func (o *concat) compile(b *builder, n *node, in []*value, out *value) {
	y, from := out.Plane, make([]*layers.Plane, len(in))
	for i, v := range in {
		from[i] = v.Plane
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for p := range batch * y.H * y.W {
			to := y.Data[p*y.Pixel:]
			for _, x := range from {
				copy(to, x.Data[p*x.Pixel:][:x.Pixel])
				to = to[x.Pixel:]
			}
		}
	}})
}
