package graph

import (
	"strings"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// Record is New for a network that keeps the value of every node, for comparisons with recorded
// activations. It takes more memory and more steps, which may round otherwise.
func Record(g *Graph, f *weights.File, batch int, k *kernels.Set) (*Network, error) {
	return compile(g, f, batch, k, true)
}

// Value returns what a node gave for an item of the last evaluation, [channels, height, width]. A
// name that no node has stands for a module of the checkpoint: the last node whose name goes on
// with a dot. Value returns nil without such a node, and for a network that does not keep its
// values.
func (n *Network) Value(name string, item int) []float32 {
	at := -1
	for i := range n.values {
		if n.nodes[i].name == name {
			at = i
			break
		}
		if strings.HasPrefix(n.nodes[i].name, name+".") {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	x, shape := n.values[at].Plane, n.nodes[at].shape
	data, pixels := x.Item(item), shape.pixels()
	out := make([]float32, shape.size())
	for place, channel := range x.Ch.Places() {
		if channel < 0 {
			continue
		}
		for p := range pixels {
			out[channel*pixels+p] = data[p*x.Pixel+place]
		}
	}
	return out
}
