package graph

import (
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// pool makes one pixel of each square of Side×Side pixels: their mean, or the largest of each
// channel.
type pool struct {
	Side int
	Kind string
}

func (o *pool) read(r *json.Reader) {
	r.Need("side", "kind")
	r.IntIn("side", &o.Side, 1, maxSide)
	r.OneOf("kind", &o.Kind, "mean", "max")
}

func (o *pool) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	s := in[0]
	if s.Height%o.Side != 0 || s.Width%o.Side != 0 {
		return Shape{}, "cuts a picture of " + s.String() + " into squares of " +
			strconv.Itoa(o.Side)
	}
	return Shape{s.Channels, s.Height / o.Side, s.Width / o.Side}, ""
}

func (o *pool) bordered()                            {}
func (o *pool) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *pool) compile(b *builder, n *node, in []*value, out *value) {
	kind := layers.MeanPool
	if o.Kind == "max" {
		kind = layers.MaxPool
	}
	b.Pool(n.name, kind, o.Side, in[0].Plane, out.target())
}
