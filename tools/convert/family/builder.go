package family

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tweedie/sampler/graph"
	"tweedie/tools/convert/reason"
)

// Node is one operation of package graph, with its options as they stand in the config.
type Node struct {
	Name    string
	Op      string
	Of      []string
	Options Options
}

// Options are a node's options by their names in the config.
type Options map[string]any

// MarshalJSON writes a node as package graph reads it.
func (n Node) MarshalJSON() ([]byte, error) {
	m := map[string]any{"name": n.Name, "op": n.Op}
	if len(n.Of) > 0 {
		m["of"] = n.Of
	}
	for key, value := range n.Options {
		m[key] = value
	}
	return json.Marshal(m)
}

// Builder writes down the nodes of a network. Its methods return the name of the value that they
// compute.
type Builder struct {
	*State
	network  *Network
	sample   [3]int
	classes  int
	guided   int            // channels that guidance changes, 0 for all
	tile     int            // of 3×3 convolutions, 0 for the one that suits each
	channels map[string]int // of each value
	used     map[string]bool
}

// Refuse ends the building of a network that is not as others of its family.
func (b *Builder) Refuse(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	panic(refusal{reason.Of("built", err, "fault", err.Error())})
}

// Because ends the building with a reason.
func (b *Builder) Because(id, text string, values ...any) {
	panic(refusal{reason.New(id, text, values...)})
}

// insist ends the building with an error, if it is one.
func (b *Builder) insist(err error) {
	if err != nil {
		panic(refusal{err})
	}
}

// Note says something that was assumed.
func (b *Builder) Note(id, text string, values ...any) {
	b.network.Notes = append(b.network.Notes, reason.NewNote(id, text, values...))
}

// Pass leaves tensors out that the network does not need, those whose names begin so.
func (b *Builder) Pass(prefix, reason string) {
	for i := range b.Tensors {
		if name := b.Tensors[i].Name; strings.HasPrefix(name, prefix) && !b.used[name] {
			b.used[name] = true
			b.network.Passed = append(b.network.Passed, Passed{name, reason})
		}
	}
}

// Sample says what the network's pictures are: channels, height and width.
func (b *Builder) Sample(channels, height, width int) {
	b.sample = [3]int{channels, height, width}
	b.channels = map[string]int{"sample": channels, "estimate": channels}
}

// Classes says how many classes there are without none.
func (b *Builder) Classes(n int) { b.classes = n }

// Guided says that guidance changes the first n channels alone.
func (b *Builder) Guided(n int) { b.guided = n }

// FineTiles makes 3×3 convolutions round less, and take more time.
func (b *Builder) FineTiles() { b.tile = 2 }

// Scheduler sets the noise schedule, the members of a scheduler_config.json.
func (b *Builder) Scheduler(members map[string]any) { b.network.Scheduler = object(members) }

// Sampling sets the file's defaults of a recipe, see recipe.NewInfo.
func (b *Builder) Sampling(members map[string]any) { b.network.Sampling = object(members) }

func object(members map[string]any) string {
	text, err := json.Marshal(members)
	if err != nil {
		panic(err) // the members are numbers and texts
	}
	return string(text)
}

// Channels is the number of channels of a value.
func (b *Builder) Channels(value string) int { return b.channels[value] }

// Node adds an operation whose result has some number of channels.
func (b *Builder) Node(name, op string, channels int, o Options, of ...string) string {
	if prefix, ok := o["tensor"].(string); ok {
		b.take(prefix)
	}
	b.network.Nodes = append(b.network.Nodes, Node{name, op, of, o})
	b.channels[name] = channels
	return name
}

// take marks the tensors of a layer, those whose names begin with its own and a dot.
func (b *Builder) take(prefix string) {
	for _, end := range []string{".weight", ".bias"} {
		if b.Has(prefix + end) {
			b.used[prefix+end] = true
		}
	}
}

// Take marks a tensor as used.
func (b *Builder) Take(names ...string) {
	for _, name := range names {
		b.demand(name)
		b.used[name] = true
	}
}

// demand refuses a state dictionary without a tensor.
func (b *Builder) demand(name string) {
	if !b.Has(name) {
		b.Because("tensor.missing", "there is no tensor {tensor}, which a network of this family "+
			"has", "tensor", name)
	}
}

// Need returns a tensor's shape, of some dimensions at least and none of them zero. It refuses a
// state dictionary without such a tensor.
func (b *Builder) Need(name string, dimensions int) []int {
	b.demand(name)
	shape := b.Shape(name)
	if len(shape) < dimensions || slices.Min(shape) < 1 {
		b.Because("tensor.shape", "the tensor {tensor} has the shape {shape}, which no network of "+
			"this family has: the file is damaged, or of another family", "tensor", name, "shape",
			fmt.Sprint(shape))
	}
	return shape
}

