package graph

import "slices"

// deep says which nodes of a graph are needed for its deep features alone (see layers.Program). Its
// zero value is that of a graph without any.
type deep struct {
	pins   []int  // the nodes whose values are the deep features
	beside []bool // [nodes] what the output needs beside them
}

// only reports whether a node is needed for the deep features alone.
func (d *deep) only(node int) bool { return d.beside != nil && !d.beside[node] }

// pinned reports whether a node's value is one of the deep features.
func (d *deep) pinned(node int) bool { return slices.Contains(d.pins, node) }

// deepFeatures finds the deep features: what enters the last block on the way up. That is the first
// concatenation at the size of the largest ones which takes a value that was made of a smaller
// picture. Other values from before it that were made of a smaller picture and are taken after it
// belong to them. A graph without such a concatenation, or with nothing beside, has none.
func (g *Graph) deepFeatures() (d deep) {
	smallest := g.smallest()
	enters, pixels := -1, 0
	for i := range g.nodes {
		n := &g.nodes[i]
		if _, ok := n.op.(*concat); !ok || n.shape.pixels() <= pixels {
			continue
		}
		for _, at := range n.of {
			if s := smallest[at]; s > 0 && s < n.shape.pixels() {
				enters, pixels = at-first, n.shape.pixels()
				break
			}
		}
	}
	if enters < 0 {
		return deep{}
	}
	for i := enters + 1; i < len(g.nodes); i++ {
		for _, at := range g.nodes[i].of {
			pin := at - first
			if pin < 0 || pin > enters || d.pinned(pin) {
				continue
			}
			if s := smallest[at]; s > 0 && s < pixels {
				d.pins = append(d.pins, pin)
			}
		}
	}
	beside, sees := g.besides(&d)
	if d.beside = beside; !sees {
		return deep{}
	}
	return d
}

// smallest returns, of each value, the number of pixels of the smallest picture on a way from the
// sample to it, 0 for a value that does not depend on the sample. Vectors are no pictures.
func (g *Graph) smallest() []int {
	all := make([]int, first+len(g.nodes))
	all[0], all[1] = g.Sample.pixels(), g.Sample.pixels()
	for i := range g.nodes {
		n := &g.nodes[i]
		least := 0
		for _, at := range n.of {
			if s := all[at]; s > 0 && (least == 0 || s < least) {
				least = s
			}
		}
		if p := n.shape.pixels(); least > 0 && p > 1 {
			least = min(least, p)
		}
		all[first+i] = least
	}
	return all
}

// besides returns which nodes the output needs, given the deep features, and whether one of them
// takes the sample.
func (g *Graph) besides(d *deep) (needed []bool, sees bool) {
	needed = make([]bool, len(g.nodes))
	needed[len(g.nodes)-1] = true
	for i := len(g.nodes) - 1; i >= 0; i-- {
		if needed[i] = needed[i] && !d.pinned(i); !needed[i] {
			continue
		}
		for _, at := range g.nodes[i].of {
			if at >= first {
				needed[at-first] = true
			}
			sees = sees || at == 0
		}
	}
	return needed, sees
}
