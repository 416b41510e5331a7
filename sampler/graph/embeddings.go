package graph

import (
	"strconv"

	"tweedie/sampler/layers"
	"tweedie/sampler/portable"
	"tweedie/weights/json"
)

// sinusoid spreads the time t over the sines and cosines of (Scale·t + Offset)·P^(−i/(n−Shift)),
// i < n = Width/2, one behind the other (Vaswani et al., arXiv:1706.03762, section 3.5), with the
// period P = 10000.
type sinusoid struct {
	Width, Shift  int
	CosFirst      bool
	Scale, Offset float64
}

func (s *sinusoid) read(r *json.Reader) {
	r.Need("width")
	r.IntIn("width", &s.Width, 2, maxChannels)
	r.IntIn("shift", &s.Shift, 0, 1)
	r.Bool("cos_first", &s.CosFirst)
	r.Float("scale", &s.Scale)
	r.Float("offset", &s.Offset)
}

func (s *sinusoid) shape(in []Shape) (Shape, string) {
	if s.Width%2 != 0 || s.Width/2 <= s.Shift {
		return Shape{}, "has width " + strconv.Itoa(s.Width) +
			", and sines and cosines need half each"
	}
	return vector(s.Width), counted(in, 0)
}

func (s *sinusoid) compile(b *builder, n *node, _ []*value, out *value) {
	net, half := b.net, s.Width/2
	frequencies := make([]float64, half)
	for i := range frequencies {
		frequencies[i] = portable.Exp(-portable.Log(10000) * float64(i) / float64(half-s.Shift))
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			t, y := float64(s.Scale*net.items[item].Time)+s.Offset, out.Item(item)[:out.Pixel]
			clear(y)
			for i, f := range frequencies {
				first, second := portable.Sincos(t * f)
				if s.CosFirst {
					first, second = second, first
				}
				y[i], y[half+i] = float32(first), float32(second)
			}
		}
	}})
}

// timeValue is the time as a vector of one number, Scale·t + Offset. With a Table, t is what the
// table has at the timestep, by straight lines between whole ones, and at its ends outside.
type timeValue struct {
	Scale, Offset float64
	Table         []float64
}

func (v *timeValue) read(r *json.Reader) {
	r.Float("scale", &v.Scale)
	r.Float("offset", &v.Offset)
	r.Floats("table", &v.Table)
}

// at returns the number at a timestep.
func (v *timeValue) at(t float64) float32 {
	if last := len(v.Table) - 1; last >= 0 {
		t = min(max(t, 0), float64(last))
		low := int(t)
		part := t - float64(low)
		t = v.Table[low]
		if part > 0 {
			t = float64((1-part)*t) + float64(part*v.Table[low+1])
		}
	}
	return float32(float64(v.Scale*t) + v.Offset)
}

func (v *timeValue) shape(in []Shape) (Shape, string) { return vector(1), counted(in, 0) }

func (v *timeValue) compile(b *builder, n *node, _ []*value, out *value) {
	net := b.net
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			y := out.Item(item)[:out.Pixel]
			clear(y)
			y[0] = v.at(net.items[item].Time)
		}
	}})
}

// row is the class's row of a table, Tensor.weight of [Rows, Channels]. Without a class it is row
// Null, or the tensor NullTensor, [Channels], or zero where there is neither.
type row struct {
	Tensor, NullTensor   string
	Rows, Channels, Null int // Null −1 for none
}

func (o *row) read(r *json.Reader) {
	o.Null = -1
	r.Need("tensor", "rows", "channels")
	r.Text("tensor", &o.Tensor)
	r.IntIn("rows", &o.Rows, 1, maxRows)
	r.IntIn("channels", &o.Channels, 1, maxChannels)
	r.IntIn("null", &o.Null, 0, o.Rows-1)
	r.Text("null_tensor", &o.NullTensor)
}

func (o *row) shape(in []Shape) (Shape, string) { return vector(o.Channels), counted(in, 0) }

func (o *row) compile(b *builder, n *node, _ []*value, out *value) {
	net := b.net
	if most := net.Classes; o.Rows < most {
		b.Refuse(refuse(n.name,
			"has "+strconv.Itoa(o.Rows)+" rows for "+strconv.Itoa(most)+" classes"))
	}
	table := b.Tensor(o.Tensor+".weight", o.Rows, o.Channels)
	none := make([]float32, o.Channels)
	switch {
	case o.Null >= 0:
		none = table[o.Null*o.Channels:][:o.Channels]
	case o.NullTensor != "":
		none = b.Tensor(o.NullTensor, o.Channels)
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			from := none
			if class := net.items[item].Class; class != NoClass {
				from = table[class*o.Channels:][:o.Channels]
			}
			y := out.Item(item)[:out.Pixel]
			clear(y[copy(y, from):])
		}
	}})
}

// oneHot is a vector of zeros with Value at the class; without a class, of zeros alone.
type oneHot struct {
	Classes int
	Value   float64
}

func (o *oneHot) read(r *json.Reader) {
	r.Need("classes")
	r.IntIn("classes", &o.Classes, 1, maxChannels)
	r.Float("value", &o.Value)
}

func (o *oneHot) shape(in []Shape) (Shape, string) { return vector(o.Classes), counted(in, 0) }

func (o *oneHot) compile(b *builder, n *node, _ []*value, out *value) {
	net := b.net
	if most := net.Classes; o.Classes < most {
		b.Refuse(refuse(n.name, "has "+strconv.Itoa(o.Classes)+" places for "+strconv.Itoa(most)+
			" classes"))
	}
	b.Add(layers.Step{Name: n.name, Run: func(batch int) {
		for item := range batch {
			y := out.Item(item)[:out.Pixel]
			clear(y)
			if class := net.items[item].Class; class != NoClass {
				y[class] = float32(o.Value)
			}
		}
	}})
}
