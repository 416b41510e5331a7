package graph

import (
	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// resample changes a picture's size without weights: half is the mean of 2×2 pixels, double repeats
// each pixel.
type resample struct{ To string }

func (o *resample) read(r *json.Reader) {
	r.Need("to")
	r.OneOf("to", &o.To, "half", "double")
}

func (o *resample) kind() layers.Resample {
	if o.To == "half" {
		return layers.Half
	}
	return layers.Double
}

func (o *resample) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	s := in[0]
	if o.To == "half" && (s.Height%2 != 0 || s.Width%2 != 0) {
		return Shape{}, "halves a picture of " + s.String()
	}
	return Shape{s.Channels, o.kind().Size(s.Height), o.kind().Size(s.Width)}, ""
}

func (o *resample) bordered()                            {}
func (o *resample) channels(in []*value) layers.Channels { return in[0].Ch }

func (o *resample) compile(b *builder, n *node, in []*value, out *value) {
	if out.pad != nil {
		out.pad.Doubled = o.To == "double"
	}
	b.Resample(n.name, o.kind(), in[0].Plane, out.target())
}