// Linear is a linear layer or 1×1 convolution of a tensor.
func (b *Builder) Linear(tensor, x string) string {
	shape := b.Need(tensor+".weight", 2)
	o := Options{"tensor": tensor, "channels": shape[0]}
	if len(shape) > 2 {
		o["dims"] = len(shape)
	}
	if !b.Has(tensor + ".bias") {
		o["unbiased"] = true
	}
	return b.Node(tensor, "linear", shape[0], o, x)
}

// Conv is a convolution of stride 1 that keeps the picture's size, or one of a window and stride.
func (b *Builder) Conv(tensor, x string, stride int) string {
	shape := b.Need(tensor+".weight", 3)
	if len(shape) != 4 || shape[2] != shape[3] {
		b.Refuse("the tensor %s.weight has shape %v, which is no convolution of a square",
			tensor, shape)
	}
	if shape[2] == 1 && stride == 1 {
		return b.Linear(tensor, x)
	}
	o := Options{"tensor": tensor, "channels": shape[0], "side": shape[2], "padding": shape[2] / 2}
	if stride != 1 {
		o["stride"] = stride
	}
	return b.Node(tensor, "conv", shape[0], o, x)
}

// GroupNorm is group normalisation and an activation, "" for none. by scales and shifts between the
// two, unless it is empty.
func (b *Builder) GroupNorm(tensor, x string, groups int, act, by string) string {
	o := Options{"tensor": tensor, "groups": groups}
	if act != "" {
		o["act"] = act
	}
	of := []string{x}
	if by != "" {
		of = append(of, by)
	}
	return b.Node(tensor, "group_norm", b.channels[x], o, of...)
}

// Activation applies an activation.
func (b *Builder) Activation(name, act, x string) string {
	return b.Node(name, "activation", b.channels[x], Options{"act": act}, x)
}

// Add is the sum of two values, or of a value and a vector.
func (b *Builder) Add(name, x, y string) string {
	return b.Node(name, "add", b.channels[x], nil, x, y)
}

// Concat puts values side by side.
func (b *Builder) Concat(name string, of ...string) string {
	n := 0
	for _, x := range of {
		n += b.channels[x]
	}
	return b.Node(name, "concat", n, nil, of...)
}

// Resample is half or double the picture's size.
func (b *Builder) Resample(name, to, x string) string {
	return b.Node(name, "resample", b.channels[x], Options{"to": to}, x)
}

// finish checks that every tensor has its place and writes the config.
func (b *Builder) finish() (*Network, error) {
	n := b.network
	var rest []string
	for _, t := range b.Tensors {
		switch {
		case !b.used[t.Name] && n.beside[t.Name]:
			n.Passed = append(n.Passed, Passed{t.Name, "stands beside the network"})
		case !b.used[t.Name]:
			rest = append(rest, t.Name)
		case !b.passed(t.Name):
			n.Tensors = append(n.Tensors, t)
		}
	}
	if len(rest) > 0 {
		return nil, reason.New("tensor.more", "the tensor {tensor} has no place in a network of "+
			"the family {family}"+others(len(rest)-1), "tensor", rest[0], "family", n.Family.Name)
	}
	config := struct {
		Class   string `json:"_class_name"`
		Family  string `json:"family"`
		Sample  [3]int `json:"sample"`
		Classes int    `json:"classes"`
		Guided  int    `json:"guided,omitempty"`
		Tile    int    `json:"tile,omitempty"`
		Nodes   []Node `json:"nodes"`
	}{graph.ClassName, n.Family.Name, b.sample, b.classes, b.guided, b.tile,
		n.Nodes}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	n.Config, n.side = string(text), b.sample[1]
	if _, err := graph.Parse(text); err != nil {
		return nil, err
	}
	return n, nil
}

func (b *Builder) passed(name string) bool {
	return slices.ContainsFunc(b.network.Passed, func(p Passed) bool { return p.Tensor == name })
}

func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", and neither have %d others", n)
}

// Report lists the nodes with their inputs and tensors, for -explain.
func (n *Network) Report() []string {
	var lines []string
	for _, node := range n.Nodes {
		line := fmt.Sprintf("%-34s %-11s of %s", node.Name, node.Op, strings.Join(node.Of, ", "))
		if tensor, ok := node.Options["tensor"].(string); ok {
			line += "  tensors " + tensor + ".*"
		}
		lines = append(lines, line)
	}
	for _, p := range n.Passed {
		lines = append(lines, p.Tensor+": "+p.Reason)
	}
	return lines
}
