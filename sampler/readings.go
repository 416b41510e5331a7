package sampler

import (
	"math"

	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// Reading is one of the predictions that a network's last answer in a step stands for, whichever it
// was trained to give (Luo 115, 133, 151).
type Reading struct {
	Kind   schedule.Prediction
	X0     schedule.Reading // how x̂0 follows from it
	Values []float64        // [C·H·W]
	// Apart is the largest difference between the x̂0 that follows from Values and the one that
	// follows from the answer itself, which are equal but for rounding.
	Apart float64
}

// readings are the kinds that Readings lists.
var readings = [...]schedule.Prediction{
	schedule.Sample, schedule.Epsilon, schedule.Score, schedule.V, schedule.FlowVelocity,
}

// Readings returns the answer of the network's last evaluation in the step as each kind of
// prediction, x̂0 first, and the line of the state that the network saw. It returns none where the
// state has no noise or no signal, or where the network was not asked.
func (w *Work) Readings() (all []Reading, seen int) {
	q := w.Question
	level := schedule.Level{Signal: q.Signal, Noise: q.Noise}
	if !q.Asked || level.Signal == 0 || level.Noise == 0 {
		return nil, working.One
	}
	x, answer := w.Lines[q.Seen].Values, w.Lines[q.Answer].Values
	own := make([]float64, len(x))
	level.X0(own, x, answer, w.Predicts)
	back := make([]float64, len(x))
	for _, kind := range readings {
		r := Reading{Kind: kind, X0: level.ReadX0(kind), Values: make([]float64, len(x))}
		level.Convert(r.Values, x, answer, w.Predicts, kind)
		level.X0(back, x, r.Values, kind)
		for i, v := range back {
			r.Apart = max(r.Apart, math.Abs(v-own[i]))
		}
		all = append(all, r)
	}
	return all, q.Seen
}
