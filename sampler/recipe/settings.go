package recipe

import (
	"strconv"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Settings is a recipe resolved against a model: every value known and usable.
type Settings struct {
	solver.Options // what is asked of the sampler
	Model          string
	Class          string // canonical text of c
	Word           string // canonical text of w, "" without a word
	Labels         []int  // [Images] class of each picture, or NoClass
	Seed           uint64
	To             uint64 // second seed, if Between
	Between        bool   // the noise goes from that of Seed to that of To
	Images         int
	Noise          string // philox or torch

	Guidance float64
	// Guidance acts where σ is above GuidanceLow and at most GuidanceHigh, 0 for no bound;
	// elsewhere it is 1.
	GuidanceLow, GuidanceHigh float64
	Rescale                   float64 // guidance_rescale
	Steering                  float64 // classifier guidance, in the same interval
	Classifier                string  // "" without classifier guidance
	Guide                     *Guide  // that classifier; nil without classifier guidance

	Augmentation int // of a cascade, −1 for any other model
	BaseSteps    int // of the first stage of a cascade, 0 for any other model

	Image string // hash of the picture that is begun with, "" for none, as in the next one
	Mask  string
	// Of the steps the share Strength is taken. Resample and Jump are 0 without a mask, Jump also
	// without resampling.
	Strength       float64
	Resample, Jump int
	Invert         string // class of the inversion, none without a class; "" without an inversion
	InvertLabel    int

	Origin string // by as written; nothing is computed from it
	Hash   string // h as written, "" if it was not; nothing is computed from it

	standard [keyCount]string // what each key would be if it were not written
}

// Resolve fills in what a recipe leaves open, from the model's file and then from the standard, and
// checks what only the model can tell. Its errors are *Error.
func Resolve(r Recipe, info Info) (Settings, error) {
	if name := r.values[keyModel]; name != info.Name {
		return Settings{}, solver.Refuse("m", "m is "+strconv.Quote(name)+" but this model is "+
			strconv.Quote(info.Name))
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

// standardSettings is the bare recipe of a model and class, before its sampler is known.
func standardSettings(info Info, class string, images int) Settings {
	d := info.Defaults
	s := Settings{
		Options: solver.Unread(&info.Scheduler),
		Model:   info.Name, Class: class, Seed: 1, Images: min(images, MaxImages),
		Guidance: d.Guidance, Noise: NoisePhilox, Augmentation: -1,
	}
	s.Sampler, s.Steps, s.Rederive = d.Sampler, min(d.Steps, info.Scheduler.NumTrainTimesteps),
		d.Rederive
	if info.Cascade != nil {
		s.Augmentation = info.Cascade.Augmentation
	}
	return s
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

// checkAgainst refuses what this model cannot do.
func (s *Settings) checkAgainst(info Info) error {
	T := info.Scheduler.NumTrainTimesteps
	if s.Steps > T {
		return solver.Refuse("steps", "steps is "+strconv.Itoa(s.Steps)+" but the model "+info.Name+
			" has "+strconv.Itoa(T)+" timesteps")
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
	learned := s.Variance == schedule.Learned || s.Variance == schedule.LearnedRange ||
		s.Variance == schedule.LearnedLog
	if learned && info.OutChannels != 2*info.Channels {
		return solver.Refuse("variance", "variance is "+string(s.Variance)+" but the model "+
			info.Name+" does not predict a variance")
	}
	return nil
}
