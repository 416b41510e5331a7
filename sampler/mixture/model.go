package mixture

import (
	"errors"
	"strconv"

	"tweedie/sampler/schedule"
)

// Model is a mixture in place of a network: it implements network.Model.
type Model struct {
	mixture                 *Mixture
	schedule                *schedule.Schedule
	channels, height, width int
	x, x0, epsilon          []float64 // [C·H·W] scratch
}

// NewModel returns the model of pictures of shape [channels, height, width] that are distributed as
// m, noised by s, and predicted as s's prediction_type says.
func NewModel(m *Mixture, s *schedule.Schedule, channels, height, width int) (*Model, error) {
	size := channels * height * width
	if size != m.dim {
		return nil, errors.New("mixture: pictures of " + strconv.Itoa(size) +
			" values do not fit a mixture of " + strconv.Itoa(m.dim))
	}
	return &Model{
		mixture: m, schedule: s, channels: channels, height: height, width: width,
		x: make([]float64, size), x0: make([]float64, size), epsilon: make([]float64, size),
	}, nil
}

// Shape is the shape of a picture.
func (m *Model) Shape() (channels, height, width int) { return m.channels, m.height, m.width }

// OutChannels is the number of channels: no variance is predicted.
func (m *Model) OutChannels() int { return m.channels }

// Classes is the number of classes of the mixture.
func (m *Model) Classes() int { return m.mixture.Classes() }

// Predict is the answer of a perfect network; see network.Model. A negative label stands for the
// whole mixture. Between whole timesteps the level is the schedule's Interpolate.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	for i, v := range x {
		m.x[i] = float64(v)
	}
	l := m.schedule.Interpolate(t)
	for i, label := range labels {
		m.mixture.Denoise(m.x0, m.epsilon, m.x, l, label)
		m.read(m.x0, l)
		for j, v := range m.x0 {
			out[i][j] = float32(v)
		}
	}
}

// PredictFloat64 is Predict without rounding to float32, for comparisons in float64. out[i], x:
// [C,H,W].
func (m *Model) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	l := m.schedule.Interpolate(t)
	for i, label := range labels {
		m.mixture.Denoise(m.x0, m.epsilon, x, l, label)
		m.read(out[i], l)
	}
}

// Gradient writes ∇ₓ log p(label | x) to dst: the exact classifier, see network.Classifier.
func (m *Model) Gradient(dst, x []float32, t float64, label int) {
	for i, v := range x {
		m.x[i] = float64(v)
	}
	m.mixture.ClassScore(m.x0, m.x, m.schedule.Interpolate(t), label)
	for i, v := range m.x0 {
		dst[i] = float32(v)
	}
}

// EpsilonDivergence is the trace of ∂ε̂/∂x at state x, [C,H,W], and timestep t: exactly −√(1−ᾱ)·∇·∇
// log p(x).
func (m *Model) EpsilonDivergence(x []float64, t float64, label int) float64 {
	l := m.schedule.Interpolate(t)
	return -l.Noise * m.mixture.ScoreDivergence(x, l, label)
}

// read writes the denoised pair as a prediction of the model's type; dst may be x0.
func (m *Model) read(dst []float64, l schedule.Level) {
	for i := range dst {
		switch m.schedule.Config.PredictionType {
		case schedule.Sample:
			dst[i] = m.x0[i]
		case schedule.V:
			dst[i] = float64(l.Signal*m.epsilon[i]) - float64(l.Noise*m.x0[i])
		case schedule.Score:
			dst[i] = -m.epsilon[i] / l.Noise
		case schedule.FlowVelocity:
			dst[i] = m.epsilon[i] - m.x0[i]
		default:
			dst[i] = m.epsilon[i]
		}
	}
}
