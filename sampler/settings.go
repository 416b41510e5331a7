package sampler

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/schedule"
)

// Settings is a recipe resolved against a model: every value known and usable.
type Settings struct {
	Model    string
	Class    string // canonical text of c
	Word     string // canonical text of w, "" without a word
	Labels   []int  // [Images] class of each picture, or NoClass
	Seed     uint64
	Images   int
	Sampler  string
	Steps    int
	Guidance float64
	// Guidance acts where σ is above GuidanceLow and at most GuidanceHigh, 0 for no bound; elsewhere it is 1.
	GuidanceLow, GuidanceHigh float64
	Rescale                   float64 // guidance_rescale
	Augmentation              int     // of a cascade, −1 for any other model
	BaseSteps                 int     // of the first stage of a cascade, 0 for any other model
	Steering                  float64 // classifier guidance, in the same interval
	Classifier                string  // "" without classifier guidance
	Eta                       float64
	Order                     int    // 0 where the sampler has no choice, as "" and 0 in the next five
	Solver                    string // solver_type
	Spacing                   schedule.Spacing
	Sigmas                    schedule.SigmaKind
	Final                     schedule.FinalSigma
	Churn                     float64
	// Langevin steps on each level of noise, and how large they are; Rule is "" where the sampler has none. Level is σ of Langevin
	// dynamics at one level.
	Correct         int
	Rule            string
	StepSize, Level float64
	Clip            string // none, dynamic, or the bound as text
	Variance        schedule.Variance
	Rederive        bool
	Reading         string // that the network's answers are translated into; "" where it has but its own
	Noise           string // philox or torch
	Origin          string // by as written; nothing is computed from it, either
	Hash            string // h as written, "" if it was not; nothing is computed from it

	Between bool // the noise goes from that of Seed to that of To
	To      uint64
	Image   string // hash of the picture that is begun with, "" for none, as in the next one
	Mask    string
	// Of the steps the share Strength is taken. Resample and Jump are 0 without a mask, Jump also without resampling.
	Strength       float64
	Resample, Jump int
	Invert         string // class of the inversion, none without one; "" if there is none

	guide       *Guide
	kind        schedule.Prediction // of the network
	invertLabel int
	standard    [keyCount]string // what each key would be if it were not written
}

// Resolve fills in what a recipe leaves open, from the model's file and then from the standard, and checks what only the model
// can tell. Its errors are *RecipeError.
func Resolve(r Recipe, info Info) (Settings, error) {
	if name := r.values[keyModel]; name != info.Name {
		return Settings{}, &RecipeError{"m", "m is " + strconv.Quote(name) + " but this model is " + strconv.Quote(info.Name)}
	}
	class, labels, err := resolveClass("c", r.values[keyClass], info.classes(r))
	if err != nil {
		return Settings{}, err
	}
	word, letters, err := resolveWord(r, info.classes(r))
	if err != nil {
		return Settings{}, err
	}
	if word != "" {
		labels = letters
	}
	standard := standardSettings(info, class, len(labels))
	standard.Word = word
	s := standard
	s.read(r)
	asked := s
	s = standard
	s.Sampler, s.Steps = asked.Sampler, asked.Steps
	s.adapt(info)
	s.adaptLangevin(asked.Rule, info)
	s.adaptEdit(&asked)
	if asked.Steering > 0 {
		s.Classifier = info.classifier(Recipe{})
	}
	s.standard = s.texts()
	s.standard[keyWord] = ""
	s.standard[keySampler], s.standard[keySteps] = standard.Sampler, strconv.Itoa(standard.Steps)
	s.read(r)
	if err := s.checkEdit(info.Classes); err != nil {
		return Settings{}, err
	}
	s.Labels = make([]int, s.Images)
	for i := range s.Labels {
		s.Labels[i] = labels[i%len(labels)]
	}
	return s, s.checkAgainst(info)
}

// standardSettings is the bare recipe of a model and class.
func standardSettings(info Info, class string, images int) Settings {
	d, c := info.Defaults, info.Scheduler
	s := Settings{
		Model: info.Name, Class: class, Seed: 1, Images: min(images, MaxImages),
		Sampler: d.Sampler, Steps: min(d.Steps, c.NumTrainTimesteps), Guidance: d.Guidance,
		Spacing: c.TimestepSpacing, Clip: clipNone, Variance: c.VarianceType, Rederive: d.Rederive, Reading: readingOf(&c), Noise: noisePhilox,
		Augmentation: -1,
	}
	if info.Cascade != nil {
		s.Augmentation = info.Cascade.Augmentation
	}
	switch {
	case c.Thresholding:
		s.Clip = clipDynamic
	case c.ClipSample:
		s.Clip = shortest(c.ClipSampleRange)
	}
	return s
}

