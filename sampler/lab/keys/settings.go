package keys

import (
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/digits"
	"tweedie/sampler/mixture"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// standard returns the settings of an empty recipe.
func standard() Settings {
	c := lab.Standard(nil)
	s := Settings{Data: "spiral", Seed: c.Seed, Model: Diffusion, Levels: 1,
		Loss: string(c.Loss), Schedule: c.Schedule, Units: c.Units, Layers: c.Layers,
		Octaves: c.Octaves, Batch: c.Batch, Steps: c.Steps, Rate: c.Rule.Rate, Fall: cosine,
		Warmup: c.Rule.Warmup, Decay: c.Rule.Decay, Norm: c.Rule.Clip, Average: c.Rule.Average,
		Dropout: c.Dropout, EncoderSteps: 1500, Points: 2000, Class: classNone, SolverSteps: 50}
	for _, p := range predictions {
		if p.kind == c.Prediction {
			s.Prediction = p.name
		}
	}
	return s
}

// classDropout is the share of points without their class where a recipe asks for a class.
const classDropout = 0.2

// guideSteps are the training steps of a classifier.
const guideSteps = 500

// digitsBatch is how many digits are learned from in a step: each is as wide as 128 points.
const digitsBatch = 128

// adapt sets the defaults that depend on other keys, which other has: a class has to be learned, by
// the network or by a classifier, a rectified flow predicts its velocity, and digits and latent
// diffusion go together.
func (s *Settings) adapt(other *Settings) {
	switch {
	case other.guided():
		s.GuideSteps = guideSteps
	case other.Class != classNone:
		s.Dropout = classDropout
	}
	if other.Schedule == lab.Straight {
		s.Prediction = flow
	}
	if other.Data == Digits || other.Model == Latent {
		s.Data, s.Model, s.Batch = Digits, Latent, digitsBatch
	}
}

// Parse reads a recipe. The empty text is the default recipe. Unknown keys, keys that are given
// twice and values that a key cannot have are errors of type *recipe.Error. What only the sampler
// can judge it refuses when points are drawn.
func Parse(text string) (Settings, error) {
	pairs, err := recipe.Pairs(text)
	if err != nil {
		return Settings{}, err
	}
	s := standard()
	asked := s // by the keys on which defaults depend; a value that is refused is so below
	for _, p := range pairs {
		switch p[0] {
		case "c":
			asked.Class = p[1]
		case "cg":
			asked.sampling = []pair{{"cg", p[1]}}
		case "schedule":
			asked.Schedule = p[1]
		case "d":
			asked.Data = p[1]
		case "m":
			asked.Model = p[1]
		}
	}
	s.adapt(&asked)
	written := map[string]string{}
	for _, p := range pairs {
		if err := s.read(p[0], p[1], written); err != nil {
			return Settings{}, err
		}
	}
	for _, p := range pairs {
		if kinds := of(p[0]); kinds != nil && !slices.Contains(kinds, s.Model) {
			return Settings{}, solver.Because(p[0], OfModel,
				"{name} belongs to m={of} but m is {model}; leave it out",
				"name", p[0], "of", strings.Join(kinds, ", m="), "model", s.Model)
		}
	}
	for i := range sampling {
		if value, ok := written[sampling[i].Name]; ok {
			s.sampling = append(s.sampling, pair{sampling[i].Name, value})
		}
	}
	return s, s.check()
}

// read takes one key: an own one into its field, a sampler's into written.
func (s *Settings) read(name, text string, written map[string]string) error {
	for i := range table {
		r := &table[i]
		if r.Name != name {
			continue
		}
		if r.check != nil {
			value, ok := r.check(text)
			if !ok {
				return r.Refused(text)
			}
			text = value
		} else {
			value, err := r.Value(text)
			if err != nil {
				return listing(err, r.Choices)
			}
			text = value
		}
		r.set(s, text)
		return nil
	}
	for i := range sampling {
		if sampling[i].Name != name {
			continue
		}
		var r recipe.Recipe
		if err := r.Set(name, text); err != nil {
			return listing(err, sampling[i].Choices)
		}
		written[name] = r.Get(name)
		return nil
	}
	var known []string
	for _, k := range Keys() {
		known = append(known, k.Name)
	}
	return listing(recipe.Unknown(name, known), known)
}

// listing gives a refusal that there is no such choice, or no such key, the lab's reason, which has
// all that there are.
func listing(err error, all []string) error {
	wrong, ok := err.(*recipe.Error)
	if !ok {
		return err
	}
	switch wrong.Reason {
	case solver.NoChoice:
		wrong.Reason, wrong.Values["choices"] = NoChoice, strings.Join(all, ", ")
	case solver.NoKey:
		wrong.Reason = NoKey
		if near := nearest(wrong.Key, all); near != "" {
			wrong.Reason, wrong.Values["near"] = NearKey, near
		}
	}
	return err
}

// nearest returns the name that differs from text in the fewest letters, "" where none has half of
// them.
func nearest(text string, names []string) (near string) {
	if len(text) > 20 {
		return ""
	}
	least := (len(text) + 1) / 2
	for _, name := range names {
		if n := edits(text, name); n < least {
			near, least = name, n
		}
	}
	return near
}

// edits returns the number of letters to put in, take out or change to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1) // edits from the beginning of a to each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, corner+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// maxActivations bounds the hidden activations of a batch, which take about 24 bytes each.
const maxActivations = 1 << 23

// check refuses keys that do not go together.
func (s *Settings) check() error {
	switch {
	case s.Gaussians != "" && s.Data != plane.GivenMixture:
		return solver.Because("gauss", OfMixture, "gauss gives the Gaussians of d="+
			plane.GivenMixture+" but d is {data}", "data", s.Data)
	case s.Paint != "" && s.Data != plane.PaintedData:
		return solver.Because("paint", OfPainted, "paint is what d="+plane.PaintedData+
			" has painted but d is {data}", "data", s.Data)
	case s.Paint == "" && s.Data == plane.PaintedData:
		return solver.Because("paint", Blank, sentence(plane.ErrEmpty))
	}
	if err := s.checkDigits(); err != nil {
		return err
	}
	if err := s.checkDropout(); err != nil {
		return err
	}
	if err := s.checkOneLevel(); err != nil {
		return err
	}
	if err := s.checkFlow(); err != nil {
		return err
	}
	if err := s.checkGuide(); err != nil {
		return err
	}
	size, product := s.Units*s.Layers*s.Batch, "units · layers · batch"
	switch s.Model {
	case VAE: // an encoder and a decoder for each level
		size, product = 2*s.Levels*size, "2 · levels · "+product
	case Latent: // an encoder and a decoder, and a picture at either end
		size = 2 * (s.Units*s.Layers + digits.Pixels) * s.Batch
		product = "2 · (units · layers + " + strconv.Itoa(digits.Pixels) + ") · batch"
	}
	if size > maxActivations {
		return solver.Because("batch", Memory, product+
			" is {size} but may be {most} at most, for the memory that it takes",
			"size", strconv.Itoa(size), "most", strconv.Itoa(maxActivations))
	}
	names, class, err := s.labels()
	if err == nil && class >= 0 {
		s.Class = names[class]
	}
	return err
}

// sentence returns an error's text without its package prefix.
func sentence(err error) string { return strings.TrimPrefix(err.Error(), "plane: ") }

// labels returns the classes' names and the index of Class, −1 for none or all.
func (s *Settings) labels() (names []string, index int, err error) {
	d, err := s.Distribution()
	if err != nil {
		return nil, 0, solver.Refuse("d", err.Error())
	}
	names = d.Classes()
	if s.Class == classNone || s.Class == classAll {
		return names, -1, nil
	}
	for i, name := range names {
		if name == s.Class {
			return names, i, nil
		}
	}
	if i, err := strconv.Atoi(s.Class); err == nil && i >= 0 && i < len(names) {
		return names, i, nil
	}
	return nil, 0, solver.Because("c", NoClass, `c is "{value}" but `+s.Data+
		` has the classes {classes}`, "value", s.Class, "classes", strings.Join(names, ", "))
}

// Distribution returns the data; of digits, what is known of their latents before there is an
// encoder, the prior. Every call returns another one.
func (s *Settings) Distribution() (*plane.Distribution, error) {
	o := plane.Options{Noise: s.Noise, Points: s.Set, Seed: s.Seed}
	if s.Data == Digits {
		return plane.Given(prior(), o)
	}
	if s.Data == plane.PaintedData {
		c, err := plane.ParseCanvas(s.Paint)
		if err != nil {
			return nil, err
		}
		return c.Distribution(o)
	}
	if s.Gaussians == "" {
		return plane.New(s.Data, o)
	}
	all, err := plane.ParseMixture(s.Gaussians)
	if err != nil {
		return nil, err
	}
	return plane.Given(all, o)
}

// Spread is the standard deviation of latents of digits as points of the plane.
const Spread = 0.5

// prior returns p(z), which has no classes: each digit has the same Gaussian.
func prior() (all []mixture.Component) {
	for class := range digits.Classes {
		all = append(all, mixture.Component{Weight: 1, Mean: []float64{0, 0}, StdDev: Spread,
			Class: class})
	}
	return all
}

// Config returns what a training needs to know.
func (s *Settings) Config() (lab.Config, error) {
	d, err := s.Distribution()
	if err != nil {
		return lab.Config{}, err
	}
	c := lab.Standard(d)
	c.Seed, c.Loss, c.Schedule = s.Seed, lab.Loss(s.Loss), s.Schedule
	c.Units, c.Layers, c.Octaves, c.Batch, c.Steps = s.Units, s.Layers, s.Octaves, s.Batch, s.Steps
	c.Dropout, c.Sigma, c.Reflow = s.Dropout, s.Sigma, s.Reflow
	for _, p := range predictions {
		if p.name == s.Prediction {
			c.Prediction = p.kind
		}
	}
	r := &c.Rule
	r.Rate, r.Warmup, r.Decay, r.Clip, r.Average = s.Rate, s.Warmup, s.Decay, s.Norm, s.Average
	if s.Fall == cosine {
		r.Steps = s.Steps
	}
	return c, nil
}

// Unconditional reports whether the points are of all classes, as the data are.
func (s *Settings) Unconditional() bool { return s.Class == classNone }

// Cloud returns the number of points of each picture: of all points, or of those of a class.
func (s *Settings) Cloud() int {
	names, _, err := s.labels()
	if err != nil || s.Class != classAll {
		return s.Points
	}
	return max(1, s.Points/len(names))
}

// Sampling returns the recipe by which a sampler draws the points of a model that is called lab.
func (s *Settings) Sampling() (recipe.Recipe, error) {
	var r recipe.Recipe
	values := map[string]string{"m": "lab", "s": strconv.FormatUint(s.Seed, 10),
		"steps": strconv.Itoa(s.SolverSteps)}
	if s.Class != classNone {
		values["c"] = s.Class
	}
	if s.Sigma > 0 { // the model's own defaults say which sampler
		values["level"] = solver.Number(s.Sigma)
	}
	for _, p := range s.sampling {
		values[p.name] = p.value
	}
	err := r.Write(values)
	return r, err
}

// Adopt takes the sampler's keys from its canonical recipe, which leaves defaults out.
func (s *Settings) Adopt(r recipe.Recipe) {
	s.sampling = nil
	for i := range sampling {
		value := r.Get(sampling[i].Name)
		if sampling[i].Name == "level" && s.Sigma > 0 { // it follows from at
			value = ""
		}
		if value != "" {
			s.sampling = append(s.sampling, pair{sampling[i].Name, value})
		}
	}
}

// String returns the recipe's text: d, and the other keys that do not have their defaults, in
// canonical order. Parse of the text returns the same settings.
func (s Settings) String() string {
	var b []byte
	defaults := standard()
	defaults.adapt(&s)
	for i := range table {
		r := &table[i]
		if r.Name == "h" {
			for _, p := range s.sampling {
				b = recipe.AppendPair(b, p.name, p.value)
			}
		}
		if value := r.written(&s); r.Name == "d" || value != r.written(&defaults) {
			b = recipe.AppendPair(b, r.Name, value)
		}
	}
	return string(b)
}
