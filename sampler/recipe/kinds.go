package recipe

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"tweedie/sampler/solver"
)

// Kind says what values a key has, and so which control shows them.
type Kind string

// The kinds of keys.
const (
	Whole  Kind = "whole"  // a whole number within limits
	Number Kind = "number" // a decimal number within limits
	Choice Kind = "choice" // one of a list
	Text   Kind = "text"   // anything else
)

// Group says what a key is about.
type Group string

// The groups of keys.
const (
	GroupPicture  Group = "picture"  // what is drawn, and from what noise
	GroupSampler  Group = "sampler"  // how it is drawn
	GroupGuidance Group = "guidance" // how strongly towards a class
	GroupLangevin Group = "langevin" // options of samplers with Langevin steps
	GroupGiven    Group = "given"    // a picture to begin with
	GroupCascade  Group = "cascade"  // options of models in two stages
	GroupFork     Group = "forks"    // what is changed on the way
	GroupResult   Group = "result"   // the result; nothing is computed from it
)

// Key is a row of the table of keys, for people and controls.
type Key struct {
	Name     string
	Alias    string // another name, which is read but not written
	Kind     Kind
	Group    Group
	Min, Max float64 // limits of a Whole or Number
	Open     bool    // Min itself is not allowed
	Choices  []string
	Allowed  string // completes the sentence "it must be …"
	Flag     string // of the command line; "" for none
	Doc      string // one line of Markdown
	Standard string // the default, which a model's file may replace; Markdown
}

// Keys lists the keys of a recipe in canonical order.
func Keys() []Key {
	list := make([]Key, 0, keyCount)
	for i := range keys {
		r, w := &keys[i], &words[i]
		k := Key{r.name, r.alias, r.kind, r.group, r.min, r.max, r.open, nil, r.mustBe(),
			w.flag, w.doc, w.standard}
		if r.choices != nil {
			k.Choices = r.choices()
		}
		list = append(list, k)
	}
	return list
}

// findKey returns the key with a name or alias.
func findKey(name string) (key, error) {
	for k := range keys {
		if r := &keys[k]; r.name == name || r.alias != "" && r.alias == name {
			return key(k), nil
		}
	}
	known := make([]string, len(keys))
	for k := range keys {
		known[k] = keys[k].name
	}
	return 0, Unknown(name, known)
}

// value returns the shortest form of a value. The error names the key.
func (r *row) value(text string) (string, error) {
	if r.group == GroupFork {
		return forkText(text)
	}
	short, ok := r.shortest(text)
	if !ok {
		return "", solver.Because(r.name, r.reason(text),
			r.name+` is "{value}" but must be {allowed}`, "value", shorten(text),
			"min", number(r.min), "max", number(r.max), "allowed", r.mustBe())
	}
	return short, nil
}

// reason returns why the key cannot have a value.
func (r *row) reason(text string) solver.Reason {
	f, ok := decimal(text)
	switch {
	case r.kind == Choice:
		return solver.NoChoice
	case r.kind == Text:
		return solver.NoValue
	case r.kind == Whole && (!ok || f != math.Trunc(f) || f >= r.min && f <= r.max):
		return solver.NoWhole // also where its value is one: 5.0 and 1e3 are other forms
	case !ok:
		return solver.NoNumber
	case r.open:
		return solver.Above
	}
	return solver.Limits
}

// shortest returns the shortest form of a value, and false for a value that the key cannot have.
func (r *row) shortest(text string) (string, bool) {
	if r.check != nil {
		return r.check(text)
	}
	switch r.kind {
	case Whole:
		n, err := strconv.ParseUint(text, 10, 64)
		return strconv.FormatUint(n, 10), err == nil && float64(n) >= r.min && float64(n) <= r.max
	case Number:
		f, ok := decimal(text)
		return solver.Number(f), ok && (f > r.min || f == r.min && !r.open) && f <= r.max
	}
	for _, word := range r.choices() {
		if word == text {
			return text, true
		}
	}
	return "", false
}

// mustBe completes the sentence "it must be …".
func (r *row) mustBe() string {
	if r.allowed != "" {
		return r.allowed
	}
	low, high := number(r.min), number(r.max)
	switch {
	case r.kind == Whole:
		return "a whole number from " + low + " to " + high
	case r.kind == Number && r.open:
		return "a number above " + low + " and up to " + high
	case r.kind == Number:
		return "a number from " + low + " to " + high
	}
	words := r.choices()
	if last := len(words) - 1; last > 0 && last < 4 {
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	return "one of " + strings.Join(words, ", ")
}

// number writes a limit without an exponent.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// shorten cuts a text to about 40 bytes, for an error sentence.
func shorten(s string) string {
	const limit = 40
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// decimal reads a finite decimal number. It refuses strconv's hexadecimal, underscored, infinite
// and NaN forms.
func decimal(s string) (float64, bool) {
	for i := range len(s) {
		if strings.IndexByte("0123456789.eE+-", s[i]) < 0 {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// anyText accepts what another function checks.
func anyText(s string) (string, bool) { return s, s != "" }

func seedText(s string) (string, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return strconv.FormatUint(n, 10), err == nil
}

// modelName accepts names that are usable as a file name and in a URL and cannot leave their
// folder.
func modelName(s string) (string, bool) {
	if s == "" || len(s) > 64 || s[0] == '.' {
		return "", false
	}
	for i := 0; i < len(s); i++ {
		if !unreserved(s[i]) || s[i] == '~' {
			return "", false
		}
	}
	return s, true
}

func className(s string) (string, bool) {
	if s == "" || len(s) > 200 || !utf8.ValidString(s) {
		return "", false
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return "", false
		}
	}
	return s, true
}

func clipText(s string) (string, bool) {
	if s == solver.ClipNone || s == solver.ClipDynamic {
		return s, true
	}
	bound := row{kind: Number, open: true, max: 1000}
	return bound.shortest(s)
}

func hashText(s string) (string, bool) {
	if len(s) != 16 {
		return "", false
	}
	for i := 0; i < len(s); i++ {
		if hexValue(s[i]) < 0 {
			return "", false
		}
	}
	return lowered(s), true
}
