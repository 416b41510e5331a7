package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
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
	switch {
	case c.last:
	case s.learned == "":
		addNoise(x, e.Draw(i, 0), c.stdDev)
	default:
		z := e.Draw(i, 0)
		for j := range x {
			x[j] += float64(s.deviation(c, e.variance[j]) * z[j])
		}
	}
	if e.Working != nil {
		s.work(c, x, e)
	}
}

// deviation returns the deviation that the network predicts with v.
func (s *ddpm) deviation(c *ddpmStep, v float64) float64 {
	switch s.learned {
	case schedule.Learned:
		return math.Sqrt(v)
	case schedule.LearnedLog:
		return halfExp(v)
	}
	return halfExp(c.logVariance(v))
}

// logVariance is for a network that predicts the place between the logarithms, −1 for β̃ and 1 for
// β (improved DDPM, arXiv:2102.09672, equation 15).
func (c *ddpmStep) logVariance(v float64) float64 {
	v = float64((v + 1) / 2)
	return float64(v*c.logLarge) + float64((1-v)*c.logSmall)
}

// halfExp returns the deviation of a variance with logarithm v.
func halfExp(v float64) float64 { return portable.Exp(0.5 * v) }

// work writes down the step that led to x.
func (s *ddpm) work(c *ddpmStep, x []float64, e *Evaluation) {
	w := e.Working
	stdDev, z, deviation := c.stdDev, working.One, working.One
	switch {
	case c.last:
		stdDev = 0
	case s.learned == "":
		z = e.drawn(stdDev, 0, e.z)
	default:
		stdDev, z, deviation = 0, w.Find(working.Z, 0, e.z), s.workDeviation(c, e)
	}
	e.workNoisyStep(x, c.posterior.X0, w.Last(working.X0), c.posterior.Xt, e.state, stdDev, z)
	if deviation != working.One {
		w.Product(1, z, deviation)
	}
}

// workDeviation writes down the deviation that a network predicts for each value and returns its
// line.
func (s *ddpm) workDeviation(c *ddpmStep, e *Evaluation) int {
	w := e.Working
	predicted := w.Last(working.Variance)
	values := make([]float64, len(e.variance))
	of := func(f func(v float64) float64) []float64 {
		for i, v := range e.variance {
			values[i] = f(v)
		}
		return values
	}
	rule := working.HalfExp
	switch s.learned {
	case schedule.Learned:
		rule = working.SquareRoot
	case schedule.LearnedRange:
		e.workSum(working.LogVar, of(c.logVariance), 0.5*(c.logLarge-c.logSmall), predicted,
			0.5*(c.logLarge+c.logSmall), working.One, 1)
		predicted = w.Last(working.LogVar)
	}
	line := w.Write(working.StdDev, rule, 1,
		of(func(v float64) float64 { return s.deviation(c, v) }))
	w.Times(1, predicted)
	return line
}

func (s *ddpm) Start() Start { return s.start }

func (s *ddpm) Clone(int) Solver { return s }
