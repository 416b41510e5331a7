package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// exponentials begins the table of an exponential integrator on a ladder; its rows are in terms of
// `of`, x̂0 or ε̂.
func exponentials(p *Plan, l *ladder, of quantity) *table {
	t := &table{space: l.native(), of: of, initial: 1}
	if t.space == exploding {
		t.initial = p.initial(l)
	}
	return t
}

// levelsBack returns the state's levels at σ_i, σ_(i−1), …: n levels.
func levelsBack(l *ladder, s space, i, n int) []schedule.Level {
	levels := make([]schedule.Level, n)
	for j := range levels {
		levels[j] = s.level(l.sigmas[i-j])
	}
	return levels
}

// The multistep solvers: DPM-Solver and DPM-Solver++ that use the outputs of earlier steps instead
// of evaluations inside the step.
func newDPMpp(p *Plan) (Solver, error) { return p.dpmMultistep(exponential{}) }
func newDPM(p *Plan) (Solver, error)   { return p.dpmMultistep(exponential{noise: true}) }
func newDPMppSDE(p *Plan) (Solver, error) {
	return p.dpmMultistep(exponential{eta: p.Eta, minus: true})
}
func newDPMpp3M(p *Plan) (Solver, error) {
	return p.dpmMultistep(exponential{eta: p.Eta, heun: true})
}
func newDPMSDE(p *Plan) (Solver, error) {
	return p.dpmMultistep(exponential{noise: true, eta: p.Eta})
}

// dpmMultistep is DPM-Solver++(2M), DPM-Solver multistep and their SDE forms (diffusers'
// DPMSolverMultistepScheduler; k-diffusion's dpmpp_2m, dpmpp_2m_sde and dpmpp_3m_sde). The last
// step may go to the clean picture where x̂0 is integrated, and may not where ε̂ is.
func (p *Plan) dpmMultistep(e exponential) (Solver, error) {
	order := p.Order
	l, of, err := p.exponentialLadder(&e, byIntervals)
	if err != nil {
		return nil, err
	}
	t := exponentials(p, l, of)
	n := l.steps()
	c := &p.schedule.Config.Solver
	for i := range n {
		most := order
		switch {
		case i == n-1 && (c.EulerAtFinal || l.sigmas[n] == 0 || l.ends() || c.LowerOrderFinal &&
			n < 15):
			most = 1
		case i == n-2 && c.LowerOrderFinal && n < 15:
			most = min(most, 2)
		}
		s := t.ask(l.node(t.space, i))
		for known := range min(most, i+1) {
			r := e.multistep(levelsBack(l, t.space, i, known+1), t.space.level(l.sigmas[i+1]),
				known+1)
			r.stdDev *= p.sNoise
			s.rows = append(s.rows, r)
		}
		t.end()
	}
	return t.finish(l.sigmas[n]), nil
}

// exponentialLadder returns the ladder for an integral of x̂0 or ε̂, and which of them the rows are
// in terms of. It sets e.heun by the plan's solver.
func (p *Plan) exponentialLadder(e *exponential, by division) (*ladder, quantity, error) {
	e.heun = e.heun || p.Solver == "heun"
	l, err := p.ladder(by)
	if !e.noise {
		return l, readX0, err
	}
	if err == nil && l.sigmas[l.steps()] == 0 {
		err = Refuse("final", "final is zero but "+p.Sampler+" integrates the predicted noise "+
			"and cannot reach zero; it must be sigma_min")
	}
	return l, readNoise, err
}

// The singlestep solvers: two or three steps form a block, and the last step of a block starts from
// the state at the block's beginning.
func newDPMppSingle(p *Plan) (Solver, error) { return p.dpmSinglestep(exponential{}) }
func newDPMppSingleSDE(p *Plan) (Solver, error) {
	return p.dpmSinglestep(exponential{eta: p.Eta})
}
func newDPMSingle(p *Plan) (Solver, error) { return p.dpmSinglestep(exponential{noise: true}) }

