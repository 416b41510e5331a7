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
	outs    [1][]float32
	beside  []float32 // of a cascade's second stage: [InChannels, H, W], the picture and the small one enlarged; else nil
}

// NoClass is the label, and the row of Item.Class, that stands for no class.
const NoClass = -1

// Open compiles the network of a weights file on the fastest kernels. The
// file's metadata hold its config.json as `config`, and as `classes` the names
// of its classes. If the table has a row more than there are names, or if no
// names are given, its last row is the null class of classifier-free guidance;
// without such a row no class means no class embedding. With `cascade` the
// network is a second stage: half of its input channels are a smaller picture's,
// and what its class embedding takes is the noise on that.
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
	if f.Metadata["cascade"] != "" {
		return openUpscaler(cfg, f)
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

// openUpscaler compiles the second stage of a cascade.
func openUpscaler(cfg Config, f *weights.File) (*Model, error) {
	if cfg.InChannels%2 != 0 {
		return nil, refuse("in_channels", "is %d, and the second stage of a cascade has as many for the small picture as for its own", cfg.InChannels, 0)
	}
	n, err := New(cfg, f, 1, kernels.Best())
	if err != nil {
		return nil, err
	}
	return &Model{Network: n, null: NoClass, beside: make([]float32, cfg.InChannels*cfg.SampleHeight*cfg.SampleWidth)}, nil
}

// Levels is the number of noise levels that a cascade's second stage tells
// apart in the small picture, 0 if it takes any timestep.
func (m *Model) Levels() int {
	if m.ClassEmbedType == "" {
		return m.NumClassEmbeds
	}
	return 0
}

// Upscale evaluates a cascade's second stage, see sampler.Upscaler.
func (m *Model) Upscale(out, x, low []float32, t float64, level int) {
	half := len(m.beside) / 2
	copy(m.beside[:half], x)
	copy(m.beside[half:], low)
	m.items[0] = Item{Sample: m.beside, Timestep: float32(t), Class: level, ClassNumber: float32(level)}
	m.outs[0] = out
	m.Forward(m.outs[:], m.items[:1])
}

// Shape returns the shape of x, [channels, height, width].
func (m *Model) Shape() (channels, height, width int) {
	if m.beside != nil {
		return m.InChannels / 2, m.SampleHeight, m.SampleWidth
	}
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
