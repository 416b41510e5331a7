package recipe

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// key numbers the keys of a recipe in their canonical order.
type key int

const (
	keyModel key = iota
	keyClass
	keyWord
	keySeed
	keyTo
	keyImages
	keySampler
	keySteps
	keyBaseSteps
	keyAugmentation
	keyGuidance
	keyGuidanceLow
	keyGuidanceHigh
	keyRescale
	keySteering
	keyClassifier
	keyEta
	keyOrder
	keySolver
	keySpacing
	keySigmas
	keyFinal
	keyChurn
	keyCorrect
	keyStepRule
	keySize
	keyLevel
	keyClip
	keyVariance
	keyRederive
	keyReading
	keyNoise
	keyImage
	keyMask
	keyStrength
	keyResample
	keyJump
	keyInvert
	keyOrigin
	keyHash
	keyCount
)

// Limits of a recipe's numbers. A number of steps is also limited by the model's T.
const (
	MaxImages   = 64
	maxSteps    = 1_000_000
	MaxGuidance = 100
	maxClip     = 1000
	maxChurn    = 1000
	maxSigma    = 1_000_000
	maxResample = 100
	maxCorrect  = 1000
	maxJump     = 1000
)

// Values with a meaning of their own.
const (
	defaultModel = "digits"
	classNone    = "none"
	classAll     = "all"
	on           = "on"
	off          = "off"
	NoisePhilox  = "philox"
	NoiseTorch   = "torch"
)

// keyRule is what a value of one key may be, as far as that does not depend on the model. shorten returns the value's shortest
// form; allowed completes the sentence "it must be …".
type keyRule struct {
	name    string
	shorten func(value string) (string, bool)
	allowed string
}

// keys has the rules in the order of the constants above.
var keys = [keyCount]keyRule{
	keyModel:        {"m", modelName, "a file name of letters, digits, dots, hyphens and underscores"},
	keyClass:        {"c", className, "a class's name or index, none, or all"},
	keyWord:         {"w", wordText, "a word of up to 64 letters, each the name of a class"},
	keySeed:         {"s", seedText, "a whole number from 0 to 18446744073709551615"},
	keyTo:           {"to", seedText, "a whole number from 0 to 18446744073709551615"},
	keyImages:       {"n", wholeUpTo(MaxImages), "a whole number from 1 to 64"},
	keySampler:      {"k", oneOf(solver.Names()), "one of " + strings.Join(solver.Names(), ", ")},
	keySteps:        {"steps", wholeUpTo(maxSteps), "a whole number from 1 to the model's number of timesteps"},
	keyBaseSteps:    {"bsteps", wholeUpTo(maxSteps), "a whole number from 1 to the model's number of timesteps"},
	keyAugmentation: {"aug", wholeFrom0(maxSteps), "a whole number from 0 to the model's last timestep"},
	keyGuidance:     {"g", decimalUpTo(MaxGuidance), "a number from 0 to 100"},
	keyGuidanceLow:  {"glow", decimalUpTo(maxSigma), "a number from 0 to 1000000"},
	keyGuidanceHigh: {"ghigh", decimalAbove0(maxSigma), "a number above 0 and up to 1000000"},
	keyRescale:      {"rescale", decimalUpTo(1), "a number from 0 to 1"},
	keySteering:     {"cg", decimalUpTo(MaxGuidance), "a number from 0 to 100"},
	keyClassifier:   {"classifier", modelName, "a file name of letters, digits, dots, hyphens and underscores"},
	keyEta:          {"eta", decimalUpTo(1), "a number from 0 to 1"},
	keyOrder:        {"order", wholeUpTo(4), "a whole number from 1 to 4"},
	keySolver:       {"solver", oneOf(solver.Kinds()), "one of " + strings.Join(solver.Kinds(), ", ")},
	keySpacing:      {"spacing", oneOf(schedule.Spacings()), "one of " + strings.Join(schedule.Spacings(), ", ")},
	keySigmas:       {"sigmas", oneOf(schedule.SigmaKinds()), "one of " + strings.Join(schedule.SigmaKinds(), ", ")},
	keyFinal:        {"final", oneOf(schedule.Finals()), "one of " + strings.Join(schedule.Finals(), ", ")},
	keyChurn:        {"churn", decimalUpTo(maxChurn), "a number from 0 to 1000"},
	keyCorrect:      {"correct", wholeFrom0(maxCorrect), "a whole number from 0 to 1000"},
	keyStepRule:     {"rule", oneOf([]string{solver.RuleSNR, solver.RuleScaled, solver.RuleFixed}), "snr, scaled or fixed"},
	keySize:         {"stepsize", decimalAbove0(maxSigma), "a number above 0 and up to 1000000"},
	keyLevel:        {"level", decimalAbove0(maxSigma), "a number above 0 and up to 1000000"},
	keyClip:         {"clip", clipText, "none, dynamic, or a bound above 0 and up to 1000"},
	keyVariance:     {"variance", oneOf(schedule.Variances()), "one of " + strings.Join(schedule.Variances(), ", ")},
	keyRederive:     {"rederive", oneOf([]string{on, off}), "on or off"},
	keyReading:      {"reading", oneOf([]string{"x0", "epsilon", "v", "score"}), "x0, epsilon, v or score"},
	keyNoise:        {"noise", oneOf([]string{NoisePhilox, NoiseTorch}), "philox or torch"},
	keyImage:        {"image", hashText, "16 hexadecimal digits"},
	keyMask:         {"mask", hashText, "16 hexadecimal digits"},
	keyStrength:     {"strength", strengthText, "a number above 0 and up to 1"},
	keyResample:     {"resample", wholeUpTo(maxResample), "a whole number from 1 to 100"},
	keyJump:         {"jump", wholeUpTo(maxJump), "a whole number from 1 to 1000"},
	keyInvert:       {"invert", className, "a class's name or index, or none"},
	keyOrigin:       {"by", originText, "8 hexadecimal digits of the weights' hash, a dot and the version, as in 5630e90f.1"},
	keyHash:         {"h", hashText, "16 hexadecimal digits"},
}

