package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// ddpm is ancestral sampling: Ho et al., Denoising Diffusion Probabilistic Models
// (arXiv:2006.11239), algorithm 2. The mean of the posterior q(x_prev | x_t, x_0) (their equations
// 6 and 7; Luo 84) is computed from x̂0, so that x̂0 can be bounded.
type ddpm struct {
	start   Start
	steps   []ddpmStep
	learned schedule.Variance // Learned, LearnedLog or LearnedRange, else ""
}

type ddpmStep struct {
	t         int
	level     schedule.Level
	posterior schedule.Posterior
	stdDev    float64 // fixed variance types
	logSmall  float64 // learned_range: logarithm of the posterior variance β̃
	logLarge  float64 // learned_range: logarithm of β
	last      bool    // it adds no noise
}

// minVariance keeps the logarithm of the last step's variance finite, which is 0 in theory. The
// constant is diffusers'.
const minVariance = 1e-20

func newDDPM(p *Plan) (Solver, error) {
	timesteps, err := p.timesteps()
	if err != nil {
		return nil, err
	}
	s := &ddpm{steps: make([]ddpmStep, len(timesteps)), start: p.startAt(timesteps)}
	if p.Variance == schedule.Learned || p.Variance == schedule.LearnedRange ||
		p.Variance == schedule.LearnedLog {
		s.learned = p.Variance
	}
	for i, t := range timesteps {
		next := p.end(t)
		if i+1 < len(timesteps) {
			next = timesteps[i+1]
		}
		c := ddpmStep{t: t, level: p.schedule.At(t), posterior: p.schedule.Posterior(t, next)}
		c.last = t == 0 || i+1 == len(timesteps) && next == 0
		small := max(c.posterior.Variance, minVariance)
		switch p.Variance {
		case schedule.FixedSmall:
			c.stdDev = math.Sqrt(small)
		case schedule.FixedSmallLog:
			c.stdDev = portable.Exp(0.5 * portable.Log(small))
		case schedule.FixedLarge:
			c.stdDev = math.Sqrt(c.posterior.Beta)
		case schedule.FixedLargeLog: // diffusers takes the root of the logarithm: NaN
			c.stdDev = portable.Exp(0.5 * portable.Log(c.posterior.Beta))
		case schedule.LearnedRange:
			c.logSmall, c.logLarge = portable.Log(small), portable.Log(c.posterior.Beta)
		}
		s.steps[i], s.start.End = c, p.schedule.At(next)
	}
	return s, nil
}

// end is where a chain whose last timestep is t ends: at the clean picture, −1, or without
// set_alpha_to_one at timestep 0, if the chain does not visit it. diffusers' DDPMScheduler has no
// such option, and a config that has it for another scheduler does not mean this chain.
func (p *Plan) end(t int) int {
	c := &p.schedule.Config
	if t > 0 && c.Solver.ClassName == "DDPMScheduler" && !c.SetAlphaToOne {
		return 0
	}
	return -1
}

func (s *ddpm) Step(i int, x []float64, e *Evaluation) {
	c := &s.steps[i]
	e.at(x, float64(c.t), c.level)
	c.posterior.Mean(x, x, e.X0)
	if c.last {
		return
	}
	z := e.Draw(i, 0)
	switch s.learned {
	case "":
		addNoise(x, z, c.stdDev)
	case schedule.Learned: // the network predicts the variance
		for j := range x {
			x[j] += float64(math.Sqrt(e.variance[j]) * z[j])
		}
	case schedule.LearnedLog: // the network predicts its logarithm
		for j := range x {
			x[j] += float64(portable.Exp(0.5*e.variance[j]) * z[j])
		}
	// the network predicts the place between the logarithms, −1 for β̃ and 1 for β (improved DDPM,
	// arXiv:2102.09672, equation 15)
	case schedule.LearnedRange:
		for j := range x {
			v := float64((e.variance[j] + 1) / 2)
			logVariance := float64(v*c.logLarge) + float64((1-v)*c.logSmall)
			x[j] += float64(portable.Exp(0.5*logVariance) * z[j])
		}
	}
}

func (s *ddpm) Start() Start { return s.start }

func (s *ddpm) Clone(int) Solver { return s }
