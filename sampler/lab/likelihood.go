package lab

import (
	"math"

	"tweedie/sampler/bound"
	"tweedie/sampler/conditional"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
)

// Denoiser is a model of clouds that knows its divergence: a Model, or an Exact.
type Denoiser interface {
	conditional.Model
	bound.Diverger
	Schedule() *schedule.Schedule
}

// NewBound prepares the bound of the mean log likelihood of points, [n][2] for a model of n points,
// from some draws of their noise for each timestep; see Nats. The chain has all timesteps and the
// variance β, whose bound is the tighter one for data that are not single points.
func NewBound(m Denoiser, points []float64, form bound.Form, draws int, seed uint64,
) (*bound.Bound, error) {
	o := bound.Standard(m.Schedule())
	o.Density, o.Form, o.Draws, o.Seed = true, form, draws, seed
	o.Variance = schedule.FixedLarge
	return bound.New(points, m, o)
}

// Nats returns what a finished bound of points comes to, in nats for a point, with its standard
// error.
func Nats(b *bound.Bound) (nats, deviation float64) {
	const each = 2 * math.Ln2 // of a point, from the bits of a coordinate
	return -float64(each * b.Total()), float64(each * b.StandardError())
}

// FlowLikelihood returns the mean log likelihood of points, [n][2] for a model of n points, in nats
// along the probability-flow ODE, with the exact divergence. The points are taken to have the noise
// of the first timestep.
func FlowLikelihood(m Denoiser, points []float64, steps int) (nats float64, err error) {
	f, err := bound.NewFlow(points, m, bound.FlowOptions{Schedule: m.Schedule(),
		Label: conditional.NoClass, Guidance: 1, Steps: steps})
	if err != nil {
		return 0, err
	}
	for f.Next() {
	}
	return f.LogDensity() / float64(len(points)/2), f.Err()
}

// EpsilonDivergence returns the sum of the divergences of ε̂ at every point, x: [points][2], from
// the network's gradients.
func (m *Model) EpsilonDivergence(x []float64, t float64, label int) float64 {
	if m.steep == nil {
		m.steep = newWeb(m.config, m.classes, train.Options{Kernels: m.config.Kernels,
			Batch: min(chunk, m.points)}, true)
		m.steep.program.Weights = m.web.program.Weights
	}
	factor, sum := float64(m.at(t)), 0.0
	for from := 0; from < m.points; from += chunk {
		n := min(chunk, m.points-from)
		for i := range n {
			at := 2 * (from + i)
			m.see(m.steep, i, float32(x[at]), float32(x[at+1]), label)
		}
		sum += m.steep.trace(n)
	}
	// ε̂ is a sum of multiples of x and of the prediction.
	l, kind := m.Level(t), m.Schedule().Config.PredictionType
	var ofX, ofOut [1]float64
	l.Epsilon(ofX[:], []float64{1}, []float64{0}, kind)
	l.Epsilon(ofOut[:], []float64{0}, []float64{1}, kind)
	return float64(ofX[0]*float64(2*m.points)) + float64(ofOut[0]*float64(factor*sum))
}

// trace returns Σ ∂out_j/∂x_j over n rows, whose inputs are filled.
func (w *web) trace(n int) (sum float64) {
	w.program.Forward(n)
	for j := range 2 {
		for i := range n {
			grad := w.out.Grad[i*w.out.Stride:]
			grad[j], grad[1-j] = 1, 0
		}
		w.program.Backward(n)
		for i := range n {
			for k, v := range w.x.Grad[i*w.x.Stride:][:len(axes)] {
				sum += float64(float64(axes[k][j]) * float64(v))
			}
		}
	}
	return sum
}
