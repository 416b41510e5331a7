package recipe

import (
	"strconv"

	"tweedie/sampler/solver"
)

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
		keyGuidance:     solver.Number(s.Guidance),
		keyGuidanceLow:  nonzero(s.GuidanceLow),
		keyGuidanceHigh: nonzero(s.GuidanceHigh),
		keyRescale:      nonzero(s.Rescale),
		keySteering:     nonzero(s.Steering),
		keyClassifier:   s.Classifier,
		keyEta:          solver.Number(s.Eta),
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
	return solver.Number(f)
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
