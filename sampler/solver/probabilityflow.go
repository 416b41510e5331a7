package solver

import (
	"math"
	"slices"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// flow is the probability-flow ODE in a time t other than σ: noise level σ(t) and signal scale
// s(t), with their derivatives (Karras et al., arXiv:2206.00364, equation 4 and table 1). inverse
// returns the t of a σ.
type flow struct {
	sigma, dSigma, scale, dScale func(t float64) float64
	inverse                      func(sigma float64) float64
}

// preservingFlow returns the flow of the variance preserving SDE: σ(t)² = e^(½β_d·t² + β_min·t) −
// 1, with the β for which σ is high at t = 1 and low at t = ε = 0.001, and s(t) = 1/√(1+σ²).
func preservingFlow(low, high float64) *flow {
	const start = 1e-3
	logHigh, logLow := portable.Log(float64(high*high)+1), portable.Log(float64(low*low)+1)
	slope := 2 * (logLow/start - logHigh) / (start - 1)
	offset := logHigh - float64(0.5*slope)
	f := &flow{}
	f.sigma = func(t float64) float64 {
		return math.Sqrt(portable.Expm1(float64(0.5*slope*t*t) + float64(offset*t)))
	}
	f.dSigma = func(t float64) float64 {
		sigma := f.sigma(t)
		return 0.5 * (offset + float64(slope*t)) * (sigma + 1/sigma)
	}
	f.inverse = func(sigma float64) float64 {
		return (math.Sqrt(float64(offset*offset)+
			float64(2*slope*portable.Log(float64(sigma*sigma)+1))) - offset) / slope
	}
	f.scale = func(t float64) float64 {
		sigma := f.sigma(t)
		return 1 / math.Sqrt(1+float64(sigma*sigma))
	}
	f.dScale = func(t float64) float64 {
		s := f.scale(t)
		return -f.sigma(t) * f.dSigma(t) * float64(s*s*s)
	}
	return f
}

// newProbabilityFlow solves the probability-flow ODE of the variance preserving SDE (Song et al.,
// arXiv:2011.13456, equation 13) in the SDE's time, in even steps, by Heun's method or, with order
// 1, Euler's.
func newProbabilityFlow(p *Plan) (Solver, error) {
	if err := p.noFlow(); err != nil {
		return nil, err
	}
	l, err := p.ladder(byIntervals)
	if err != nil {
		return nil, err
	}
	high, low := p.sigmaRange(l)
	f := preservingFlow(low, high)
	ts := make([]float64, p.Steps+1)
	for i := range p.Steps {
		ts[i] = 1
		if p.Steps > 1 {
			ts[i] = 1 + float64(float64(i)/float64(p.Steps-1)*(1e-3-1))
		}
	}
	g := &general{flow: f, order: p.Order, alpha: 1}
	return g.table(p, l, ts), nil
}

// general is Karras et al.'s general second-order sampler (arXiv:2206.00364, algorithm 2 with
// appendix C's α; α = 1 is Heun's method, 1/2 the midpoint's).
type general struct {
	*flow
	order int
	alpha float64
}

// table returns the sampler on times ts, which fall to 0, with churn.
func (g *general) table(p *Plan, l *ladder, ts []float64) *tableau {
	n := len(ts) - 1
	t := &table{space: preserving, of: readX0, initial: float64(g.sigma(ts[0]) * g.scale(ts[0]))}
	for i := range n {
		hat, stdDev, rescale := g.raise(p, ts[i], n)
		h := ts[i+1] - hat
		first := t.ask(g.node(l, hat))
		first.stdDev, first.rescale, first.from = stdDev, rescale, g.level(ts[i])
		keep, pull := g.slope(hat)
		if g.order == 1 || i == n-1 {
			first.then(linear(1+float64(h*keep), 0, -h*pull))
			t.end()
			continue
		}
		part := float64(g.alpha * h)
		state, weight := 1+float64(part*keep), float64(-part*pull)
		first.remember = true
		first.then(linear(state, 0, weight))
		// x' = x + h·((1−1/2α)·d + 1/2α·d'), d = keep·x − pull·x̂0, d' likewise at x + αh·d.
		there, pullThere := g.slope(hat + part)
		w1, w2 := h*(1-1/(2*g.alpha)), h/(2*g.alpha)
		t.again(g.node(l, hat+part), linear(1+float64(w1*keep)+float64(w2*there*state), 0,
			-w2*pullThere, float64(w2*there*weight)-float64(w1*pull)))
		t.end()
	}
	s := t.finish(0)
	s.shown = slices.Clone(s.shown)
	for i, time := range ts {
		s.shown[i] = 1
		if time > 0 {
			sigma := g.sigma(time)
			s.shown[i] = 1 / (g.scale(time) * math.Sqrt(1+float64(sigma*sigma)))
		}
	}
	return s
}

// slope returns the two coefficients of dx/dt = keep·x − pull·x̂0.
func (g *general) slope(t float64) (keep, pull float64) {
	ratio := g.dSigma(t) / g.sigma(t)
	return ratio + g.dScale(t)/g.scale(t), float64(ratio * g.scale(t))
}

func (g *general) node(l *ladder, t float64) *node {
	sigma := g.sigma(t)
	return l.nodeAt(g.level(t), sigma, l.timeOf(sigma))
}

func (g *general) level(t float64) schedule.Level {
	sigma, scale := g.sigma(t), g.scale(t)
	return schedule.Level{Signal: scale, Noise: float64(sigma * scale)}
}

// raise returns the churn of a step in a run of n steps: the time hat whose noise level is larger
// by the factor 1+γ, the deviation of the noise to add, and the factor of the state. rescale is 0
// without churn.
func (g *general) raise(p *Plan, t float64, n int) (hat, stdDev, rescale float64) {
	sigma := g.sigma(t)
	if p.Churn == 0 || sigma < p.churnMin || sigma > p.churnMax {
		return t, 0, 0
	}
	gamma := min(p.Churn/float64(n), math.Sqrt2-1)
	hat = g.inverse(sigma + float64(gamma*sigma))
	raised := g.sigma(hat)
	stdDev = math.Sqrt(max(float64(raised*raised)-float64(sigma*sigma), 0)) * g.scale(hat) *
		p.sNoise
	return hat, stdDev, g.scale(hat) / g.scale(t)
}
