package langevin

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/conditional"
	"tweedie/sampler/schedule"
)

// Rule names how the size of a Langevin step, x ← x + ½α·∇log p(x) + √α·z, is chosen. Luo's c is
// α/2.
type Rule string

// The rules. Size is the parameter of each.
const (
	// FixedStep is α = Size on every rung.
	FixedStep Rule = "fixed"
	// Scaled is α = Size·n²/n_L², where n is the level's noise (σ in VE) and n_L the last rung's:
	// every step has the same ratio of signal, ½α·∇log p, and noise, √α (Song & Ermon,
	// arXiv:1907.05600, §4.3; there Size is ε).
	Scaled Rule = "scaled"
	// SignalToNoise is α = 4·a·(Size·‖z‖/‖∇log p‖)², measured in each step; a is 1 in VE and 1−β in
	// VP (Song et al., arXiv:2011.13456, algorithms 4 and 5, whose ε is α/2; Size is their r,
	// around 0.16). It is meant for pictures: in two or three dimensions the score may nearly
	// vanish at a point, and the step from there is too large.
	SignalToNoise Rule = "snr"
)

// Predictor names how the reverse SDE is stepped from one rung to the next.
type Predictor string

// The predictors.
const (
	NoPredictor Predictor = "none"
	// EulerMaruyama steps dx = −½β·x·dt + √β·dw (VP) or dx = √(dσ²/dt)·dw (VE).
	EulerMaruyama Predictor = "euler_maruyama"
	// ReverseDiffusion discretises as the forward chain does (arXiv:2011.13456, appendix E); in VE
	// it equals EulerMaruyama.
	ReverseDiffusion Predictor = "reverse_diffusion"
)

// Options describe a walk.
type Options struct {
	Schedule  *schedule.Schedule // the network's; its Config.PredictionType says what it predicts
	Space     Space
	Ladder    []Rung    // falling noise, by AtTimesteps, Geometric or ScoreSDE in the same space
	Langevin  int       // Langevin steps on each rung
	Rule      Rule      // of Langevin steps
	Size      float64   // above 0; see Rule
	Predictor Predictor // NoPredictor for Langevin dynamics
	// Denoise ends the walk with the clean picture: the last predictor step leaves its noise out;
	// without a predictor one more step goes to x̂0.
	Denoise  bool
	Clip     float64 // x̂0, and the score with it, is clipped to ±Clip; +Inf leaves it
	Label    int     // a class, or conditional.NoClass
	Guidance float64 // 1 for the model as trained
	Seed     uint64
	Image    uint32 // number of the picture in its noise
}

// Annealed returns options for annealed Langevin dynamics with any network: a hundred levels from
// its largest σ, or 50, to its smallest, three steps of α = 0.3·σ² on each, and at the end x̂0 by
// Tweedie's formula. For pictures, many levels with few steps do better than ten levels of a
// hundred steps, as first used by Song & Ermon: the noise of a level must reach that of the next
// (arXiv:2006.09011, §3.2 and 3.4).
func Annealed(s *schedule.Schedule) (Options, error) {
	to, from, err := Range(s)
	if err != nil {
		return Options{}, err
	}
	rungs, err := Geometric(s, max(to, min(from, 50)), to, 100, VE)
	if err != nil {
		return Options{}, err
	}
	return Options{
		Schedule: s, Space: VE, Ladder: rungs, Langevin: 3, Rule: Scaled, Size: 0.3 * to * to,
		Predictor: NoPredictor,
		Denoise:   true, Clip: math.Inf(1), Label: conditional.NoClass, Guidance: 1, Seed: 1,
	}, nil
}

// maxSteps keeps the numbers of the draws within 31 bits.
const maxSteps = 1 << 30

func (o *Options) check() error {
	size := strconv.FormatFloat(o.Size, 'g', -1, 64)
	switch {
	case o.Space != VE && o.Space != VP:
		return errors.New("langevin: the space must be ve or vp, not " +
			strconv.Quote(string(o.Space)))
	case o.Predictor != NoPredictor && o.Predictor != EulerMaruyama &&
		o.Predictor != ReverseDiffusion:
		return errors.New("langevin: the predictor must be none, euler_maruyama or " +
			"reverse_diffusion, not " + strconv.Quote(string(o.Predictor)))
	case len(o.Ladder) == 0:
		return errors.New("langevin: a ladder needs one level or more")
	case o.Langevin < 0 || o.Langevin == 0 && o.Predictor == NoPredictor:
		return errors.New("langevin: a walk without a predictor needs one Langevin step or more " +
			"on each level, not " + strconv.Itoa(o.Langevin))
	case o.Langevin > maxSteps/len(o.Ladder)-2:
		return errors.New("langevin: " + strconv.Itoa(o.Langevin) + " Langevin steps on each of " +
			strconv.Itoa(len(o.Ladder)) + " levels are too many")
	case o.Langevin > 0 && o.Rule != FixedStep && o.Rule != Scaled && o.Rule != SignalToNoise:
		return errors.New("langevin: the step rule must be fixed, scaled or snr, not " +
			strconv.Quote(string(o.Rule)))
	case o.Langevin > 0 && !(o.Size > 0 && o.Size <= 1e6):
		return errors.New("langevin: the step size must be above 0, not " + size)
	case !(o.Clip > 0):
		return errors.New("langevin: the clip range must be above 0; leave x̂0 alone with +Inf")
	}
	for i := range o.Ladder {
		if err := o.checkRung(i); err != nil {
			return err
		}
	}
	return nil
}

// checkRung refuses a level that is not valid at its place.
func (o *Options) checkRung(i int) error {
	r := &o.Ladder[i]
	power := float64(r.Level.Signal*r.Level.Signal) + float64(r.Level.Noise*r.Level.Noise)
	switch {
	case !(r.Own.Signal > 0) || !(r.Level.Signal > 0 && r.Level.Noise > 0) ||
		math.IsInf(r.Level.Noise, 0) || !(r.From.Signal > 0 && r.To.Signal > 0),
		o.Space == VE && r.Level.Signal != 1, o.Space == VP && math.Abs(power-1) > 1e-9:
		return errors.New("langevin: level " + strconv.Itoa(i) +
			" is none of the space " + string(o.Space))
	case !(r.From.Sigma() > r.To.Sigma()):
		return errors.New("langevin: the noise must fall at level " + strconv.Itoa(i))
	case i > 0 && !(r.Level.Sigma() < o.Ladder[i-1].Level.Sigma()):
		return errors.New("langevin: level " + strconv.Itoa(i) +
			" must have less noise than the one before")
	}
	return nil
}
