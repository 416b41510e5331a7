package sampler

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// ddpm is ancestral sampling: Ho et al., Denoising Diffusion Probabilistic Models (arXiv:2006.11239), algorithm 2, with x̂0 put into
// the mean of the posterior q(x_prev | x_t, x_0) (their equations 6 and 7; Luo 84) so that it can be bounded.
type ddpm struct {
	steps   []ddpmStep
	learned schedule.Variance // Learned, LearnedLog or LearnedRange, else ""
}

type ddpmStep struct {
	t         int
	level     schedule.Level
	posterior schedule.Posterior
	stdDev    float64 // fixed variance types
	logSmall  float64 // learned_range: log of the posterior variance β̃
	logLarge  float64 // and of β
}

// minVariance keeps the logarithm of the last step's variance, 0 in theory, finite; diffusers' constant.
const minVariance = 1e-20

func newDDPM(p *plan) (solver, error) {
	if err := p.needTimesteps(); err != nil {
		return nil, err
	}
	s := &ddpm{steps: make([]ddpmStep, len(p.timesteps))}
	if p.variance == schedule.Learned || p.variance == schedule.LearnedRange || p.variance == schedule.LearnedLog {
		s.learned = p.variance
	}
	for i, t := range p.timesteps {
		c := ddpmStep{t: t, level: p.schedule.At(t), posterior: p.schedule.Posterior(t, p.next(i))}
		small := max(c.posterior.Variance, minVariance)
		switch p.variance {
		case schedule.FixedSmall:
			c.stdDev = math.Sqrt(small)
		case schedule.FixedSmallLog:
			c.stdDev = portable.Exp(0.5 * portable.Log(small))
		case schedule.FixedLarge:
			c.stdDev = math.Sqrt(c.posterior.Beta)
		case schedule.FixedLargeLog: // diffusers takes the root of the logarithm here, which is NaN
			c.stdDev = portable.Exp(0.5 * portable.Log(c.posterior.Beta))
		case schedule.LearnedRange:
			c.logSmall, c.logLarge = portable.Log(small), portable.Log(c.posterior.Beta)
		}
		s.steps[i] = c
	}
	return s, nil
}

func (s *ddpm) step(i int, x []float64, e *evaluation) {
	c := &s.steps[i]
	e.at(x, float64(c.t), c.level)
	c.posterior.Mean(x, x, e.x0)
	if c.t == 0 {
		return // the last step adds none
	}
	z := e.noise(i)
	switch s.learned {
	case "":
		addNoise(x, z, c.stdDev)
	case schedule.Learned: // the network says the variance itself
		for j := range x {
			x[j] += float64(math.Sqrt(e.variance[j]) * z[j])
		}
	case schedule.LearnedLog: // or its logarithm
		for j := range x {
			x[j] += float64(portable.Exp(0.5*e.variance[j]) * z[j])
		}
	case schedule.LearnedRange: // from −1 for β̃ to 1 for β, between their logarithms (improved DDPM, arXiv:2102.09672, equation 15)
		for j := range x {
			v := float64((e.variance[j] + 1) / 2)
			logVariance := float64(v*c.logLarge) + float64((1-v)*c.logSmall)
			x[j] += float64(portable.Exp(0.5*logVariance) * z[j])
		}
	}
}

func (s *ddpm) clone(int) solver { return s }
