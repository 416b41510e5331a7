package classifier

import (
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/weights"
	"tweedie/weights/json"
)

// Model is a network that implements network.Classifier.
type Model struct {
	*Network
}

// Open compiles the classifier of a weights file on the fastest kernels. The
// file's metadata hold its config.json as `config` and, if it has them, the
// names of its classes as `classes`.
func Open(f *weights.File) (*Model, error) {
	text, ok := f.Metadata["config"]
	if !ok {
		return nil, refuse("", "is missing from the weights file: "+
			"convert the checkpoint with tools/convert")
	}
	cfg, err := ParseConfig([]byte(text))
	if err != nil {
		return nil, err
	}
	n, err := New(cfg, f, kernels.Best())
	if err != nil {
		return nil, err
	}
	if text, ok := f.Metadata["classes"]; ok {
		const of = "classifier: the names of the classes"
		names, err := json.Texts([]byte(text), of)
		if err != nil {
			return nil, err
		}
		if len(names) != cfg.Classes {
			return nil, &json.MemberError{Of: of, Reason: "must be " + strconv.Itoa(cfg.Classes) +
				", as many as num_classes, not " + strconv.Itoa(len(names))}
		}
	}
	return &Model{n}, nil
}

// Shape returns the shape of x, [channels, height, width].
func (m *Model) Shape() (channels, height, width int) { return m.InChannels, m.Height, m.Width }

// Classes is the number of classes.
func (m *Model) Classes() int { return m.Network.Classes }

// Gradient writes ∇ₓ log p(class | x, t) to dst, see network.Classifier.
func (m *Model) Gradient(dst, x []float32, t float64, class int) {
	m.Network.Gradient(dst, x, float32(t), class)
}
