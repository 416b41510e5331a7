package solver

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/schedule"
)

// Options are the options of a recipe that belong to its sampler. A number that is 0 and a text
// that is "" mean that the sampler has no such option.
type Options struct {
	Sampler  string // k
	Steps    int
	Eta      float64 // share of the reverse process's noise, 0 to 1
	Order    int
	Solver   string // the form of the solver: diffusers' solver_type or algorithm_type
	Spacing  schedule.Spacing
	Sigmas   schedule.SigmaKind
	Final    schedule.FinalSigma
	Churn    float64
	Correct  int    // Langevin steps on each noise level
	Rule     string // of the size of Langevin steps, one of the Rule constants
	StepSize float64
	Level    float64 // σ of Langevin dynamics at one level
	Clip     string  // ClipNone, ClipDynamic, or the bound of x̂0 as text
	Variance schedule.Variance
	Rederive bool   // DDIM derives ε̂ from the bounded x̂0
	Reading  string // what the network's output is translated into; "" without a choice
}

// Remains reports whether some noise has to remain after the last step, so that Final cannot be
// zero, by the scheduler that the model's file describes.
func (o *Options) Remains(file *schedule.Solver) bool {
	if o.Sampler == "unipc" {
		return o.Solver == "bh1" || !file.PredictX0
	}
	return Named(o.Sampler).Traits.Noisy
}

// Values of Options.Clip other than a number.
const (
	ClipNone    = "none"
	ClipDynamic = "dynamic" // dynamic thresholding
)

// Values of Options.Rule: how the size of a Langevin step follows from StepSize.
const (
	RuleSNR    = "snr"    // by the norms of noise and score
	RuleScaled = "scaled" // StepSize times the square of the level's noise
	RuleFixed  = "fixed"  // StepSize itself
)

// Defaults of Langevin steps: the number on each level of annealed dynamics, the sizes by rule, and
// the noise level of plain dynamics.
const (
	standardAnnealed = 3
	standardScaled   = 0.3
	standardFixed    = 0.001
	standardLevel    = 0.5
)

// Unread returns the options that do not depend on the sampler, as a scheduler config sets them.
func Unread(c *schedule.Config) Options {
	o := Options{
		Spacing: c.TimestepSpacing, Clip: ClipNone, Variance: c.VarianceType, Reading: ReadingOf(c),
	}
	switch {
	case c.Thresholding:
		o.Clip = ClipDynamic
	case c.ClipSample:
		o.Clip = Number(c.ClipSampleRange)
	}
	return o
}

// Standard returns the default options of a sampler in a number of steps. The config's noise levels
// hold for every sampler, its other solver options for the sampler that the config names. rule is
// the recipe's rule of Langevin steps, "" if it has none.
func Standard(sampler string, steps int, rule string, c *schedule.Config) Options {
	o := Unread(c)
	o.Sampler, o.Steps = sampler, steps
	k := Named(sampler)
	if k == nil {
		return o
	}
	t, own := &k.Traits, sampler == c.Solver.Sampler
	o.Eta = t.Eta
	if o.Order = t.Order[0]; own && c.Solver.Order > 0 {
		o.Order = min(c.Solver.Order, t.Order[1])
	}
	if !t.Views {
		o.Order = min(o.Order, steps)
	}
	if len(t.Kinds) > 0 {
		o.Solver = t.Kinds[0]
		for _, kind := range t.Kinds {
			if own && (kind == c.Solver.Type || kind == c.Solver.Algorithm) {
				o.Solver = kind
			}
		}
	}
	if t.Levels {
		o.standardLevels(t, own, &c.Solver)
	}
	if t.Rule != "" {
		o.standardLangevin(t, rule, &c.Solver)
	}
	return o
}

// standardLevels sets the defaults of the noise levels. own says that the config names this
// sampler.
func (o *Options) standardLevels(t *Traits, own bool, c *schedule.Solver) {
	if o.Sigmas = c.Sigmas; o.Sigmas == "" {
		o.Sigmas = schedule.Spaced
	}
	if o.Final = t.Final; own && c.Final != "" {
		o.Final = c.Final
	} else if o.Final == "" {
		o.Final = schedule.FinalZero
	}
}

// standardLangevin sets the defaults of Langevin steps. The config's options hold for samplers
// whose Langevin steps correct a predictor.
func (o *Options) standardLangevin(t *Traits, rule string, c *schedule.Solver) {
	if o.Rule, o.Correct = t.Rule, c.CorrectSteps; o.Rule != RuleSNR {
		o.Correct = standardAnnealed
	}
	if t.Level {
		o.Level = standardLevel
	}
	if rule == "" {
		rule = o.Rule
	}
	switch rule {
	case RuleSNR:
		o.StepSize = c.SNR
	case RuleScaled:
		o.StepSize = standardScaled
	default:
		o.StepSize = standardFixed
	}
}

// Check removes options that the sampler does not have and refuses values that it cannot use. Its
// errors are *Error.
func (o *Options) Check() error {
	k := Named(o.Sampler)
	if k == nil {
		return Refuse("k", "there is no sampler "+strconv.Quote(o.Sampler))
	}
	t := &k.Traits
	o.drop(t)
	switch {
	case o.Order > t.Order[1]:
		return Because("order", Limits, "order is {value} but {sampler} has orders up to {max}",
			"value", strconv.Itoa(o.Order), "min", "1", "max", strconv.Itoa(t.Order[1]),
			"sampler", o.Sampler)
	case o.Order > o.Steps && !t.Views:
		return Because("order", FewSteps, "order is {value} but there are only {steps} steps; "+
			"choose a lower order or more steps",
			"value", strconv.Itoa(o.Order), "steps", strconv.Itoa(o.Steps))
	case o.Solver != "" && !slices.Contains(t.Kinds, o.Solver):
		return Refuse("solver", "solver is "+o.Solver+" but with "+o.Sampler+
			" it must be one of "+strings.Join(t.Kinds, ", "))
	case o.Sampler == "annealed" && o.Correct == 0:
		return Refuse("correct", "correct is 0, but annealed consists of Langevin steps alone; "+
			"it must be 1 or more")
	}
	return nil
}

// drop removes the options that the sampler does not have.
func (o *Options) drop(t *Traits) {
	if t.Order[1] == 0 {
		o.Order = 0
	}
	if len(t.Kinds) == 0 {
		o.Solver = ""
	}
	if !t.Levels {
		o.Sigmas, o.Final = "", ""
	}
	if !t.Churn {
		o.Churn = 0
	}
	if t.Rule == "" {
		o.Correct, o.Rule, o.StepSize = 0, "", 0
	}
	if t.Level {
		o.Correct = 0 // each step is a Langevin step
	} else {
		o.Level = 0
	}
}

// clipping returns how x̂0 is bounded.
func (o *Options) clipping(c *schedule.Config) clipping {
	switch o.Clip {
	case ClipNone:
		return clipping{limit: math.Inf(1)}
	case ClipDynamic:
		return clipping{dynamic: true, ratio: c.DynamicThresholdingRatio, limit: c.SampleMaxValue}
	}
	limit, _ := strconv.ParseFloat(o.Clip, 64) // the recipe has checked it
	return clipping{limit: limit}
}

// Number returns the shortest text that reads back as f, with −0 as 0.
func Number(f float64) string {
	if f == 0 {
		return "0"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
