package solver

import (
	"math"
	"strings"

	"tweedie/sampler/schedule"
)

// Plan is the input of a sampler's builder: the options of a recipe, the schedule, and how the
// network is evaluated. Builders do not change it.
type Plan struct {
	Options
	schedule *schedule.Schedule
	lens     lens
	own      schedule.Prediction // what the network predicts; lens.kind is what the solver gets
	clipping clipping

	churnMin, churnMax float64 // churn acts at σ from churnMin to churnMax
	sNoise             float64 // factor of all noise that is added

	// Only tests set these two, for recorded runs whose levels no option gives.
	given  []int   // [Steps] falling timesteps instead of the schedule's
	levels *ladder // noise levels instead of the schedule's
}

// NewPlan returns the plan of checked options for a scheduler config.
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

// Build returns the solver of the plan's sampler. Errors about options are *Error.
func (p *Plan) Build() (Solver, error) {
	k := Named(p.Sampler)
	if k == nil {
		return nil, Refuse("k", "there is no sampler "+p.Sampler)
	}
	return k.build(p)
}

// Start says how a solver begins and how its states are shown.
type Start struct {
	T     float64 // time of the first evaluation
	Scale float64 // the first state is Scale times unit noise
	Draws int     // draws of noise in a step
	// [steps+1] factor from the state after i steps to what is shown; nil where all are 1
	Shown []float64
	Marks []Mark // [steps] where each step begins
	// noise level of the state after the last step, as it is shown
	End schedule.Level
}

// Steps is the number of solver steps.
func (s *Start) Steps() int { return len(s.Marks) }

// Mark is the beginning of a solver step: the time of its first evaluation and the noise level of
// the state that is shown.
type Mark struct {
	T     float64
	Level schedule.Level
}

// startAt returns the start of solvers that begin with unit noise, with one step for each timestep
// and one draw in each step.
func (p *Plan) startAt(timesteps []int) Start {
	s := Start{T: float64(timesteps[0]), Scale: 1, Draws: 1}
	for _, t := range timesteps {
		s.Marks = append(s.Marks, Mark{float64(t), p.schedule.At(t)})
	}
	return s
}

// timesteps returns the training timesteps of the steps, falling, for samplers that need a discrete
// schedule.
func (p *Plan) timesteps() ([]int, error) {
	if p.given != nil {
		return p.given, nil
	}
	if p.lens.network != schedule.Preserving {
		return nil, Refuse("k", "k is "+p.Sampler+
			" but this network has no training timesteps; choose another sampler")
	}
	timesteps, err := p.schedule.Timesteps(p.Steps, p.Spacing)
	if err != nil {
		return nil, Refuse("steps", sentence(err))
	}
	return timesteps, p.checkSignal(timesteps[0])
}

// lastAlphaBar returns the ᾱ after DDIM's last step.
func (p *Plan) lastAlphaBar() float64 {
	if p.schedule.Config.SetAlphaToOne {
		return 1
	}
	return p.schedule.AlphaBar[0]
}

// Schedule returns the schedule of a network with training timesteps, and nil for other networks.
func (p *Plan) Schedule() *schedule.Schedule {
	if p.lens.network != schedule.Preserving {
		return nil
	}
	return p.schedule
}

// At returns the noise level of a training timestep.
func (p *Plan) At(t int) schedule.Level { return p.schedule.At(t) }

// AlphaBar returns ᾱ of a training timestep. A t outside the schedule is moved to the nearest
// timestep.
func (p *Plan) AlphaBar(t int) float64 {
	levels := p.schedule.AlphaBar
	return levels[max(0, min(t, len(levels)-1))]
}

// sentence returns an error's text without its package prefix.
func sentence(err error) string { return strings.TrimPrefix(err.Error(), "schedule: ") }
