package graph

import (
	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// layerNorm is layer normalisation over the channels of each pixel, with γ of Tensor.weight and β
// of Tensor.bias, [channels], unless Tensor is empty. A second and third value, vectors of as many
// channels, scale and shift the result: (1 + scale)·y + shift.
type layerNorm struct {
	Tensor string
	Eps    float64
}

func (o *layerNorm) read(r *json.Reader) {
	r.Text("tensor", &o.Tensor)
	r.FloatIn("eps", &o.Eps, 0, 1)
}

func (o *layerNorm) shape(in []Shape) (Shape, string) {
	if len(in) == 1 {
		return in[0], ""
	}
	if fault := counted(in, 3); fault != "" {
		return Shape{}, fault
	}
	for _, by := range in[1:] {
		if by != vector(in[0].Channels) {
			return Shape{}, "is scaled or shifted by " + by.String() + ", not by " +
				vector(in[0].Channels).String()
		}
	}
	return in[0], ""
}

func (o *layerNorm) bordered()                            {}
func (o *layerNorm) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *layerNorm) compile(b *builder, n *node, in []*value, out *value) {
	norm := layers.LayerNorm{Name: o.Tensor, Eps: o.Eps}
	x := in[0].Plane
	if len(in) == 3 {
		scale, free := b.plane(n.name, in[1], x.Ch)
		defer free()
		shift, free := b.plane(n.name, in[2], x.Ch)
		defer free()
		norm.Scale, norm.Shift = scale, shift
	}
	b.LayerNorm(n.name, norm, x, out.target())
}