// dpmSinglestep is DPM-Solver and DPM-Solver++ singlestep (Lu et al., arXiv:2206.00927, algorithms
// 4 and 5). The places inside a block are levels of the ladder (diffusers'
// DPMSolverSinglestepScheduler). A step is one evaluation.
func (p *Plan) dpmSinglestep(e exponential) (Solver, error) {
	order := p.Order
	l, of, err := p.exponentialLadder(&e, byRoundedIntervals)
	if err != nil {
		return nil, err
	}
	t := exponentials(p, l, of)
	n := l.steps()
	alone := l.sigmas[n] == 0 || p.schedule.Config.Solver.LowerOrderFinal && n%order == 0
	for i, o := range blocks(n, order, alone) {
		to := t.space.level(l.sigmas[i+1])
		s := t.ask(l.node(t.space, i), e.singlestep(levelsBack(l, t.space, i, o), to))
		s.remember, s.fromRemembered = o == 1, o > 1
		if o > 1 { // after a restart inside a block
			first := e.singlestep(levelsBack(l, t.space, i, 1), to)
			s.rows = append([]row{first}, s.rows...)
			if o > 2 {
				s.rows = append([]row{first}, s.rows...)
			}
		}
		t.end()
	}
	return t.finish(l.sigmas[n]), nil
}

// blocks returns the order of each of n steps: 1, 2, 3, 1, 2, 3, … alone says that the last step is
// a block, and the one before it ends earlier.
func blocks(n, order int, alone bool) []int {
	orders := make([]int, n)
	for i := range orders {
		orders[i] = i%order + 1
	}
	if alone {
		orders[n-1] = 1
	}
	return orders
}

// newDPMppSDESingle is DPM-Solver++ SDE of k-diffusion (diffusers' DPMSolverSDEScheduler): an
// ancestral step of the exponential integrator of x̂0 to the midpoint in λ, and then one over the
// whole step with x̂0 of the midpoint.
func newDPMppSDESingle(p *Plan) (Solver, error) {
	return p.dpmAncestral(func(t *table, l *ladder, i int) {
		from, to := l.sigmas[i], l.sigmas[i+1]
		mid := portable.Exp(0.5 * (portable.Log(from) + portable.Log(to)))
		down, stdDev := ancestral(from, mid, p.Eta)
		t.ask(l.node(t.space, i), shrink(from, down, float64(stdDev*p.sNoise))).remember = true
		down, stdDev = ancestral(from, to, p.Eta)
		t.again(l.within(t.space, mid), shrink(from, down, float64(stdDev*p.sNoise))).draw = 1
	})
}

// newDPMpp2SAncestral is DPM-Solver++(2S) with ancestral steps (k-diffusion's dpmpp_2s_ancestral).
func newDPMpp2SAncestral(p *Plan) (Solver, error) {
	return p.dpmAncestral(func(t *table, l *ladder, i int) {
		from := l.sigmas[i]
		down, stdDev := ancestral(from, l.sigmas[i+1], p.Eta)
		mid := portable.Exp(0.5 * (portable.Log(from) + portable.Log(down)))
		t.ask(l.node(t.space, i), shrink(from, mid, 0)).remember = true
		t.again(l.within(t.space, mid), shrink(from, down, float64(stdDev*p.sNoise)))
	})
}

// shrink returns the first-order step of x̂0's integral for x0 + σ·ε, from σ to σ': σ'/σ·x + (1 −
// σ'/σ)·x̂0, plus noise of deviation stdDev.
func shrink(from, to, stdDev float64) row {
	ratio := to / from
	return linear(ratio, stdDev, 1-ratio)
}

// dpmAncestral makes the table of a solver of x̂0's integral whose states are x0 + σ·ε. step adds
// step i; a step to the clean picture is added here.
func (p *Plan) dpmAncestral(step func(t *table, l *ladder, i int)) (Solver, error) {
	l, err := p.ladder(byPoints)
	if err == nil {
		err = p.noFlow()
	}
	if err != nil {
		return nil, err
	}
	t := &table{space: exploding, of: readX0, initial: p.initial(l)}
	for i := range l.steps() {
		if down, _ := ancestral(l.sigmas[i], l.sigmas[i+1], p.Eta); down == 0 {
			t.ask(l.node(t.space, i), shrink(l.sigmas[i], 0, 0))
		} else {
			step(t, l, i)
		}
		t.end()
	}
	return t.finish(l.sigmas[l.steps()]), nil
}

