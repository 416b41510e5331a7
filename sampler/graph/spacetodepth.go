package graph

import (
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// spaceToDepth makes the pixels of every square of Side×Side into channels of one pixel: channel
// (c·Side + row)·Side + column is channel c of the pixel at (row, column) of the square.
type spaceToDepth struct{ Side int }

func (o *spaceToDepth) read(r *json.Reader) { r.IntIn("side", &o.Side, 1, 16) }

func (o *spaceToDepth) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	s := in[0]
	if s.Height%o.Side != 0 || s.Width%o.Side != 0 {
		return Shape{}, "takes a picture of " + s.String() + ", whose sides are not multiples of " +
			strconv.Itoa(o.Side)
	}
	return Shape{s.Channels * o.Side * o.Side, s.Height / o.Side, s.Width / o.Side}, ""
}

func (o *spaceToDepth) compile(b *builder, n *node, in []*value, out *value) {
	x, y, side := in[0].Plane, out.Plane, o.Side
	places := x.Ch.Places()
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			from, to := x.Item(item), y.Item(item)
			for p := range x.H * x.W {
				row, column := p/x.W, p%x.W
				square := to[(row/side*y.W+column/side)*y.Pixel:]
				inside := row%side*side + column%side
				for place, v := range from[p*x.Pixel:][:len(places)] {
					if c := places[place]; c >= 0 {
						square[c*side*side+inside] = v
					}
				}
			}
		}
		clearPadding(y, batch)
	}})
}

// clearPadding writes zeros behind the channels of a plane of one part.
func clearPadding(y *layers.Plane, batch int) {
	if n := y.Ch.Count(); n < y.Pixel {
		for p := range batch * y.H * y.W {
			clear(y.Data[p*y.Pixel:][n:y.Pixel])
		}
	}
}
