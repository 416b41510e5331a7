package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// ladder holds the noise levels of a run for one kind of network.
type ladder struct {
	lens
	sigmas []float64 // [steps+1] falling; the last is the final level, 0 for the clean picture
	ts     []float64 // [steps] the time that the network is told at the beginning of each step
	timeOf func(sigma float64) float64
}

// node returns the node at the beginning of step i, for a state in space s.
func (l *ladder) node(s space, i int) *node { return l.lens.node(s, l.sigmas[i], l.ts[i]) }

// within returns the node at a noise level inside a step.
func (l *ladder) within(s space, sigma float64) *node {
	return l.lens.node(s, sigma, l.timeOf(sigma))
}

func (l *ladder) steps() int { return len(l.ts) }

// ends reports whether the last step does not change the noise level.
func (l *ladder) ends() bool { return l.sigmas[l.steps()] == l.sigmas[l.steps()-1] }

// division says how a sampler divides the schedule; see schedule.LadderOptions.
type division struct {
	intervals bool // into steps intervals, not points
	round     schedule.Rounding
}

var (
	byPoints           = division{false, schedule.RoundNever}
	byRoundedPoints    = division{false, schedule.RoundAlways}
	byIntervals        = division{true, schedule.RoundUnlessCosine}
	byRoundedIntervals = division{true, schedule.RoundAlways}
)

// ladder chooses the noise levels. Errors are *Error.
func (p *Plan) ladder(by division) (*ladder, error) {
	if p.levels != nil {
		return p.levels, nil
	}
	switch p.lens.network {
	case schedule.Straight:
		return p.flowLadder()
	case schedule.EDM, schedule.ScoreVE:
		return p.rangeLadder()
	case schedule.Consistency:
		return p.consistencyLadder(), nil
	case schedule.Sine:
		return nil, Refuse("k", "k is "+p.Sampler+" but this network is told angles, and "+
			"only ipndm does that; choose k=ipndm")
	}
	o := schedule.LadderOptions{Steps: p.Steps, Spacing: p.Spacing, Kind: p.Sigmas, Final: p.Final,
		Intervals: by.intervals, Round: by.round}
	if p.Sigmas == schedule.Flow {
		return nil, Refuse("sigmas", "sigmas is flow but this network is not a rectified flow; "+
			"choose another")
	}
	l, err := p.schedule.Ladder(o)
	if err != nil {
		return nil, Refuse("steps", sentence(err))
	}
	if err := p.checkSignal(int(l.Timesteps[0])); err != nil {
		return nil, err
	}
	return &ladder{lens: p.lens, sigmas: l.Sigmas, ts: l.Timesteps,
		timeOf: p.schedule.Sigmas().Timestep}, nil
}

// checkSignal refuses a timestep without signal where the network predicts the noise or the score,
// or the reading asks for them: they say nothing about the picture there.
func (p *Plan) checkSignal(t int) error {
	needsNone := func(kind schedule.Prediction) bool {
		return kind == schedule.V || kind == schedule.Sample
	}
	switch {
	case p.schedule.AlphaBar[t] != 0:
	case !needsNone(p.own):
		return Refuse("spacing", "the first timestep has no signal left "+
			"(rescale_betas_zero_snr), where a network that predicts "+
			string(p.own)+" says nothing of the picture; choose the spacing leading or fewer steps")
	case !needsNone(p.lens.kind):
		return Refuse("reading", "the first timestep has no signal left "+
			"(rescale_betas_zero_snr), where this reading says nothing of the picture; "+
			"choose the reading x0 or v, or choose the spacing leading or fewer steps")
	}
	return nil
}

func (p *Plan) flowLadder() (*ladder, error) {
	if p.Sigmas != schedule.Spaced && p.Sigmas != schedule.Flow {
		return nil, Refuse("sigmas", "sigmas is "+string(p.Sigmas)+" but this network is a "+
			"rectified flow, so it must be flow")
	}
	intervals := p.schedule.Config.Solver.Sigmas == schedule.Flow
	l, err := p.schedule.Ladder(schedule.LadderOptions{Steps: p.Steps, Spacing: p.Spacing,
		Kind: schedule.Flow, Final: p.Final, Intervals: intervals})
	if err != nil {
		return nil, Refuse("steps", sentence(err))
	}
	T := float64(p.schedule.T())
	return &ladder{lens: p.lens, sigmas: l.Sigmas, ts: l.Timesteps,
		timeOf: func(sigma float64) float64 { return float64(sigma * T) }}, nil
}

// rangeLadder returns the ladder of networks that were trained at every σ of a range.
func (p *Plan) rangeLadder() (*ladder, error) {
	c := &p.schedule.Config.Solver
	kind := p.Sigmas
	switch {
	case kind == schedule.Flow || kind == schedule.LogLinear:
		return nil, Refuse("sigmas", "sigmas is "+string(kind)+" but this network has no "+
			"training timesteps")
	case kind == schedule.Spaced && p.lens.network == schedule.ScoreVE:
		kind = schedule.Exponential
	case kind == schedule.Spaced:
		kind = schedule.Karras
	}
	l := &ladder{lens: p.lens, sigmas: schedule.SigmaRange(kind, c.SigmaMax, max(c.SigmaMin, 1e-6),
		c.Rho, p.Steps), timeOf: edmTime}
	if p.lens.network == schedule.ScoreVE {
		l.timeOf = func(sigma float64) float64 { return sigma }
	}
	for _, sigma := range l.sigmas {
		l.ts = append(l.ts, l.timeOf(sigma))
	}
	last := 0.0
	if p.Final == schedule.FinalMin {
		last = c.SigmaMin
	}
	l.sigmas = append(l.sigmas, last)
	return l, nil
}

// edmTime is c_noise of Karras et al. (arXiv:2206.00364, table 1).
func edmTime(sigma float64) float64 { return 0.25 * portable.Log(sigma) }

// consistencyLadder takes every ⌊T/steps⌋-th of the T levels of training and ends at the smallest
// σ.
func (p *Plan) consistencyLadder() *ladder {
	c := &p.schedule.Config.Solver
	timeOf := func(sigma float64) float64 { return 250 * portable.Log(sigma+1e-44) }
	l := &ladder{lens: p.lens, timeOf: timeOf}
	all, stride := schedule.SigmaRange(schedule.Karras, c.SigmaMax, c.SigmaMin, c.Rho,
		p.schedule.T()), p.schedule.T()/p.Steps
	for i := range p.Steps {
		l.sigmas = append(l.sigmas, all[i*stride])
		l.ts = append(l.ts, timeOf(all[i*stride]))
	}
	l.sigmas = append(l.sigmas, c.SigmaMin)
	return l
}

// initial returns the standard deviation of the first state in the space of slopes. Where the
// ladder begins at the end of the schedule it is σ, of noise alone; else it is that of a picture
// with unit variance and this noise, as in diffusers.
func (p *Plan) initial(l *ladder) float64 {
	sigma := l.sigmas[0]
	switch {
	case l.sloped() == straight || p.levels != nil || l.network == schedule.ScoreVE ||
		l.network == schedule.Consistency:
		return sigma
	case l.network == schedule.Preserving && p.Spacing != schedule.Leading:
		return sigma
	}
	return math.Sqrt(float64(sigma*sigma) + 1)
}
