package graph

import (
	"slices"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// rmsNorm divides the channels of every pixel by their root mean square, times the tensor Gain, [1,
// channels, 1, 1]. A second value scales and shifts the result, and an activation follows, as with
// groupNorm.
type rmsNorm struct{ Gain, Act string }

func (o *rmsNorm) read(r *json.Reader) {
	r.Need("gain")
	r.Text("gain", &o.Gain)
	r.OneOf("act", &o.Act, layers.Activations...)
}

func (o *rmsNorm) shape(in []Shape) (Shape, string) { return modulated(in) }

func (o *rmsNorm) bordered()                            {}
func (o *rmsNorm) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *rmsNorm) compile(b *builder, n *node, in []*value, out *value) {
	norm, x := layers.RMSNorm{Gain: o.Gain, Act: o.Act}, in[0].Plane
	if len(in) == 2 {
		by, free := b.plane(n.name, in[1], slices.Concat(x.Ch, x.Ch))
		defer free()
		norm.By = by.Modulation()
	}
	b.RMSNorm(n.name, norm, x, out.target())
}
