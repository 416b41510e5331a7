package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/solver"
)

// A fork changes a run on its way: the steps before it are those of the recipe without it, and the
// steps after it go on from the same state with other keys. Its text is the number of steps before
// it and what is changed, as in 12,c:8,g:3; a further fork, of the run with that one, comes after a
// tilde: 12,c:8~20,k:ddpm.

// MaxForks bounds the forks of a recipe.
const MaxForks = 8

const (
	forkForm = "a number of steps and what is changed after them, as in 12,c:8,g:3, with a tilde " +
		"before a later fork, as in 12,c:8~20,k:ddpm"
	forkFresh  = "fresh" // new noise on the same guess, in place of a key
	forkBefore = "~"
)

// Leg is the part of a run that begins at a fork.
type Leg struct {
	Step     int      // number of steps of the run before it
	Settings Settings // from there on; those of a recipe without forks
	Fresh    bool     // the state becomes the same guess with new noise, that of the seed Noise
	Noise    uint64
	Paint    []Dab // what the guess has in its place from there on, later spots over earlier ones
}

// fork is a fork as it is written.
type fork struct {
	step    int
	changes [keyCount]string // the shortest form of a value, "" for a key that is not changed
	fresh   string           // seed of the new noise, "" without
	paint   string           // spots of paint, "" without
}

// forkable reports whether a fork can change a key: one of what is drawn, and how. The number of
// the pictures and their first noise are before any fork; another classifier is another file.
func forkable(k key) bool {
	switch keys[k].group {
	case GroupSampler, GroupGuidance, GroupLangevin:
		return k != keyClassifier
	}
	return k == keyClass || k == keySeed
}

// parseForks reads the value of the key fork.
func parseForks(text string) (forks []fork, err error) {
	for rest, more := text, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, forkBefore)
		number, changes, changed := strings.Cut(part, ",")
		step, err := strconv.ParseUint(number, 10, 31)
		f, n, after := fork{step: int(step)}, len(forks), -1
		if n > 0 {
			after = forks[n-1].step
		}
		switch {
		case err != nil || step >= maxSteps:
			return nil, malformedFork(text)
		case f.step <= after:
			return nil, solver.Because("fork", solver.ForkOrder, "fork has step {value} after "+
				"step {steps}, but each fork must be later than the one before it",
				"value", number, "steps", strconv.Itoa(after))
		case n == MaxForks:
			return nil, solver.Because("fork", solver.ForkCount, "fork has more than {max} forks",
				"value", shorten(text), "max", strconv.Itoa(MaxForks))
		}
		for changed {
			var change string
			change, changes, changed = strings.Cut(changes, ",")
			name, value, found := strings.Cut(change, ":")
			if !found {
				return nil, malformedFork(text)
			}
			if err := f.set(name, value); err != nil {
				return nil, err
			}
		}
		forks = append(forks, f)
	}
	return forks, nil
}

func malformedFork(text string) error {
	return solver.Because("fork", solver.NoValue, `fork is "{value}" but must be {allowed}`,
		"value", shorten(text), "allowed", forkForm)
}

// set adds a change.
func (f *fork) set(name, value string) (err error) {
	to, r := &f.fresh, keys[keySeed]
	switch r.name = forkFresh; name {
	case forkFresh:
	case forkPaint:
		to, r = &f.paint, paintRow
	default:
		k, err := findKey(name)
		if err != nil || !forkable(k) {
			return solver.Because("fork", solver.ForkKey, `fork changes "{value}", which cannot `+
				"be changed on the way; it can change {keys}", "value", shorten(name),
				"keys", forkKeys())
		}
		to, r = &f.changes[k], keys[k]
	}
	if *to != "" {
		return f.refused(twice(name))
	}
	if *to, err = r.value(value); err != nil {
		return f.refused(err)
	}
	return nil
}

// forkKeys lists what a fork can change.
func forkKeys() string {
	names := ""
	for k := range keys {
		if forkable(key(k)) {
			names += keys[k].name + ", "
		}
	}
	return names + forkFresh + ", " + forkPaint
}

// refused returns an error about what the fork changes: that of the key which it changes, with the
// step among its values.
func (f *fork) refused(err error) error {
	wrong, ok := err.(*Error)
	if !ok {
		return err
	}
	values := map[string]any{"after": strconv.Itoa(f.step), "of": wrong.Key}
	for name, value := range wrong.Values {
		values[name] = value
	}
	return &Error{Key: "fork", Message: "after step " + strconv.Itoa(f.step) + " " + wrong.Message,
		Reason: wrong.Reason, Values: values}
}

// forkText checks a value of the key fork and returns its shortest form.
func forkText(text string) (string, error) {
	forks, err := parseForks(text)
	if err != nil {
		return "", err
	}
	return writeForks(forks), nil
}

