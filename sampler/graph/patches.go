package graph

import (
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
	"tweedie/weights/json"
)

// position adds to every pixel the vector of its place. The vectors are those of Tensor, [1,
// pixels, channels], row by row. Without a Tensor they are sines and cosines, those of the column
// in the first half and those of the row in the second. Each half has the sines and behind them the
// cosines of p·10000^(−i/n), i < n = channels/4, for the place p, which is counted from 0 and
// divided by Scale (Peebles and Xie, arXiv:2212.09748).
type position struct {
	Tensor string
	Scale  float64
}

func (o *position) read(r *json.Reader) {
	r.Text("tensor", &o.Tensor)
	r.FloatIn("scale", &o.Scale, 1e-3, 1e3)
}

func (o *position) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	if o.Tensor == "" && in[0].Channels%4 != 0 {
		return Shape{}, "has " + strconv.Itoa(in[0].Channels) +
			" channels, and sines and cosines of column and row need a quarter each"
	}
	return in[0], ""
}

func (o *position) channels(in []*value) layers.Channels { return in[0].Ch }

// vectors are those of all pixels, [pixels, channels].
func (o *position) vectors(b *builder, s Shape) []float32 {
	if o.Tensor != "" {
		return b.Passing(o.Tensor, 1, s.pixels(), s.Channels)
	}
	v, n := make([]float32, s.pixels()*s.Channels), s.Channels/4
	for i := range n {
		f := portable.Exp(-portable.Log(10000) * float64(i) / float64(n))
		for p := range s.pixels() {
			column, row := float64(p%s.Width)/o.Scale, float64(p/s.Width)/o.Scale
			y := v[p*s.Channels:]
			for half, place := range []float64{column, row} {
				sin, cos := portable.Sincos(place * f)
				y[2*half*n+i], y[(2*half+1)*n+i] = float32(sin), float32(cos)
			}
		}
	}
	return v
}

func (o *position) compile(b *builder, n *node, in []*value, out *value) {
	x, y := in[0].Plane, out.Plane
	v, table := o.vectors(b, n.shape), b.Floats(x.Image())
	places, channels := x.Ch.Places(), n.shape.Channels
	for i := range table {
		if channel := places[i%x.Pixel]; channel >= 0 {
			table[i] = v[i/x.Pixel*channels+channel]
		}
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			from, to := x.Item(item), y.Item(item)
			for i, v := range table {
				to[i] = from[i] + v
			}
		}
	}})
}

// unpatchify makes a square of Side×Side pixels of each pixel. Its channels are those of the
// square's pixels, one pixel behind the other and row by row: the channel counts fastest.
type unpatchify struct{ Side int }

func (o *unpatchify) read(r *json.Reader) {
	r.Need("side")
	r.IntIn("side", &o.Side, 1, 64)
}

func (o *unpatchify) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	s, area := in[0], o.Side*o.Side
	if s.Channels%area != 0 {
		return Shape{}, "makes squares of " + strconv.Itoa(area) + " pixels of " +
			strconv.Itoa(s.Channels) + " channels"
	}
	return Shape{s.Channels / area, s.Height * o.Side, s.Width * o.Side}, ""
}

func (o *unpatchify) compile(b *builder, n *node, in []*value, out *value) {
	x, y, side := in[0].Plane, out.Plane, o.Side
	channels := n.shape.Channels
	place := make([]int, n.shape.Channels*side*side) // of each channel of x
	for at, channel := range x.Ch.Places() {
		if channel >= 0 {
			place[channel] = at
		}
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			from, to := x.Item(item), y.Item(item)
			for p := range y.H * y.W {
				i, j := p/y.W, p%y.W
				pixel := from[(i/side*x.W+j/side)*x.Pixel:]
				first := (i%side*side + j%side) * channels
				out := to[p*y.Pixel:][:y.Pixel]
				for c, at := range place[first : first+channels] {
					out[c] = pixel[at]
				}
				clear(out[channels:])
			}
		}
	}})
}