// newDPMFast is DPM-Solver-fast (Lu et al., arXiv:2206.00927, appendix D.4). The recipe's steps
// count evaluations. They are divided into steps of third order and one or two of lower order, all
// of the same length in λ. It ends at the smallest σ.
func newDPMFast(p *Plan) (Solver, error) {
	if err := p.noFlow(); err != nil {
		return nil, err
	}
	l, err := p.ladder(byIntervals)
	if err != nil {
		return nil, err
	}
	high, low := p.sigmaRange(l)
	orders := fastOrders(p.Steps)
	t := &table{space: exploding, of: readNoise, initial: high}
	if p.levels == nil && l.network == schedule.EDM {
		t.initial = p.initial(l)
	}
	from, to := -portable.Log(high), -portable.Log(low)
	step := (to - from) / float64(len(orders))
	for i, order := range orders {
		at, next := from+float64(float64(i)*step), from+float64(float64(i+1)*step)
		down, stdDev := ancestral(portable.Exp(-at), portable.Exp(-next), p.Eta)
		end := next
		if stdDev > 0 {
			end = min(to, -portable.Log(down))
			rest, whole := portable.Exp(-end), portable.Exp(-next)
			stdDev = math.Sqrt(max(float64(whole*whole)-float64(rest*rest), 0))
		}
		dpmStages(t, l, at, end, order, float64(stdDev*p.sNoise))
	}
	return t.finish(low), nil
}

// sigmaRange returns the largest level of a ladder and the smallest one above 0.
func (p *Plan) sigmaRange(l *ladder) (high, low float64) {
	n := l.steps()
	if l.sigmas[n] > 0 {
		return l.sigmas[0], l.sigmas[n]
	}
	return l.sigmas[0], l.sigmas[n-1]
}

// fastOrders returns the orders of DPM-Solver-fast's steps, whose sum is n evaluations.
func fastOrders(n int) []int {
	m := n/3 + 1
	orders := make([]int, 0, m)
	for range m - 2 {
		orders = append(orders, 3)
	}
	switch {
	case n%3 == 0:
		orders = append(orders, 2, 1)
	case m > 1:
		orders = append(orders, 3, n%3)
	default:
		orders = append(orders, n%3)
	}
	return orders
}

// dpmStages adds a step of DPM-Solver-1, -2 or -3 (algorithms 1 and 2 with r1 = 1/2, and r1 = 1/3,
// r2 = 2/3) for x0 + σ·ε from λ = from to λ = to. Noise of deviation stdDev is added after it.
func dpmStages(t *table, l *ladder, from, to float64, order int, stdDev float64) {
	h := to - from
	grown := portable.Expm1(h)
	end := portable.Exp(-to)
	whole := float64(-end * grown)
	first := t.ask(l.within(exploding, portable.Exp(-from)))
	first.remember = true
	inner := func(r float64) (*node, float64) {
		sigma := portable.Exp(-(from + float64(r*h)))
		return l.within(exploding, sigma), -float64(sigma * portable.Expm1(r*h))
	}
	switch order {
	case 1:
		first.then(linear(1, stdDev, whole))
	case 2:
		at, weight := inner(0.5)
		first.then(linear(1, 0, weight))
		t.again(at, linear(1, stdDev, whole))
	default:
		const r1, r2 = 1.0 / 3, 2.0 / 3
		at1, weight1 := inner(r1)
		at2, weight2 := inner(r2)
		first.then(linear(1, 0, weight1))
		c := float64(at2.sigma * (r2 / r1) * (portable.Expm1(r2*h)/(r2*h) - 1))
		d := float64(end / r2 * (grown/h - 1))
		t.again(at1, linear(1, 0, -c, c+weight2))
		t.again(at2, linear(1, stdDev, -d, 0, d+whole))
	}
	t.end()
}
