package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// adams holds the weights of the Adams–Bashforth methods of order 1 to 4 with even steps, for the
// newest slope first.
var adams = [4][]float64{
	{1},
	{3.0 / 2, -1.0 / 2},
	{23.0 / 12, -16.0 / 12, 5.0 / 12},
	{55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24},
}

// transfer returns the coefficients of DDIM's step between two levels with a given ε̂ (PNDM's
// equation 11): x' = a'/a·x + (b' − a'/a·b)·ε̂. The paper's form of the second is used, which does
// not subtract numbers that are nearly equal. With a given v̂ the step is a rotation (Salimans and
// Ho, arXiv:2202.00512, appendix D): x' = (a·a' + b·b')·x + (a·b' − a'·b)·v̂.
func transfer(from, to schedule.Level, of quantity) (state, weight float64) {
	switch {
	case of == readV:
		return float64(from.Signal*to.Signal) + float64(from.Noise*to.Noise),
			float64(from.Signal*to.Noise) - float64(to.Signal*from.Noise)
	case from.Signal < 1e-8: // noise alone
		return 0, to.Noise
	}
	state = to.Signal / from.Signal
	// (ᾱ' − ᾱ)/(ᾱ·√(1−ᾱ') + √(ᾱ(1−ᾱ)ᾱ'))
	bar, barTo := float64(from.Signal*from.Signal), float64(to.Signal*to.Signal)
	return state, -(barTo - bar) / (float64(bar*to.Noise) +
		float64(from.Signal*from.Noise*to.Signal))
}

// pseudo returns the row of a pseudo-numerical step, with weights for the ε̂ or v̂ of earlier
// evaluations.
func (t *table) pseudo(from, to schedule.Level, terms ...term) row {
	state, weight := transfer(from, to, t.of)
	r := row{state: state}
	for _, m := range terms {
		r.terms = append(r.terms, term{m.back, weight * m.weight})
	}
	return r
}

// bashforth returns the terms of an Adams–Bashforth step of the given order.
func bashforth(order int) []term {
	var terms []term
	for j, w := range adams[order-1] {
		terms = append(terms, term{j, w})
	}
	return terms
}

// discrete returns the level of timestep t, which is negative after the last step. Like DDIM, PNDM
// counts down by ⌊T/steps⌋ with every spacing.
func (p *Plan) discrete(t int) schedule.Level {
	if t < 0 {
		return schedule.LevelOf(p.lastAlphaBar())
	}
	return p.schedule.At(t)
}

// trainedNode returns the node of a training timestep.
func (p *Plan) trainedNode(t int) *node {
	level := p.schedule.At(t)
	return p.lens.nodeAt(level, level.Sigma(), float64(t))
}

// newPNDM is PNDM (Liu et al., arXiv:2202.09778) as in diffusers: three steps of fourth-order
// Runge–Kutta, then Adams–Bashforth. With fewer than four steps it is PLMS.
func newPNDM(p *Plan) (Solver, error) { return p.pndm(p.Steps < 4) }

// newPLMS is PNDM without the Runge–Kutta steps (skip_prk_steps). It takes the first step twice.
func newPLMS(p *Plan) (Solver, error) { return p.pndm(true) }

func (p *Plan) pndm(skip bool) (Solver, error) {
	timesteps, err := p.timesteps()
	if err != nil {
		return nil, err
	}
	t := &table{space: preserving, of: readNoise, initial: 1}
	if p.own == schedule.V { // diffusers remembers what the network predicts
		t.of = readV
	}
	stride := p.schedule.T() / p.Steps
	begin := 1
	if skip {
		p.plmsStart(t, timesteps, stride)
	} else {
		for i := range 3 {
			p.rungeKutta(t, timesteps[i], timesteps[i+1], stride/2)
		}
		begin = 3
	}
	for i := begin; i < p.Steps; i++ {
		at, to := p.discrete(timesteps[i]), p.discrete(timesteps[i]-stride)
		s := t.ask(p.trainedNode(timesteps[i]))
		backs := plmsBacks(i, skip)
		// the terms are the same with more outputs known
		for known := range backs[len(backs)-1] + 1 {
			s.rows = append(s.rows, t.pseudo(at, to, plmsTerms(known, backs)...))
		}
		t.end()
	}
	return t.finish(p.discrete(timesteps[p.Steps-1] - stride).Sigma()), nil
}