// findKey returns the key of that name. noise is also read as rng, which is what a generator is called elsewhere.
func findKey(name string) (key, error) {
	if name == "rng" {
		name = keys[keyNoise].name
	}
	for k := range keys {
		if keys[k].name == name {
			return key(k), nil
		}
	}
	known := make([]string, len(keys))
	for k := range keys {
		known[k] = keys[k].name
	}
	return 0, solver.Refuse(name, "there is no key "+strconv.Quote(shorten(name))+"; the keys are "+strings.Join(known, ", "))
}

// check returns the shortest form of a value, or the error that names the key.
func (r *keyRule) check(value string) (string, error) {
	short, ok := r.shorten(value)
	if !ok {
		return "", solver.Refuse(r.name, r.name+" is "+strconv.Quote(shorten(value))+" but must be "+r.allowed)
	}
	return short, nil
}

// shorten cuts a text for an error sentence.
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

func oneOf(words []string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		for _, w := range words {
			if w == s {
				return s, true
			}
		}
		return "", false
	}
}

func wholeUpTo(limit uint64) func(string) (string, bool) {
	return func(s string) (string, bool) {
		n, err := strconv.ParseUint(s, 10, 64)
		return strconv.FormatUint(n, 10), err == nil && n >= 1 && n <= limit
	}
}

func wholeFrom0(limit uint64) func(string) (string, bool) {
	return func(s string) (string, bool) {
		n, err := strconv.ParseUint(s, 10, 64)
		return strconv.FormatUint(n, 10), err == nil && n <= limit
	}
}

func seedText(s string) (string, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return strconv.FormatUint(n, 10), err == nil
}

func decimalUpTo(limit float64) func(string) (string, bool) {
	return func(s string) (string, bool) {
		f, ok := decimal(s)
		return solver.Number(f), ok && f >= 0 && f <= limit
	}
}

func decimalAbove0(limit float64) func(string) (string, bool) {
	return func(s string) (string, bool) {
		f, ok := decimal(s)
		return solver.Number(f), ok && f > 0 && f <= limit
	}
}

// decimal reads a finite decimal number; strconv's hexadecimal, underscored, infinite and NaN forms are refused.
func decimal(s string) (float64, bool) {
	for i := range len(s) {
		if strings.IndexByte("0123456789.eE+-", s[i]) < 0 {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// modelName keeps a model's name usable as a file name and in a URL: it cannot leave its folder.
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
	return decimalAbove0(maxClip)(s)
}

func strengthText(s string) (string, bool) { return decimalAbove0(1)(s) }

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
