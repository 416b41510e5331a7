package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// The solvers of the probability-flow ODE in σ: dx/dσ is ε̂ for x = x0 + σ·ε (Karras et al.,
// arXiv:2206.00364, equation 4) and ε̂ − x̂0 for a rectified flow.

// slopes begins the table of a solver of dx/dσ.
func (p *Plan) slopes(l *ladder) *table {
	return &table{space: l.sloped(), of: readSlope, initial: p.initial(l)}
}

// raise returns the churn of step i, the noise that is added before the step (Karras et al.,
// algorithm 2): it raises σ to hat. stdDev is the deviation of that noise.
func (p *Plan) raise(l *ladder, i int) (hat, stdDev float64) {
	sigma := l.sigmas[i]
	gamma := 0.0
	if p.Churn > 0 && p.churnMin <= sigma && sigma <= p.churnMax {
		gamma = min(p.Churn/float64(l.steps()), math.Sqrt2-1)
	}
	hat = sigma * (1 + gamma)
	if gamma == 0 {
		return sigma, 0
	}
	return hat, float64(math.Sqrt(float64(hat*hat)-float64(sigma*sigma)) * p.sNoise)
}

// raised adds the first stage of a step, with its churn, and returns it and its noise level.
func (p *Plan) raised(t *table, l *ladder, i int) (*stage, float64) {
	hat, stdDev := p.raise(l, i)
	if stdDev == 0 {
		return t.ask(l.node(t.space, i)), hat
	}
	s := t.ask(l.within(t.space, hat))
	s.stdDev, s.from = stdDev, t.space.level(l.sigmas[i])
	return s, hat
}

// then sets the row of a stage that uses no outputs of earlier steps.
func (s *stage) then(r row) { s.rows = []row{r} }

// newEuler is Euler's method, first order: x + dx/dσ·(σ' − σ).
func newEuler(p *Plan) (Solver, error) {
	l, err := p.ladder(byPoints)
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		s, hat := p.raised(t, l, i)
		s.then(euler(hat, l.sigmas[i+1]))
		t.end()
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// euler returns the row of Euler's method from one σ to another.
func euler(from, to float64) row { return linear(1, 0, to-from) }

// newHeun is Heun's method, second order: the mean of the slopes at both ends (Karras et al.,
// algorithm 1, and algorithm 2 with churn). A last step to σ = 0 is Euler's.
func newHeun(p *Plan) (Solver, error) {
	l, err := p.ladder(byPoints)
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		s, hat := p.raised(t, l, i)
		to := l.sigmas[i+1]
		s.then(euler(hat, to))
		if to > 0 {
			s.remember = true
			next := l.within(t.space, to)
			if i+1 < l.steps() {
				next = l.node(t.space, i+1)
			}
			half := 0.5 * (to - hat)
			t.again(next, linear(1, 0, half, half))
		}
		t.end()
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// newDPM2 is the midpoint method with the midpoint in log σ: DPM-Solver-2 of Lu et al.
// (arXiv:2206.00927) as in k-diffusion; diffusers' KDPM2DiscreteScheduler.
func newDPM2(p *Plan) (Solver, error) {
	l, err := p.ladder(byRoundedPoints)
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		s, hat := p.raised(t, l, i)
		midpoint(t, l, s, hat, l.sigmas[i+1], 0)
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// midpoint adds a step of the midpoint method from noise level hat to noise level `to`. Noise of
// deviation stdDev is added after it.
func midpoint(t *table, l *ladder, first *stage, hat, to, stdDev float64) {
	if to == 0 {
		first.then(linear(1, stdDev, -hat))
		t.end()
		return
	}
	mid := portable.Exp(0.5 * (portable.Log(hat) + portable.Log(to)))
	first.remember = true
	first.then(euler(hat, mid))
	t.again(l.within(t.space, mid), linear(1, stdDev, to-hat))
	t.end()
}

// ancestral splits a step from σ to σ' into a deterministic step to `down` and noise of deviation
// stdDev, so that both together reach σ' (k-diffusion's get_ancestral_step). η = 1 adds as much
// noise as DDPM.
func ancestral(from, to, eta float64) (down, stdDev float64) {
	if eta == 0 || to == 0 {
		return to, 0
	}
	from2, to2 := float64(from*from), float64(to*to)
	stdDev = min(to, eta*math.Sqrt(to2*(from2-to2)/from2))
	return math.Sqrt(max(to2-float64(stdDev*stdDev), 0)), stdDev
}

// noFlow refuses rectified flows, for samplers whose noise is defined for x0 + σ·ε.
func (p *Plan) noFlow() error {
	if p.lens.network == schedule.Straight {
		return Refuse("k", "k is "+p.Sampler+" but this network is a rectified flow, for which "+
			p.Sampler+" is not defined; choose another sampler")
	}
	return nil
}

// newEulerAncestral is Euler's method to the lower level of an ancestral step, then noise
// (k-diffusion; diffusers' EulerAncestralDiscreteScheduler).
func newEulerAncestral(p *Plan) (Solver, error) {
	l, err := p.ladder(byPoints)
	if err == nil {
		err = p.noFlow()
	}
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		down, stdDev := ancestral(l.sigmas[i], l.sigmas[i+1], p.Eta)
		r := euler(l.sigmas[i], down)
		r.stdDev = float64(stdDev * p.sNoise)
		t.ask(l.node(t.space, i), r)
		t.end()
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// newDPM2Ancestral is the midpoint method to the lower level of an ancestral step, then noise
// (k-diffusion; diffusers' KDPM2Ancestral).
func newDPM2Ancestral(p *Plan) (Solver, error) {
	l, err := p.ladder(byRoundedPoints)
	if err == nil {
		err = p.noFlow()
	}
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		down, stdDev := ancestral(l.sigmas[i], l.sigmas[i+1], p.Eta)
		midpoint(t, l, t.ask(l.node(t.space, i)), l.sigmas[i], down, float64(stdDev*p.sNoise))
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// newLMS is the linear multistep method of Adams and Bashforth in σ with steps of any length
// (k-diffusion's lms): the polynomial through the last slopes is integrated over the step.
func newLMS(p *Plan) (Solver, error) {
	order := p.Order
	l, err := p.ladder(byPoints)
	if err != nil {
		return nil, err
	}
	t := p.slopes(l)
	for i := range l.steps() {
		s := t.ask(l.node(t.space, i))
		for known := range min(order, i+1) {
			r := row{state: 1}
			nodes := backwards(l.sigmas, i, known+1)
			for j := range nodes {
				r.terms = append(r.terms,
					term{j, lagrangeIntegral(nodes, j, l.sigmas[i], l.sigmas[i+1])})
			}
			s.rows = append(s.rows, r)
		}
		t.end()
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// backwards returns values[i], values[i−1], …: n values.
func backwards(values []float64, i, n int) []float64 {
	b := make([]float64, n)
	for j := range b {
		b[j] = values[i-j]
	}
	return b
}

// lagrangeIntegral returns ∫ from a to b of the polynomial that is 1 at nodes[j] and 0 at the other
// nodes. The Gauss–Legendre rule with two points is exact up to the third degree.
func lagrangeIntegral(nodes []float64, j int, a, b float64) float64 {
	half, center := float64((b-a)/2), float64((a+b)/2)
	sum := 0.0
	for _, g := range [2]float64{-0.57735026918962576451, 0.57735026918962576451} {
		x := center + float64(half*g)
		product := 1.0
		for k, node := range nodes {
			if k != j {
				product *= (x - node) / (nodes[j] - node)
			}
		}
		sum += product
	}
	return float64(half * sum)
}
