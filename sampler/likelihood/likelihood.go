// Package likelihood estimates how likely a picture is under a recipe's model, in bits per
// dimension: by the two forms of the variational bound and by the probability-flow ODE of package
// bound. An Estimate is one of the three, term by term, so the command line and the page can report
// each term, stop, and continue later.
package likelihood

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler"
	"tweedie/sampler/bound"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// The three ways to estimate.
const (
	Denoising   = string(bound.Denoising)
	Consistency = string(bound.Consistency)
	Flow        = "flow"
)

// Forms lists them.
func Forms() []string { return []string{Denoising, Consistency, Flow} }

// The defaults of the flow's steps and probes.
const (
	standardFlow   = 50
	standardProbes = 4
)

// Options choose the estimate.
type Options struct {
	Form string // one of Forms; "" for Denoising
	// Draws is the number of noisy pictures for each timestep (0 for 1), or of random directions of
	// the flow (0 for 4).
	Draws int
}

// Estimate is one estimate for one picture. It depends on m, c, s, clip and variance of the recipe;
// on g if it is written (otherwise 1, the model as trained); on cg, the guidance of the estimated
// model by a classifier; and on steps if it is written: the number of timesteps, evenly from the
// last to the first, instead of all of them, or of steps of the flow. Guidance at some noise levels
// only (glow, ghigh), rescale and cache are refused.
type Estimate struct {
	recipe recipe.Recipe
	bound  *bound.Bound
	flow   *bound.Flow
	table  *schedule.Schedule
	values int // of a picture
	term   bound.Term
}

// New prepares an estimate for a picture of 8-bit pixels, [H,W,C], interleaved. The recipe may name
// the picture. Its forks are ignored.
func New(
	r recipe.Recipe, info recipe.Info, m network.Model, image []byte, o Options,
) (*Estimate, error) {
	if len(image) == 0 {
		return nil, solver.Refuse("image",
			"there is no picture to estimate; it has to be given with the recipe")
	}
	in := recipe.Inputs{Image: image}
	r = r.Unforked()
	if err := in.Name(&r); err != nil {
		return nil, err
	}
	s, err := recipe.Resolve(r, info)
	if err != nil {
		return nil, err
	}
	if err := in.Check(&s, info); err != nil {
		return nil, err
	}
	if picture.Latent(info.Channels) {
		return nil, solver.Refuse("m",
			"the model draws latents, and what is estimated here is the likelihood of a picture")
	}
	if s.Class == "all" {
		return nil, solver.Refuse("c",
			"c is all but one picture is estimated under one class; name it, or write none")
	}
	if (r.Get("g") != "" || s.Steering > 0) &&
		(s.GuidanceLow > 0 || s.GuidanceHigh > 0 || s.Rescale > 0) {
		return nil, solver.Refuse("g",
			"an estimate is of a model that is guided alike at every noise level; leave out "+
				"glow, ghigh and rescale")
	}
	if s.Cache > 1 {
		return nil, solver.Refuse("cache",
			"an estimate is of the network as it is, which is evaluated in whole; leave out cache")
	}
	table, err := schedule.New(info.Scheduler)
	if err != nil {
		return nil, err
	}
	x0 := make([]float64, len(image))
	picture.Values(x0, image, info.Channels, info.Height, info.Width)
	e := &Estimate{recipe: r, table: table, values: len(x0)}
	label, guidance := s.Labels[0], 1.0
	if m.Classes() == 0 { // the class belongs to the classifier
		label = network.NoClass
	}
	if r.Get("g") != "" {
		guidance = s.Guidance
	}
	steer := sampler.NewSteer(&s, info.Scheduler.PredictionType, len(x0))
	if o.Form == Flow {
		return e, e.asFlow(r, &s, m, x0, bound.FlowOptions{Schedule: table, Label: label,
			Guidance: guidance, Probes: o.Draws, Seed: s.Seed, Dequantise: true, Steer: steer})
	}
	b := bound.Standard(table)
	b.Label, b.Guidance, b.Steer = label, guidance, steer
	return e, e.asBound(r, &s, m, x0, b, o)
}

func (e *Estimate) asFlow(
	r recipe.Recipe, s *recipe.Settings, m network.Model, x0 []float64, o bound.FlowOptions,
) (err error) {
	o.Steps = min(standardFlow, o.Schedule.T()-1)
	if r.Get("steps") != "" {
		o.Steps = s.Steps
	}
	if o.Probes == 0 {
		o.Probes = standardProbes
	}
	e.flow, err = bound.NewFlow(x0, m, o)
	return err
}

