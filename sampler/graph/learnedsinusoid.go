package graph

import (
	"math"

	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
	"tweedie/weights/json"
)

// learnedSinusoid spreads a number t over t itself, the sines of 2π·w·t and then the cosines, with
// the numbers w of the tensor Weights, [Count].
type learnedSinusoid struct {
	Weights string
	Count   int
}

func (o *learnedSinusoid) read(r *json.Reader) {
	r.Need("weights", "count")
	r.Text("weights", &o.Weights)
	r.IntIn("count", &o.Count, 1, maxChannels/2-1)
}

func (o *learnedSinusoid) shape(in []Shape) (Shape, string) {
	fault := counted(in, 1)
	if fault == "" && in[0] != vector(1) {
		fault = "takes one number, not " + in[0].String()
	}
	return vector(1 + 2*o.Count), fault
}

func (o *learnedSinusoid) compile(b *builder, n *node, in []*value, out *value) {
	w, x, y := b.Tensor(o.Weights, o.Count), in[0].Plane, out.Plane
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			t, to := x.Item(item)[0], y.Item(item)[:y.Pixel]
			clear(to)
			to[0] = t
			for i, f := range w {
				sin, cos := portable.Sincos(2 * math.Pi * float64(f) * float64(t))
				to[1+i], to[1+len(w)+i] = float32(sin), float32(cos)
			}
		}
	}})
}
