package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// newSA is SA-Solver (Xue et al., arXiv:2309.05019): Adams–Bashforth predictors and Adams–Moulton
// correctors for the SDE with τ times the noise of the reverse SDE. τ is eta from a fifth to four
// fifths of the timesteps (200 to 800 of 1000) and 0 elsewhere, as in diffusers' SASolverScheduler.
func newSA(p *Plan) (Solver, error) {
	c := &p.schedule.Config.Solver
	order := p.Order
	corrector := order
	if c.CorrectorOrder > 0 {
		corrector = c.CorrectorOrder
	}
	noise := p.Solver == "noise_prediction"
	of := readX0
	if noise {
		of = readNoise
	}
	l, err := p.ladder(byRoundedIntervals)
	if err == nil && l.sigmas[l.steps()] == 0 {
		err = Refuse("final", "final is zero but sa extrapolates in log SNR, which is then "+
			"infinite; it must be sigma_min")
	}
	if err != nil {
		return nil, err
	}
	t := exponentials(p, l, of)
	n := l.steps()
	a := &adamsSDE{noise: noise}
	var before float64 // τ of the step before
	for i := range n {
		tau := p.Eta
		if share := l.ts[i] / float64(p.schedule.T()); share < 0.2 || share > 0.8 {
			tau = 0
		}
		predictor, corrects := order, corrector
		if c.LowerOrderFinal {
			predictor, corrects = min(predictor, n-i), min(corrects, n-i+2)
		}
		s := t.ask(l.node(t.space, i))
		s.remember = true
		to := t.space.level(l.sigmas[i+1])
		a.tau = tau
		for known := range min(predictor, i+1) {
			levels := levelsBack(l, t.space, i, known+1)
			s.rows = append(s.rows, a.row(levels[0], to, levels))
		}
		if i > 0 && corrector > 0 {
			a.tau = before
			s.correct = a.corrections(l, t.space, i, corrects)
		}
		t.end()
		before = tau
	}
	return t.finish(l.sigmas[n]), nil
}

// corrections returns the rows of the corrector at step i of a ladder. They are indexed by the
// number of outputs known before.
func (a *adamsSDE) corrections(l *ladder, s space, i, order int) []row {
	rows := []row{{}} // not used: without a known output nothing is corrected
	if order == 1 {
		levels := levelsBack(l, s, i, 2)
		return append(rows, a.row(levels[1], levels[0], levels[:1]))
	}
	for known := range min(order-1, i) {
		levels := levelsBack(l, s, i, known+2)
		rows = append(rows, a.row(levels[1], levels[0], levels))
	}
	return rows
}

// adamsSDE is a step of a stochastic Adams method. It is a predictor or a corrector, depending on
// where its outputs are.
type adamsSDE struct {
	noise bool
	tau   float64
}

// row returns the step from one level to another, with outputs at levels, the newest first
// (equations 14 and 17).
//
// With x̂0 and k = 1+τ²: x' = e^(−τ²h)·b'/b·x + k·b'·e^(−τ²λ')·∫e^(kλ)·x̂0 dλ +
// b'·√(1−e^(−2τ²h))·z. With ε̂: x' = a'/a·x − k·a'·∫e^(−λ)·ε̂ dλ + τ·b'·√(e^(2h)−1)·z.
func (a *adamsSDE) row(from, to schedule.Level, levels []schedule.Level) row {
	start, end := lambdaOf(from), lambdaOf(to)
	h := end - start
	tau2 := float64(a.tau * a.tau)
	k := 1 + tau2
	places := make([]float64, len(levels))
	for j, level := range levels {
		places[j] = lambdaOf(level) - end
	}
	rate := k
	if a.noise {
		rate = -1
	}
	integrals := expIntegrals(places, -h, rate)
	if !a.noise && len(levels) == 2 {
		a.adjust(integrals, places, h)
	}
	r := row{}
	scale := k * to.Noise * portable.Exp(-tau2*end) * portable.Exp(rate*end)
	r.state = portable.Exp(-tau2*h) * (to.Noise / from.Noise)
	r.stdDev = to.Noise * math.Sqrt(-portable.Expm1(-2*tau2*h))
	if a.noise {
		scale = -k * to.Signal * portable.Exp(-end)
		r.state = to.Signal / from.Signal
		r.stdDev = a.tau * to.Noise * math.Sqrt(portable.Expm1(2*h))
	}
	for j, w := range integrals {
		r.terms = append(r.terms, term{j, scale * w})
	}
	return r
}

// adjust changes the second order by a term of order h³. The authors' code does so because it helps
// with few steps.
func (a *adamsSDE) adjust(integrals, places []float64, h float64) {
	k := 1 + float64(a.tau*a.tau)
	g := float64(k * h)
	c := float64(float64(h*h)/2) - (g+portable.Expm1(-g))/float64(k*k)
	c /= places[0] - places[1]
	integrals[0] += c
	integrals[1] -= c
}

// expIntegrals returns, for each j, ∫ e^(rate·u) du from u = begin to 0 of the polynomial that is 1
// at places[j] and 0 at the other places.
func expIntegrals(places []float64, begin, rate float64) []float64 {
	// The moments are M_n = ∫ uⁿ·e^(rate·u) du. With u = begin·v they are multiples of ∫₀¹
	// vⁿ·e^(rate·begin·v) dv, which powerIntegral computes without large numbers.
	n := len(places)
	if begin == 0 {
		return make([]float64, n)
	}
	z := rate * begin
	moments := make([]float64, n)
	for m := range moments {
		moments[m] = powerIntegral(m, z)
	}
	weights := make([]float64, n)
	for j := range places {
		c := make([]float64, n)
		c[0] = 1
		scale := 1.0
		for k, place := range places {
			if k == j {
				continue
			}
			v := place / begin
			for q := n - 1; q > 0; q-- {
				c[q] = c[q-1] - float64(v*c[q])
			}
			c[0] *= -v
			scale *= (places[j] - place) / begin
		}
		sum := 0.0
		for q := range c {
			sum += float64(c[q] * moments[q])
		}
		weights[j] = -begin * sum / scale
	}
	return weights
}

// powerIntegral returns ∫₀¹ vᵐ·e^(z·v) dv: by its series for small z, else by parts.
func powerIntegral(m int, z float64) float64 {
	if math.Abs(z) < 2 {
		sum, factor := 0.0, 1.0
		for n := range 40 {
			sum += factor / float64(m+n+1)
			factor *= z / float64(n+1)
		}
		return sum
	}
	value := portable.Expm1(z) / z
	grown := portable.Exp(z)
	for q := 1; q <= m; q++ {
		value = (grown - float64(float64(q)*value)) / z
	}
	return value
}
