package mixture

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// LogDensity returns log p(x), in nats, of x = Signal·x0 + Noise·ε, given a class or, if the class
// is negative, of the whole mixture. x: [dim]. Both densities integrate to 1 for any sum of the
// weights. A class without components gives NaN.
func (m *Mixture) LogDensity(x []float64, l schedule.Level, class int) float64 {
	most, total := m.responsibilities(x, l, class)
	weight := 0.0
	for i := range m.components {
		if c := &m.components[i]; class < 0 || c.Class == class {
			weight += c.Weight
		}
	}
	const logTwoPi = 1.8378770664093453
	return most + portable.Log(total/weight) - float64(0.5*logTwoPi*float64(m.dim))
}

// Score writes ∇ log p(x) to dst, of the same density as LogDensity. dst, x: [dim]; dst may not
// alias x.
//
// With g_k = −(x−aμ_k)/var_k, the score of component k, it is Σ_k r_k·g_k, which is −E[ε|x]/Noise
// (Luo 151) and also holds without noise if every component has a spread.
func (m *Mixture) Score(dst, x []float64, l schedule.Level, class int) {
	m.responsibilities(x, l, class)
	m.meanScore(dst, x, l)
}

// meanScore writes Σ_k r_k·g_k to dst for the current responsibilities.
func (m *Mixture) meanScore(dst, x []float64, l schedule.Level) {
	clear(dst[:m.dim])
	for k, r := range m.posterior {
		if r == 0 {
			continue
		}
		c := &m.components[k]
		scale := r / c.variance(l)
		for i, mean := range c.Mean {
			dst[i] -= float64(scale * (x[i] - float64(l.Signal*mean)))
		}
	}
}

// ScoreDivergence returns ∇·∇ log p(x), the trace of the score's Jacobian: the change of the
// density along the probability-flow ODE. x: [dim].
//
// Each g_k has the divergence −dim/var_k and each r_k the gradient r_k·(g_k − ḡ), so the result is
// Σ_k r_k·(|g_k|² − dim/var_k) − |ḡ|². Squares of the differences from ḡ keep it exact far from all
// components.
func (m *Mixture) ScoreDivergence(x []float64, l schedule.Level, class int) float64 {
	m.responsibilities(x, l, class)
	m.meanScore(m.mean, x, l)
	sum := 0.0
	for k, r := range m.posterior {
		if r == 0 {
			continue
		}
		c := &m.components[k]
		variance, square := c.variance(l), 0.0
		for i, mean := range c.Mean {
			d := (float64(l.Signal*mean)-x[i])/variance - m.mean[i]
			square += float64(d * d)
		}
		sum += float64(r * (square - float64(m.dim)/variance))
	}
	return sum
}

// ClassPosterior writes p(class | x) to dst: [Classes]. x: [dim]. The result sums to 1: it is the
// exact classifier of noisy pictures.
func (m *Mixture) ClassPosterior(dst, x []float64, l schedule.Level) {
	m.responsibilities(x, l, -1)
	clear(dst)
	for k, r := range m.posterior {
		dst[m.components[k].Class] += r
	}
}

// ClassScore writes ∇_x log p(class | x) to dst, the gradient that classifier guidance adds to the
// score (Dhariwal & Nichol, arXiv:2105.05233, §4). dst, x: [dim]; dst may not alias x.
//
// It is the score of the class minus that of the whole, written as Σ r_k·(ḡ_class − g_k) over the
// components k of all other classes, so that nothing cancels where the class is nearly certain.
func (m *Mixture) ClassScore(dst, x []float64, l schedule.Level, class int) {
	m.responsibilities(x, l, class)
	m.meanScore(m.mean, x, l)
	m.responsibilities(x, l, -1)
	clear(dst[:m.dim])
	for k, r := range m.posterior {
		c := &m.components[k]
		if r == 0 || c.Class == class {
			continue
		}
		variance := c.variance(l)
		for i, mean := range c.Mean {
			own := (float64(l.Signal*mean) - x[i]) / variance
			dst[i] += float64(r * (m.mean[i] - own))
		}
	}
	if math.IsNaN(m.mean[0]) { // no component has this class
		for i := range dst {
			dst[i] = math.NaN()
		}
	}
}
