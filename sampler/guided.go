package sampler

import (
	"tweedie/sampler/guidance"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// guided is the source of a trajectory: a network with guidance, and the picture's noise.
type guided struct {
	model    network.Model
	guidance guidance.ClassifierFree
	steering *steering   // nil without classifier guidance
	auto     *auto       // nil without autoguidance
	labels   []int       // labels to evaluate where guidance acts: class, NoClass, or both
	outside  []int       // labels to evaluate where it does not: the class, or as labels
	x        []float32   // [C·H·W] the state as the model sees it
	outs     [][]float32 // [labels][OutChannels·H·W]
	size     int         // C·H·W
	mixed    int         // of them those that guidance mixes
	memory   *memory     // nil for a network that is not shown an estimate
	features *features   // nil where no deep features are used again
	every    int         // of that many evaluations, one works them out
	asked    []int       // the labels of the last evaluation
	steered  bool        // whether the classifier had a part in it
	name     string      // of the network, for the helper
	helper   *Helper     // nil where the run makes all passes
	pass     Pass        // of the helper, with what all passes of an evaluation see

	noise func(dst []float64, draw uint32)
}

// newGuided prepares the evaluations of picture number image. A guidance scale of 0 needs the
// evaluation without the class only. A scale of 1, and levels outside the interval, need the
// evaluation with the class only. kind is what the network predicts.
func newGuided(m network.Model, s *recipe.Settings, kind schedule.Prediction, image int) *guided {
	c, h, w := m.Shape()
	n := &guided{model: m, name: s.Model, guidance: s.ClassifierFree, size: c * h * w,
		every: s.Cache}
	n.mixed = n.size
	if m, ok := m.(network.PartlyGuided); ok {
		n.mixed = m.GuidedChannels() * h * w
	}
	label := s.Labels[image]
	if label != network.NoClass && s.Steering > 0 {
		n.steering = newSteering(s, kind, label, n.size)
	}
	if m.Classes() == 0 { // only the classifier knows the class
		label = network.NoClass
	}
	switch {
	case label == network.NoClass || s.Guidance == 0:
		n.labels = []int{network.NoClass}
	case s.Guidance == 1:
		n.labels = []int{label}
	default:
		n.labels = []int{label, network.NoClass}
	}
	if n.outside = n.labels; label != network.NoClass {
		n.outside = []int{label}
	}
	n.x = make([]float32, n.size)
	n.outs = make([][]float32, len(n.labels))
	for i := range n.outs {
		n.outs[i] = make([]float32, m.OutChannels()*h*w)
	}
	n.noise = draws(s, image, streamFirst, n.size)
	n.memory = newMemory(m, n.size)
	if s.Weaker != nil {
		n.auto = newAuto(s, kind, n.size)
	}
	n.pass.X = n.x
	return n
}

func (n *guided) Output(out, x []float64, t float64, l schedule.Level) {
	for i, v := range x {
		n.x[i] = float32(v)
	}
	labels, acts := n.labels, n.guidance.Acts(l.Sigma())
	if !acts {
		labels = n.outside
	}
	n.asked, n.steered = labels, n.steering != nil && acts
	steers := n.steered && n.steering.at(t)
	n.evaluate(t, labels, steers)
	for i, v := range n.outs[0] {
		out[i] = float64(v)
	}
	if len(labels) == 2 { // a predicted variance is not mixed
		n.guidance.Mix(out[:n.mixed], n.outs[1][:n.mixed])
	}
	if n.auto != nil {
		if n.auto.acted = false; acts {
			n.auto.add(n, out[:n.mixed], x, t, labels[0])
		}
	}
	if steers {
		n.steering.mix(out)
	}
}

func (n *guided) Normal(dst []float64, draw uint32) { n.noise(dst, draw) }

// plain returns a source for the inversion: the network with one label, without guidance. Of
// `every` evaluations one works out deep features.
func plain(m network.Model, label, every int) *guided {
	s := &recipe.Settings{Labels: []int{label}, Images: 1, Cache: every}
	s.Guidance = 1
	return newGuided(m, s, "", 0)
}
