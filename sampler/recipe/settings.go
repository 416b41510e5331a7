package recipe

import (
	"strconv"

	"tweedie/sampler/guidance"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Settings is a recipe resolved against a model: every value is known and can be used.
type Settings struct {
	solver.Options // of the sampler
	Model          string
	Class          string // canonical text of c
	Word           string // canonical text of w, "" without a word
	Labels         []int  // [Images] class of each picture, or network.NoClass
	Seed           uint64
	To             uint64 // second seed, if Between
	Between        bool   // the noise is interpolated between those of Seed and To
	Plane          Plane  // the noise is interpolated between those of Seed and of the plane's
	Place          Place  // in the plane; without one the pictures are a grid over it
	Images         int
	Noise          string // philox or torch

	guidance.ClassifierFree
	Steering   float64 // scale of classifier guidance, in the same interval
	Classifier string  // "" without classifier guidance
	Guide      *Guide  // the classifier; nil without classifier guidance

	Cache int  // the number of evaluations that share deep features; 1 for none
	deep  bool // whether the network has deep features

	Augmentation int // timestep, see Cascade; −1 for a model without a cascade
	BaseSteps    int // steps of a cascade's first stage; 0 for a model without a cascade

	Image string // hash of the picture to begin with; "" for none
	Mask  string // hash of the mask; "" for none
	// Strength is the share of the steps that are taken. Resample and Jump are 0 without a mask,
	// Jump also without resampling.
	Strength       float64
	Resample, Jump int
	Invert         string // class of the inversion, or none; "" without an inversion
	InvertLabel    int

	Fork string // the forks, "" for none
	Legs []Leg  // [forks] what the run goes on with after each

	Origin string // by as written; nothing is computed from it
	Hash   string // h as written; nothing is computed from it

	standard [keyCount]string // the value of each key if it were not written
}

// Resolve sets the keys that a recipe does not have, from the model's file or else from the table
// of keys, and checks the values against the model. Its errors are *Error.
func Resolve(r Recipe, info Info) (Settings, error) {
	s, err := resolve(r.Unforked(), info)
	if forks := r.values[keyFork]; err == nil && forks != "" {
		err = s.takeForks(forks, info)
	}
	return s, err
}

// resolve is Resolve for a recipe without forks.
func resolve(r Recipe, info Info) (Settings, error) {
	if name := r.values[keyModel]; name != info.Name {
		return Settings{}, solver.Because("m", solver.NoModel,
			`m is "{value}" but this model is "{model}"`, "value", name, "model", info.Name)
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
	s.Options = solver.Standard(asked.Sampler, asked.Steps, asked.Rule, &info.Scheduler)
	s.Rederive = info.Defaults.Rederive
	if s.Sampler == info.Defaults.Sampler && info.Defaults.Eta > 0 {
		s.Eta = info.Defaults.Eta
	}
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

// standardSettings returns the settings of a recipe with nothing but its model and class, before
// the sampler is known.
func standardSettings(info Info, class string, images int) Settings {
	d := info.Defaults
	s := Settings{
		Options: solver.Unread(&info.Scheduler),
		Model:   info.Name, Class: class, Seed: 1, Images: min(images, MaxImages),
		Noise: NoisePhilox, Augmentation: -1, Cache: 1, deep: info.Deep,
	}
	s.Guidance = d.Guidance
	s.Sampler, s.Steps, s.Rederive = d.Sampler, min(d.Steps, info.Scheduler.NumTrainTimesteps),
		d.Rederive
	if info.Cascade != nil {
		s.Augmentation = info.Cascade.Augmentation
	}
	return s
}

// Subject is what the pictures are of at the end: the word, or else the class by name, all or none.
func (s *Settings) Subject() string {
	s = s.last()
	if s.Word != "" {
		return s.Word
	}
	return s.Class
}

// without reports whether the pictures have no class.
func (s *Settings) without() bool { return s.Class == classNone && s.Word == "" }

// dropGuidance clears the options of guidance where they have no effect.
func (s *Settings) dropGuidance() {
	without := s.without()
	if without {
		s.Steering = 0
	}
	if s.Steering == 0 {
		s.Classifier = ""
	}
	s.ClassifierFree.Drop(without, s.Steering > 0)
}

// checkAgainst refuses values that the model cannot use.
func (s *Settings) checkAgainst(info Info) error {
	T := info.Scheduler.NumTrainTimesteps
	if s.Steps > T {
		return solver.Because("steps", solver.Limits,
			"steps is {value} but the model {model} has {max} timesteps",
			"value", strconv.Itoa(s.Steps), "min", "1", "max", strconv.Itoa(T), "model", info.Name)
	}
	if err := s.Options.Check(); err != nil {
		return err
	}
	s.dropGuidance()
	if err := s.takeBase(info); err != nil {
		return err
	}
	if err := s.takeGuide(info); err != nil {
		return err
	}
	if s.GuidanceHigh > 0 && s.GuidanceLow >= s.GuidanceHigh {
		return solver.Refuse("glow", "glow is "+solver.Number(s.GuidanceLow)+" but must be below "+
			"ghigh, which is "+solver.Number(s.GuidanceHigh))
	}
	if err := s.checkReading(info); err != nil {
		return err
	}
	if s.Cache > 1 && !info.Deep {
		return solver.Because("cache", solver.NoDeep, "cache is {value} but the network of "+
			"{model} has no skip connections around deep features that could be used again; "+
			"leave cache out", "value", strconv.Itoa(s.Cache), "model", info.Name)
	}
	if learned(s.Variance) && !info.predictsVariance() {
		return solver.Refuse("variance",
			"variance is "+string(
				s.Variance)+" but the model "+info.Name+" does not predict a variance")
	}
	return nil
}

// learned reports whether a variance is one that the network predicts.
func learned(v schedule.Variance) bool {
	return v == schedule.Learned || v == schedule.LearnedRange || v == schedule.LearnedLog
}

// predictsVariance reports whether the network does.
func (info *Info) predictsVariance() bool { return info.OutChannels == 2*info.Channels }
