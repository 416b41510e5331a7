package bound

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/conditional"
	"tweedie/sampler/schedule"
)

// Form names one of the two ways to write the bound.
type Form string

// The two forms.
const (
	Denoising   Form = "denoising"   // Luo 58
	Consistency Form = "consistency" // Luo 45
)

// LearnedLog is the variance type of improved-diffusion's `learned`: the second half of the
// network's output is the logarithm of the variance. diffusers' `learned` (schedule.Learned) has
// the variance itself there.
const LearnedLog = schedule.LearnedLog

// maxDraws keeps the numbers of the draws within 31 bits for any table of timesteps.
const maxDraws = 2000

// Options describe the model of a Bound and the estimate. Standard returns the usual ones.
type Options struct {
	Schedule *schedule.Schedule // its Config.PredictionType says what the network predicts
	Variance schedule.Variance  // of p(x_{t−1}|x_t)
	Clip     float64            // x̂0 is clipped to ±Clip; +Inf leaves it
	Form     Form               // Denoising or Consistency
	CDF      CDF                // of the reconstruction term
	// Density takes the picture for any numbers, not for 8-bit values. The reconstruction is then a
	// density, with the variance β where that is the variance of the other timesteps.
	Density   bool
	Label     int               // a class, or conditional.NoClass
	Guidance  float64           // 1 for the model as trained; classifier-free guidance otherwise
	Timesteps []int             // the chain, falling; nil for all T−1…0
	Steer     conditional.Steer // adds to each answer, as classifier guidance; may be nil
	Draws     int               // noisy pictures for each timestep
	Seed      uint64            // of the noise
	Image     uint32            // number of the picture in its noise
}

// Standard returns the options of improved-diffusion's evaluation for a schedule: its variance
// type, x̂0 clipped as its config says, the denoising form with one draw for each timestep, no
// label.
func Standard(s *schedule.Schedule) Options {
	o := Options{
		Schedule: s, Variance: s.Config.VarianceType, Clip: math.Inf(1),
		Form: Denoising, CDF: TanhCDF,
		Label: conditional.NoClass, Guidance: 1, Draws: 1, Seed: 1,
	}
	if s.Config.ClipSample {
		o.Clip = s.Config.ClipSampleRange
	}
	return o
}

// check returns the timesteps, or an error that names the first option that cannot be used.
func (o *Options) check(predictsVariance bool) ([]int, error) {
	learned := o.Variance == schedule.Learned || o.Variance == schedule.LearnedRange ||
		o.Variance == LearnedLog
	if err := checkFamily(o.Schedule); err != nil {
		return nil, err
	}
	switch {
	case o.Form != Denoising && o.Form != Consistency:
		return nil, errors.New("bound: the form must be denoising or consistency, not " +
			strconv.Quote(string(o.Form)))
	case o.CDF != TanhCDF && o.CDF != ErfCDF:
		return nil, errors.New("bound: the distribution function must be tanh or erf, not " +
			strconv.Quote(string(o.CDF)))
	case !learned && !fixed(o.Variance):
		return nil, errors.New("bound: there is no variance type " +
			strconv.Quote(string(o.Variance)))
	case learned && !predictsVariance:
		return nil, errors.New("bound: variance " + string(o.Variance) +
			" needs a network that predicts it, with twice as many output channels")
	case !(o.Clip > 0):
		return nil, errors.New("bound: the clip range must be above 0; leave x̂0 alone with +Inf")
	case o.Draws < 1 || o.Draws > maxDraws:
		return nil, errors.New("bound: draws must be from 1 to " + strconv.Itoa(maxDraws) +
			", not " + strconv.Itoa(o.Draws))
	}
	return o.timesteps()
}

// checkFamily refuses networks that were trained on other pictures than √ᾱ·x0 + √(1−ᾱ)·ε.
func checkFamily(s *schedule.Schedule) error {
	if family := s.Config.Solver.Network; family != schedule.Preserving {
		return errors.New("bound: a network of the family " + string(family) +
			" has no chain of timesteps to bound")
	}
	return nil
}

func fixed(v schedule.Variance) bool {
	return v == schedule.FixedSmall || v == schedule.FixedSmallLog || v == schedule.FixedLarge ||
		v == schedule.FixedLargeLog
}

func (o *Options) timesteps() ([]int, error) {
	T := o.Schedule.T()
	if o.Timesteps == nil {
		all := make([]int, T)
		for i := range all {
			all[i] = T - 1 - i
		}
		return all, nil
	}
	previous := T
	for i, t := range o.Timesteps {
		if t < 0 || t >= previous {
			return nil, errors.New("bound: timestep " + strconv.Itoa(t) + ", number " +
				strconv.Itoa(i) + ", must be below " + strconv.Itoa(previous) + " and not negative")
		}
		previous = t
	}
	if len(o.Timesteps) == 0 {
		return nil, errors.New("bound: a chain needs one timestep or more")
	}
	return append([]int(nil), o.Timesteps...), nil
}

// checkPicture refuses pictures that are not of the model's size or not 8-bit or, of a density, not
// finite.
func checkPicture(x []float64, size int, density bool) error {
	if len(x) != size {
		return errors.New("bound: the picture has " + strconv.Itoa(len(x)) +
			" values and the model's have " + strconv.Itoa(size))
	}
	if density && !conditional.Finite(x) {
		return errors.New("bound: the picture has values that are not finite")
	}
	if density {
		return nil
	}
	for i, v := range x {
		level := float64((v + 1) * 127.5)
		if !(level > -1e-3 && level < 255+1e-3 && math.Abs(level-math.Floor(level+0.5)) < 1e-3) {
			return errors.New("bound: element " + strconv.Itoa(i) + " is " +
				strconv.FormatFloat(v, 'g', -1, 64) +
				", none of the 256 values −1 + 2k/255 of 8-bit data; Quantise makes them")
		}
	}
	return nil
}
