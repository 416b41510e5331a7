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

	flag     string // of the command line; "" for none
	doc      string // one line of Markdown that is clear without the other rows
	standard string // the default, which a model's file may replace
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

// keys is the table of recipe keys, in canonical order. To add a key, add a constant, a row here,
// and a field where its effect is: in solver.Options, in guidance.ClassifierFree, or in Settings.
// The parser, the canonical text, the command line, README's table and the page's controls follow
// from the row.
var keys = [keyCount]row{
	keyModel: {
		name: "m", kind: Text, group: GroupPicture, check: modelName, allowed: fileName,
		text: func(s *Settings) string { return s.Model },
		doc:  "model: a file of `weights/`, without its extension", standard: "digits",
	},
	keyClass: {
		name: "c", kind: Text, group: GroupPicture, check: className,
		allowed: "a class's name or index, none, or all",
		text:    func(s *Settings) string { return s.Class },
		flag:    "class", doc: "class by name or index, `none`, or `all` for one picture of each",
		standard: "none",
	},
	keyWord: {
		name: "w", kind: Text, group: GroupPicture, check: wordText,
		allowed: "a word of up to 64 letters, each the name of a class",
		text:    func(s *Settings) string { return s.Word },
		flag:    "word", doc: "word in place of a class: one picture for each letter, in a row",
	},
	keySeed: {
		name: "s", kind: Text, group: GroupPicture, check: seedText, allowed: seedNumber,
		field: func(s *Settings) any { return &s.Seed },
		flag:  "seed", doc: "seed of the noise, 64 bits", standard: "1",
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
		flag: "to", doc: "second seed: the pictures go from one to the other",
	},
	keyPlane: {
		name: "plane", kind: Text, group: GroupPicture, check: planeText, allowed: planeSeeds,
		field: func(s *Settings) any { return &s.Plane },
		text:  func(s *Settings) string { return s.Plane.seeds() },
		flag:  "plane",
		doc: "seeds of the other corners of a plane, two or three, as in `5,9,12`: a grid of " +
			"pictures",
	},
	keyPlace: {
		name: "at", kind: Text, group: GroupPicture, check: placeText, allowed: planePlace,
		field: func(s *Settings) any { return &s.Place },
		text:  func(s *Settings) string { return s.Place.text() },
		flag:  "at", doc: "place in the plane, as in `0.25,0.5`: right of the corner `s`, below it",
		applies: planar,
	},
	keyImages: {
		name: "n", kind: Whole, group: GroupPicture, min: 1, max: MaxImages,
		field: func(s *Settings) any { return &s.Images },
		flag:  "n", doc: "number of pictures",
		standard: "1; 8 with `to`, 16 with `plane`; one for each class with `c=all`",
	},
	keySampler: {
		name: "k", kind: Choice, group: GroupSampler, choices: solver.Names,
		field: func(s *Settings) any { return &s.Sampler },
		flag:  "sampler", doc: "sampler: `ddim`, `ddpm`, `euler`, `dpmpp_2m` and about thirty more",
		standard: "ddim",
	},
	keySteps: {
		name: "steps", kind: Whole, group: GroupSampler, min: 1, max: maxSteps, allowed: wholeToT,
		field: func(s *Settings) any { return &s.Steps },
		flag:  "steps", doc: "solver steps", standard: "50",
	},
	keyBaseSteps: {
		name: "bsteps", kind: Whole, group: GroupCascade, min: 1, max: maxSteps, allowed: wholeToT,
		field: func(s *Settings) any { return &s.BaseSteps },
		flag:  "bsteps", doc: "steps of a cascade's first stage", standard: "`steps`",
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
		flag: "aug", doc: "timestep of the noise on the small picture of a cascade's second stage",
		standard: "the file's",
		applies:  cascaded,
	},
	keyGuidance: {
		name: "g", kind: Number, group: GroupGuidance, max: MaxGuidance, zero: true,
		field: func(s *Settings) any { return &s.Guidance },
		flag:  "guidance", doc: "guidance scale: 0 without the class, 1 with it, more is stronger",
		standard: "1.5",
	},
	keyGuidanceLow: {
		name: "glow", kind: Number, group: GroupGuidance, max: maxSigma,
		field:    func(s *Settings) any { return &s.GuidanceLow },
		flag:     "glow",
		doc:      "guidance acts only above this noise level σ; at it and below the scale is 1",
		standard: "0",
	},
	keyGuidanceHigh: {
		name: "ghigh", kind: Number, group: GroupGuidance, max: maxSigma, open: true,
		field: func(s *Settings) any { return &s.GuidanceHigh },
		flag:  "ghigh", doc: "guidance acts up to this noise level σ", standard: "no limit",
	},
	keyProject: {
		name: "project", kind: Number, group: GroupGuidance, max: 1,
		field: func(s *Settings) any { return &s.Project },
		flag:  "project",
		doc: "share of guidance along the prediction with the class that is left out (projected " +
			"guidance)",
		standard: "0",
	},
	keyRescale: {
		name: "rescale", kind: Number, group: GroupGuidance, max: 1,
		field: func(s *Settings) any { return &s.Rescale },
		flag:  "rescale", doc: "share of the prediction's spread that guidance must keep",
		standard: "0",
	},
	keySteering: {
		name: "cg", kind: Number, group: GroupGuidance, max: MaxGuidance,
		field:    func(s *Settings) any { return &s.Steering },
		flag:     "classifier-guidance",
		doc:      "classifier guidance: scale of ∇ log p(class \\| x_t); with `g=0` alone",
		standard: "0",
	},
	keyClassifier: {
		name: "classifier", kind: Text, group: GroupGuidance, check: modelName, allowed: fileName,
		field:    func(s *Settings) any { return &s.Classifier },
		doc:      "classifier for `cg`: a file of `weights/`",
		standard: "the model's name with `-classifier`",
		applies:  steered,
	},
	keyEta: {
		name: "eta", kind: Number, group: GroupSampler, max: 1, zero: true,
		field: func(s *Settings) any { return &s.Eta },
		flag:  "eta", doc: "noise added by DDIM, ancestral and SDE samplers",
		standard: "0 of DDIM, 1 of most others",
	},
	keyOrder: {
		name: "order", kind: Whole, group: GroupSampler, min: 1, max: 4,
		field: func(s *Settings) any { return &s.Order },
		flag:  "order", doc: "order of the solver", standard: "the sampler's, mostly 2",
	},
	keySolver: {
		name: "solver", kind: Choice, group: GroupSampler, choices: solver.Kinds,
		field: func(s *Settings) any { return &s.Solver },
		flag:  "solver", doc: "form of the solver: `midpoint`, `heun`, `bh1`, `bh2`, …",
		standard: "the sampler's",
	},
	keySpacing: {
		name: "spacing", kind: Choice, group: GroupSampler, choices: schedule.Spacings,
		field: func(s *Settings) any { return (*string)(&s.Spacing) },
		flag:  "spacing", doc: "spacing of the timesteps: `leading`, `linspace` or `trailing`",
		standard: "leading",
	},
	keySigmas: {
		name: "sigmas", kind: Choice, group: GroupSampler, choices: schedule.SigmaKinds,
		field: func(s *Settings) any { return (*string)(&s.Sigmas) },
		flag:  "sigmas", doc: "noise levels: `schedule`, `karras`, `exponential`, `beta`, …",
		standard: "schedule",
	},
	keyFinal: {
		name: "final", kind: Choice, group: GroupSampler, choices: schedule.Finals,
		field: func(s *Settings) any { return (*string)(&s.Final) },
		flag:  "final", doc: "noise level after the last step: `zero` or `sigma_min`",
		standard: "the sampler's",
	},
	keyChurn: {
		name: "churn", kind: Number, group: GroupSampler, max: 1000,
		field: func(s *Settings) any { return &s.Churn },
		flag:  "churn", doc: "noise added before the steps, in all (Karras et al.)", standard: "0",
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
		flag: "correct", doc: "Langevin steps on each noise level (annealed, vp_pc, ve_pc)",
		standard: "3 of annealed, else 1",
		applies:  corrected,
	},
	keyStepRule: {
		name: "rule", kind: Choice, group: GroupLangevin, choices: rules,
		field: func(s *Settings) any { return &s.Rule },
		flag:  "rule",
		doc: "rule for the size of Langevin steps: `snr`, `scaled` (by the level's noise " +
			"squared) or `fixed`",
		standard: "the sampler's",
		applies:  langevin,
	},
	keySize: {
		name: "stepsize", kind: Number, group: GroupLangevin, max: maxSigma, open: true,
		field: func(s *Settings) any { return &s.StepSize },
		flag:  "stepsize", doc: "size of a Langevin step, by its rule",
		standard: "0.15, 0.3 or 0.001 by the rule",
		applies:  langevin,
	},
	keyLevel: {
		name: "level", kind: Number, group: GroupLangevin, max: maxSigma, open: true,
		field: func(s *Settings) any { return &s.Level },
		flag:  "level", doc: "noise level σ of the sampler langevin", standard: "0.5",
		applies: oneLevel,
	},
	keyClip: {
		name: "clip", kind: Text, group: GroupSampler, check: clipText,
		allowed: "none, dynamic, or a bound above 0 and up to 1000",
		field:   func(s *Settings) any { return &s.Clip },
		flag:    "clip", doc: "bound of x̂0, `none`, or `dynamic` (thresholding)", standard: "1",
	},
	keyVariance: {
		name: "variance", kind: Choice, group: GroupSampler, choices: schedule.Variances,
		field: func(s *Settings) any { return (*string)(&s.Variance) },
		flag:  "variance", doc: "DDPM's variance: `fixed_small`, `fixed_large`, `learned_range`, …",
		standard: "fixed_small",
	},
	keyRederive: {
		name: "rederive", kind: Choice, group: GroupSampler, choices: onOff, allowed: "on or off",
		field: func(s *Settings) any { return &s.Rederive },
		flag:  "rederive", doc: "`on`: DDIM derives ε̂ again from the bounded x̂0", standard: "off",
	},
	keyReading: {
		name: "reading", kind: Choice, group: GroupSampler, choices: solver.Readings,
		field: func(s *Settings) any { return &s.Reading },
		flag:  "reading",
		doc: "reading of the network's output that the sampler gets: `x0`, `epsilon`, `v` " +
			"or `score`",
		standard: "what it was trained to",
	},
	keyCache: {
		name: "cache", kind: Whole, group: GroupSampler, min: 1, max: maxCache,
		field: func(s *Settings) any { return &s.Cache },
		flag:  "cache",
		doc: "how many evaluations in a row share the deep features of the first; more are " +
			"faster and less exact (DeepCache)",
		standard: "1",
	},
	keyNoise: {
		name: "noise", alias: "rng", kind: Choice, group: GroupPicture, choices: noises,
		field: func(s *Settings) any { return &s.Noise },
		flag:  "noise",
		doc: "`torch` draws what `torch.manual_seed(s+i)` draws for picture i; also read " +
			"as `rng`",
		standard: "philox",
	},
	keyImage: {
		name: "image", kind: Text, group: GroupGiven, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Image },
		doc:     "hash of a picture to begin with",
	},
	keyMask: {
		name: "mask", kind: Text, group: GroupGiven, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Mask },
		doc:     "hash of a mask: white parts are drawn again",
		applies: begun,
	},
	keyStrength: {
		name: "strength", kind: Number, group: GroupGiven, max: 1, open: true,
		field: func(s *Settings) any { return &s.Strength },
		flag:  "strength", doc: "share of the steps that is taken from the picture",
		standard: "0.8; 1 with `mask` or `invert`",
		applies:  begun,
	},
	keyResample: {
		name: "resample", kind: Whole, group: GroupGiven, min: 1, max: 100,
		field: func(s *Settings) any { return &s.Resample },
		flag:  "resample", doc: "times to go over each stretch of steps with a mask (RePaint)",
		standard: "1",
		applies:  masked,
	},
	keyJump: {
		name: "jump", kind: Whole, group: GroupGiven, min: 1, max: 1000,
		field: func(s *Settings) any { return &s.Jump },
		flag:  "jump", doc: "number of steps in a stretch that `resample` repeats",
		standard: "10, less with few steps",
		applies:  resampled,
	},
	keyInvert: {
		name: "invert", kind: Text, group: GroupGiven, check: className,
		allowed: "a class's name or index, or none",
		field:   func(s *Settings) any { return &s.Invert },
		flag:    "invert",
		doc: "the picture's class, or `none`: the picture is turned into noise, and the " +
			"noise into a picture of class `c`",
		applies: begun,
	},
	keyFork: {
		name: "fork", kind: Text, group: GroupFork, check: anyText, allowed: forkForm,
		field: func(s *Settings) any { return &s.Fork },
		flag:  "fork",
		doc: "changes on the way, as in `12,c:8,g:3`: after 12 steps the run goes on with them, " +
			"or with new noise (`fresh:5`) or `paint`; `~` comes before a later fork",
		applies: forked,
	},
	keyOrigin: {
		name: "by", kind: Text, group: GroupResult, check: originText, allowed: hashDigits8,
		field: func(s *Settings) any { return &s.Origin },
		doc:   "what `h` was made with: the weights' hash and the program's version",
	},
	keyHash: {
		name: "h", kind: Text, group: GroupResult, check: hashText,
		allowed: "16 hexadecimal digits",
		field:   func(s *Settings) any { return &s.Hash },
		doc:     "hash of the pixels; nothing is computed from it",
	},
}

func rules() []string { return []string{solver.RuleSNR, solver.RuleScaled, solver.RuleFixed} }

func noises() []string { return []string{NoisePhilox, NoiseTorch} }

func onOff() []string { return []string{on, off} }
