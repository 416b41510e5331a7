package sampler

import (
	"math"
	"slices"

	"tweedie/sampler/network"
	"tweedie/sampler/portable"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Level is a noise level: of a state of a run, or of a timestep. Whatever the scale in which a
// network sees its pictures, ᾱ is that of the same picture and noise with a variance of 1 in all.
type Level struct {
	T         float64 // time that the network is told there; −1 where it is not asked
	AlphaBar  float64 // ᾱ = 1/(1+σ²)
	Sigma     float64 // σ = √((1−ᾱ)/ᾱ), +Inf without signal
	LogSNR    float64 // −2·log σ, +Inf without noise
	Beta      float64 // β of the step from here to the next level; 0 unless that has less noise
	Deviation float64 // standard deviation √β̃ of that step's posterior q(x_next | x, x_0)
}

// Levels are the noise levels of a recipe.
type Levels struct {
	// [steps+1] where each step begins, and where the last ends. With a picture that is noised: the
	// states, of which the first is the picture.
	Steps []Level
	// The network's own levels at whole timesteps from 0 to T−1, mostLevels of them or all. Their
	// next level is that of timestep t−1. nil for a network without training timesteps.
	Schedule []Level
	First    []Level // the same of a cascade's first stage, nil without one
}

// mostLevels bounds the number of timesteps of a schedule that are listed.
const mostLevels = 1000

// LevelsOf returns the noise levels of a run of a recipe; see NewRunFrom.
func LevelsOf(
	r recipe.Recipe, info recipe.Info, m network.Model, in recipe.Inputs,
) (Levels, error) {
	s, err := recipe.Resolve(r, info)
	if err != nil {
		return Levels{}, err
	}
	c, err := prepare(&s, info, m, in)
	if err != nil {
		return Levels{}, err
	}
	l := Levels{Schedule: listed(c.Plan)}
	if c.first != nil {
		before := c.first.levels()
		l.First, l.Steps = listed(c.first.Plan), before[:c.first.taken()]
	}
	l.Steps = append(l.Steps, c.levels()...)
	return l, nil
}

// ForwardLevelsOf returns the noise levels along which a recipe noises a picture; see NewForward.
func ForwardLevelsOf(r recipe.Recipe, info recipe.Info, m network.Model) (Levels, error) {
	c, err := prepareForward(r, info, m)
	if err != nil {
		return Levels{}, err
	}
	l := Levels{Schedule: listed(c.Plan), Steps: c.levels()}
	l.Steps[c.taken()] = levelOf(-1, schedule.Level{Signal: 1})
	slices.Reverse(l.Steps)
	return l, nil
}

// levels returns where each step of the course begins, and where the last ends, [taken+1].
func (c *course) levels() []Level {
	all := make([]Level, 0, c.taken()+1)
	if c.route.back > 0 {
		for _, mark := range c.edit.inverse.Start().Marks {
			all = append(all, levelOf(mark.T, mark.Level))
		}
	}
	for k := c.route.back; k < c.taken(); k++ {
		i := c.route.visit(k)
		mark, next := c.start.Marks[i], c.start.End
		if i+1 < c.start.Steps() {
			next = c.start.Marks[i+1].Level
		}
		at := levelOf(mark.T, mark.Level)
		at.goesTo(levelOf(-1, next))
		all = append(all, at)
	}
	return append(all, levelOf(-1, c.start.End))
}

// listed returns the levels of a plan's network, nil for one without training timesteps.
func listed(p *solver.Plan) []Level {
	s := p.Schedule()
	if s == nil {
		return nil
	}
	n := min(s.T(), mostLevels)
	all := make([]Level, n)
	for i := range all {
		t := i * (s.T() - 1) / max(n-1, 1)
		at := levelOf(float64(t), s.At(t))
		at.AlphaBar, at.Beta = s.AlphaBar[t], s.Betas[t]
		at.Deviation = math.Sqrt(s.Posterior(t, t-1).Variance)
		all[i] = at
	}
	return all
}

// levelOf returns a level without what is said of the step from there.
func levelOf(t float64, l schedule.Level) Level {
	signal, noise := float64(l.Signal*l.Signal), float64(l.Noise*l.Noise)
	return Level{
		T: t, AlphaBar: signal / (signal + noise), Sigma: l.Sigma(),
		LogSNR: portable.Log(signal) - portable.Log(noise),
	}
}

// goesTo sets what is said of the step to another level.
func (l *Level) goesTo(next Level) {
	if next.AlphaBar > l.AlphaBar {
		p := schedule.PosteriorOf(l.AlphaBar, next.AlphaBar)
		l.Beta, l.Deviation = p.Beta, math.Sqrt(p.Variance)
	}
}
