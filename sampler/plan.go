package sampler

import (
	"tweedie/sampler/schedule"
)

// plan is what all pictures of a run share: the schedule and which of its timesteps are visited how.
type plan struct {
	schedule  *schedule.Schedule
	timesteps []int // [steps] falling
	variance  schedule.Variance
	bound     bound
	eta       float64
	rederive  bool
}

// newPlan works out the plan of resolved settings.
func newPlan(s *Settings, c schedule.Config) (*plan, error) {
	table, err := schedule.New(c)
	if err != nil {
		return nil, err
	}
	timesteps, err := table.Timesteps(s.Steps, s.Spacing)
	if err != nil {
		return nil, &RecipeError{"steps", sentence(err)}
	}
	if kind := c.PredictionType; table.AlphaBar[timesteps[0]] == 0 && kind != schedule.V && kind != schedule.Sample {
		return nil, &RecipeError{"spacing", "the first timestep has no signal left (rescale_betas_zero_snr), where a network that predicts " +
			string(kind) + " says nothing of the picture; choose the spacing leading or fewer steps"}
	}
	return &plan{
		schedule: table, timesteps: timesteps, variance: s.Variance, bound: s.bound(c), eta: s.Eta, rederive: s.Rederive,
	}, nil
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
