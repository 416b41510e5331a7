package solver

import (
	"math"

	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// ddim is the rule of Song et al., Denoising Diffusion Implicit Models (arXiv:2010.02502), equation
// 12:
//
//	x_prev = √ᾱ_prev·x̂0 + √(1−ᾱ_prev−σ²)·ε̂ + σ·z,  σ² = η²·(1−ᾱ_prev)/(1−ᾱ_t)·(1−ᾱ_t/ᾱ_prev)
type ddim struct {
	start    Start
	steps    []ddimStep
	rederive bool // ε̂ is derived again from the bounded x̂0
	noisy    bool // η > 0
}

type ddimStep struct {
	t         int
	level     schedule.Level
	signal    float64 // √ᾱ_prev
	direction float64 // √(1−ᾱ_prev−σ²)
	stdDev    float64 // σ
}

// newDDIM follows diffusers: the timestep after t is t − ⌊T/steps⌋ with every spacing. Below
// timestep 0, ᾱ is 1, or without set_alpha_to_one that of timestep 0.
func newDDIM(p *Plan) (Solver, error) {
	timesteps, err := p.timesteps()
	if err != nil {
		return nil, err
	}
	s := &ddim{steps: make([]ddimStep, len(timesteps)), rederive: p.Rederive, noisy: p.Eta > 0,
		start: p.startAt(timesteps)}
	stride := p.schedule.T() / len(timesteps)
	for i, t := range timesteps {
		bar, barPrev := p.schedule.AlphaBar[t], p.lastAlphaBar()
		if prev := t - stride; prev >= 0 {
			barPrev = p.schedule.AlphaBar[prev]
		}
		stdDev := p.Eta * math.Sqrt((1-barPrev)/(1-bar)*(1-bar/barPrev))
		s.steps[i] = ddimStep{
			t:      t,
			level:  p.schedule.At(t),
			signal: math.Sqrt(barPrev),
			// at η = 1 from ᾱ_t = 0 the difference is rounded to less than 0
			direction: math.Sqrt(max(1-barPrev-float64(stdDev*stdDev), 0)),
			stdDev:    stdDev,
		}
		s.start.End = schedule.LevelOf(barPrev)
	}
	return s, nil
}

func (s *ddim) Step(i int, x []float64, e *Evaluation) {
	c := &s.steps[i]
	e.at(x, float64(c.t), c.level)
	if s.rederive {
		e.rederive(x, c.level)
	}
	for j := range x {
		x[j] = float64(c.signal*e.X0[j]) + float64(c.direction*e.Epsilon[j])
	}
	if s.noisy {
		addNoise(x, e.Draw(i, 0), c.stdDev)
	}
	if w := e.Working; w != nil {
		stdDev := 0.0
		if s.noisy {
			stdDev = c.stdDev
		}
		e.workStep(x, c.signal, w.Last(working.X0), c.direction, w.Last(working.Epsilon), stdDev)
	}
}

func (s *ddim) Start() Start { return s.start }

func (s *ddim) Clone(int) Solver { return s }

// addNoise adds stdDev·z to x, both [C·H·W].
func addNoise(x, z []float64, stdDev float64) {
	for j := range x {
		x[j] += float64(stdDev * z[j])
	}
}