// adapt fills in what a sampler does by itself with so many steps. The file's eta and options for solvers hold for its own sampler; its noise
// levels for all.
func (s *Settings) adapt(info Info) {
	k, c := samplerNamed(s.Sampler), &info.Scheduler.Solver
	if k == nil {
		return
	}
	o := &k.options
	own := s.Sampler == c.Sampler
	if s.Eta = o.eta; s.Sampler == info.Defaults.Sampler && info.Defaults.Eta > 0 {
		s.Eta = info.Defaults.Eta
	}
	if s.Order = o.order[0]; own && c.Order > 0 {
		s.Order = min(c.Order, o.order[1])
	}
	if !o.views {
		s.Order = min(s.Order, s.Steps)
	}
	if len(o.kinds) > 0 {
		s.Solver = o.kinds[0]
		for _, kind := range o.kinds {
			if own && (kind == c.Type || kind == c.Algorithm) {
				s.Solver = kind
			}
		}
	}
	if !o.levels {
		return
	}
	s.Sigmas = schedule.Spaced
	if c.Sigmas != "" {
		s.Sigmas = c.Sigmas
	}
	if s.Final = o.end; own && c.Final != "" {
		s.Final = c.Final
	} else if s.Final == "" {
		s.Final = schedule.FinalZero
	}
}

// dropGuidance takes away the options of guidance where nothing is guided, or mixed.
func (s *Settings) dropGuidance() {
	without := s.Class == classNone && s.Word == ""
	if without {
		s.Steering = 0
	}
	if s.Steering == 0 {
		s.Classifier = ""
	}
	if without || s.Guidance == 1 && s.Steering == 0 {
		s.GuidanceLow, s.GuidanceHigh = 0, 0
	}
	if without || s.Guidance == 0 || s.Guidance == 1 {
		s.Rescale = 0
	}
}

// drop takes away what means nothing to the sampler.
func (s *Settings) drop(o *options) {
	if o.order[1] == 0 {
		s.Order = 0
	}
	if len(o.kinds) == 0 {
		s.Solver = ""
	}
	if !o.levels {
		s.Sigmas, s.Final = "", ""
	}
	if !o.churn {
		s.Churn = 0
	}
	if o.rule == "" {
		s.Correct, s.Rule, s.StepSize = 0, "", 0
	}
	if o.level {
		s.Correct = 0 // each step is one
	} else {
		s.Level = 0
	}
}

// checkAgainst refuses what this model cannot do.
func (s *Settings) checkAgainst(info Info) error {
	T := info.Scheduler.NumTrainTimesteps
	if s.Steps > T {
		return &RecipeError{"steps", "steps is " + strconv.Itoa(s.Steps) + " but the model " + info.Name + " has " + strconv.Itoa(T) + " timesteps"}
	}
	if k := samplerNamed(s.Sampler); k != nil {
		s.drop(&k.options)
		if err := s.checkSolver(&k.options); err != nil {
			return err
		}
		if err := s.checkLangevin(); err != nil {
			return err
		}
	}
	s.dropGuidance()
	if err := s.takeBase(info); err != nil {
		return err
	}
	if err := s.takeGuide(info); err != nil {
		return err
	}
	if s.GuidanceHigh > 0 && s.GuidanceLow >= s.GuidanceHigh {
		return &RecipeError{"glow", "glow is " + shortest(s.GuidanceLow) + " but must be below ghigh, which is " + shortest(s.GuidanceHigh)}
	}
	if err := s.checkReading(info); err != nil {
		return err
	}
	learned := s.Variance == schedule.Learned || s.Variance == schedule.LearnedRange || s.Variance == schedule.LearnedLog
	if learned && info.OutChannels != 2*info.Channels {
		return &RecipeError{"variance", "variance is " + string(s.Variance) + " but the model " + info.Name + " does not predict a variance"}
	}
	return nil
}

// checkSolver refuses what the sampler cannot do.
func (s *Settings) checkSolver(o *options) error {
	switch {
	case s.Order > o.order[1]:
		return &RecipeError{"order", "order is " + strconv.Itoa(s.Order) + " but " + s.Sampler + " has orders up to " + strconv.Itoa(o.order[1])}
	case s.Order > s.Steps && !o.views:
		return &RecipeError{"order", "order is " + strconv.Itoa(s.Order) + " but there are only " + strconv.Itoa(s.Steps) + " steps; choose a lower order or more steps"}
	case s.Solver != "" && !slices.Contains(o.kinds, s.Solver):
		return &RecipeError{"solver", "solver is " + s.Solver + " but with " + s.Sampler + " it must be one of " + strings.Join(o.kinds, ", ")}
	}
	return nil
}

// guidance returns how the predictions with and without the class are mixed.
func (s *Settings) guidance() guidance {
	g := guidance{scale: s.Guidance, low: s.GuidanceLow, high: math.Inf(1), rescale: s.Rescale}
	if s.GuidanceHigh > 0 {
		g.high = s.GuidanceHigh
	}
	return g
}

// bound returns how x̂0 is kept in range.
func (s *Settings) bound(c schedule.Config) bound {
	switch s.Clip {
	case clipNone:
		return bound{limit: math.Inf(1)}
	case clipDynamic:
		return bound{dynamic: true, ratio: c.DynamicThresholdingRatio, limit: c.SampleMaxValue}
	}
	limit, _ := decimal(s.Clip)
	return bound{limit: limit}
}
