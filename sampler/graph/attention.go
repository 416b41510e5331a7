package graph

import (
	"math"

	"tweedie/sampler/layers"
	"tweedie/weights/json"
)

// attention is self-attention over the pixels, softmax(q kᵀ/√Width) v in each of Heads heads,
// without a projection behind it. q, k and v are linear layers of the value. They are the rows of
// one tensor, Tensor.weight, in an Order: "qkv" has all queries, then all keys, then all values;
// "heads" has those of each head together. With Order "apart" they are Tensor + the names in Names.
//
// Each head may have Memories more keys and values that do not depend on the picture, the tensor
// Memory: [2, Heads, Memories, Width].
//
// A linear attention is layers.LinearAttention/√Width instead. Its Memory is [2, Heads, Width,
// Memories].
type attention struct {
	Tensor       string
	Names        []string
	Heads, Width int
	Order        string
	Dims         int
	Unbiased     bool
	Memory       string
	Memories     int

	linear bool
}

func (o *attention) read(r *json.Reader) {
	o.Order, o.Dims = "qkv", 2
	r.Need("tensor", "width")
	r.Text("tensor", &o.Tensor)
	r.IntIn("heads", &o.Heads, 1, 1024)
	r.IntIn("width", &o.Width, 1, maxChannels)
	r.OneOf("order", &o.Order, "qkv", "heads", "apart")
	r.IntIn("dims", &o.Dims, 2, 4)
	r.Bool("unbiased", &o.Unbiased)
	r.Text("memory", &o.Memory)
	r.IntIn("memories", &o.Memories, 0, maxChannels)
	if (o.Memory == "") != (o.Memories == 0) {
		r.Wrong("memories", "how many keys and values the memory has, with its tensor's name alone")
	}
	if v, ok := r.Get("names"); ok {
		for _, e := range v.Array() {
			text, _ := e.Text()
			o.Names = append(o.Names, text)
		}
	}
	if (o.Order == "apart") != (len(o.Names) == 3) {
		r.Wrong("names", "the three names of queries, keys and values, for the order apart alone")
	}
}

func (o *attention) shape(in []Shape) (Shape, string) {
	if fault := counted(in, 1); fault != "" {
		return Shape{}, fault
	}
	return Shape{o.Heads * o.Width, in[0].Height, in[0].Width}, ""
}

func (o *attention) channels([]*value) layers.Channels {
	heads := make(layers.Channels, o.Heads)
	for i := range heads {
		heads[i] = o.Width
	}
	return heads
}

// projection is that of queries (0), keys (1) or values (2).
func (o *attention) projection(b *builder, which int, in, heads layers.Channels) layers.Linear {
	inner := o.Heads * o.Width
	w := layers.Weights{Name: o.Tensor, Unbiased: o.Unbiased, Shape: []int{3 * inner, in.Count()}}
	for len(w.Shape) < o.Dims {
		w.Shape = append(w.Shape, 1)
	}
	switch o.Order {
	case "apart":
		w.Name += o.Names[which]
		w.Shape[0] = inner
	case "qkv":
		for i := range inner {
			w.Rows = append(w.Rows, which*inner+i)
		}
	case "heads":
		for i := range inner {
			w.Rows = append(w.Rows, (i/o.Width*3+which)*o.Width+i%o.Width)
		}
	}
	if which == o.scaled() {
		w.Factor = o.factor()
	}
	return b.Linear(w, in, heads)
}

// scaled is the projection that holds the factor 1/√Width.
func (o *attention) scaled() int {
	if o.linear {
		return 2
	}
	return 0
}

func (o *attention) factor() float32 { return float32(1 / math.Sqrt(float64(o.Width))) }

func (o *attention) compile(b *builder, n *node, in []*value, out *value) {
	x := in[0].Plane
	a := layers.Attention{
		Q: o.projection(b, 0, x.Ch, out.Ch), K: o.projection(b, 1, x.Ch, out.Ch),
		V: o.projection(b, 2, x.Ch, out.Ch), Heads: out.Ch,
	}
	if o.Memories > 0 {
		factor := float32(1)
		if o.linear {
			factor = o.factor()
		}
		a.Memory = b.Memory(o.Memory, out.Ch, o.Memories, o.linear, factor)
	}
	if o.linear {
		b.LinearAttention(n.name, a, x, out.Plane)
	} else {
		b.Attention(n.name, a, x, out.Plane)
	}
}
