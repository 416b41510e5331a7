package graph

import (
	"slices"
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// groupNorm is group normalisation with γ of Tensor.weight and β of Tensor.bias, [channels]. A
// second value, a vector of twice as many channels, scales and shifts the result: (1 + scale)·y +
// shift. An activation follows, unless Act is empty.
type groupNorm struct {
	Tensor string
	Groups int
	Eps    float64
	Act    string
}

func (o *groupNorm) read(r *json.Reader) {
	r.Need("tensor", "groups")
	r.Text("tensor", &o.Tensor)
	r.IntIn("groups", &o.Groups, 1, maxChannels)
	r.FloatIn("eps", &o.Eps, 0, 1)
	r.OneOf("act", &o.Act, layers.Functions...)
}

func (o *groupNorm) shape(in []Shape) (Shape, string) {
	s, fault := modulated(in)
	if fault == "" && s.Channels%o.Groups != 0 {
		fault = "has " + strconv.Itoa(o.Groups) + " groups for " + strconv.Itoa(s.Channels) +
			" channels"
	}
	return s, fault
}

// modulated is the shape of a value that may be scaled and shifted by a second one.
func modulated(in []Shape) (Shape, string) {
	if len(in) != 2 {
		if fault := counted(in, 1); fault != "" {
			return Shape{}, fault
		}
	}
	if by := vector(2 * in[0].Channels); len(in) == 2 && in[1] != by {
		return Shape{}, "is scaled and shifted by " + in[1].String() + ", not by " + by.String()
	}
	return in[0], ""
}

func (o *groupNorm) bordered()                            {}
func (o *groupNorm) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *groupNorm) compile(b *builder, n *node, in []*value, out *value) {
	norm := layers.Norm{Name: o.Tensor, Groups: o.Groups, Eps: o.Eps, Act: o.Act}
	x := in[0].Plane
	if len(in) == 2 {
		by, free := b.plane(n.name, in[1], slices.Concat(x.Ch, x.Ch))
		defer free()
		norm.By = by.Modulation()
	}
	b.Norm(norm, x, out.target())
}
