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

// read takes over what a recipe says. Its values have passed their key's check, so that reading them cannot fail.
func (s *Settings) read(r Recipe) {
	for k, text := range r.values {
		if text == "" {
			continue
		}
		switch place := s.place(key(k)).(type) {
		case *string:
			*place = text
		case *int:
			*place, _ = strconv.Atoi(text)
		case *float64:
			*place, _ = decimal(text)
		case *uint64:
			*place, _ = strconv.ParseUint(text, 10, 64)
		case *bool:
			*place = text == on
		}
	}
	s.Between = s.Between || r.values[keyTo] != ""
}

// place is where the value of a key belongs; nil of those that the model's classes must resolve, and of m.
func (s *Settings) place(k key) any {
	switch k {
	case keySeed:
		return &s.Seed
	case keyImages:
		return &s.Images
	case keySampler:
		return &s.Sampler
	case keySteps:
		return &s.Steps
	case keyBaseSteps:
		return &s.BaseSteps
	case keyAugmentation:
		return &s.Augmentation
	case keyGuidance:
		return &s.Guidance
	case keyGuidanceLow:
		return &s.GuidanceLow
	case keyGuidanceHigh:
		return &s.GuidanceHigh
	case keyRescale:
		return &s.Rescale
	case keySteering:
		return &s.Steering
	case keyClassifier:
		return &s.Classifier
	case keyEta:
		return &s.Eta
	case keyOrder:
		return &s.Order
	case keySolver:
		return &s.Solver
	case keySigmas:
		return (*string)(&s.Sigmas)
	case keyFinal:
		return (*string)(&s.Final)
	case keyChurn:
		return &s.Churn
	case keySpacing:
		return (*string)(&s.Spacing)
	case keyCorrect:
		return &s.Correct
	case keyStepRule:
		return &s.Rule
	case keySize:
		return &s.StepSize
	case keyLevel:
		return &s.Level
	case keyClip:
		return &s.Clip
	case keyVariance:
		return (*string)(&s.Variance)
	case keyRederive:
		return &s.Rederive
	case keyReading:
		return &s.Reading
	case keyNoise:
		return &s.Noise
	case keyTo:
		return &s.To
	case keyImage:
		return &s.Image
	case keyMask:
		return &s.Mask
	case keyStrength:
		return &s.Strength
	case keyResample:
		return &s.Resample
	case keyJump:
		return &s.Jump
	case keyInvert:
		return &s.Invert
	case keyOrigin:
		return &s.Origin
	case keyHash:
		return &s.Hash
	}
	return nil
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

// resolveClass returns the canonical text of a key whose value is a class, c or invert, and the labels that the pictures take in turn.
func resolveClass(key, text string, classes []string) (string, []int, error) {
	switch {
	case text == "" || text == classNone:
		return classNone, []int{NoClass}, nil
	case len(classes) == 0:
		return "", nil, &RecipeError{key, key + " is " + strconv.Quote(text) + " but the model has no classes, so it must be none"}
	case text == classAll && key == "c":
		labels := make([]int, len(classes))
		for i := range labels {
			labels[i] = i
		}
		return classAll, labels, nil
	}
	index := classIndex(text, classes)
	if index < 0 {
		all := ""
		if key == "c" {
			all = "all, "
		}
		return "", nil, &RecipeError{key, key + " is " + strconv.Quote(shorten(text)) + " but must be none, " + all + "one of the names " + someNames(classes) +
			", or an index from 0 to " + strconv.Itoa(len(classes)-1)}
	}
	// The name is canonical, then the index, unless they mean something else.
	name, number := classes[index], strconv.Itoa(index)
	switch {
	case name != classNone && name != classAll && classIndex(name, classes) == index:
		text = name
	case classIndex(number, classes) == index:
		text = number
	}
	return text, []int{index}, nil
}

// classIndex finds a class by its name and, if none is called so, by its index; −1 if there is none.
func classIndex(text string, classes []string) int {
	for i, name := range classes {
		if name == text {
			return i
		}
	}
	if i, err := strconv.ParseUint(text, 10, 31); err == nil && int(i) < len(classes) {
		return int(i)
	}
	return -1
}

// someNames lists the first and the last of the classes' names.
func someNames(classes []string) string {
	text := ""
	for i, name := range classes {
		if i == 12 && len(classes) > 14 {
			return text + " … " + shorten(classes[len(classes)-1])
		}
		if i > 0 {
			text += ", "
		}
		text += shorten(name)
	}
	return text
}

// texts returns every key's value as a recipe writes it.
func (s *Settings) texts() [keyCount]string {
	to, correct, rederive := "", "", off
	if s.Rule != "" && s.Level == 0 {
		correct = strconv.Itoa(s.Correct)
	}
	if s.Between {
		to = strconv.FormatUint(s.To, 10)
	}
	if s.Rederive {
		rederive = on
	}
	return [keyCount]string{
		keyModel:        s.Model,
		keyClass:        s.Class,
		keyWord:         s.Word,
		keySeed:         strconv.FormatUint(s.Seed, 10),
		keyImages:       strconv.Itoa(s.Images),
		keySampler:      s.Sampler,
		keySteps:        strconv.Itoa(s.Steps),
		keyBaseSteps:    nonzero(float64(s.BaseSteps)),
		keyAugmentation: wholeOrNone(s.Augmentation),
		keyGuidance:     shortest(s.Guidance),
		keyGuidanceLow:  nonzero(s.GuidanceLow),
		keyGuidanceHigh: nonzero(s.GuidanceHigh),
		keyRescale:      nonzero(s.Rescale),
		keySteering:     nonzero(s.Steering),
		keyClassifier:   s.Classifier,
		keyEta:          shortest(s.Eta),
		keyOrder:        nonzero(float64(s.Order)),
		keySolver:       s.Solver,
		keySpacing:      string(s.Spacing),
		keySigmas:       string(s.Sigmas),
		keyFinal:        string(s.Final),
		keyChurn:        nonzero(s.Churn),
		keyCorrect:      correct,
		keyStepRule:     s.Rule,
		keySize:         nonzero(s.StepSize),
		keyLevel:        nonzero(s.Level),
		keyClip:         s.Clip,
		keyVariance:     string(s.Variance),
		keyRederive:     rederive,
		keyReading:      s.Reading,
		keyNoise:        s.Noise,
		keyTo:           to,
		keyImage:        s.Image,
		keyMask:         s.Mask,
		keyStrength:     nonzero(s.Strength),
		keyResample:     nonzero(float64(s.Resample)),
		keyJump:         nonzero(float64(s.Jump)),
		keyInvert:       s.Invert,
		keyOrigin:       s.Origin,
		keyHash:         s.Hash,
	}
}

// nonzero is a number's text, "" for 0.
func nonzero(f float64) string {
	if f == 0 {
		return ""
	}
	return shortest(f)
}

// wholeOrNone is a number's text, "" for one below 0.
func wholeOrNone(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Recipe returns the canonical recipe: m, and of the other keys those that differ from what the model would do without them.
func (s Settings) Recipe() Recipe {
	r := Recipe{values: s.texts()}
	for k := range r.values {
		if key(k) != keyModel && key(k) != keyClass && r.values[k] == s.standard[k] {
			r.values[k] = ""
		}
	}
	if s.Class == classNone {
		r.values[keyClass] = ""
	}
	return r
}

// Fields returns every key with its value, in canonical order, for controls to show; h only if it was written.
func (s Settings) Fields() []Field {
	fields := make([]Field, 0, keyCount)
	for k, text := range s.texts() {
		if text != "" {
			fields = append(fields, Field{keys[k].name, text})
		}
	}
	return fields
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
