package sampler

import (
	"math"

	"tweedie/sampler/schedule"
)

// plan is what all pictures of a run share: the schedule, how the network is asked, and the options of the sampler.
type plan struct {
	schedule *schedule.Schedule
	lens     lens
	own      schedule.Prediction // what the network predicts; lens has what the sampler is told
	bound    bound
	start    beginning

	sampler    string
	steps      int
	spacing    schedule.Spacing
	timesteps  []int // [steps] falling; for samplers that need whole timesteps, see needTimesteps
	variance   schedule.Variance
	eta        float64
	rederive   bool
	order      int // 0: the sampler's own
	sigmas     schedule.SigmaKind
	finalSigma schedule.FinalSigma // "": the sampler's own
	kind       string              // of the solver; "": the sampler's own
	correct    int                 // Langevin steps on each level
	rule       string              // and how large they are
	stepSize   float64
	level      float64 // σ of Langevin dynamics
	churn      float64 // noise added before steps, shared out to all of them
	churnMin   float64 // only at these levels
	churnMax   float64
	sNoise     float64 // factor of all noise that is added
	rounds     bool    // the sampler rounds the timesteps of Karras' levels

	route route // through the steps; none in a plain recipe
	edit  *edit // of a given picture; nil without one

	levels  *ladder   // given levels instead of the schedule's; nil in runs
	veTimes []float64 // [steps] what networks of the VE SDE are told
}

// beginning is what a trajectory must know of its solver.
type beginning struct {
	t     float64   // time of the first evaluation
	scale float64   // the first state is this times unit noise
	steps int       // solver steps
	draws int       // draws of noise in a step
	shown []float64 // [steps+1] factor from the state after so many steps to the one that is shown; nil for 1
	marks []mark    // [steps] where each step begins
}

// mark is where a solver step begins: the time of its first evaluation and the level of the state that is shown.
type mark struct {
	t     float64
	level schedule.Level
}

// beginner is a solver that differs from DDIM's beginning: one step for each timestep, from unit noise, with one draw.
type beginner interface{ begin() beginning }

// beginningOf asks the solver.
func (p *plan) beginningOf(s solver) beginning {
	if b, ok := s.(beginner); ok {
		return b.begin()
	}
	b := beginning{t: float64(p.timesteps[0]), scale: 1, steps: len(p.timesteps), draws: 1}
	for _, t := range p.timesteps {
		b.marks = append(b.marks, mark{float64(t), p.schedule.At(t)})
	}
	return b
}

// newPlan works out the plan of resolved settings.
func newPlan(s *Settings, c schedule.Config) (*plan, error) {
	own := c.PredictionType
	c.PredictionType = kindOf(s.Reading, own)
	table, err := schedule.New(c)
	if err != nil {
		return nil, err
	}
	o := &c.Solver
	return &plan{
		schedule: table, sampler: s.Sampler, steps: s.Steps, spacing: s.Spacing, variance: s.Variance, bound: s.bound(c), eta: s.Eta, rederive: s.Rederive,
		own:     own,
		lens:    lens{network: o.Network, kind: c.PredictionType, sigmaData: o.SigmaData, sigmaMin: o.SigmaMin},
		correct: s.Correct, rule: s.Rule, stepSize: s.StepSize, level: s.Level,
		order: s.Order, sigmas: s.Sigmas, finalSigma: s.Final, kind: s.Solver, churn: s.Churn, churnMax: math.Inf(1), sNoise: o.SNoise,
	}, nil
}

// needTimesteps chooses whole timesteps, for samplers of discrete schedules.
func (p *plan) needTimesteps() error {
	if p.timesteps != nil {
		return nil
	}
	if p.lens.network != schedule.Preserving {
		return &RecipeError{"k", "k is " + p.sampler + " but this network has no training timesteps, so that it must be another"}
	}
	timesteps, err := p.schedule.Timesteps(p.steps, p.spacing)
	if err != nil {
		return &RecipeError{"steps", sentence(err)}
	}
	p.timesteps = timesteps
	return p.checkSignal(timesteps[0])
}

// next returns the timestep after solver step i as DDPM counts: the next one listed, −1 (the clean picture) after the last.
func (p *plan) next(i int) int {
	if i+1 < len(p.timesteps) {
		return p.timesteps[i+1]
	}
	return -1
}

// final is the ᾱ that DDIM's last step goes to.
func (p *plan) final() float64 {
	if p.schedule.Config.SetAlphaToOne {
		return 1
	}
	return p.schedule.AlphaBar[0]
}

// sentence strips an error of its package prefix.
func sentence(err error) string {
	text := err.Error()
	const prefix = "schedule: "
	if len(text) > len(prefix) && text[:len(prefix)] == prefix {
		return text[len(prefix):]
	}
	return text
}
