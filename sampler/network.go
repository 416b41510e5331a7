package sampler

import "tweedie/sampler/schedule"

// network is a trajectory's source in a run: a model under classifier-free guidance and the picture's own noise.
type network struct {
	model    Model
	guidance guidance
	steering *steering   // nil without classifier guidance
	labels   []int       // the evaluations where guidance acts: [class], [NoClass], or both
	outside  []int       // and where it does not: [class], or labels if it acts everywhere
	x        []float32   // [C·H·W] the state as the model sees it
	outs     [][]float32 // [labels][OutChannels·H·W]
	size     int         // C·H·W

	noise func(dst []float64, draw uint32)
}

// newNetwork prepares the evaluations of one picture. Guidance of 0 needs the unconditional evaluation alone and guidance of 1, or outside
// its interval, the conditional.
func newNetwork(m Model, s *Settings, image int) *network {
	c, h, w := m.Shape()
	n := &network{model: m, guidance: s.guidance(), size: c * h * w}
	label := s.Labels[image]
	if label != NoClass && s.Steering > 0 {
		n.steering = s.steering(label, n.size)
	}
	if m.Classes() == 0 { // the class is the classifier's affair
		label = NoClass
	}
	switch {
	case label == NoClass || s.Guidance == 0:
		n.labels = []int{NoClass}
	case s.Guidance == 1:
		n.labels = []int{label}
	default:
		n.labels = []int{label, NoClass}
	}
	if n.outside = n.labels; label != NoClass {
		n.outside = []int{label}
	}
	n.x = make([]float32, n.size)
	n.outs = make([][]float32, len(n.labels))
	for i := range n.outs {
		n.outs[i] = make([]float32, m.OutChannels()*h*w)
	}
	n.noise = s.draws(image, streamFirst, n.size)
	return n
}

func (n *network) output(out, x []float64, t float64, l schedule.Level) {
	for i, v := range x {
		n.x[i] = float32(v)
	}
	labels, acts := n.labels, n.guidance.acts(l)
	if !acts {
		labels = n.outside
	}
	n.model.Predict(n.outs[:len(labels)], n.x, t, labels)
	for i, v := range n.outs[0] {
		out[i] = float64(v)
	}
	if len(labels) == 2 { // a predicted variance is left as the class has it
		n.guidance.mix(out[:n.size], n.outs[1][:n.size])
	}
	if n.steering != nil && acts {
		n.steering.add(out, n.x, t)
	}
}

func (n *network) normal(dst []float64, draw uint32) { n.noise(dst, draw) }

// plain is a network with one label and without guidance, for the way back to noise.
func plain(m Model, label int) *network {
	return newNetwork(m, &Settings{Labels: []int{label}, Guidance: 1, Images: 1}, 0)
}
