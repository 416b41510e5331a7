package recipe

// keyWords is what people are told of a key. Only Keys reads it, so a program that never lists the
// keys, as the sampler's in a page, does not carry it.
type keyWords struct {
	flag     string // of the command line; "" for none
	doc      string // one line of Markdown that is clear without the other rows
	standard string // the default, which a model's file may replace
}

// words are those of all keys, in canonical order.
var words = [keyCount]keyWords{
	keyModel: {doc: "model: a file of `weights/`, without its extension", standard: "digits"},
	keyClass: {
		flag:     "class",
		doc:      "class by name or index, `none`, or `all` for one picture of each",
		standard: "none",
	},
	keyWord: {
		flag: "word",
		doc:  "word in place of a class: one picture for each letter, in a row",
	},
	keySeed: {flag: "seed", doc: "seed of the noise, 64 bits", standard: "1"},
	keyTo:   {flag: "to", doc: "second seed: the pictures go from one to the other"},
	keyPlane: {
		flag: "plane",
		doc: "seeds of the other corners of a plane, two or three, as in `5,9,12`: a grid of " +
			"pictures",
	},
	keyPlace: {
		flag: "at",
		doc:  "place in the plane, as in `0.25,0.5`: right of the corner `s`, below it",
	},
	keyImages: {
		flag:     "n",
		doc:      "number of pictures",
		standard: "1; 8 with `to`, 16 with `plane`; one for each class with `c=all`",
	},
	keySampler: {
		flag:     "sampler",
		doc:      "sampler: `ddim`, `ddpm`, `euler`, `dpmpp_2m` and about thirty more",
		standard: "ddim",
	},
	keySteps: {flag: "steps", doc: "solver steps", standard: "50"},
	keyBaseSteps: {
		flag:     "bsteps",
		doc:      "steps of a cascade's first stage",
		standard: "`steps`",
	},
	keyAugmentation: {
		flag:     "aug",
		doc:      "timestep of the noise on the small picture of a cascade's second stage",
		standard: "the file's",
	},
	keyGuidance: {
		flag:     "guidance",
		doc:      "guidance scale: 0 without the class, 1 with it, more is stronger",
		standard: "1.5",
	},
	keyGuidanceLow: {
		flag:     "glow",
		doc:      "guidance acts only above this noise level σ; at it and below the scale is 1",
		standard: "0",
	},
	keyGuidanceHigh: {
		flag:     "ghigh",
		doc:      "guidance acts up to this noise level σ",
		standard: "no limit",
	},
	keyProject: {
		flag: "project",
		doc: "share of guidance along the prediction with the class that is left out (projected " +
			"guidance)",
		standard: "0",
	},
	keyRescale: {
		flag:     "rescale",
		doc:      "share of the prediction's spread that guidance must keep",
		standard: "0",
	},
	keySteering: {
		flag:     "classifier-guidance",
		doc:      "classifier guidance: scale of ∇ log p(class \\| x_t); with `g=0` alone",
		standard: "0",
	},
	keyClassifier: {
		doc:      "classifier for `cg`: a file of `weights/`",
		standard: "the model's name with `-classifier`",
	},
	keyAuto: {
		flag: "autoguidance",
		doc: "autoguidance: scale of the difference to a weaker version of the model; above 1 it " +
			"leads away from it",
		standard: "1",
	},
	keyWeak: {
		doc:      "weaker version for `ag`: a file of `weights/`",
		standard: "the model's name with `-weak`",
	},
	keyEta: {
		flag:     "eta",
		doc:      "noise added by DDIM, ancestral and SDE samplers",
		standard: "0 of DDIM, 1 of most others",
	},
	keyOrder: {
		flag:     "order",
		doc:      "order of the solver",
		standard: "the sampler's, mostly 2",
	},
	keySolver: {
		flag:     "solver",
		doc:      "form of the solver: `midpoint`, `heun`, `bh1`, `bh2`, …",
		standard: "the sampler's",
	},
	keySpacing: {
		flag:     "spacing",
		doc:      "spacing of the timesteps: `leading`, `linspace` or `trailing`",
		standard: "leading",
	},
	keySigmas: {
		flag:     "sigmas",
		doc:      "noise levels: `schedule`, `karras`, `exponential`, `beta`, …",
		standard: "schedule",
	},
	keyFinal: {
		flag:     "final",
		doc:      "noise level after the last step: `zero` or `sigma_min`",
		standard: "the sampler's",
	},
	keyChurn: {
		flag:     "churn",
		doc:      "noise added before the steps, in all (Karras et al.)",
		standard: "0",
	},
	keyCorrect: {
		flag:     "correct",
		doc:      "Langevin steps on each noise level (annealed, vp_pc, ve_pc)",
		standard: "3 of annealed, else 1",
	},
	keyStepRule: {
		flag: "rule",
		doc: "rule for the size of Langevin steps: `snr`, `scaled` (by the level's noise " +
			"squared) or `fixed`",
		standard: "the sampler's",
	},
	keySize: {
		flag:     "stepsize",
		doc:      "size of a Langevin step, by its rule",
		standard: "0.15, 0.3 or 0.001 by the rule",
	},
	keyLevel: {flag: "level", doc: "noise level σ of the sampler langevin", standard: "0.5"},
	keyClip: {
		flag:     "clip",
		doc:      "bound of x̂0, `none`, or `dynamic` (thresholding)",
		standard: "1",
	},
	keyVariance: {
		flag:     "variance",
		doc:      "DDPM's variance: `fixed_small`, `fixed_large`, `learned_range`, …",
		standard: "fixed_small",
	},
	keyRederive: {
		flag:     "rederive",
		doc:      "`on`: DDIM derives ε̂ again from the bounded x̂0",
		standard: "off",
	},
	keyReading: {
		flag: "reading",
		doc: "reading of the network's output that the sampler gets: `x0`, `epsilon`, `v` " +
			"or `score`",
		standard: "what it was trained to",
	},
	keyCache: {
		flag: "cache",
		doc: "how many evaluations in a row share the deep features of the first; more are " +
			"faster and less exact (DeepCache)",
		standard: "1",
	},
	keyNoise: {
		flag: "noise",
		doc: "`torch` draws what `torch.manual_seed(s+i)` draws for picture i; also read " +
			"as `rng`",
		standard: "philox",
	},
	keyImage: {doc: "hash of a picture to begin with"},
	keyMask:  {doc: "hash of a mask: white parts are drawn again"},
	keyStrength: {
		flag:     "strength",
		doc:      "share of the steps that is taken from the picture",
		standard: "0.8; 1 with `mask` or `invert`",
	},
	keyResample: {
		flag:     "resample",
		doc:      "times to go over each stretch of steps with a mask (RePaint)",
		standard: "1",
	},
	keyJump: {
		flag:     "jump",
		doc:      "number of steps in a stretch that `resample` repeats",
		standard: "10, less with few steps",
	},
	keyInvert: {
		flag: "invert",
		doc: "the picture's class, or `none`: the picture is turned into noise, and the " +
			"noise into a picture of class `c`",
	},
	keyFork: {
		flag: "fork",
		doc: "changes on the way, as in `12,c:8,g:3`: after 12 steps the run goes on with them, " +
			"or with new noise (`fresh:5`) or `paint`; `~` comes before a later fork",
	},
	keyOrigin: {doc: "what `h` was made with: the weights' hash and the program's version"},
	keyHash:   {doc: "hash of the pixels; nothing is computed from it"},
}
