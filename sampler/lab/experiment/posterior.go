package experiment

import (
	"math"

	"tweedie/sampler/schedule"
)

// PosteriorPoints is how many points a view has for its Posterior: one, and four around it.
const PosteriorPoints = 5

// Posterior is what may be said of the clean point x0 that a noisy point comes from: its mean, and
// how far it spreads. The ellipse of one standard deviation has its longer half along Axis, a unit
// vector, and the shorter across it.
type Posterior struct {
	Mean        [2]float64
	Long, Short float64
	Axis        [2]float64
}

// leastSignal is the signal below which a network's slope says nothing of the spread: the slope is
// divided by the signal, and so is its error.
const leastSignal = 0.25

// Posterior returns the model's E[x0 | x] for a noisy point at timestep t, of the class that the
// recipe draws, and its spread by Tweedie's formula of second order: the covariance is
// Noise²/Signal · ∂E[x0 | x]/∂x, here by central differences, of a network that need not be any
// distribution's: what would be a variance below 0 is 0. Where Signal is below leastSignal Long and
// Short are NaN. The view has to be one of PosteriorPoints.
func (v *View) Posterior(x [2]float64, t int) Posterior {
	l := v.Level(t)
	step := float64(l.Noise / 32)
	around := []float64{x[0] + step, x[1], x[0] - step, x[1], x[0], x[1] + step, x[0], x[1] - step,
		x[0], x[1]}
	v.predict(around, around, t, schedule.Sample)
	factor := l.Noise * l.Noise / l.Signal / (2 * step)
	xx, yy := float64(factor*(around[0]-around[2])), float64(factor*(around[5]-around[7]))
	xy := float64(factor * (around[1] - around[3] + around[4] - around[6]) / 2)
	p := posterior([2]float64(around[8:]), xx, xy, yy)
	if l.Signal < leastSignal {
		p.Long, p.Short = math.NaN(), math.NaN()
	}
	return p
}

// ExactPosterior returns the exact one, see Posterior; it may be called where Exact is true.
func (v *View) ExactPosterior(x [2]float64, t int) Posterior {
	var mean [2]float64
	var c [4]float64
	v.exact.Posterior(mean[:], c[:], x[:], v.Level(t), v.label)
	return posterior(mean, c[0], c[1], c[3])
}

// posterior turns a covariance into the axes of its ellipse.
func posterior(mean [2]float64, xx, xy, yy float64) Posterior {
	middle, half := float64((xx+yy)/2), float64((xx-yy)/2)
	apart := math.Sqrt(float64(half*half) + float64(xy*xy))
	p := Posterior{Mean: mean, Long: root(middle + apart), Short: root(middle - apart),
		Axis: [2]float64{1, 0}}
	// Of the two forms of the eigenvector the longer one.
	along := [2]float64{apart + half, xy}
	if half < 0 {
		along = [2]float64{xy, apart - half}
	}
	if length := math.Sqrt(float64(along[0]*along[0]) + float64(along[1]*along[1])); length > 0 {
		p.Axis = [2]float64{along[0] / length, along[1] / length}
	}
	return p
}

// root is the root of a variance.
func root(variance float64) float64 { return math.Sqrt(max(variance, 0)) }
