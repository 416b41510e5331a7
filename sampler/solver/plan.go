package solver

import (
	"math"
	"strings"

	"tweedie/sampler/schedule"
)

// Plan is what a solver is built from: the options of a recipe, the schedule, and how the network
// is asked. Builders do not change it.
type Plan struct {
	Options
	schedule *schedule.Schedule
	lens     lens
	own      schedule.Prediction // what the network predicts; lens has what the sampler is told
	clipping clipping

	churnMin, churnMax float64 // churn acts at these levels alone
	sNoise             float64 // factor of all noise that is added

	// Only tests set these two, for runs that were recorded with levels of their own.
	given  []int   // [Steps] falling timesteps instead of the schedule's
	levels *ladder // noise levels instead of the schedule's
}

// NewPlan makes the plan of checked options on a scheduler config.
func NewPlan(o Options, c schedule.Config) (*Plan, error) {
	own := c.PredictionType
	c.PredictionType = kindOf(o.Reading, own)
	table, err := schedule.New(c)
	if err != nil {
		return nil, err
	}
	s := &c.Solver
	return &Plan{
		Options: o, schedule: table, own: own, clipping: o.clipping(&c),
		lens: lens{network: s.Network, kind: c.PredictionType, sigmaData: s.SigmaData,
			sigmaMin: s.SigmaMin},
		churnMax: math.Inf(1), sNoise: s.SNoise,
	}, nil
}

// Build makes the solver of the plan's sampler.
func (p *Plan) Build() (Solver, error) {
	k := Named(p.Sampler)
	if k == nil {
		return nil, Refuse("k", "there is no sampler "+p.Sampler)
	}
	return k.build(p)
}

// Start is what must be known of a solver before its first step.
type Start struct {
	T     float64 // time of the first evaluation
	Scale float64 // the first state is this times unit noise
	Draws int     // draws of noise in a step
	// [steps+1] factor from the state after i steps to the one that is shown; nil for 1
	Shown []float64
	Marks []Mark // [steps] where each step begins
}

// Steps is the number of solver steps.
func (s *Start) Steps() int { return len(s.Marks) }

// Mark is where a solver step begins: the time of its first evaluation and the level of the state
// that is shown.
type Mark struct {
	T     float64
	Level schedule.Level
}

// startAt is the start of solvers with one step for each timestep, from unit noise, with one draw.
func (p *Plan) startAt(timesteps []int) Start {
	s := Start{T: float64(timesteps[0]), Scale: 1, Draws: 1}
	for _, t := range timesteps {
		s.Marks = append(s.Marks, Mark{float64(t), p.schedule.At(t)})
	}
	return s
}

// timesteps chooses whole timesteps, falling, for samplers of discrete schedules.
func (p *Plan) timesteps() ([]int, error) {
	if p.given != nil {
		return p.given, nil
	}
	if p.lens.network != schedule.Preserving {
		return nil, Refuse("k", "k is "+p.Sampler+
			" but this network has no training timesteps, so that it must be another")
	}
	timesteps, err := p.schedule.Timesteps(p.Steps, p.Spacing)
	if err != nil {
		return nil, Refuse("steps", sentence(err))
	}
	return timesteps, p.checkSignal(timesteps[0])
}

// lastAlphaBar is the ᾱ that DDIM's last step goes to.
func (p *Plan) lastAlphaBar() float64 {
	if p.schedule.Config.SetAlphaToOne {
		return 1
	}
	return p.schedule.AlphaBar[0]
}

// At returns the noise level of a training timestep.
func (p *Plan) At(t int) schedule.Level { return p.schedule.At(t) }

// AlphaBar returns ᾱ of a training timestep; of one outside the schedule, that of the nearest.
func (p *Plan) AlphaBar(t int) float64 {
	levels := p.schedule.AlphaBar
	return levels[max(0, min(t, len(levels)-1))]
}

// sentence strips an error of its package prefix.
func sentence(err error) string { return strings.TrimPrefix(err.Error(), "schedule: ") }
