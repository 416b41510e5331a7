package recipe

import (
	"slices"
	"strconv"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// read sets the fields of the keys that a recipe has. Parse has checked the values, so reading them
// cannot fail.
func (s *Settings) read(r Recipe) {
	for k, text := range r.values {
		if text == "" || keys[k].field == nil {
			continue
		}
		switch place := keys[k].field(s).(type) {
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
		case *Plane:
			*place, _ = parsePlane(text)
		case *Place:
			*place, _ = parsePlace(text)
		}
	}
	s.Between = s.Between || r.values[keyTo] != ""
}

// written returns a key's value as a recipe writes it, "" for a key that has no effect here.
func (s *Settings) written(r *row) string {
	if r.text != nil {
		return r.text(s)
	}
	switch place := r.field(s).(type) {
	case *string:
		return *place
	case *int:
		if *place != 0 || r.zero {
			return strconv.Itoa(*place)
		}
	case *float64:
		if *place != 0 || r.zero {
			return solver.Number(*place)
		}
	case *uint64:
		return strconv.FormatUint(*place, 10)
	case *bool:
		if *place {
			return on
		}
		return off
	}
	return ""
}

// texts returns every key's value as a recipe writes it.
func (s *Settings) texts() (values [keyCount]string) {
	for k := range keys {
		values[k] = s.written(&keys[k])
	}
	return values
}

// Recipe returns the canonical recipe: m, and the other keys whose values are not the defaults of
// the model.
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

// Spelled returns the recipe with every key written out that says how a network is sampled, so that
// the file of another model decides none of them. What a network is by itself (its reading, its
// stages, its classifier, its weaker version) stays open unless the recipe said it. The keys of
// what came out are left out.
func (s Settings) Spelled() Recipe {
	r := Recipe{values: s.texts()}
	own := s.Recipe()
	for _, k := range []key{keyReading, keyBaseSteps, keyAugmentation, keyClassifier, keyWeak} {
		r.values[k] = own.values[k]
	}
	r.values[keyOrigin], r.values[keyHash] = "", ""
	return r
}

// Field is one key of resolved settings, for a control.
type Field struct {
	Key, Value string
	Standard   string   // the value if the recipe did not have the key
	Kind       Kind     // of the value
	Group      Group    // of the key
	Min, Max   float64  // limits of a Whole or Number, for this model and sampler
	Open       bool     // Min itself is not allowed
	Choices    []string // of a Choice, for this sampler
	Idle       Idle     // why the key has no effect here
}

// Fields returns every key that belongs here, in canonical order, for controls. The
// value is "" for a key that may be left empty. by and h are returned only if they were written.
func (s Settings) Fields(info Info) []Field {
	fields := make([]Field, 0, keyCount)
	for k := range keys {
		r := &keys[k]
		text := s.written(r)
		if r.applies != nil && !r.applies(&s) || r.group == GroupResult && text == "" {
			continue
		}
		f := Field{
			Key: r.name, Value: text, Standard: s.standard[k], Kind: r.kind, Group: r.group,
			Min: r.min, Max: r.max, Open: r.open, Idle: s.idle(key(k)),
		}
		if r.choices != nil {
			f.Choices = r.choices()
		}
		s.limit(key(k), &f, info)
		fields = append(fields, f)
	}
	return fields
}

// limit replaces the limits of the table by those of the model and sampler where these are
// narrower. A key that they leave one value is idle.
func (s *Settings) limit(k key, f *Field, info Info) {
	switch k {
	case keySteps:
		f.Max = float64(info.Scheduler.NumTrainTimesteps)
	case keyBaseSteps:
		f.Max = float64(info.Stage.Info.Scheduler.NumTrainTimesteps)
	case keyAugmentation:
		f.Max = float64(info.augmentations())
	case keyOrder:
		if f.Max = float64(traits(s).Order[1]); !traits(s).Views {
			f.Max = min(f.Max, float64(s.Steps))
		}
	case keySolver:
		f.Choices = traits(s).Kinds
	case keyFinal:
		if s.Remains(&info.Scheduler.Solver) {
			f.Idle = IdleZero
		}
	case keyVariance:
		if !info.predictsVariance() {
			f.Choices = slices.DeleteFunc(f.Choices, func(v string) bool {
				return learned(schedule.Variance(v))
			})
		}
	}
}

// Taken returns the number of solver steps that are taken, of steps in all. It counts as diffusers'
// img2img does. Without a picture to begin with it returns steps.
func (s *Settings) Taken(steps int) int {
	if s.Image == "" {
		return steps
	}
	return min(int(float64(steps)*s.Strength), steps)
}
