package keys

import (
	"strconv"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/digits"
	"tweedie/sampler/lab/vae"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Settings are a recipe with every value known.
type Settings struct {
	Data         string // a preset, or painted
	Gaussians    string // of the preset mixture; "" for its own
	Paint        string // of the data painted, see plane.Canvas
	Noise        float64
	Set          int // points of a finite set; 0 for endlessly many
	Seed         uint64
	Model        string // one of Models
	Levels       int    // of latents
	Prediction   string
	Loss         string
	Schedule     string
	Sigma        float64 // the one noise level that is learned; 0 for all
	Units        int
	Layers       int
	Octaves      int
	Batch        int
	Steps        int
	EncoderSteps int // of the autoencoder of digits
	Reflow       int
	GuideSteps   int // of the classifier of cg; 0 for none
	Rate         float64
	Fall         string // constant or cosine
	Warmup       int
	Decay        float64
	Norm         float64 // of the gradient, at most; 0 for no limit
	Average      float64
	Dropout      float64
	Points       int
	Class        string // a name, none or all
	SolverSteps  int
	Start        float64 // standard deviation of the points before langevin's first step; 0: its σ
	Hash         string  // h as written

	sampling []pair // keys of samplers as written, in canonical order
}

// pair is a written key.
type pair struct{ name, value string }

// row is one key of the lab's own.
type row struct {
	recipe.Key
	field func(s *Settings) any // *string, *int, *float64 or *uint64
	// check returns the shortest form of a Text, and false for one that is not allowed.
	check func(text string) (string, bool)
	of    []string // the kinds of models that have the key; nil for a key of all
}

// The groups of keys.
const (
	GroupData     recipe.Group = "data"
	GroupTarget   recipe.Group = "target"   // what is learned
	GroupNetwork  recipe.Group = "network"  // by what
	GroupTraining recipe.Group = "training" // and how
	GroupPoints   recipe.Group = "points"   // what is drawn
	GroupResult   recipe.Group = recipe.GroupResult
)

// Values with their own meaning.
const (
	constant  = "constant"
	cosine    = "cosine"
	classNone = "none"
	classAll  = "all"
	langevin  = "langevin"
	euler     = "euler"
	flow      = "flow"
)

// The kinds of models.
const (
	Diffusion = "diffusion" // a network that predicts, and that samplers run
	VAE       = "vae"       // encoders and decoders of latents
	Latent    = "latent"    // an autoencoder of digits, and then a diffusion of their latents
)

// Models lists the kinds of models.
func Models() []string { return []string{Diffusion, VAE, Latent} }

// The kinds that have keys of their own.
var denoisers, autoencoders, ofDigits = []string{Diffusion, Latent}, []string{VAE}, []string{Latent}

// Digits is the name of data that are no points but pictures, which only m=latent learns.
const Digits = "digits"

// Presets lists the data that have a name: those of the plane, and digits.
func Presets() []plane.Preset {
	d := plane.Preset{Name: Digits, Doc: "digits in typefaces of many kinds, " +
		strconv.Itoa(digits.Side) + " pixels wide, which an autoencoder brings to the plane"}
	for class := range digits.Classes {
		d.Classes = append(d.Classes, strconv.Itoa(class))
	}
	return append(plane.Presets(), d)
}

// predictions are what a network may predict, by the names of recipes.
var predictions = []struct {
	name string
	kind schedule.Prediction
}{{"x0", schedule.Sample}, {"epsilon", schedule.Epsilon}, {"score", schedule.Score},
	{"v", schedule.V}, {flow, schedule.FlowVelocity}}

// table has the lab's own keys in canonical order. The keys of samplers follow k, see sampling.
var table = []row{
	{Key: recipe.Key{Name: "d", Kind: recipe.Choice, Group: GroupData,
		Choices: append(plane.Names(), plane.PaintedData, Digits), Doc: "data"},
		field: func(s *Settings) any { return &s.Data }},
	{Key: recipe.Key{Name: "gauss", Kind: recipe.Text, Group: GroupData,
		Allowed: "Gaussians weight,x,y,spread or weight,x,y,spread,class with semicolons between",
		Doc:     "Gaussians of `d=mixture`: weight,x,y,spread,class of each, with `;` between"},
		field: func(s *Settings) any { return &s.Gaussians }, check: gaussians},
	{Key: recipe.Key{Name: "paint", Kind: recipe.Text, Group: GroupData,
		Allowed: "the cells of a canvas of 32 by 32, as plane.Canvas writes them",
		Doc: "what `d=painted` has: the cells of a canvas of 32 by 32, with 15 levels of four " +
			"colours"},
		field: func(s *Settings) any { return &s.Paint }, check: painted},
	{Key: recipe.Key{Name: "noise", Kind: recipe.Number, Group: GroupData, Max: 1,
		Doc: "standard deviation of the noise on the data"},
		field: func(s *Settings) any { return &s.Noise }},
	{Key: recipe.Key{Name: "set", Kind: recipe.Whole, Group: GroupData, Max: 10000,
		Doc: "number of points of a finite set; 0 for endlessly many"},
		field: func(s *Settings) any { return &s.Set }},
	{Key: recipe.Key{Name: "s", Kind: recipe.Text, Group: GroupData,
		Allowed: "a whole number from 0 to 18446744073709551615",
		Doc:     "seed of weights, batches and points, 64 bits"},
		field: func(s *Settings) any { return &s.Seed }, check: asThere("s")},
	{Key: recipe.Key{Name: "m", Kind: recipe.Choice, Group: GroupTarget, Choices: Models(),
		Doc: "kind of model"}, field: func(s *Settings) any { return &s.Model }},
	{Key: recipe.Key{Name: "levels", Kind: recipe.Whole, Group: GroupTarget, Min: 1,
		Max: vae.MaxLevels, Doc: "levels of latents of `m=vae`; 2 and more are a hierarchy"},
		field: func(s *Settings) any { return &s.Levels }, of: autoencoders},
	{Key: recipe.Key{Name: "p", Kind: recipe.Choice, Group: GroupTarget, Choices: predicted(),
		Doc: "what the network predicts"},
		field: func(s *Settings) any { return &s.Prediction }, of: denoisers},
	{Key: recipe.Key{Name: "loss", Kind: recipe.Choice, Group: GroupTarget, Choices: lab.Losses(),
		Doc: "weight of an error by its noise level"},
		field: func(s *Settings) any { return &s.Loss }, of: denoisers},
	{Key: recipe.Key{Name: "schedule", Kind: recipe.Choice, Group: GroupTarget,
		Choices: lab.Schedules(), Doc: "noise schedule; `learned` is trained with the network"},
		field: func(s *Settings) any { return &s.Schedule }, of: denoisers},
	{Key: recipe.Key{Name: "at", Kind: recipe.Number, Group: GroupTarget, Max: 50,
		Doc: "the one noise level σ that is learned, for Langevin dynamics; 0 for all levels"},
		field: func(s *Settings) any { return &s.Sigma }, of: denoisers},
	{Key: recipe.Key{Name: "units", Kind: recipe.Whole, Group: GroupNetwork, Min: 1, Max: 512,
		Doc: "units of a hidden layer"}, field: func(s *Settings) any { return &s.Units }},
	{Key: recipe.Key{Name: "layers", Kind: recipe.Whole, Group: GroupNetwork, Min: 1, Max: 16,
		Doc: "hidden layers"}, field: func(s *Settings) any { return &s.Layers }},
	{Key: recipe.Key{Name: "octaves", Kind: recipe.Whole, Group: GroupNetwork, Max: 8,
		Doc: "octaves of sines and cosines that the network sees beside the point"},
		field: func(s *Settings) any { return &s.Octaves }},
	{Key: recipe.Key{Name: "batch", Kind: recipe.Whole, Group: GroupTraining, Min: 1, Max: 8192,
		Doc: "points of a training step"}, field: func(s *Settings) any { return &s.Batch }},
	{Key: recipe.Key{Name: "steps", Kind: recipe.Whole, Group: GroupTraining, Min: 1, Max: 1e6,
		Doc: "training steps"}, field: func(s *Settings) any { return &s.Steps }},
	{Key: recipe.Key{Name: "vsteps", Kind: recipe.Whole, Group: GroupTraining, Min: 1, Max: 1e6,
		Doc: "training steps of the autoencoder of `m=latent`, before the others"},
		field: func(s *Settings) any { return &s.EncoderSteps }, of: ofDigits},
	{Key: recipe.Key{Name: "reflow", Kind: recipe.Whole, Group: GroupTraining, Max: 1e6,
		Doc: "further training steps of `schedule=straight` on its own pairs of noise and end"},
		field: func(s *Settings) any { return &s.Reflow }, of: denoisers},
	{Key: recipe.Key{Name: "csteps", Kind: recipe.Whole, Group: GroupTraining, Max: 1e6,
		Doc: "training steps of the classifier that steers with `cg`"},
		field: func(s *Settings) any { return &s.GuideSteps }, of: denoisers},
	{Key: recipe.Key{Name: "lr", Kind: recipe.Number, Group: GroupTraining, Max: 100, Open: true,
		Doc: "learning rate"}, field: func(s *Settings) any { return &s.Rate }},
	{Key: recipe.Key{Name: "fall", Kind: recipe.Choice, Group: GroupTraining,
		Choices: []string{constant, cosine}, Allowed: "constant or cosine",
		Doc: "how the learning rate falls"}, field: func(s *Settings) any { return &s.Fall }},
	{Key: recipe.Key{Name: "warm", Kind: recipe.Whole, Group: GroupTraining, Max: 1e6,
		Doc: "steps in which the learning rate rises"},
		field: func(s *Settings) any { return &s.Warmup }},
	{Key: recipe.Key{Name: "decay", Kind: recipe.Number, Group: GroupTraining, Max: 10,
		Doc: "decoupled weight decay"}, field: func(s *Settings) any { return &s.Decay }},
	{Key: recipe.Key{Name: "norm", Kind: recipe.Number, Group: GroupTraining, Max: 1e6,
		Doc: "largest norm of a gradient; 0 for no limit"},
		field: func(s *Settings) any { return &s.Norm }},
	{Key: recipe.Key{Name: "ema", Kind: recipe.Number, Group: GroupTraining, Max: 0.99999,
		Doc: "share that the moving average of the weights keeps in a step"},
		field: func(s *Settings) any { return &s.Average }},
	{Key: recipe.Key{Name: "drop", Kind: recipe.Number, Group: GroupTraining, Max: 1,
		Doc: "share of the points that are shown without their class; 1 for no classes"},
		field: func(s *Settings) any { return &s.Dropout }, of: denoisers},
	{Key: recipe.Key{Name: "n", Kind: recipe.Whole, Group: GroupPoints, Min: 1, Max: 20000,
		Doc: "number of points that are drawn, of all classes together"},
		field: func(s *Settings) any { return &s.Points }},
	{Key: recipe.Key{Name: "c", Kind: recipe.Text, Group: GroupPoints,
		Allowed: "a class's name or index, none, or all",
		Doc:     "class by name or index, `none`, or `all`"},
		field: func(s *Settings) any { return &s.Class }, check: short, of: denoisers},
	{Key: recipe.Key{Name: "ssteps", Kind: recipe.Whole, Group: GroupPoints, Min: 1, Max: lab.T,
		Doc: "solver steps"},
		field: func(s *Settings) any { return &s.SolverSteps }, of: denoisers},
	{Key: recipe.Key{Name: "start", Kind: recipe.Number, Group: GroupPoints, Max: 10,
		Doc: "standard deviation of the points where `k=langevin` starts; 0 for its `level`"},
		field: func(s *Settings) any { return &s.Start }, of: denoisers},
	{Key: recipe.Key{Name: "h", Kind: recipe.Text, Group: GroupResult,
		Allowed: "16 hexadecimal digits",
		Doc:     "hash of the points; nothing is computed from it"},
		field: func(s *Settings) any { return &s.Hash }, check: asThere("h")},
}

// sampling lists the keys of samplers and of guidance that a lab's recipe has as well.
var sampling = func() (list []recipe.Key) {
	for _, k := range recipe.Keys() {
		switch k.Group {
		case recipe.GroupSampler, recipe.GroupGuidance, recipe.GroupLangevin:
		default:
			continue
		}
		switch k.Name {
		case "steps", "classifier", "ag", "weak":
			continue
		case "g":
			k.Standard = "1"
		}
		list = append(list, k)
	}
	return list
}()

// of returns the kinds of models that have a key, nil for a key of all. Samplers run denoisers.
func of(name string) []string {
	for i := range table {
		if table[i].Name == name {
			return table[i].of
		}
	}
	return denoisers
}

// Keys lists all keys: the lab's own in canonical order, and before h those of samplers. Each has
// its default in Standard.
func Keys() (list []recipe.Key) {
	s := standard()
	for i := range table {
		k := table[i].Key
		if k.Name == "h" {
			list = append(list, sampling...)
		}
		k.Standard = table[i].written(&s)
		switch k.Name {
		case "gauss":
			k.Standard = plane.StandardMixture()
		case "drop":
			k.Standard += "; 0.2 with `c` and without `cg`"
		case "csteps":
			k.Standard += "; " + strconv.Itoa(guideSteps) + " with `cg`"
		case "p":
			k.Standard += "; flow with `schedule=straight`"
		case "m":
			k.Standard += "; latent with `d=digits`"
		case "d":
			k.Standard += "; digits with `m=latent`"
		case "batch":
			k.Standard += "; " + strconv.Itoa(digitsBatch) + " with `m=latent`"
		}
		list = append(list, k)
	}
	return list
}

func predicted() (names []string) {
	for _, p := range predictions {
		names = append(names, p.name)
	}
	return names
}

func gaussians(text string) (string, bool) {
	all, err := plane.ParseMixture(text)
	return plane.FormatMixture(all), err == nil
}

func painted(text string) (string, bool) {
	c, err := plane.ParseCanvas(text)
	if err != nil {
		return "", false
	}
	return c.String(), true
}

func short(text string) (string, bool) { return text, text != "" && len(text) <= 40 }

// asThere checks a value as package recipe does that of its key of the same name.
func asThere(name string) func(text string) (string, bool) {
	return func(text string) (string, bool) {
		var r recipe.Recipe
		err := r.Set(name, text)
		return r.Get(name), err == nil
	}
}

// set reads a checked value.
func (r *row) set(s *Settings, text string) {
	switch place := r.field(s).(type) {
	case *string:
		*place = text
	case *int:
		*place, _ = strconv.Atoi(text)
	case *float64:
		*place, _ = strconv.ParseFloat(text, 64)
	case *uint64:
		*place, _ = strconv.ParseUint(text, 10, 64)
	}
}

// written returns a value as a recipe writes it.
func (r *row) written(s *Settings) string {
	switch place := r.field(s).(type) {
	case *int:
		return strconv.Itoa(*place)
	case *float64:
		return solver.Number(*place)
	case *uint64:
		return strconv.FormatUint(*place, 10)
	default:
		return *place.(*string)
	}
}
