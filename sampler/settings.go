package sampler

import (
	"math"
	"strconv"

	"tweedie/sampler/schedule"
)

// Settings is a recipe resolved against a model: every value known and usable.
type Settings struct {
	Model    string
	Class    string // canonical text of c
	Labels   []int  // [Images] class of each picture, or NoClass
	Seed     uint64
	Images   int
	Sampler  string
	Steps    int
	Guidance float64
	Eta      float64
	Spacing  schedule.Spacing
	Clip     string // none, dynamic, or the bound as text
	Variance schedule.Variance
	Rederive bool
	Noise    string // philox or torch
	Hash     string // h as written, "" if it was not; nothing is computed from it

	standard [keyCount]string // what each key would be if it were not written
}

// Resolve fills in what a recipe leaves open, from the model's file and then from the standard, and checks what only the model
// can tell. Its errors are *RecipeError.
func Resolve(r Recipe, info Info) (Settings, error) {
	if name := r.values[keyModel]; name != info.Name {
		return Settings{}, &RecipeError{"m", "m is " + strconv.Quote(name) + " but this model is " + strconv.Quote(info.Name)}
	}
	class, labels, err := resolveClass(r.values[keyClass], info.Classes)
	if err != nil {
		return Settings{}, err
	}
	standard := standardSettings(info, class, len(labels))
	s := standard
	s.standard = standard.texts()
	s.read(r)
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
		Sampler: d.Sampler, Steps: min(d.Steps, c.NumTrainTimesteps), Guidance: d.Guidance, Eta: d.Eta,
		Spacing: c.TimestepSpacing, Clip: clipNone, Variance: c.VarianceType, Rederive: d.Rederive, Noise: noisePhilox,
	}
	switch {
	case c.Thresholding:
		s.Clip = clipDynamic
	case c.ClipSample:
		s.Clip = shortest(c.ClipSampleRange)
	}
	return s
}

// read takes over what a recipe says. Its values have passed their key's check, so that reading them cannot fail.
func (s *Settings) read(r Recipe) {
	for k, text := range r.values {
		if text == "" {
			continue
		}
		switch key(k) {
		case keySeed:
			s.Seed, _ = strconv.ParseUint(text, 10, 64)
		case keyImages:
			s.Images, _ = strconv.Atoi(text)
		case keySampler:
			s.Sampler = text
		case keySteps:
			s.Steps, _ = strconv.Atoi(text)
		case keyGuidance:
			s.Guidance, _ = decimal(text)
		case keyEta:
			s.Eta, _ = decimal(text)
		case keySpacing:
			s.Spacing = schedule.Spacing(text)
		case keyClip:
			s.Clip = text
		case keyVariance:
			s.Variance = schedule.Variance(text)
		case keyRederive:
			s.Rederive = text == on
		case keyNoise:
			s.Noise = text
		case keyHash:
			s.Hash = text
		}
	}
}

// checkAgainst refuses what this model cannot do.
func (s *Settings) checkAgainst(info Info) error {
	T := info.Scheduler.NumTrainTimesteps
	if s.Steps > T {
		return &RecipeError{"steps", "steps is " + strconv.Itoa(s.Steps) + " but the model " + info.Name + " has " + strconv.Itoa(T) + " timesteps"}
	}
	learned := s.Variance == schedule.Learned || s.Variance == schedule.LearnedRange
	if learned && info.OutChannels != 2*info.Channels {
		return &RecipeError{"variance", "variance is " + string(s.Variance) + " but the model " + info.Name + " does not predict a variance"}
	}
	return nil
}

// resolveClass returns the canonical text of c and the labels that the pictures take in turn.
func resolveClass(text string, classes []string) (string, []int, error) {
	switch {
	case text == "" || text == classNone:
		return classNone, []int{NoClass}, nil
	case len(classes) == 0:
		return "", nil, &RecipeError{"c", "c is " + strconv.Quote(text) + " but the model has no classes, so it must be none"}
	case text == classAll:
		labels := make([]int, len(classes))
		for i := range labels {
			labels[i] = i
		}
		return classAll, labels, nil
	}
	index := classIndex(text, classes)
	if index < 0 {
		return "", nil, &RecipeError{"c", "c is " + strconv.Quote(shorten(text)) + " but must be none, all, one of the names " + someNames(classes) +
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
	rederive := off
	if s.Rederive {
		rederive = on
	}
	return [keyCount]string{
		keyModel:    s.Model,
		keyClass:    s.Class,
		keySeed:     strconv.FormatUint(s.Seed, 10),
		keyImages:   strconv.Itoa(s.Images),
		keySampler:  s.Sampler,
		keySteps:    strconv.Itoa(s.Steps),
		keyGuidance: shortest(s.Guidance),
		keyEta:      shortest(s.Eta),
		keySpacing:  string(s.Spacing),
		keyClip:     s.Clip,
		keyVariance: string(s.Variance),
		keyRederive: rederive,
		keyNoise:    s.Noise,
		keyHash:     s.Hash,
	}
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
