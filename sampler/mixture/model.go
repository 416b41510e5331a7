package mixture

import (
	"errors"
	"strconv"

	"tweedie/sampler/schedule"
)

// Model is a mixture in the place of a network: it satisfies sampler.Model.
type Model struct {
	mixture                 *Mixture
	schedule                *schedule.Schedule
	channels, height, width int
	x, x0, epsilon          []float64 // [C·H·W] scratch
}

// NewModel returns the model of pictures of shape [channels, height, width] that are distributed as m, noised by s, and predicted as
// s's prediction_type says.
func NewModel(m *Mixture, s *schedule.Schedule, channels, height, width int) (*Model, error) {
	size := channels * height * width
	if size != m.dim {
		return nil, errors.New("mixture: pictures of " + strconv.Itoa(size) + " values do not fit a mixture of " + strconv.Itoa(m.dim))
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

// Predict is what a perfect network would say; see sampler.Model. A negative label is the whole mixture. t is taken to be a whole
// number.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	for i, v := range x {
		m.x[i] = float64(v)
	}
	l := m.schedule.At(int(t))
	for i, label := range labels {
		m.mixture.Denoise(m.x0, m.epsilon, m.x, l, label)
		m.write(out[i], l)
	}
}

// write gives out the denoised pair in the reading of the prediction type.
func (m *Model) write(out []float32, l schedule.Level) {
	for i := range out {
		switch m.schedule.Config.PredictionType {
		case schedule.Sample:
			out[i] = float32(m.x0[i])
		case schedule.V:
			out[i] = float32(float64(l.Signal*m.epsilon[i]) - float64(l.Noise*m.x0[i]))
		case schedule.Score:
			out[i] = float32(-m.epsilon[i] / l.Noise)
		default:
			out[i] = float32(m.epsilon[i])
		}
	}
}
