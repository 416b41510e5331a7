package lab

import (
	"errors"

	"tweedie/sampler/mixture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// Exact is the perfect network of data whose density is known, for clouds of points, to run beside
// what was learned. It satisfies network.Model.
type Exact struct {
	density *mixture.Mixture
	model   *Model // whose levels and points it has
}

// Exact returns the exact model beside m, of the same data and noise levels.
func (m *Model) Exact(density *mixture.Mixture) (*Exact, error) {
	if density.Dim() != 2 {
		return nil, errors.New("lab: the density is not one of the plane")
	}
	return &Exact{density: density, model: m}, nil
}

// Shape returns [1, points, 2].
func (e *Exact) Shape() (channels, height, width int) { return e.model.Shape() }

// OutChannels returns 1: no variance is predicted.
func (e *Exact) OutChannels() int { return 1 }

// Classes returns the number of classes of the data.
func (e *Exact) Classes() int { return e.model.Classes() }

// Info returns what a recipe has to know of the model.
func (e *Exact) Info() recipe.Info { return e.model.Info() }

// Predict evaluates every point, see network.Model.
func (e *Exact) Predict(out [][]float32, x []float32, t float64, labels []int) {
	l, o := e.model.Level(t), objective{kind: e.model.Schedule().Config.PredictionType}
	factor := float64(reading(o.kind, l))
	var wide, x0, epsilon [2]float64
	for i, label := range labels {
		for p := 0; p < 2*e.model.points; p += 2 {
			wide = [2]float64{float64(x[p]), float64(x[p+1])}
			e.density.Denoise(x0[:], epsilon[:], wide[:], l, label)
			for j := range x0 {
				out[i][p+j] = float32(factor * o.target(x0[j], epsilon[j], l))
			}
		}
	}
}

// EpsilonDivergence returns the sum of the divergences of ε̂ at every point, see bound.Diverger.
func (e *Exact) EpsilonDivergence(x []float64, t float64, label int) float64 {
	l, sum := e.model.Level(t), 0.0
	for p := 0; p < 2*e.model.points; p += 2 {
		sum -= float64(l.Noise * e.density.ScoreDivergence(x[p:p+2], l, label))
	}
	return sum
}

// Schedule returns the noise schedule.
func (e *Exact) Schedule() *schedule.Schedule { return e.model.Schedule() }
