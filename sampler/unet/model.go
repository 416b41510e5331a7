package unet

import (
	"tweedie/sampler/kernels"
	"tweedie/weights"
	"tweedie/weights/json"
)

// guidanceBatch is how many evaluations Model takes through the network at a
// time: the two of classifier-free guidance.
const guidanceBatch = 2

// Model is a network with the labels that a sampler speaks of. It implements
// sampler.Model.
type Model struct {
	*Network
	classes int // without the null class
	null    int // its row, NoClass if the table has none
	items   [guidanceBatch]Item
}

// NoClass is the label, and the row of Item.Class, that stands for no class.
const NoClass = -1

// Open compiles the network of a weights file on the fastest kernels. The
// file's metadata hold its config.json as `config`, and as `classes` the names
// of its classes. If the table has a row more than there are names, or if no
// names are given, its last row is the null class of classifier-free guidance;
// without such a row no class means no class embedding.
func Open(f *weights.File) (*Model, error) {
	text, ok := f.Metadata["config"]
	if !ok {
		return nil, &ConfigError{"(the whole file)", "is missing from the weights file: convert the checkpoint with tools/convert"}
	}
	cfg, err := ParseConfig([]byte(text))
	if err != nil {
		return nil, err
	}
	if cfg.ClassEmbedType == "identity" {
		return nil, &ConfigError{"class_embed_type", "is identity, and a label is no vector: use Network.Forward"}
	}
	m := &Model{classes: 0, null: NoClass}
	if cfg.ClassEmbedType == "" && cfg.NumClassEmbeds > 0 {
		m.classes, m.null = cfg.NumClassEmbeds-1, cfg.NumClassEmbeds-1
		if n, ok := names(f); ok {
			switch {
			case n == cfg.NumClassEmbeds:
				m.classes, m.null = n, NoClass
			case n != cfg.NumClassEmbeds-1:
				return nil, refuse("num_class_embeds", "is %d, but the file names %d classes", cfg.NumClassEmbeds, n)
			}
		}
	}
	if cfg.ClassEmbedType == "timestep" {
		m.classes, _ = names(f)
	}
	if m.Network, err = New(cfg, f, guidanceBatch, kernels.Best()); err != nil {
		return nil, err
	}
	return m, nil
}

// names counts the class names of a file.
func names(f *weights.File) (int, bool) {
	v, err := json.Parse([]byte(f.Metadata["classes"]))
	if err != nil || v.Kind() != json.Array {
		return 0, false
	}
	return len(v.Array()), true
}

// Shape returns the shape of x, [channels, height, width].
func (m *Model) Shape() (channels, height, width int) {
	return m.InChannels, m.SampleHeight, m.SampleWidth
}

// OutChannels is the number of channels of the output.
func (m *Model) OutChannels() int { return m.Network.OutChannels }

// Classes is the number of classes without the null class.
func (m *Model) Classes() int { return m.classes }

// Predict evaluates the network at (x, t) once per label, see sampler.Model.
// Two labels go through every layer together, so that weights are read once.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	for len(labels) > 0 {
		n := min(len(labels), guidanceBatch)
		for i, label := range labels[:n] {
			if label < NoClass || label >= m.classes {
				panic("unet: a label that the model does not have")
			}
			it := Item{Sample: x, Timestep: float32(t), Class: label, ClassNumber: float32(max(label, 0))}
			if label == NoClass {
				it.Class = m.null
			}
			m.items[i] = it
		}
		m.Forward(out[:n], m.items[:n])
		out, labels = out[n:], labels[n:]
	}
}
