package solver

import (
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// inversion runs DDIM without added noise backwards (diffusers' DDIMInverseScheduler): from a clean
// picture to a state from which DDIM comes back to nearly that picture.
type inversion struct {
	steps    []inversionStep
	rederive bool
}

type inversionStep struct {
	t           int // timestep after the step; the network is evaluated there
	level, next schedule.Level
}

// Inversion returns the solver that goes from a clean picture back to noise level `to`, the level
// of a mark of the plan's sampler. The network must predict the noise or v: a network that predicts
// x̂0 does not say what noise a clean picture has. Errors are *Error.
func (p *Plan) Inversion(to schedule.Level) (Solver, error) {
	if p.lens.network != schedule.Preserving {
		return nil, Refuse("invert", "a picture can be inverted only by a network with training"+
			" timesteps, which this one does not have")
	}
	if p.own == schedule.Sample {
		return nil, Refuse("invert", "a picture cannot be inverted by a network that predicts "+
			"x̂0 alone")
	}
	inverse, err := newInversion(p)
	if err != nil {
		return nil, err
	}
	s := inverse.(*inversion)
	n := 1
	for n < len(s.steps) && s.steps[n].next.Sigma() <= to.Sigma()*(1+1e-9) {
		n++
	}
	s.steps = s.steps[:n]
	s.steps[n-1].next = to
	return s, nil
}

// newInversion makes the steps for the plan's timesteps from the last to the first. Before the
// first step the state is the clean picture: ᾱ is 1, or without set_alpha_to_one that of timestep
// 0.
func newInversion(p *Plan) (Solver, error) {
	timesteps, err := p.timesteps()
	if err != nil {
		return nil, err
	}
	n := len(timesteps)
	s := &inversion{steps: make([]inversionStep, n), rederive: p.Rederive}
	stride := p.schedule.T() / n
	for i := range s.steps {
		t := timesteps[n-1-i]
		level := schedule.LevelOf(p.lastAlphaBar())
		if before := t - stride; before >= 0 {
			level = p.schedule.At(before)
		}
		s.steps[i] = inversionStep{t: t, level: level, next: p.schedule.At(t)}
	}
	return s, nil
}

func (s *inversion) Step(i int, x []float64, e *Evaluation) {
	c := &s.steps[i]
	e.at(x, float64(c.t), c.level)
	if s.rederive && c.level.Noise > 0 {
		e.rederive(x, c.level)
	}
	for j := range x {
		x[j] = float64(c.next.Signal*e.X0[j]) + float64(c.next.Noise*e.Epsilon[j])
	}
	if w := e.Working; w != nil {
		e.workStep(x, c.next.Signal, w.Last(working.X0), c.next.Noise, w.Last(working.Epsilon), 0)
	}
}

// Start returns a mark for each step, at the level that the step reaches.
func (s *inversion) Start() Start {
	b := Start{T: float64(s.steps[0].t), Scale: 1, Draws: 1}
	for i := range s.steps {
		b.End = s.steps[i].next
		b.Marks = append(b.Marks, Mark{float64(s.steps[i].t), b.End})
	}
	return b
}

func (s *inversion) Clone(int) Solver { return s }
