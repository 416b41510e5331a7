package recipe

import (
	"strconv"

	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

//go:generate go run ./gen

// key numbers the keys of a recipe in their canonical order.
type key int

const (
	keyModel key = iota
	keyClass
	keyWord
	keySeed
	keyTo
	keyPlane
	keyPlace
	keyImages
	keySampler
	keySteps
	keyBaseSteps
	keyAugmentation
	keyGuidance
	keyGuidanceLow
	keyGuidanceHigh
	keyProject
	keyRescale
	keySteering
	keyClassifier
	keyAuto
	keyWeak
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
	keyCache
	keyNoise
	keyImage
	keyMask
	keyStrength
	keyResample
	keyJump
	keyInvert
	keyFork
	keyOrigin
	keyHash
	keyCount
)

// row is everything about one key, except what a model's file says about it.
type row struct {
	name  string
	alias string // another name, which is read but not written
	kind  Kind
	group Group
	// The limits of a number or whole number. With open, min itself is not allowed.
	min, max float64
	open     bool
	choices  func() []string // the values of a Choice
	// check returns the shortest form of a Text's value, and false for a value that is not allowed.
	// Other kinds may have it in place of the kind's own check.
	check   func(value string) (string, bool)
	allowed string // completes "it must be …" in place of the kind's own words
	// field returns a pointer to the value in Settings; nil where Resolve computes the value.
	field func(s *Settings) any
	// text returns the value as a recipe writes it, "" for none; nil to write the field.
	text func(s *Settings) string
	zero bool // 0 is a value like others; without zero it means that the key has no effect
	// applies reports whether the key belongs to settings; nil for always. Settings.idle says
	// whether it has an effect there.
	applies func(s *Settings) bool
}

// Limits that several rows share. A number of steps is also limited by the model's T.
const (
	MaxImages   = 64
	MaxGuidance = 100
	maxSteps    = 1_000_000
	maxSigma    = 1_000_000
	maxCache    = 100
)

// Values with their own meaning.
const (
	defaultModel = "digits"
	classNone    = "none"
	classAll     = "all"
	on           = "on"
	off          = "off"
	NoisePhilox  = "philox"
	NoiseTorch   = "torch"
)

const (
	fileName    = "a file name of letters, digits, dots, hyphens and underscores"
	wholeToT    = "a whole number from 1 to the model's number of timesteps"
	seedNumber  = "a whole number from 0 to 18446744073709551615"
	hashDigits8 = "8 hexadecimal digits of the weights' hash, a dot and the version, " +
		"as in 5630e90f.1"
)

// keys is the table of recipe keys, in canonical order. To add a key, add a constant, a row here
// and in words, and a field where its effect is: in solver.Options, in guidance.ClassifierFree, or
// in Settings. The parser, the canonical text, the command line, README's table and the page's
// controls follow from the rows.
var keys = [keyCount]row{
	keyModel: {
		name: "m", kind: Text, group: GroupPicture, check: modelName, allowed: fileName,
		text: func(s *Settings) string { return s.Model },
	},
	keyClass: {
		name: "c", kind: Text, group: GroupPicture, check: className,
		allowed: "a class's name or index, none, or all",
		text:    func(s *Settings) string { return s.Class },
	},
	keyWord: {
		name: "w", kind: Text, group: GroupPicture, check: wordText,
		allowed: "a word of up to 64 letters, each the name of a class",
		text:    func(s *Settings) string { return s.Word },
	},
	keySeed: {
		name: "s", kind: Text, group: GroupPicture, check: seedText, allowed: seedNumber,
		field: func(s *Settings) any { return &s.Seed },
	},
	keyTo: {
		name: "to", kind: Text, group: GroupPicture, check: seedText, allowed: seedNumber,
		field: func(s *Settings) any { return &s.To },
		text: func(s *Settings) string {
			if !s.Between {
				return ""
			}
			return strconv.FormatUint(s.To, 10)
		},
	},
	keyPlane: {
		name: "plane", kind: Text, group: GroupPicture, check: planeText, allowed: planeSeeds,
		field: func(s *Settings) any { return &s.Plane },
		text:  func(s *Settings) string { return s.Plane.seeds() },
	},
	keyPlace: {
		name: "at", kind: Text, group: GroupPicture, check: placeText, allowed: planePlace,
		field:   func(s *Settings) any { return &s.Place },
		text:    func(s *Settings) string { return s.Place.text() },
		applies: planar,
	},
	keyImages: {
		name: "n", kind: Whole, group: GroupPicture, min: 1, max: MaxImages,
		field: func(s *Settings) any { return &s.Images },
	},
	keySampler: {
		name: "k", kind: Choice, group: GroupSampler, choices: solver.Names,
		field: func(s *Settings) any { return &s.Sampler },
	},
	keySteps: {
		name: "steps", kind: Whole, group: GroupSampler, min: 1, max: maxSteps, allowed: wholeToT,
		field: func(s *Settings) any { return &s.Steps },
	},
	keyBaseSteps: {
		name: "bsteps", kind: Whole, group: GroupCascade, min: 1, max: maxSteps, allowed: wholeToT,
		field:   func(s *Settings) any { return &s.BaseSteps },
		applies: cascaded,
	},
	keyAugmentation: {
		name: "aug", kind: Whole, group: GroupCascade, max: maxSteps,
		allowed: "a whole number from 0 to the model's last timestep",
		field:   func(s *Settings) any { return &s.Augmentation },
		text: func(s *Settings) string {
			if s.Augmentation < 0 {
				return ""
			}
			return strconv.Itoa(s.Augmentation)
		},
		applies: cascaded,
	},
	keyGuidance: {
		name: "g", kind: Number, group: GroupGuidance, max: MaxGuidance, zero: true,
		field: func(s *Settings) any { return &s.Guidance },
	},
	keyGuidanceLow: {
		name: "glow", kind: Number, group: GroupGuidance, max: maxSigma,
		field: func(s *Settings) any { return &s.GuidanceLow },
	},
	keyGuidanceHigh: {
		name: "ghigh", kind: Number, group: GroupGuidance, max: maxSigma, open: true,
		field: func(s *Settings) any { return &s.GuidanceHigh },
	},
	keyProject: {
		name: "project", kind: Number, group: GroupGuidance, max: 1,
		field: func(s *Settings) any { return &s.Project },
	},
	keyRescale: {
		name: "rescale", kind: Number, group: GroupGuidance, max: 1,
		field: func(s *Settings) any { return &s.Rescale },
	},
	keySteering: {
		name: "cg", kind: Number, group: GroupGuidance, max: MaxGuidance,
		field: func(s *Settings) any { return &s.Steering },
	},
	keyClassifier: {
		name: "classifier", kind: Text, group: GroupGuidance, check: modelName, allowed: fileName,
		field:   func(s *Settings) any { return &s.Classifier },
		applies: steered,
	},
	keyAuto: {
		name: "ag", kind: Number, group: GroupGuidance, max: MaxGuidance, zero: true,
		field: func(s *Settings) any { return &s.Auto },
	},
	keyWeak: {
		name: "weak", kind: Text, group: GroupGuidance, check: modelName, allowed: fileName,
		field:   func(s *Settings) any { return &s.Weak },
		applies: autoguided,
	},
	keyEta: {
		name: "eta", kind: Number, group: GroupSampler, max: 1, zero: true,
		field: func(s *Settings) any { return &s.Eta },
	},
	keyOrder: {
		name: "order", kind: Whole, group: GroupSampler, min: 1, max: 4,
		field: func(s *Settings) any { return &s.Order },
	},
	keySolver: {
		name: "solver", kind: Choice, group: GroupSampler, choices: solver.Kinds,
		field: func(s *Settings) any { return &s.Solver },
	},
	keySpacing: {
		name: "spacing", kind: Choice, group: GroupSampler, choices: schedule.Spacings,
		field: func(s *Settings) any { return (*string)(&s.Spacing) },
	},
	keySigmas: {
		name: "sigmas", kind: Choice, group: GroupSampler, choices: schedule.SigmaKinds,
		field: func(s *Settings) any { return (*string)(&s.Sigmas) },
	},
	keyFinal: {
		name: "final", kind: Choice, group: GroupSampler, choices: schedule.Finals,
		field: func(s *Settings) any { return (*string)(&s.Final) },
	},
	keyChurn: {
		name: "churn", kind: Number, group: GroupSampler, max: 1000,
		field: func(s *Settings) any { return &s.Churn },
	},
	keyCorrect: {
		name: "correct", kind: Whole, group: GroupLangevin, max: 1000,
		field: func(s *Settings) any { return &s.Correct },
		text: func(s *Settings) string {
			if s.Rule == "" || s.Level != 0 {
				return ""
			}
			return strconv.Itoa(s.Correct)
		},
		applies: corrected,
	},
	keyStepRule: {
		name: "rule", kind: Choice, group: GroupLangevin, choices: rules,
		field:   func(s *Settings) any { return &s.Rule },
		applies: langevin,
	},
	keySize: {
		name: "stepsize", kind: Number, group: GroupLangevin, max: maxSigma, open: true,
		field:   func(s *Settings) any { return &s.StepSize },
		applies: langevin,
	},
	keyLevel: {
		name: "level", kind: Number, group: GroupLangevin, max: maxSigma, open: true,
		field:   func(s *Settings) any { return &s.Level },
		applies: oneLevel,
	},
	keyClip: {
		name: "clip", kind: Text, group: GroupSampler, check: clipText,
		allowed: "none, dynamic, or a bound above 0 and up to 1000",
		field:   func(s *Settings) any { return &s.Clip },
	},
	keyVariance: {
		name: "variance", kind: Choice, group: GroupSampler, choices: schedule.Variances,
		field: func(s *Settings) any { return (*string)(&s.Variance) },
	},
	keyRederive: {
		name: "rederive", kind: Choice, group: GroupSampler, choices: onOff, allowed: "on or off",
		field: func(s *Settings) any { return &s.Rederive },
	},
	keyReading: {
		name: "reading", kind: Choice, group: GroupSampler, choices: solver.Readings,
		field: func(s *Settings) any { return &s.Reading },
	},
	keyCache: {
		name: "cache", kind: Whole, group: GroupSampler, min: 1, max: maxCache,
		field: func(s *Settings) any { return &s.Cache },
	},
	keyNoise: {
		name: "noise", alias: "rng", kind: Choice, group: GroupPicture, choices: noises,
		field: func(s *Settings) any { return &s.Noise },
	},
	keyImage: {
		name: "image", kind: Text, group: GroupGiven, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Image },
	},
	keyMask: {
		name: "mask", kind: Text, group: GroupGiven, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Mask },
		applies: begun,
	},
	keyStrength: {
		name: "strength", kind: Number, group: GroupGiven, max: 1, open: true,
		field:   func(s *Settings) any { return &s.Strength },
		applies: begun,
	},
	keyResample: {
		name: "resample", kind: Whole, group: GroupGiven, min: 1, max: 100,
		field:   func(s *Settings) any { return &s.Resample },
		applies: masked,
	},
	keyJump: {
		name: "jump", kind: Whole, group: GroupGiven, min: 1, max: 1000,
		field:   func(s *Settings) any { return &s.Jump },
		applies: resampled,
	},
	keyInvert: {
		name: "invert", kind: Text, group: GroupGiven, check: className,
		allowed: "a class's name or index, or none",
		field:   func(s *Settings) any { return &s.Invert },
		applies: begun,
	},
	keyFork: {
		name: "fork", kind: Text, group: GroupFork, check: anyText, allowed: forkForm,
		field:   func(s *Settings) any { return &s.Fork },
		applies: forked,
	},
	keyOrigin: {
		name: "by", kind: Text, group: GroupResult, check: originText, allowed: hashDigits8,
		field: func(s *Settings) any { return &s.Origin },
	},
	keyHash: {
		name: "h", kind: Text, group: GroupResult, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Hash },
	},
}

func rules() []string { return []string{solver.RuleSNR, solver.RuleScaled, solver.RuleFixed} }

func noises() []string { return []string{NoisePhilox, NoiseTorch} }

func onOff() []string { return []string{on, off} }