// plmsStart adds PLMS' first step: Euler's, and then again with the mean of ε̂ at both ends.
func (p *Plan) plmsStart(t *table, timesteps []int, stride int) {
	first := timesteps[0]
	from, to := p.discrete(first), p.discrete(first-stride)
	t.ask(p.trainedNode(first), t.pseudo(from, to, term{0, 1})).remember = true
	if p.Steps > 1 {
		second := timesteps[1]
		t.again(p.trainedNode(second), t.pseudo(p.discrete(second+stride), p.discrete(second),
			term{0, 0.5}, term{1, 0.5}))
	}
	t.end()
}

// plmsBacks returns which outputs count at step i, as numbers of evaluations ago, the newest first.
// One output counts of each of the last four steps: in PLMS not the second evaluation of the start,
// and in a Runge–Kutta step the first of its four.
func plmsBacks(i int, skip bool) []int {
	const calls = 4 // of a Runge–Kutta step
	var backs []int
	for j := range min(i+1, len(adams)) { // the output of step i−j
		back := j
		switch step := i - j; {
		case skip && step == 0:
			back = j + 1
		case !skip && step < 3:
			back = (i - 3) + (3-step)*calls
		}
		backs = append(backs, back)
	}
	return backs
}

// plmsTerms returns the Adams–Bashforth terms for the outputs of backs that are known. After a
// restart fewer are known.
func plmsTerms(known int, backs []int) []term {
	n := 0
	for n < len(backs) && backs[n] <= known {
		n++
	}
	var terms []term
	for j, w := range adams[n-1] {
		terms = append(terms, term{backs[j], w})
	}
	return terms
}

// rungeKutta adds PNDM's pseudo Runge–Kutta step of fourth order (equation 13) between two listed
// timesteps. The network is told the timestep half a stride before the second, and the first half
// step ends half a stride after the first; these may be a timestep apart, as in diffusers.
func (p *Plan) rungeKutta(t *table, first, next, half int) {
	middle := next + half
	from, mid, to := p.discrete(first), p.discrete(middle), p.discrete(next)
	t.ask(p.trainedNode(first), t.pseudo(from, p.discrete(first-half), term{0, 1})).remember = true
	t.again(p.trainedNode(middle), t.pseudo(from, mid, term{0, 1}))
	t.again(p.trainedNode(middle), t.pseudo(from, to, term{0, 1}))
	t.again(p.trainedNode(next), t.pseudo(from, to, term{0, 1.0 / 6}, term{1, 1.0 / 3},
		term{2, 1.0 / 3}, term{3, 1.0 / 6}))
	t.end()
}

// newIPNDM is the improved PNDM (Zhang & Chen, arXiv:2204.13902, section 3): Adams–Bashforth from
// the first step on, of the order that the known outputs allow. For the networks of diffusers'
// IPNDMScheduler the noise is sin²(π/2·u) for u from 1 to 0, and the network is told the angle.
func newIPNDM(p *Plan) (Solver, error) {
	order := p.Order
	levels, nodes, err := p.ipndmNodes()
	if err != nil {
		return nil, err
	}
	t := &table{space: p.lens.native(), of: readNoise, initial: 1}
	if t.space == exploding {
		t.initial = nodes[0].sigma
	}
	for i, at := range nodes {
		s := t.ask(at)
		for known := range min(order, i+1) {
			s.rows = append(s.rows, t.pseudo(levels[i], levels[i+1], bashforth(known+1)...))
		}
		t.end()
	}
	return t.finish(levels[len(nodes)].Sigma()), nil
}

