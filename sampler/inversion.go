package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/schedule"
)

// inversion runs DDIM without added noise backwards (diffusers' DDIMInverseScheduler): from a clean picture to the state from which
// DDIM comes back to about that picture.
type inversion struct {
	steps    []inversionStep
	rederive bool
}

type inversionStep struct {
	t           int // the timestep that is reached, and at which the network is asked
	level, next schedule.Level
}

// newInversion visits the plan's timesteps from the last to the first. Before the first one the state is the clean picture, ᾱ = 1, or
// has ᾱ of timestep 0 without set_alpha_to_one.
func newInversion(p *plan) (solver, error) {
	if err := p.needTimesteps(); err != nil {
		return nil, err
	}
	n := len(p.timesteps)
	s := &inversion{steps: make([]inversionStep, n), rederive: p.rederive}
	stride := p.schedule.T() / n
	for i := range s.steps {
		t := p.timesteps[n-1-i]
		level := schedule.LevelOf(p.final())
		if before := t - stride; before >= 0 {
			level = p.schedule.At(before)
		}
		s.steps[i] = inversionStep{t: t, level: level, next: p.schedule.At(t)}
	}
	return s, nil
}

func (s *inversion) step(i int, x []float64, e *evaluation) {
	c := &s.steps[i]
	e.at(x, float64(c.t), c.level)
	if s.rederive && c.level.Noise > 0 {
		c.level.Epsilon(e.epsilon, x, e.x0, schedule.Sample)
	}
	for j := range x {
		x[j] = float64(c.next.Signal*e.x0[j]) + float64(c.next.Noise*e.epsilon[j])
	}
}

func (s *inversion) clone(int) solver { return s }

// NewInversion prepares the way back from a clean picture, x0: [C,H,W] in [−1, 1], to noise, with the steps, class and guidance of a
// recipe's picture number image. What its last Step leaves in X is the state to start that recipe's picture from, by Restart, with
// k=ddim and eta=0. The network must predict the noise or v: x̂0 alone does not say what noise a clean picture has.
func NewInversion(x0 []float64, r Recipe, info Info, m Model, image int) (*Trajectory, error) {
	if kind := info.Scheduler.PredictionType; kind == schedule.Sample {
		return nil, errors.New("sampler: a picture cannot be inverted by a network that predicts x̂0 alone")
	}
	tr, err := NewTrajectory(r, info, m, image)
	if err != nil {
		return nil, err
	}
	if len(x0) != len(tr.x) {
		return nil, errors.New("sampler: the picture to invert has " + strconv.Itoa(len(x0)) + " values, the model's have " + strconv.Itoa(len(tr.x)))
	}
	rising := *tr.plan
	inverse, err := newInversion(&rising)
	if err != nil {
		return nil, err
	}
	rising.start = rising.beginningOf(inverse)
	rising.start.t = float64(rising.timesteps[len(rising.timesteps)-1])
	tr.plan, tr.fresh, tr.solver, tr.shown = &rising, inverse, inverse, tr.x
	tr.evaluation.t, tr.evaluation.draws = rising.start.t, 1
	copy(tr.x, x0)
	return tr, nil
}
