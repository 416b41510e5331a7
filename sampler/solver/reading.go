package solver

import "tweedie/sampler/schedule"

// Whatever a network was trained to predict, its answer is at once an estimate of the clean
// picture, of the noise, of v and of the score (Luo 115, 133, 151). The key `reading` has it
// translated into one of these first, so that the sampler works with that one; the picture stays
// the same but for rounding.

// readings are the values of the key, with what networks of that kind are called in a scheduler's
// config.
var readings = []struct {
	name string
	kind schedule.Prediction
}{{"x0", schedule.Sample}, {"epsilon", schedule.Epsilon}, {"v", schedule.V},
	{"score", schedule.Score}}

// Readings lists the values of Options.Reading.
func Readings() []string {
	var names []string
	for _, r := range readings {
		names = append(names, r.name)
	}
	return names
}

// ReadingOf is the reading in which a network answers by itself, "" if it has but one: that of a
// flow, say, or of EDM.
func ReadingOf(c *schedule.Config) string {
	if c.Solver.Network == schedule.Preserving {
		for _, r := range readings {
			if r.kind == c.PredictionType {
				return r.name
			}
		}
	}
	return ""
}

// kindOf is what the network is taken to predict: what it does, without a reading.
func kindOf(reading string, own schedule.Prediction) schedule.Prediction {
	for _, r := range readings {
		if r.name == reading {
			return r.kind
		}
	}
	return own
}

// translate writes the network's answer in the sampler's reading over it, if that is another. x:
// the state, of level l, as the network saw it. x0 and epsilon serve as scratch: whoever asks fills
// them next.
func (e *Evaluation) translate(x []float64, l schedule.Level) {
	if e.own == e.kind {
		return
	}
	out := e.raw[:len(x)]
	l.X0(e.X0, x, out, e.own)
	l.Epsilon(e.Epsilon, x, out, e.own)
	x0, epsilon := 0.0, 1.0
	switch e.kind {
	case schedule.Sample:
		x0, epsilon = 1, 0
	case schedule.V:
		x0, epsilon = -l.Noise, l.Signal
	case schedule.Score:
		epsilon = -1 / l.Noise
	}
	for i := range out {
		out[i] = float64(x0*e.X0[i]) + float64(epsilon*e.Epsilon[i])
	}
}
