package unet

import (
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/network"
	"tweedie/weights"
	"tweedie/weights/json"
)

// guidanceBatch is how many evaluations Model takes through the network at a
// time: the two of classifier-free guidance.
const guidanceBatch = 2

// Model is a network with the labels that a sampler speaks of. It implements
// network.Model.
type Model struct {
	*Network
	classes int // without the null class
	null    int // its row, NoClass if the table has none
	items   [guidanceBatch]Item
	outs    [1][]float32
	deep    [1][]float32
	// beside, [InChannels, H, W], is the input of a cascade's second stage: the
	// picture and behind it the small one enlarged. In other models it is nil.
	beside []float32
}

// NoClass is the label, and the row of Item.Class, that stands for no class.
const NoClass = network.NoClass

// Open compiles the network of a weights file on the fastest kernels. The
// file's metadata hold its config.json as `config`, and as `classes` the names
// of its classes. If the table has a row more than there are names, or if no
// names are given, its last row is the null class of classifier-free guidance;
// without such a row no class means no class embedding. With `cascade` the
// network is a second stage: half of its input channels are a smaller picture's,
// and what its class embedding takes is the noise on that.
func Open(f *weights.File) (*Model, error) { return open(f, kernels.Best()) }

// Measure is Open for a model that never runs: its Bytes and MultiplyAdds are known, and next to no
// memory is taken.
func Measure(f *weights.File) (*Model, error) { return open(f, nil) }

func open(f *weights.File, k *kernels.Set) (*Model, error) {
	text, ok := f.Metadata["config"]
	if !ok {
		return nil, refuse("", "is missing from the weights file: "+
			"convert the checkpoint with tools/convert")
	}
	cfg, err := ParseConfig([]byte(text))
	if err != nil {
		return nil, err
	}
	if cfg.ClassEmbedType == "identity" {
		return nil, refuse("class_embed_type", "is identity, which takes vectors as labels: "+
			"use Network.Forward")
	}
	if f.Metadata["cascade"] != "" {
		return openUpscaler(cfg, f, k)
	}
	if err := cfg.CheckDrawn(cfg.InChannels); err != nil {
		return nil, err
	}
	m := &Model{null: NoClass}
	if err := m.label(cfg, f.Metadata["classes"]); err != nil {
		return nil, err
	}
	batch := guidanceBatch
	if m.classes == 0 {
		batch = 1 // there is nothing to guide by
	}
	if m.Network, err = New(cfg, f, batch, k); err != nil {
		return nil, err
	}
	return m, nil
}

// label finds how many classes there are and which row is the null class. text
// is the names' JSON.
func (m *Model) label(cfg Config, text string) error {
	names, named := 0, text != ""
	if named {
		list, err := json.Texts([]byte(text), "unet: the names of the classes")
		if err != nil {
			return err
		}
		names = len(list)
	}
	rows := cfg.NumClassEmbeds
	switch {
	case cfg.ClassEmbedType == "timestep":
		m.classes = names
	case rows == 0:
	case !named || names == rows-1:
		m.classes, m.null = rows-1, rows-1
	case names == rows:
		m.classes = rows
	default:
		return refuse("num_class_embeds", "is "+strconv.Itoa(rows)+", but the file names "+
			strconv.Itoa(names)+" classes")
	}
	return nil
}

// openUpscaler compiles the second stage of a cascade.
func openUpscaler(cfg Config, f *weights.File, k *kernels.Set) (*Model, error) {
	if cfg.InChannels%2 != 0 {
		return nil, refuse("in_channels", "must be even in the second stage of a cascade, "+
			"where one half is the small picture's")
	}
	if err := cfg.CheckDrawn(cfg.InChannels / 2); err != nil {
		return nil, err
	}
	n, err := New(cfg, f, 1, k)
	if err != nil {
		return nil, err
	}
	beside := make([]float32, cfg.InChannels*cfg.SampleHeight*cfg.SampleWidth)
	return &Model{Network: n, null: NoClass, beside: beside}, nil
}

// Levels is the number of noise levels that a cascade's second stage tells
// apart in the small picture, 0 if it takes any timestep.
func (m *Model) Levels() int {
	if m.ClassEmbedType == "" {
		return m.NumClassEmbeds
	}
	return 0
}

// Upscale evaluates a cascade's second stage, see network.Upscaler.
func (m *Model) Upscale(out, x, low []float32, t float64, level int) {
	m.outs[0] = out
	m.upscale(x, low, t, level, nil, false)
}

// UpscaleDeep is Upscale that keeps deep features or uses them again, see network.DeepUpscaler.
func (m *Model) UpscaleDeep(
	out, x, low []float32, t float64, level int, deep []float32, again bool,
) {
	m.outs[0], m.deep[0] = out, deep
	m.upscale(x, low, t, level, m.deep[:], again)
}

// upscale evaluates a cascade's second stage into outs.
func (m *Model) upscale(
	x, low []float32, t float64, level int, deep [][]float32, again bool,
) {
	half := len(m.beside) / 2
	copy(m.beside[:half], x)
	copy(m.beside[half:], low)
	m.items[0] = Item{
		Sample: m.beside, Timestep: float32(t), Class: level, ClassNumber: float32(level),
	}
	m.ForwardDeep(m.outs[:], m.items[:1], deep, again)
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

// Predict evaluates the network at (x, t) once per label, see network.Model.
// Two labels go through every layer together, so that weights are read once.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	m.PredictDeep(out, x, nil, t, labels, nil, false)
}

// PredictDeep is Predict that keeps deep features or uses them again, see network.Deep. There is no
// estimate.
func (m *Model) PredictDeep(
	out [][]float32, x, _ []float32, t float64, labels []int, deep [][]float32, again bool,
) {
	for len(labels) > 0 {
		n := min(len(labels), m.batch)
		for i, label := range labels[:n] {
			if label < NoClass || label >= m.classes {
				panic("unet: a label that the model does not have")
			}
			it := Item{Sample: x, Timestep: float32(t), Class: label}
			it.ClassNumber = float32(max(label, 0))
			if label == NoClass {
				it.Class = m.null
			}
			m.items[i] = it
		}
		m.ForwardDeep(out[:n], m.items[:n], deep, again)
		out, labels, deep = out[n:], labels[n:], deep[min(n, len(deep)):]
	}
}
