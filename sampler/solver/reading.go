package solver

import "tweedie/sampler/schedule"

// A network's output gives an estimate of the clean picture, of the noise, of v and of the score,
// whatever it was trained to predict (Luo 115, 133, 151). With the key `reading` the output is
// translated into one of these, and the sampler works with that one. The picture differs by
// rounding alone.

// readings are the values of the key, with the prediction type of a scheduler config that each
// stands for.
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

// ReadingOf returns the reading that needs no translation. It is "" for networks without a choice,
// such as those of a rectified flow or EDM.
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

// kindOf returns the prediction type that a reading stands for, own without a reading.
func kindOf(reading string, own schedule.Prediction) schedule.Prediction {
	for _, r := range readings {
		if r.name == reading {
			return r.kind
		}
	}
	return own
}

// translate replaces the network's output in raw by the sampler's reading, if that is another. x:
// [C·H·W], the state as the network saw it, of noise level l. X0 and Epsilon serve as scratch; the
// caller fills them next.
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
	if e.Working != nil {
		e.workTranslated(x, l, x0, epsilon)
	}
}