func (e *Estimate) asBound(
	r recipe.Recipe, s *recipe.Settings, m network.Model, x0 []float64, b bound.Options, o Options,
) (err error) {
	b.Variance, b.Seed, b.Draws, b.Clip = s.Variance, s.Seed, max(o.Draws, 1), math.Inf(1)
	switch s.Clip {
	case solver.ClipNone:
	case solver.ClipDynamic:
		return solver.Refuse("clip",
			"clip is dynamic, and the bound takes x̂0 as it is or clipped; write clip=none or a "+
				"number")
	default:
		if b.Clip, err = strconv.ParseFloat(s.Clip, 64); err != nil {
			return err
		}
	}
	if o.Form != "" {
		b.Form = bound.Form(o.Form)
	}
	if r.Get("steps") != "" {
		b.Timesteps = evenly(b.Schedule.T(), s.Steps)
	}
	e.bound, err = bound.New(x0, m, b)
	return err
}

// evenly spreads n timesteps over all T, from the last to the first; a single one is the last.
func evenly(T, n int) []int {
	ts := make([]int, n)
	for i := range ts {
		ts[i] = T - 1
		if n > 1 {
			ts[i] = (2*(T-1)*(n-1-i) + n - 1) / (2 * (n - 1)) // rounded
		}
	}
	return ts
}

// Next does one timestep or step. It is false, and nothing is done, when all are done or one has
// failed; see Err.
func (e *Estimate) Next() bool {
	if e.bound != nil {
		if !e.bound.Next() {
			return false
		}
		e.term = e.bound.Term()
		return true
	}
	before := e.flow.BitsPerDim()
	if !e.flow.Next() {
		return false
	}
	unknown := math.NaN()
	e.term = bound.Term{T: e.flow.T(), Bits: e.flow.BitsPerDim() - before, Variance: unknown,
		X0MSE: unknown, EpsilonMSE: unknown}
	return true
}

// State is what Resume needs beside the terms of a flow; nil for a bound, whose terms are enough.
func (e *Estimate) State() []float64 {
	if e.bound != nil {
		return nil
	}
	return e.flow.State()
}

// Resume continues an earlier estimate with the same options from its terms and its State. Without
// terms it does nothing.
func (e *Estimate) Resume(terms []bound.Term, state []float64) error {
	if len(terms) == 0 {
		return nil
	}
	if e.bound == nil {
		if err := e.flow.Resume(len(terms), state); err != nil {
			return err
		}
		if last := terms[len(terms)-1].T; last != e.flow.T() {
			return errors.New("likelihood: the last term to go on from is of timestep " +
				strconv.Itoa(last) + ", and the flow has reached " +
				strconv.Itoa(e.flow.T()) + " there")
		}
		return nil
	}
	return e.bound.Resume(terms)
}

// Recipe is the recipe as it was written, with the picture's name.
func (e *Estimate) Recipe() recipe.Recipe { return e.recipe }

// Term is the result of the last Next. Of a step of the flow its bits are the change of the
// estimate, and what is not measured is NaN.
func (e *Estimate) Term() bound.Term { return e.term }

// AlphaBar is ᾱ at the timestep of Term, so that log SNR is log ᾱ/(1−ᾱ) there.
func (e *Estimate) AlphaBar() float64 { return e.table.AlphaBar[e.term.T] }

// Prior is the prior term of a bound, in bits per dimension. A flow's estimate begins with the
// probability of the picture as if it were noise.
func (e *Estimate) Prior() float64 {
	if e.bound != nil {
		return e.bound.Prior()
	}
	return 0
}

// Total is the estimate so far, in bits per dimension; for a bound, the sum of the prior and the
// terms.
func (e *Estimate) Total() float64 {
	if e.bound != nil {
		return e.bound.Total()
	}
	return e.flow.BitsPerDim()
}

// StandardError is that of Total, from the differences between draws or probes; NaN if there is
// only one.
func (e *Estimate) StandardError() float64 {
	if e.bound != nil {
		return e.bound.StandardError()
	}
	return e.flow.StandardError() / float64(e.values) / math.Ln2
}

// Done is the number of finished terms.
func (e *Estimate) Done() int {
	if e.bound != nil {
		return e.bound.Done()
	}
	return e.flow.Done()
}

// Steps is the number of terms in all.
func (e *Estimate) Steps() int {
	if e.bound != nil {
		return e.bound.Steps()
	}
	return e.flow.Steps()
}

// Err is why Next ended early, nil otherwise.
func (e *Estimate) Err() error {
	if e.bound != nil {
		return e.bound.Err()
	}
	return e.flow.Err()
}