// writeForks returns the text of forks.
func writeForks(forks []fork) string {
	var b []byte
	for i := range forks {
		f := &forks[i]
		if i > 0 {
			b = append(b, forkBefore...)
		}
		b = strconv.AppendInt(b, int64(f.step), 10)
		for k, value := range f.changes {
			if value != "" {
				b = append(b, ","+keys[k].name+":"+value...)
			}
		}
		if f.fresh != "" {
			b = append(b, ","+forkFresh+":"+f.fresh...)
		}
		if f.paint != "" {
			b = append(b, ","+forkPaint+":"+f.paint...)
		}
	}
	return string(b)
}

// ownOption reports whether a key's value belongs to one sampler and not to the next.
func ownOption(k key) bool {
	switch k {
	case keySampler, keySteps, keySpacing, keySigmas, keyClip, keyReading, keyCache:
		return false
	}
	return keys[k].group == GroupSampler || keys[k].group == GroupLangevin
}

// changed returns a recipe with the fork's changes. sampler is that of the recipe: another one
// begins with the options of its own. A class takes the place of a word.
func (f *fork) changed(r Recipe, sampler string) Recipe {
	another := f.changes[keySampler] != "" && f.changes[keySampler] != sampler
	for k, value := range f.changes {
		if value != "" || another && ownOption(key(k)) {
			r.values[k] = value
		}
	}
	if f.changes[keyClass] != "" {
		r.values[keyWord] = ""
	}
	return r
}

// unforked returns the canonical recipe of what forks change, with its number of pictures. What
// has no effect before a fork is not in it, and has none after it.
func (s *Settings) unforked(images int) Recipe {
	r := s.Recipe()
	r.values[keyFork], r.values[keyOrigin], r.values[keyHash] = "", "", ""
	r.values[keyImages] = strconv.Itoa(images)
	return r
}

// takeForks sets Fork and Legs of the settings of a recipe without forks.
func (s *Settings) takeForks(text string, info Info) error {
	forks, err := parseForks(text)
	if err != nil {
		return err
	}
	if s.Image != "" || cascaded(s) {
		with := "image"
		if cascaded(s) {
			with = info.Name
		}
		return solver.Because("fork", solver.NoFork, "fork cannot be used with {value}, because "+
			"that run has two parts already; leave one of them out", "value", with)
	}
	r, before := s.unforked(s.Images), s
	s.Legs = make([]Leg, len(forks))
	for i := range forks {
		f, l := &forks[i], &s.Legs[i]
		l.Step, l.Fresh = f.step, f.fresh != ""
		l.Noise, _ = strconv.ParseUint(f.fresh, 10, 64)
		l.Paint, _ = parsePaint(f.paint)
		if err := info.checkPaint(l.Paint); err != nil {
			return err
		}
		if l.Settings, err = Resolve(f.changed(r, before.Sampler), info); err != nil {
			return f.refused(err)
		}
		if name := l.Settings.Class; f.changes[keyClass] != "" &&
			strings.IndexByte(name, ',') < 0 && strings.IndexByte(name, forkBefore[0]) < 0 {
			f.changes[keyClass] = name
		}
		f.shorten(r, before.Sampler, &l.Settings, info)
		r, before = l.Settings.unforked(s.Images), &l.Settings
	}
	s.Fork = writeForks(forks)
	return nil
}

// shorten leaves out what the fork writes and does not change. s are the settings after it, r and
// sampler those before.
func (f *fork) shorten(r Recipe, sampler string, s *Settings, info Info) {
	for k := keyCount - 1; k >= 0; k-- {
		if f.changes[k] == "" {
			continue
		}
		without := *f
		without.changes[k] = ""
		same, err := Resolve(without.changed(r, sampler), info)
		if err == nil && same.Recipe().String() == s.Recipe().String() {
			*f = without
		}
	}
}

// last returns the settings after the last fork.
func (s *Settings) last() *Settings {
	if n := len(s.Legs); n > 0 {
		return &s.Legs[n-1].Settings
	}
	return s
}

// Unforked returns the recipe without its forks.
func (r Recipe) Unforked() Recipe {
	r.values[keyFork] = ""
	return r
}

// legs returns the recipes of the parts of the run, of which only the written keys are right.
func (r Recipe) legs() []Recipe {
	forks, err := parseForks(r.values[keyFork])
	all := []Recipe{r.Unforked()}
	for i := 0; i < len(forks) && err == nil; i++ {
		r := all[i]
		if class := r.values[keyClass]; (class == "" || class == classNone) &&
			r.values[keyWord] == "" {
			r.values[keySteering] = "" // of no effect without a class
		}
		all = append(all, forks[i].changed(r, ""))
	}
	return all
}
