package sampler

import (
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// steering is classifier guidance (Dhariwal & Nichol, arXiv:2105.05233, §4.2; Luo 161): γ·∇ log
// p(y|x_t) is added to the score, so that ε̂ loses √(1−ᾱ)·γ·∇ log p(y|x_t).
type steering struct {
	classifier *recipe.Guide
	scale      float64 // γ
	label      int
	kind       schedule.Prediction
	slope      []float32 // [C·H·W]
}

// newSteering is classifier guidance to a class for pictures of size values.
func newSteering(s *recipe.Settings, kind schedule.Prediction, label, size int) *steering {
	return &steering{classifier: s.Guide, scale: s.Steering, label: label, kind: kind,
		slope: make([]float32, size)}
}

// add steers the network's output at state x and timestep t, as the network saw them. What the
// network says holds for the noise level that t stands for, and so does what is added. Without
// signal x tells nothing of its class, and nothing is added.
func (s *steering) add(out []float64, x []float32, t float64) {
	l := s.classifier.Noise.Interpolate(t)
	if l.Signal == 0 {
		return
	}
	s.classifier.Gradient(s.slope, x, t, s.label)
	f := float64(s.scale * s.factor(l))
	for i, g := range s.slope {
		out[i] += float64(f * float64(g))
	}
}

// Steer returns what adds the settings' classifier guidance of the first picture to a network's
// answer at state x, [C,H,W], and timestep t, for callers that ask a network without a run. It is
// nil without such guidance. kind is what the network predicts.
func Steer(
	s *recipe.Settings, kind schedule.Prediction, size int,
) func(answer []float64, x []float32, t float64) {
	if s.Steering == 0 {
		return nil
	}
	return newSteering(s, kind, s.Labels[0], size).add
}

// factor is how much the output changes with the score: with x̂0 = (x − b·ε̂)/a and ε̂ = −b·score.
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
