package sampler

import "tweedie/sampler/noise"

// network is a trajectory's source in a run: a model under classifier-free guidance and the picture's own noise.
type network struct {
	model    Model
	guidance float64
	labels   []int       // the evaluations of one step: [class], [NoClass], or both
	x        []float32   // [C·H·W] the state as the model sees it
	outs     [][]float32 // one [OutChannels·H·W] for each label
	size     int         // C·H·W

	seed  uint64
	image uint32
	torch *torchDraws // nil unless noise=torch
}

// newNetwork prepares the evaluations of one picture. With guidance g the prediction is ε̂_∅ + g·(ε̂_c − ε̂_∅) (Ho & Salimans,
// arXiv:2207.12598, with g = 1 + w; Luo 167), so that g = 0 needs the unconditional evaluation alone and g = 1 the conditional.
func newNetwork(m Model, s *Settings, image int) *network {
	c, h, w := m.Shape()
	n := &network{model: m, guidance: s.Guidance, size: c * h * w, seed: s.Seed, image: uint32(image)}
	label := s.Labels[image]
	switch {
	case label == NoClass || s.Guidance == 0:
		n.labels = []int{NoClass}
	case s.Guidance == 1:
		n.labels = []int{label}
	default:
		n.labels = []int{label, NoClass}
	}
	n.x = make([]float32, n.size)
	n.outs = make([][]float32, len(n.labels))
	for i := range n.outs {
		n.outs[i] = make([]float32, m.OutChannels()*h*w)
	}
	if s.Noise == noiseTorch {
		n.torch = newTorchDraws(s.Seed+uint64(image), n.size)
	}
	return n
}

func (n *network) output(out, x []float64, t float64) {
	for i, v := range x {
		n.x[i] = float32(v)
	}
	n.model.Predict(n.outs, n.x, t, n.labels)
	for i, v := range n.outs[0] {
		out[i] = float64(v)
	}
	if len(n.outs) == 1 {
		return
	}
	// A predicted variance is left as the class has it.
	for i, unconditional := range n.outs[1][:n.size] {
		u := float64(unconditional)
		out[i] = u + float64(n.guidance*(out[i]-u))
	}
}

func (n *network) normal(dst []float64, draw uint32) {
	if n.torch != nil {
		n.torch.draw(dst, draw)
		return
	}
	noise.Normal(dst, n.seed, n.image, draw)
}
