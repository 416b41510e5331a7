package solver

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// adaptive is DPM-Solver-12 and -23 with steps whose length in λ is chosen by the error (Lu et al.,
// arXiv:2206.00927, appendix C; k-diffusion's dpm_adaptive). The recipe's steps do not set the
// solver's steps. They divide λ into equal parts, and the state is shown at the end of each: one
// call of Step takes solver steps until its part is done.
type adaptive struct {
	lens
	timeOf             func(sigma float64) float64
	from, to           float64 // λ at the beginning and at the end
	order              int     // 2 or 3: of the better of the two solutions
	relative, absolute float64
	eta, sNoise        float64
	first              float64 // length of the first step
	views              int     // parts of λ after which the state is shown

	at       float64 // λ of the state
	length   float64 // of the next step
	accepted int     // steps taken; the number of the next one's noise
	nfe      int     // evaluations
	node     node    // of the current evaluation
	eps      [3][]float64
	low      []float64 // [C·H·W] the less accurate solution
	high     []float64
	previous []float64 // the less accurate solution of the step before
}

// Limits of the solver. Its loop ends when λ is within adaptiveEnd of the end, and it fails when
// adaptiveTries tries in a row have found no step that is accurate enough.
const (
	adaptiveEnd     = 1e-5
	adaptiveTries   = 1000
	adaptiveSafety  = 0.81
	adaptiveInverse = 1e-8 // keeps 1/error finite
)

func newDPMAdaptive(p *Plan) (Solver, error) {
	if p.Order == 1 {
		return nil, Refuse("order", "order is 1 but dpm_adaptive compares two orders, so it must "+
			"be 2 or 3")
	}
	if p.lens.network == schedule.Straight {
		return nil, Refuse("k", "k is dpm_adaptive but this network is a rectified flow, whose "+
			"adaptive solver is rk45")
	}
	l, err := p.ladder(byIntervals)
	if err != nil {
		return nil, err
	}
	high, low := p.sigmaRange(l)
	return &adaptive{
		lens: l.lens, timeOf: l.timeOf, from: -portable.Log(high), to: -portable.Log(low),
		order:    p.Order,
		relative: 0.05, absolute: 0.0078, eta: p.Eta, sNoise: p.sNoise, first: 0.05, views: p.Steps,
	}, nil
}

func (a *adaptive) Clone(size int) Solver {
	c := *a
	for i := range c.eps {
		c.eps[i] = make([]float64, size)
	}
	c.low, c.high, c.previous = make([]float64, size), make([]float64, size), make([]float64, size)
	c.at, c.length, c.accepted = math.Inf(-1), a.first, 0
	return &c
}

func (a *adaptive) Start() Start {
	sigma := portable.Exp(-a.from)
	b := Start{T: a.timeOf(sigma), Scale: sigma, Draws: 1}
	for i := range a.views + 1 {
		sigma := portable.Exp(-a.mark(i))
		shown := shownAt(exploding, sigma)
		b.Shown = append(b.Shown, shown)
		b.End = exploding.level(sigma).Scaled(shown)
		if i < a.views {
			b.Marks = append(b.Marks, Mark{a.timeOf(sigma), b.End})
		}
	}
	return b
}

// mark returns λ at the end of the first i views.
func (a *adaptive) mark(i int) float64 {
	return a.from + float64(float64(i)/float64(a.views)*(a.to-a.from))
}

// Scaled returns the factor from the state after the last step to what is shown. The state's λ is
// at or beyond the end of the view.
func (a *adaptive) Scaled() float64 { return shownAt(exploding, portable.Exp(-a.at)) }

func (a *adaptive) Step(i int, x []float64, e *Evaluation) {
	if math.IsInf(a.at, -1) { // at the beginning, or after a restart
		a.at, a.accepted = a.mark(i), i
		copy(a.previous, x)
	}
	until := a.mark(i + 1)
	if i == a.views-1 {
		until = a.to
	}
	for tries := 0; a.at < min(until, a.to-adaptiveEnd) && e.Err == nil; tries++ {
		if a.try(x, e) {
			tries = 0
		}
		if tries == adaptiveTries {
			e.Err = errors.New("solver: dpm_adaptive refused a step " + strconv.Itoa(tries) +
				" times; choose a sampler with fixed steps")
		}
	}
}

