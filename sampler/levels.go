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

// Levels are the noise levels of a run.
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
	run, err := NewShare(r, info, m, in, Share{Of: recipe.MaxImages})
	if err != nil {
		return Levels{}, err
	}
	return run.Levels(), nil
}

// Levels returns the noise levels of the run, or of a picture that is noised.
func (r *Run) Levels() Levels {
	c := r.course
	l := Levels{Schedule: listed(c.Plan), Steps: c.levels()}
	if c.first != nil {
		l.First = listed(c.first.Plan)
		l.Steps = append(c.first.levels()[:c.first.taken()], l.Steps...)
	}
	if _, ok := r.pictures[0].(*Forward); ok {
		clean := schedule.Level{Signal: 1}
		l.Steps[c.taken()].set(-1, clean, clean)
		slices.Reverse(l.Steps)
	}
	return l
}

// levels returns where each step of a run begins, and where the last ends, [steps+1].
func (c *course) levels() []Level {
	all := c.own()
	for i := range c.legs {
		l := &c.legs[i]
		all = append(all[:l.before], l.own()...)
	}
	return all
}

// own returns where each step of the course begins, and where the last ends, [taken+1].
func (c *course) own() []Level {
	all := make([]Level, c.taken()+1)
	marks, end := c.start.Marks, c.start.End
	if c.route.back > 0 {
		for k, mark := range c.edit.inverse.Start().Marks {
			all[k].set(mark.T, mark.Level, mark.Level)
		}
	}
	for k := c.route.back; k < c.taken(); k++ {
		i := c.route.visit(k)
		next := end
		if i+1 < len(marks) {
			next = marks[i+1].Level
		}
		all[k].set(marks[i].T, marks[i].Level, next)
	}
	all[c.taken()].set(-1, end, end)
	return all
}

// listed returns the levels of a plan's network, nil for one without training timesteps.
func listed(p *solver.Plan) []Level {
	s := p.Schedule()
	if s == nil {
		return nil
	}
	all := make([]Level, min(s.T(), mostLevels))
	for i := range all {
		t := i * (s.T() - 1) / max(len(all)-1, 1)
		all[i].set(float64(t), s.At(t), s.At(t-1))
	}
	return all
}

// set makes l the level at time t, from which a step goes to the next level.
func (l *Level) set(t float64, at, next schedule.Level) {
	l.T, l.AlphaBar, l.Sigma = t, alphaBar(at), at.Sigma()
	l.LogSNR = 2 * (portable.Log(at.Signal) - portable.Log(at.Noise))
	if after := alphaBar(next); after > l.AlphaBar {
		p := schedule.PosteriorOf(l.AlphaBar, after)
		l.Beta, l.Deviation = p.Beta, math.Sqrt(p.Variance)
	}
}

// alphaBar returns ᾱ of a level of any scale.
func alphaBar(l schedule.Level) float64 {
	signal := float64(l.Signal * l.Signal)
	return signal / (signal + float64(l.Noise*l.Noise))
}
