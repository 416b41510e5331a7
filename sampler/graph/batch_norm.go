package graph

import (
	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// batchNorm is batch normalisation with the statistics of training: γ, β, mean and variance of
// Tensor.weight, Tensor.bias, Tensor.running_mean and Tensor.running_var, [channels]. An activation
// follows, unless Act is empty.
type batchNorm struct {
	Tensor string
	Eps    float64
	Act    string
}

func (o *batchNorm) read(r *json.Reader) {
	r.Need("tensor")
	r.Text("tensor", &o.Tensor)
	r.FloatIn("eps", &o.Eps, 0, 1)
	r.OneOf("act", &o.Act, layers.Functions...)
}

func (o *batchNorm) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	return in[0], ""
}

func (o *batchNorm) bordered()                            {}
func (o *batchNorm) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *batchNorm) compile(b *builder, _ *node, in []*value, out *value) {
	norm := layers.BatchNorm{Name: o.Tensor, Eps: o.Eps, Act: o.Act}
	b.BatchNorm(norm, in[0].Plane, out.target())
}