// try takes a step if its error is small enough, and adjusts the length of the next one. It reports
// whether the step was taken.
func (a *adaptive) try(x []float64, e *Evaluation) bool {
	next := min(a.to, a.at+a.length)
	end, stdDev := next, 0.0
	if a.eta > 0 {
		down, _ := ancestral(portable.Exp(-a.at), portable.Exp(-next), a.eta)
		end = min(a.to, -portable.Log(down))
		whole, rest := portable.Exp(-next), portable.Exp(-end)
		stdDev = math.Sqrt(max(float64(whole*whole)-float64(rest*rest), 0))
	}
	a.solve(x, end, e)
	if e.Err != nil {
		return false
	}
	sum := 0.0
	for j := range x {
		d := (a.low[j] - a.high[j]) / max(a.absolute, a.relative*max(math.Abs(a.low[j]),
			math.Abs(a.previous[j])))
		sum += float64(d * d)
	}
	inverse := 1 / (math.Sqrt(sum)/math.Sqrt(float64(len(x))) + adaptiveInverse)
	power := float64(a.order)
	if a.eta > 0 {
		power = 1.5
	}
	factor := 1 + portable.Atan(portable.Pow(inverse, 1/power)-1)
	a.length *= factor
	if factor < adaptiveSafety {
		return false
	}
	copy(a.previous, a.low)
	copy(x, a.high)
	if stdDev > 0 {
		addNoise(x, e.Draw(a.accepted, 0), stdDev*a.sNoise)
		if w := e.Working; w != nil {
			e.workStep(x, 1, w.State(a.high), 0, working.One, stdDev*a.sNoise)
		}
	}
	a.accepted++
	a.at = next
	return true
}

// solve writes two solutions of the step to λ = end: the less accurate one to low, the other to
// high.
func (a *adaptive) solve(x []float64, end float64, e *Evaluation) {
	h := end - a.at
	sigma, grown := portable.Exp(-end), portable.Expm1(h)
	a.look(0, x, a.at, e)
	if a.order == 2 {
		a.combine(e, a.low, x, -sigma*grown, 0, 0)
		half := a.at + float64(0.5*h)
		a.combine(e, a.high, x, -portable.Exp(-half)*portable.Expm1(0.5*h), 0, 0)
		a.look(1, a.high, half, e)
		a.combine(e, a.high, x, 0, -sigma*grown, 0)
		return
	}
	const r1, r2 = 1.0 / 3, 2.0 / 3
	at1, at2 := a.at+float64(r1*h), a.at+float64(r2*h)
	a.combine(e, a.high, x, -portable.Exp(-at1)*portable.Expm1(r1*h), 0, 0)
	a.look(1, a.high, at1, e)
	c := float64(-sigma / (2 * r1) * grown)
	a.combine(e, a.low, x, -float64(sigma*grown)-c, c, 0)
	sigma2, grown2 := portable.Exp(-at2), portable.Expm1(r2*h)
	c = float64(-sigma2 * (r2 / r1) * (grown2/(r2*h) - 1))
	a.combine(e, a.high, x, -float64(sigma2*grown2)-c, c, 0)
	a.look(2, a.high, at2, e)
	c = float64(-sigma / r2 * (grown/h - 1))
	a.combine(e, a.high, x, -float64(sigma*grown)-c, 0, c)
}

// look evaluates the network at state x of λ and keeps ε̂ in eps[k].
func (a *adaptive) look(k int, x []float64, lambda float64, e *Evaluation) {
	sigma := portable.Exp(-lambda)
	a.lens.fill(&a.node, exploding.level(sigma), sigma, a.timeOf(sigma))
	e.look(x, &a.node)
	a.nfe++
	copy(a.eps[k], e.Epsilon)
}

// combine writes x + w0·eps[0] + w1·eps[1] + w2·eps[2] to dst, which is not x.
func (a *adaptive) combine(e *Evaluation, dst, x []float64, w0, w1, w2 float64) {
	for j := range dst {
		dst[j] = x[j] + float64(w0*a.eps[0][j]) + float64(w1*a.eps[1][j]) + float64(w2*a.eps[2][j])
	}
	w := e.Working
	if w == nil {
		return
	}
	lines := [3]int{working.One, working.One, working.One}
	weights := [3]float64{w0, w1, w2}
	state := w.State(x)
	for k, weight := range weights {
		if weight != 0 {
			lines[k] = w.Find(working.Epsilon, 0, a.eps[k])
		}
	}
	w.Sum(working.X, dst)
	w.Times(1, state)
	for k, weight := range weights {
		w.Times(weight, lines[k])
	}
}

func (a *adaptive) Copied() Solver {
	c := *a
	c.eps = [3][]float64(copiedAll(a.eps[:]))
	c.low, c.high, c.previous = slices.Clone(a.low), slices.Clone(a.high), slices.Clone(a.previous)
	return &c
}

func (a *adaptive) Held() int { return 6 * len(a.low) }
