package sampler

import (
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// auto is autoguidance (Karras et al., arXiv:2406.02507, §3): a weaker version of the network makes
// the same errors, only larger, so the prediction is led away from the weaker one: F_weak + w·(F −
// F_weak). Both see the same state, timestep and label. The difference w·F − F, which is
// (w−1)·(F−F_weak), is added to what other guidance makes of F.
type auto struct {
	weaker *recipe.Guide
	more   float64             // w − 1
	kind   schedule.Prediction // what the network predicts
	label  [1]int              // of the last evaluation
	out    [1][]float32        // [OutChannels·H·W] the weaker version's output
	answer []float64           // [C·H·W] the same, as the network would give it
	acted  bool                // whether the last evaluation had it
}

// newAuto returns the autoguidance of pictures of size values. kind is what the network predicts.
func newAuto(s *recipe.Settings, kind schedule.Prediction, size int) *auto {
	a := &auto{weaker: s.Weaker, more: s.Auto - 1, kind: kind, answer: make([]float64, size)}
	_, height, width := s.Weaker.Weaker.Shape()
	a.out[0] = make([]float32, s.Weaker.Weaker.OutChannels()*height*width)
	return a
}

// add changes the guided output of n at state x and timestep t, where n.outs[0] is the answer with
// label, by the autoguidance. The noise level is that of t. Where one of two different quantities
// does not follow from the other, without signal or without noise, nothing is added. out: the
// values that guidance mixes; x: [C·H·W].
func (a *auto) add(n *guided, out, x []float64, t float64, label int) {
	from, level := a.weaker.Scheduler.PredictionType, a.weaker.Noise.Interpolate(t)
	if from != a.kind && (level.Signal == 0 || level.Noise == 0) {
		return
	}
	a.acted, a.label[0] = true, label
	a.weaker.Weaker.Predict(a.out[:], n.x, t, a.label[:])
	for i := range a.answer {
		a.answer[i] = float64(a.out[0][i])
	}
	level.Convert(a.answer, x, a.answer, from, a.kind)
	for i := range out {
		out[i] += float64(a.more * (float64(n.outs[0][i]) - a.answer[i]))
	}
}
