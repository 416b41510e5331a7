package solver

import (
	"slices"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// newUniPC is the predictor–corrector of Zhao et al., UniPC (arXiv:2302.04867), for x̂0 or, without
// predict_x0, ε̂. The corrector improves a state by the output at that state, which the next step
// needs anyway. So the order is one more than solver_order.
func newUniPC(p *Plan) (Solver, error) {
	order := p.Order
	c := &p.schedule.Config.Solver
	u := &uni{bh1: p.Solver == "bh1", noise: !c.PredictX0}
	l, of, err := p.exponentialLadder(&exponential{noise: u.noise}, byRoundedIntervals)
	if err != nil {
		return nil, err
	}
	n := l.steps()
	if u.bh1 && l.sigmas[n] == 0 {
		return nil, Refuse("solver", "solver is bh1, which divides by the length of the step, "+
			"and the last step is infinitely long; choose bh2, or final=sigma_min")
	}
	t := exponentials(p, l, of)
	orders := make([]int, n) // of the predictor once enough outputs are known
	for i := range n {
		orders[i] = order
		if c.LowerOrderFinal {
			orders[i] = min(order, n-i)
		}
		if i == n-1 && l.ends() {
			orders[i] = 1
		}
		s := t.ask(l.node(t.space, i))
		s.remember = true
		to := t.space.level(l.sigmas[i+1])
		for known := range min(orders[i], i+1) {
			s.rows = append(s.rows, u.predict(levelsBack(l, t.space, i, known+1), to))
		}
		if i > 0 && !slices.Contains(c.Uncorrected, i-1) {
			s.correct = []row{{}} // not used: without a known output nothing is corrected
			for known := range min(orders[i-1], i) {
				s.correct = append(s.correct, u.correct(levelsBack(l, t.space, i, known+2)))
			}
		}
		t.end()
	}
	return t.finish(l.sigmas[n]), nil
}

// uni says what UniPC's B(h) is, h (bh1) or e^h − 1, and whether ε̂ is integrated.
type uni struct{ bh1, noise bool }

// predict returns UniP of order len(levels) (algorithm 2) from levels[0] to `to`. Its outputs are
// at levels, the newest first.
func (u *uni) predict(levels []schedule.Level, to schedule.Level) row {
	order := len(levels)
	state, scale, hh, ratios := u.setup(levels, to)
	grown := portable.Expm1(hh)
	r := row{state: state}
	m0 := -scale * grown
	var rho []float64
	switch order {
	case 1: // of m0 alone
	case 2: // the paper's choice for any B(h)
		rho = []float64{0.5}
	default:
		m, b := u.system(append(slices.Clone(ratios), 1), hh)
		rho = solve(m[:order-1], b[:order-1])
	}
	r.terms = []term{{0, 0}}
	for k, q := range rho {
		w := -scale * u.b(hh) * q / ratios[k]
		m0 -= w
		r.terms = append(r.terms, term{k + 1, w})
	}
	r.terms[0].weight = m0
	return r
}

// correct returns UniC (algorithm 1) for the step from levels[1] to levels[0]. The newest output is
// at levels[0].
func (u *uni) correct(levels []schedule.Level) row {
	order := len(levels) - 1
	state, scale, hh, ratios := u.setup(levels[1:], levels[0])
	rho := []float64{0.5}
	if order > 1 {
		m, b := u.system(append(slices.Clone(ratios), 1), hh)
		rho = solve(m, b)
	}
	r := row{state: state, terms: []term{{0, -scale * u.b(hh) * rho[order-1]}, {1, 0}}}
	m0 := -float64(scale*portable.Expm1(hh)) - r.terms[0].weight
	for k, q := range rho[:order-1] {
		w := -scale * u.b(hh) * q / ratios[k]
		m0 -= w
		r.terms = append(r.terms, term{k + 2, w})
	}
	r.terms[1].weight = m0
	return r
}

// setup returns the weight of the state, the scale of the integral, hh = ±h, and ratios: the places
// of the older outputs in units of the step.
func (u *uni) setup(
	levels []schedule.Level, to schedule.Level,
) (state, scale, hh float64, ratios []float64) {
	from := levels[0]
	lambda := lambdaOf(from)
	h := lambdaOf(to) - lambda
	for _, older := range levels[1:] {
		ratios = append(ratios, (lambdaOf(older)-lambda)/h)
	}
	if u.noise {
		return to.Signal / from.Signal, to.Noise, h, ratios
	}
	return to.Noise / from.Noise, to.Signal, -h, ratios
}

func (u *uni) b(hh float64) float64 {
	if u.bh1 {
		return hh
	}
	return portable.Expm1(hh)
}

// system returns the paper's R_p(h)·a = φ_p(h)/B(h): row i of the matrix has the i-th powers of the
// places, and the right side is i!·φ/B.
func (u *uni) system(ratios []float64, hh float64) ([][]float64, []float64) {
	n := len(ratios)
	m, b := make([][]float64, n), make([]float64, n)
	power := make([]float64, n)
	for k := range power {
		power[k] = 1
	}
	phi := portable.Expm1(hh)/hh - 1
	factorial := 1.0
	for i := range n {
		m[i] = slices.Clone(power)
		b[i] = phi * factorial / u.b(hh)
		factorial *= float64(i + 2)
		phi = phi/hh - 1/factorial
		for k := range power {
			power[k] *= ratios[k]
		}
	}
	return m, b
}

// solve returns the solution of the linear system with the first len(b) rows and columns of m, by
// elimination with pivots.
func solve(m [][]float64, b []float64) []float64 {
	n := len(b)
	a, x := make([][]float64, n), slices.Clone(b)
	for i := range a {
		a[i] = slices.Clone(m[i][:n])
	}
	for c := range n {
		pivot := c
		for i := c + 1; i < n; i++ {
			if a[i][c]*a[i][c] > a[pivot][c]*a[pivot][c] {
				pivot = i
			}
		}
		a[c], a[pivot] = a[pivot], a[c]
		x[c], x[pivot] = x[pivot], x[c]
		for i := c + 1; i < n; i++ {
			f := a[i][c] / a[c][c]
			for j := c; j < n; j++ {
				a[i][j] -= float64(f * a[c][j])
			}
			x[i] -= float64(f * x[c])
		}
	}
	for c := n - 1; c >= 0; c-- {
		for j := c + 1; j < n; j++ {
			x[c] -= float64(a[c][j] * x[j])
		}
		x[c] /= a[c][c]
	}
	return x
}
