package graph

import (
	"tweedie/sampler/kernels"
	"tweedie/weights"
	"tweedie/weights/json"
)

// guidanceBatch is how many evaluations Model takes through the network at a time: the two of
// classifier-free guidance.
const guidanceBatch = 2

// Model is a network that a sampler can evaluate: it implements network.SelfConditioned.
type Model struct {
	*Network
	items   [guidanceBatch]Item
	nothing []float32 // the estimate where nothing is known of x̂0: zeros
}

// Open compiles the network of a weights file on the fastest kernels.
func Open(f *weights.File) (*Model, error) { return open(f, kernels.Best()) }

// Measure is Open for a model that never runs: its Bytes and MultiplyAdds are known, and next to no
// memory is taken.
func Measure(f *weights.File) (*Model, error) { return open(f, nil) }

func open(f *weights.File, k *kernels.Set) (*Model, error) {
	text, ok := f.Metadata["config"]
	if !ok {
		return nil, &json.MemberError{Of: document, Reason: "is missing from the weights file: " +
			"convert the checkpoint with tools/convert"}
	}
	g, err := Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	if s := g.Sample; g.Output != s && g.Output != (Shape{2 * s.Channels, s.Height, s.Width}) {
		return nil, &json.MemberError{Of: document, Reason: "gives " + g.Output.String() +
			" for pictures of " +
			s.String() + ", and a sampler needs as many channels, or twice as many"}
	}
	batch := guidanceBatch
	if g.Classes == 0 {
		batch = 1 // there is nothing to guide by
	}
	n, err := New(g, f, batch, k)
	if err != nil {
		return nil, err
	}
	return &Model{Network: n, nothing: make([]float32, g.Sample.size())}, nil
}

// Shape returns the shape of x, [channels, height, width].
func (m *Model) Shape() (channels, height, width int) {
	return m.Sample.Channels, m.Sample.Height, m.Sample.Width
}

// OutChannels is the number of channels of the output.
func (m *Model) OutChannels() int { return m.Output.Channels }

// Classes is the number of classes without none.
func (m *Model) Classes() int { return m.Network.Classes }

// GuidedChannels is the number of channels that guidance changes.
func (m *Model) GuidedChannels() int {
	if m.Guided == 0 {
		return m.Sample.Channels
	}
	return m.Guided
}

// Predict evaluates the network at (x, t) once per label, see network.Model. Two labels go through
// every layer together, so that weights are read once.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	m.PredictFrom(out, x, m.nothing, t, labels)
}

// PredictFrom is Predict with an estimate of the clean picture, see network.SelfConditioned.
func (m *Model) PredictFrom(out [][]float32, x, estimate []float32, t float64, labels []int) {
	m.PredictDeep(out, x, estimate, t, labels, nil, false)
}

// PredictDeep is PredictFrom that keeps deep features or uses them again, see network.Deep.
func (m *Model) PredictDeep(
	out [][]float32, x, estimate []float32, t float64, labels []int, deep [][]float32, again bool,
) {
	if estimate == nil {
		estimate = m.nothing
	}
	for len(labels) > 0 {
		n := min(len(labels), m.batch)
		for i, label := range labels[:n] {
			m.items[i] = Item{Sample: x, Estimate: estimate, Time: t, Class: label}
		}
		m.ForwardDeep(out[:n], m.items[:n], deep, again)
		out, labels, deep = out[n:], labels[n:], deep[min(n, len(deep)):]
	}
}
