package mixture

import (
	"math"
	"slices"
	"testing"

	"tweedie/sampler/schedule"
)

// TestPosterior compares the mean with Denoise's, and the covariance with Tweedie's formula of
// second order: Noise²/Signal times the gradient of the mean, by finite differences.
func TestPosterior(t *testing.T) {
	m := three(t)
	mean, want, epsilon := make([]float64, 3), make([]float64, 3), make([]float64, 3)
	covariance := make([]float64, 9)
	for _, l := range []schedule.Level{schedule.LevelOf(0.95), schedule.LevelOf(0.4),
		schedule.LevelOf(0.01), {Signal: 1, Noise: 3}} {
		for _, x := range someStates {
			for _, class := range []int{-1, 0, 1} {
				m.Posterior(mean, covariance, x, l, class)
				m.Denoise(want, epsilon, x, l, class)
				if !slices.Equal(mean, want) {
					t.Errorf("level %v, x %v: mean %v, want %v", l, x, mean, want)
				}
				for i := range x {
					for j := range x {
						slope := gradient(func(x []float64) float64 {
							m.Denoise(want, epsilon, x, l, class)
							return want[i]
						}, x, j, 1e-3)
						exact := l.Noise * l.Noise / l.Signal * slope
						if got := covariance[3*i+j]; !(math.Abs(got-exact) <= 1e-6) {
							t.Errorf("level %v, x %v, class %d: covariance %d, %d is %v, want %v",
								l, x, class, i, j, got, exact)
						}
					}
				}
			}
		}
	}
	if m.Posterior(mean, covariance, someStates[0], someLevels[0], 7); !math.IsNaN(mean[0]) ||
		!math.IsNaN(covariance[8]) {
		t.Errorf("a class without components: %v, %v", mean, covariance)
	}
}
