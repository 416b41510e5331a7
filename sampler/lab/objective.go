package lab

import (
	"tweedie/sampler/schedule"
)

// minSNRBound is γ of min-SNR.
const minSNRBound = 5

// objective says what the network learns at each timestep.
type objective struct {
	kind   schedule.Prediction
	how    Loss
	levels []schedule.Level // [T]
	weight []float64        // [T] of the square error of the network's own output
}

// alone is the objective of networks whose levels are not those of a schedule's timesteps: each
// counts as much as another.
func alone(kind schedule.Prediction, all []schedule.Level) *objective {
	o := &objective{kind: kind, levels: all, weight: make([]float64, len(all))}
	for i := range o.weight {
		o.weight[i] = 1
	}
	return o
}

func newObjective(s *schedule.Schedule, how Loss) *objective {
	o := &objective{kind: s.Config.PredictionType, how: how,
		levels: make([]schedule.Level, s.T()), weight: make([]float64, s.T())}
	o.follow(s)
	return o
}

// follow takes the levels of a schedule.
func (o *objective) follow(s *schedule.Schedule) {
	before := 0.0
	for t := range o.levels {
		l, snr := s.At(t), s.SNR(t)
		o.levels[t] = l
		// The fall of the SNR to this timestep; the first one stands for the reconstruction.
		fall := before - snr
		if t == 0 {
			fall = snr
		}
		before = snr
		toEpsilon := asEpsilon(o.kind, l)
		switch o.how {
		case Bound:
			o.weight[t] = 0.5 * float64(s.T()) * fall / snr * toEpsilon
		case MinSNR:
			o.weight[t] = min(1, minSNRBound/snr) * toEpsilon
		default:
			o.weight[t] = 1 // the error of the score's output is that of ε, see target
		}
	}
}

// asEpsilon returns the factor from the square error of the network's output to that of ε.
func asEpsilon(kind schedule.Prediction, l schedule.Level) float64 {
	a, b := l.Signal, l.Noise
	switch kind {
	case schedule.Sample:
		return a * a / (b * b)
	case schedule.V:
		return a * a
	case schedule.FlowVelocity:
		return a * a / ((a + b) * (a + b))
	}
	return 1
}

// target returns what the network's output should be for one coordinate. A network of the score is
// asked for the score times the noise, which has the same size at all levels (Song and Ermon,
// arXiv:1907.05600, section 4.2); reading undoes it.
func (o *objective) target(x0, epsilon float64, l schedule.Level) float64 {
	switch o.kind {
	case schedule.Sample:
		return x0
	case schedule.V:
		return float64(l.Signal*epsilon) - float64(l.Noise*x0)
	case schedule.Score:
		return -epsilon
	case schedule.FlowVelocity:
		return epsilon - x0
	}
	return epsilon
}

// reading returns the factor from the network's output to the prediction.
func reading(kind schedule.Prediction, l schedule.Level) float32 {
	if kind == schedule.Score {
		return float32(1 / l.Noise)
	}
	return 1
}
