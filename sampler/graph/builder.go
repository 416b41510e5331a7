package graph

import (
	"slices"

	"tweedie/sampler/layers"
)

// value is a node's result while the network is compiled.
type value struct {
	*layers.Plane // nil if it is only there with its border
	// the same as the input of a 3×3 convolution, nil if it is not laid out so
	pad  *layers.Padded
	left int // how often it is still taken
}

// target is where a node writes that can write to either.
func (v *value) target() layers.Target {
	if v.pad != nil {
		return v.pad
	}
	return v.Plane
}

// builder compiles the nodes of a graph.
type builder struct {
	*layers.Compiler
	net    *Network
	values []*value
	// sum is a value that the convolution that is compiled adds to its result, nil for none.
	sum *value
	// keep says that every node's value lasts until the next evaluation, on its own.
	keep bool
	deep deep // what of the nodes is needed for the deep features
}

// bordered is an operation that can write the input of a 3×3 convolution, with its border, at once.
type bordered interface{ bordered() }

func (b *builder) network() {
	g := b.net.Graph
	b.deep = g.deepFeatures()
	b.values = []*value{b.input(sampleName, false), {}}
	if g.estimate {
		b.values[1] = b.input(estimateName, true)
	}
	for i := 0; i < len(g.nodes); i++ {
		i += b.node(i)
	}
	last, _ := b.plane("output", b.values[len(b.values)-1], layers.Channels{g.Output.Channels})
	b.Output("output", last, func(item int) []float32 { return b.net.out[item] }, nil)
}

// input is the sample, or the estimate.
func (b *builder) input(name string, estimate bool) *value {
	s, n := b.net.Sample, b.net
	v := &value{Plane: b.Plane(s.Height, s.Width, layers.Channels{s.Channels}), left: 1 << 30}
	b.Input(name, func(item int) []float32 {
		if estimate {
			return n.items[item].Estimate
		}
		return n.items[item].Sample
	}, nil, v.Plane)
	return v
}

// node compiles node i, and says how many nodes after it are compiled with it.
func (b *builder) node(i int) (more int) {
	g := b.net.Graph
	n := &g.nodes[i]
	b.Deep(b.deep.only(i))
	in := make([]*value, len(n.of))
	for j, at := range n.of {
		in[j] = b.values[at]
	}
	out := &value{left: n.uses}
	if _, ok := n.op.(bordered); ok && b.feedsConv3(i) {
		out.pad = b.Padding(n.shape.Height, n.shape.Width, b.channels(n, in))
	} else {
		out.Plane = b.Plane(n.shape.Height, n.shape.Width, b.channels(n, in))
	}
	if other := b.addedTo(i); other >= 0 {
		b.sum = b.values[other]
		more = 1
	}
	n.op.compile(b, n, in, out)
	b.Deep(false)
	if b.deep.pinned(i + more) {
		b.Pin(out.Plane)
	}
	b.values = append(b.values, out)
	for _, v := range in {
		b.drop(v)
	}
	if more > 0 {
		b.drop(b.sum)
		b.sum = nil
		out.left = g.nodes[i+1].uses
		b.values = append(b.values, out)
	}
	return more
}

// drop says that a value has been taken once.
func (b *builder) drop(v *value) {
	if v.left--; v.left == 0 && v.Plane != nil && !b.keep {
		b.Free(v.Plane)
	}
}

// arranged is an operation whose result's channels do not lie as one part.
type arranged interface {
	channels(in []*value) layers.Channels
}

// channels says how the channels of a result lie.
func (b *builder) channels(n *node, in []*value) layers.Channels {
	if op, ok := n.op.(arranged); ok {
		return op.channels(in)
	}
	return layers.Channels{n.shape.Channels}
}

// feedsConv3 says whether node i is taken by the node behind it alone, a 3×3 convolution of stride
// 1.
func (b *builder) feedsConv3(i int) bool {
	g := b.net.Graph
	if b.keep || g.nodes[i].uses != 1 || i+1 == len(g.nodes) || b.deep.pinned(i) {
		return false
	}
	c, ok := g.nodes[i+1].op.(*conv)
	return ok && c.isConv3() && slices.Equal(g.nodes[i+1].of, []int{i + first})
}

// addedTo returns the value to which the node behind adds node i, a convolution or linear layer
// that nothing else takes, and −1 if it does not. The two are one step then.
func (b *builder) addedTo(i int) int {
	g := b.net.Graph
	n := &g.nodes[i]
	if _, ok := n.op.(summing); !ok || b.keep || n.uses != 1 || i+1 == len(g.nodes) ||
		b.deep.pinned(i) {
		return -1
	}
	sum := &g.nodes[i+1]
	if _, ok := sum.op.(*add); !ok || len(sum.of) != 2 {
		return -1
	}
	at := slices.Index(sum.of, i+first)
	other := sum.of[1-max(at, 0)]
	if at < 0 || other >= i+first || other < first && other == 1 {
		return -1
	}
	v := b.values[other]
	if v.Plane == nil || v.H != n.shape.Height || v.W != n.shape.Width || len(v.Ch) != 1 {
		return -1
	}
	return other
}

// summing is an operation that adds builder.sum to its result.
type summing interface{ summing() }

// plane returns a value without a border, whose channels lie as ch: the value's own plane, or a
// copy that lasts until free is called.
func (b *builder) plane(name string, v *value, ch layers.Channels) (x *layers.Plane, free func()) {
	if slices.Equal(v.Ch, ch) {
		return v.Plane, func() {}
	}
	x = b.Plane(v.H, v.W, ch)
	from, to := v.Plane, x
	source, place := from.Ch.Places(), to.Ch.Places()
	at := make([]int, len(place)) // the source's place of each place
	for i, channel := range place {
		at[i] = -1
		if channel >= 0 {
			at[i] = slices.Index(source, channel)
		}
	}
	b.Add(layers.Step{Name: name, Run: func(batch int) {
		for p := range batch * from.H * from.W {
			in, out := from.Data[p*from.Pixel:], to.Data[p*to.Pixel:]
			for i, j := range at {
				out[i] = 0
				if j >= 0 {
					out[i] = in[j]
				}
			}
		}
	}})
	return x, func() { b.Free(x) }
}
