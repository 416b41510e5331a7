package sampler

import (
	"tweedie/sampler/conditional"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// steering is classifier guidance (Dhariwal & Nichol, arXiv:2105.05233, §4.2; Luo 161): γ·∇ log
// p(y|x_t) is added to the score, so √(1−ᾱ)·γ·∇ log p(y|x_t) is subtracted from ε̂.
type steering struct {
	classifier *recipe.Guide
	scale      float64 // γ
	label      int
	kind       schedule.Prediction // what the network predicts
	slope      []float32           // [C·H·W] ∇ log p(y|x_t)
	weight     float64             // of slope in the last output
}

// newSteering returns classifier guidance to a class for pictures of size values. kind is what the
// network predicts.
func newSteering(s *recipe.Settings, kind schedule.Prediction, label, size int) *steering {
	return &steering{classifier: s.Guide, scale: s.Steering, label: label, kind: kind,
		slope: make([]float32, size)}
}

// at takes the noise level of timestep t. It returns false where nothing is added: without signal x
// does not depend on the class.
func (s *steering) at(t float64) bool {
	l := s.classifier.Noise.Interpolate(t)
	if s.weight = 0; l.Signal == 0 {
		return false
	}
	s.weight = float64(s.scale * s.factor(l))
	return true
}

// mix changes out, the network's output, by the slope at the state and the timestep that it was
// asked for. out: [C·H·W] or longer.
func (s *steering) mix(out []float64) {
	for i, g := range s.slope {
		out[i] += float64(s.weight * float64(g))
	}
}

// add changes out, the network's output at state x and timestep t, by the guidance. x and t are
// what the network saw, and the guidance is computed for the noise level of t, too. out, x:
// [C·H·W]; out may be longer.
func (s *steering) add(out []float64, x []float32, t float64) {
	if s.at(t) {
		s.classifier.Gradient(s.slope, x, t, s.label)
		s.mix(out)
	}
}

// NewSteer returns the settings' classifier guidance of the first picture, for callers that
// evaluate a network without a run. It returns nil without such guidance. kind is what the network
// predicts, size is C·H·W.
func NewSteer(s *recipe.Settings, kind schedule.Prediction, size int) conditional.Steer {
	if s.Steering == 0 {
		return nil
	}
	return newSteering(s, kind, s.Labels[0], size).add
}

// factor returns the change of the output for a change of 1 of the score, at noise level l: with a
// = Signal and b = Noise, x̂0 = (x − b·ε̂)/a and ε̂ = −b·score.
func (s *steering) factor(l schedule.Level) float64 {
	a, b := l.Signal, l.Noise
	switch x0 := b * b / a; s.kind {
	case schedule.Sample:
		return x0
	case schedule.V:
		return -float64(a*b) - float64(b*x0)
	case schedule.Score:
		return 1
	default:
		return -b
	}
}
