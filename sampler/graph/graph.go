package graph

import (
	"slices"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/weights/json"
)

// ClassName is the _class_name of the configs of this package.
const ClassName = "Graph"

// document is what errors call a config.
const document = "graph: config"

// The values that are there before any node.
const (
	sampleName   = "sample"
	estimateName = "estimate"
)

// Graph is an architecture, as Parse returns it.
type Graph struct {
	Family  string // the name of the family of networks, for people
	Sample  Shape  // of the noisy picture
	Classes int    // without "none", 0 for a network without classes
	Output  Shape
	Guided  int // the channels of the output that guidance changes, 0 for all
	// Tile is the Winograd tile of all 3×3 convolutions, 0 for the one that suits each. With 2
	// their rounding is about a fifth of that with 4: for networks that make much of small
	// differences.
	Tile int

	nodes    []node
	estimate bool // whether a node takes the estimate
}

// node is one operation with its inputs.
type node struct {
	name  string
	op    operation
	of    []int // the values that it takes, as places in values
	shape Shape
	uses  int // how often its value is taken
}

// operation is what a node does. Each kind is a type with its options as fields.
type operation interface {
	// read takes the node's options.
	read(r *json.Reader)
	// shape returns the shape of the result, or a clause that says why inputs of these shapes
	// cannot be taken.
	shape(in []Shape) (out Shape, fault string)
	// compile adds the steps that write the result to out.
	compile(b *builder, n *node, in []*value, out *value)
}

// first is the place of the first node among the values: those before are sample and estimate.
const first = 2

// Parse reads a config. The error for what is not understood is a
// *json.MemberError, or begins with the node's name.
func Parse(text []byte) (*Graph, error) {
	r := json.ReadObject(text, document)
	class, g := ClassName, &Graph{}
	r.OneOf("_class_name", &class, ClassName)
	r.Text("family", &g.Family)
	r.Need("sample", "nodes")
	sample := []int{}
	r.Ints("sample", &sample, 1, maxChannels)
	r.IntIn("classes", &g.Classes, 0, maxRows)
	r.IntIn("guided", &g.Guided, 0, maxChannels)
	r.IntIn("tile", &g.Tile, 0, 4)
	var list []json.Value
	if v, ok := r.Get("nodes"); ok {
		list = v.Array()
		if len(list) == 0 || len(list) > maxNodes {
			r.Wrong("nodes", "an array of 1 to "+strconv.Itoa(maxNodes)+" nodes")
		}
	}
	if g.Tile != 0 && g.Tile != int(kernels.F2) && g.Tile != int(kernels.F4) {
		r.Wrong("tile", "2 or 4")
	}
	if r.Err() == nil && len(sample) != 3 {
		r.Wrong("sample", "three whole numbers: channels, height, width")
	}
	if err := r.End(); err != nil {
		return nil, err
	}
	g.Sample = Shape{sample[0], sample[1], sample[2]}
	if fault := g.Sample.fits(); fault != "" {
		return nil, &json.MemberError{Of: document, Key: "sample", Reason: fault}
	}
	if g.Guided > g.Sample.Channels {
		return nil, &json.MemberError{Of: document, Key: "guided", Reason: "is " +
			strconv.Itoa(g.Guided) + ", and a picture has " + strconv.Itoa(g.Sample.Channels) +
			" channels"}
	}
	return g, g.readNodes(list)
}

func (g *Graph) readNodes(list []json.Value) error {
	names := []string{sampleName, estimateName}
	shapes := []Shape{g.Sample, g.Sample}
	for i, v := range list {
		r := v.Reader(document + ": node " + strconv.Itoa(i))
		n, err := readNode(r, names, shapes)
		if err != nil {
			return err
		}
		for _, at := range n.of {
			if at >= first {
				g.nodes[at-first].uses++
			}
			g.estimate = g.estimate || names[at] == estimateName
		}
		g.nodes = append(g.nodes, n)
		names, shapes = append(names, n.name), append(shapes, n.shape)
	}
	for _, n := range g.nodes[:len(g.nodes)-1] {
		if n.uses == 0 {
			return refuse(n.name, "is computed and not used")
		}
	}
	g.Output = shapes[len(shapes)-1]
	return nil
}

// readNode reads one node, given the values before it.
func readNode(r *json.Reader, names []string, shapes []Shape) (node, error) {
	var n node
	var of []string
	kind := ""
	r.Need("name", "op")
	r.Text("name", &n.name)
	r.OneOf("op", &kind, operations()...)
	if v, ok := r.Get("of"); ok {
		for _, e := range v.Array() {
			text, _ := e.Text()
			of = append(of, text)
		}
		if len(of) == 0 {
			r.Wrong("of", "an array of names")
		}
	}
	if err := r.Err(); err != nil {
		return n, err
	}
	if n.name == "" || slices.Contains(names, n.name) {
		r.Wrong("name", "a name that no value before has")
	}
	n.op = newOperation(kind)
	n.op.read(r)
	in := make([]Shape, len(of))
	for i, name := range of {
		at := slices.Index(names, name)
		if at < 0 {
			r.Fail("of", "names "+strconv.Quote(name)+", and no value before is called so")
			break
		}
		n.of, in[i] = append(n.of, at), shapes[at]
	}
	if err := r.End(); err != nil {
		return n, err
	}
	shape, fault := n.op.shape(in)
	if fault == "" {
		fault = shape.fits()
	}
	if fault != "" {
		return n, refuse(n.name, fault)
	}
	n.shape = shape
	return n, nil
}

// refuse is an error about a node. reason is the rest of a sentence that begins with its name.
func refuse(name, reason string) error {
	return &json.MemberError{Of: document, Key: name, Reason: reason}
}