// ipndmNodes returns the levels, [steps+1], and nodes, [steps], of newIPNDM.
func (p *Plan) ipndmNodes() ([]schedule.Level, []*node, error) {
	var levels []schedule.Level
	var nodes []*node
	if p.lens.network == schedule.Sine {
		for i := range p.Steps + 1 {
			sin := portable.Sin(math.Pi / 2 * (1 - float64(i)/float64(p.Steps)))
			if i == p.Steps {
				sin = 0
			}
			noise := float64(sin * sin)
			level := schedule.Level{Signal: math.Sqrt(1 - float64(noise*noise)), Noise: noise}
			levels = append(levels, level)
			if i < p.Steps {
				nodes = append(nodes, p.lens.nodeAt(level, level.Sigma(),
					portable.Atan2(noise, level.Signal)/math.Pi*2))
			}
		}
		return levels, nodes, nil
	}
	l, err := p.ladder(byIntervals)
	if err == nil && p.lens.native() != preserving {
		err = Refuse("k", "k is "+p.Sampler+" but this network has no variance preserving noise; "+
			"choose another sampler")
	}
	if err != nil {
		return nil, nil, err
	}
	for i, sigma := range l.sigmas {
		levels = append(levels, preserving.level(sigma))
		if i < l.steps() {
			nodes = append(nodes, l.node(preserving, i))
		}
	}
	return levels, nodes, nil
}

// newDEIS is DEIS with polynomials in log σ (Zhang & Chen, arXiv:2204.13902; diffusers'
// DEISMultistepScheduler, solver_type logrho): ε̂ is extrapolated by the polynomial through its
// last values, and the polynomial is integrated over σ.
func newDEIS(p *Plan) (Solver, error) {
	order := p.Order
	l, err := p.ladder(byRoundedIntervals)
	if err == nil && l.sigmas[l.steps()] == 0 {
		err = Refuse("final", "final is zero but deis integrates over log σ; it must be sigma_min")
	}
	if err == nil {
		err = p.noFlow()
	}
	if err != nil {
		return nil, err
	}
	t := exponentials(p, l, readNoise)
	n := l.steps()
	lower := p.schedule.Config.Solver.LowerOrderFinal && n < 15
	for i := range n {
		most := order
		switch {
		case lower && i == n-1:
			most = 1
		case lower && i == n-2:
			most = min(most, 2)
		}
		from, to := t.space.level(l.sigmas[i]), t.space.level(l.sigmas[i+1])
		s := t.ask(l.node(t.space, i))
		for known := range min(most, i+1) {
			r := row{state: to.Signal / from.Signal}
			for j, w := range logIntegrals(backwards(l.sigmas, i, known+1), l.sigmas[i+1]) {
				r.terms = append(r.terms, term{j, to.Signal * w})
			}
			s.rows = append(s.rows, r)
		}
		t.end()
	}
	return t.finish(l.sigmas[n]), nil
}

// logIntegrals returns, for each j, ∫ dσ from sigmas[0] to `to` of the polynomial in log σ that is
// 1 at sigmas[j] and 0 at the other sigmas. With u = log σ − log σ₀ and E = e^u the integral is
// σ₀·∫E·(c₀ + c₁u + c₂u²)du = σ₀·[E·(c₀ + c₁(u−1) + c₂(u²−2u+2))].
func logIntegrals(sigmas []float64, to float64) []float64 {
	base := portable.Log(sigmas[0])
	u := make([]float64, len(sigmas))
	for j := range u {
		u[j] = portable.Log(sigmas[j]) - base
	}
	end := portable.Log(to) - base
	grown := to / sigmas[0]
	moments := [3]float64{grown - 1, float64(grown*(end-1)) + 1,
		float64(grown*(float64(end*end)-2*end+2)) - 2}
	weights := make([]float64, len(sigmas))
	for j := range u {
		c := [3]float64{1}
		scale := 1.0
		for k := range u {
			if k == j {
				continue
			}
			c[2], c[1], c[0] = c[1]-float64(u[k]*c[2]), c[0]-float64(u[k]*c[1]), -u[k]*c[0]
			scale *= u[j] - u[k]
		}
		sum := float64(c[0]*moments[0]) + float64(c[1]*moments[1]) + float64(c[2]*moments[2])
		weights[j] = sigmas[0] * sum / scale
	}
	return weights
}
