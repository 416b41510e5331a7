package solver

import (
	"math"
	"slices"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// predictorCorrector is predictor–corrector sampling of the reverse SDE (Song et al.,
// arXiv:2011.13456, algorithms 1 to 3): at each level a number of Langevin steps, then one step of
// the discretised reverse SDE. The last step adds no noise.
type predictorCorrector struct {
	space space
	steps []sdeStep
	rule  string  // of the Langevin steps' size
	ratio float64 // the recipe's stepsize
	// size returns the size of a Langevin step by the rule snr, from its noise z and the score.
	size     func(z, score []float64) float64
	correct  int
	initial  float64
	final    float64   // noise level σ after the last step
	previous []float64 // [C·H·W] the network's score
}

type sdeStep struct {
	at     *node
	alpha  float64 // factor of a Langevin step's size: 1, or 1 − β of the preserving SDE
	state  float64 // x' = state·x + drift·s + stdDev·z, with the score s
	drift  float64
	stdDev float64
	stays  bool // no step of the reverse SDE follows
	ends   bool // after the Langevin steps the state becomes x̂0
}

// newVESDE is the variance exploding SDE with reverse diffusion (algorithm 2; diffusers'
// ScoreSdeVeScheduler).
func newVESDE(p *Plan) (Solver, error) {
	l, told, err := p.veLadder()
	if err != nil {
		return nil, err
	}
	c := p.predictorCorrector(exploding)
	n := l.steps()
	c.initial, c.final = l.sigmas[0], l.sigmas[n]
	for i := range n {
		sigma, next := l.sigmas[i], l.sigmas[i+1]
		jump := float64(sigma*sigma) - float64(next*next)
		s := sdeStep{at: l.node(exploding, i), alpha: 1, state: 1, drift: jump,
			stdDev: math.Sqrt(jump)}
		if told != nil {
			s.at = l.within(exploding, told[i])
		}
		if i == n-1 {
			s.stdDev = 0
		}
		c.steps = append(c.steps, s)
	}
	return c, nil
}

// veLadder returns the geometric ladder from the largest to the smallest σ, and then 0, and the σ
// that the network is told: nil where they are the levels. Networks of the VE SDE are told σ(t) =
// σmin·(σmax/σmin)^t for even t from 1 to 10⁻⁵, which differs a little from the level.
func (p *Plan) veLadder() (l *ladder, told []float64, err error) {
	if err := p.noFlow(); err != nil {
		return nil, nil, err
	}
	even := *p
	if even.Sigmas == schedule.Spaced {
		even.Sigmas = schedule.Exponential
	}
	l, err = even.ladder(byIntervals)
	if err != nil || l.network != schedule.ScoreVE {
		return l, nil, err
	}
	c := &p.schedule.Config.Solver
	ratio := portable.Log(c.SigmaMax / c.SigmaMin)
	const least = 1e-5
	for i := range l.ts {
		t := 1.0
		if p.Steps > 1 {
			t = 1 + float64(float64(i)*((least-1)/float64(p.Steps-1)))
		}
		told = append(told, c.SigmaMin*portable.Exp(float64(t*ratio)))
	}
	return l, told, nil
}

// newVPSDE is the variance preserving SDE: x' = (2 − √(1−β))·x + β·s + √β·z (appendix E).
// With the solver euler_maruyama it is x' = (1 + B/2)·x + B·s + √B·z, with B the integral of β over
// the step.
func newVPSDE(p *Plan) (Solver, error) {
	l, err := p.ladder(byIntervals)
	if err == nil && l.native() != preserving {
		err = Refuse("k", "k is vp_pc but this network has no variance preserving noise; "+
			"choose ve_pc")
	}
	if err != nil {
		return nil, err
	}
	c := p.predictorCorrector(preserving)
	n := l.steps()
	c.initial, c.final = 1, l.sigmas[n]
	for i := range n {
		ratio := preserving.level(l.sigmas[i]).Signal / preserving.level(l.sigmas[i+1]).Signal
		alpha := float64(ratio * ratio)
		s := sdeStep{at: l.node(preserving, i), alpha: alpha, state: 2 - ratio, drift: 1 -
			alpha, stdDev: math.Sqrt(1 - alpha)}
		if p.Solver == kindEulerMaruyama {
			s.drift = -2 * portable.Log(ratio)
			s.state, s.stdDev = 1+float64(0.5*s.drift), math.Sqrt(s.drift)
		}
		if i == n-1 {
			s.stdDev = 0
		}
		c.steps = append(c.steps, s)
	}
	return c, nil
}

// The kinds of vp_pc.
const (
	kindReverseDiffusion = "reverse_diffusion"
	kindEulerMaruyama    = "euler_maruyama"
)

// predictorCorrector returns the solver without its steps. Its Langevin steps are x + c·s +
// √(2c)·z, with the score s. By the rule snr, c is 2·(size·‖z‖/‖s‖)² (algorithms 4 and 5). By the
// rule scaled, c is half of size·n², with n the level's noise (Song & Ermon, arXiv:1907.05600,
// algorithm 1). By the rule fixed, c is half of size.
func (p *Plan) predictorCorrector(s space) *predictorCorrector {
	snr := p.StepSize
	size := func(z, score []float64) float64 {
		ratio := snr * portable.Norm(z) / portable.Norm(score)
		return 2 * float64(ratio*ratio)
	}
	return &predictorCorrector{space: s, size: size, correct: p.Correct, rule: p.Rule,
		ratio: p.StepSize}
}

// mostAnnealed bounds the σ at which annealed Langevin dynamics begin: a cosine schedule ends far
// above it.
const mostAnnealed = 50

// newAnnealed is annealed Langevin dynamics (Song & Ermon, arXiv:1907.05600, algorithm 1) for x0 +
// σ·ε: one level for each of the plan's steps, with a constant ratio between levels, and p.Correct
// Langevin steps on each. The last step then goes to x̂0 by Tweedie's formula.
func newAnnealed(p *Plan) (Solver, error) {
	l, err := p.langevinLadder()
	if err != nil {
		return nil, err
	}
	high, low := p.sigmaRange(l)
	high = max(low, min(high, mostAnnealed))
	c := p.predictorCorrector(exploding)
	c.initial = high
	for i, sigma := range schedule.SigmaRange(schedule.Exponential, high, low, 1, p.Steps) {
		c.steps = append(c.steps, sdeStep{at: l.within(exploding, sigma), alpha: 1,
			stays: true, ends: i == p.Steps-1})
	}
	return c, nil
}

// newLangevin is Langevin dynamics at one noise level (Luo 159). Each step is one Langevin step;
// the last then goes to x̂0 by Tweedie's formula.
func newLangevin(p *Plan) (Solver, error) {
	l, err := p.langevinLadder()
	if err != nil {
		return nil, err
	}
	if high, low := p.sigmaRange(l); !(p.Level >= low && p.Level <= high) {
		return nil, Refuse("level", "level is "+Number(p.Level)+" but this network knows "+
			"noise from "+Number(low)+" to "+Number(high))
	}
	c := p.predictorCorrector(exploding)
	c.initial, c.correct = p.Level, 1
	for i := range p.Steps {
		c.steps = append(c.steps, sdeStep{at: l.within(exploding, p.Level), alpha: 1,
			stays: true, ends: i == p.Steps-1})
	}
	return c, nil
}

// langevinLadder returns a ladder over the whole range of the network's noise. It has two steps,
// because some spacings need two.
func (p *Plan) langevinLadder() (*ladder, error) {
	if err := p.noFlow(); err != nil {
		return nil, err
	}
	whole := *p
	whole.Steps, whole.Spacing, whole.Sigmas, whole.Final = min(2, p.schedule.T()),
		schedule.Trailing, schedule.Exponential, schedule.FinalMin
	return whole.ladder(byIntervals)
}

func (c *predictorCorrector) Clone(size int) Solver {
	copied := *c
	copied.previous = make([]float64, size)
	return &copied
}

func (c *predictorCorrector) Start() Start {
	b := Start{T: c.steps[0].at.t, Scale: c.initial, Draws: c.correct + 1}
	if c.steps[0].stays {
		b.Draws = c.correct
	}
	for i := range c.steps {
		at := c.steps[i].at
		if c.steps[i].stays { // the state still has the noise of the level before
			at = c.steps[max(i-1, 0)].at
		}
		shown := shownAt(c.space, at.sigma)
		b.Shown, b.Marks = append(b.Shown, shown),
			append(b.Marks, Mark{c.steps[i].at.t, at.level.Scaled(shown)})
	}
	b.Shown, b.End = append(b.Shown, 1), c.space.level(c.final)
	return b
}

func (c *predictorCorrector) Step(i int, x []float64, e *Evaluation) {
	s := &c.steps[i]
	for j := range c.correct {
		if !c.score(x, s, e) {
			return
		}
		z := e.Draw(i, j)
		size := c.langevin(s, z)
		spread := math.Sqrt(2 * size)
		for k := range x {
			x[k] += float64(size*c.previous[k]) + float64(spread*z[k])
		}
		if e.Working != nil {
			e.workScored(x, 1, size, spread)
		}
	}
	if s.stays && !s.ends || !c.score(x, s, e) {
		return
	}
	if s.ends {
		copy(x, e.X0)
		if w := e.Working; w != nil {
			e.workStep(x, 1, w.Last(working.X0), 0, working.One, 0)
		}
		return
	}
	for k := range x {
		x[k] = float64(s.state*x[k]) + float64(s.drift*c.previous[k])
	}
	if s.stdDev > 0 {
		addNoise(x, e.Draw(i, c.correct), s.stdDev)
	}
	if e.Working != nil {
		e.workScored(x, s.state, s.drift, s.stdDev)
	}
}

// langevin returns the size of a Langevin step with noise z.
func (c *predictorCorrector) langevin(s *sdeStep, z []float64) float64 {
	switch c.rule {
	case RuleFixed:
		return 0.5 * c.ratio
	case RuleScaled:
		n := s.at.level.Noise
		return 0.5 * c.ratio * float64(n*n)
	}
	return s.alpha * c.size(z, c.previous)
}

// score evaluates the network and keeps ∇log p = −ε̂/Noise in previous. It returns false where the
// evaluation failed.
func (c *predictorCorrector) score(x []float64, s *sdeStep, e *Evaluation) bool {
	e.look(x, s.at)
	for k, v := range e.Epsilon {
		c.previous[k] = -v / s.at.level.Noise
	}
	if w := e.Working; w != nil && e.Err == nil {
		e.workSum(working.Score, c.previous, -1, w.Last(working.Epsilon), 0, working.One,
			s.at.level.Noise)
	}
	return e.Err == nil
}

func (c *predictorCorrector) Copied() Solver {
	other := *c
	other.previous = slices.Clone(c.previous)
	return &other
}

func (c *predictorCorrector) Held() int { return len(c.previous) }
