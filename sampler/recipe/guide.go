package recipe

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Guide is a network that guides a model, and what its file says about it: a classifier for
// classifier guidance or a weaker version of the model for autoguidance.
type Guide struct {
	network.Classifier               // nil for a weaker version
	Weaker             network.Model // nil for a classifier

	Name      string   // its file's name without extension
	Hash      string   // first 16 hexadecimal digits of the file's SHA-256
	Names     []string // of the classes
	Scheduler schedule.Config

	Noise *schedule.Schedule // of the model and the guide; Accompany sets it
}

// NewGuide returns the guide of a classifier. It reads `classes` and `scheduler` of the file's
// metadata; see NewInfo. hash: the first 16 hexadecimal digits of the file's SHA-256.
func NewGuide(
	name string, metadata map[string]string, hash string, c network.Classifier,
) (Guide, error) {
	if _, ok := modelName(name); !ok {
		return Guide{}, errors.New("recipe: the classifier's name is " +
			strconv.Quote(shorten(name)) + " but must be " + fileName)
	}
	g := Guide{Classifier: c, Name: name, Hash: hash, Scheduler: schedule.Default()}
	var err error
	if text, ok := metadata["scheduler"]; ok {
		if g.Scheduler, err = schedule.ParseConfig([]byte(text)); err != nil {
			return Guide{}, err
		}
	}
	g.Names, err = classNames(metadata["classes"], c.Classes())
	return g, err
}

// Accompany sets the guide that recipes of the model can use. It returns an error unless the shape
// of the pictures, the noise schedule and, if the model has classes, the classes are the model's.
func (info *Info) Accompany(g Guide) error {
	what := "weaker version "
	var shaped interface {
		Shape() (channels, height, width int)
	} = g.Weaker
	if g.Classifier != nil {
		what, shaped = "classifier ", g.Classifier
	}
	fail := func(reason string) error {
		return errors.New("recipe: the " + what + strconv.Quote(g.Name) + " " + reason +
			" the model " + strconv.Quote(info.Name))
	}
	c, h, w := shaped.Shape()
	if c != info.Channels || h != info.Height || w != info.Width {
		return fail("is for pictures of another shape than those of")
	}
	if len(info.Classes) > 0 && !slices.Equal(info.Classes, g.Names) {
		return fail("has other classes than")
	}
	own, err := schedule.New(info.Scheduler)
	if err != nil {
		return err
	}
	its, err := schedule.New(g.Scheduler)
	if err != nil {
		return err
	}
	same := len(own.AlphaBar) == len(its.AlphaBar) && preserving(&info.Scheduler) &&
		(g.Weaker == nil || preserving(&g.Scheduler))
	for i := 0; same && i < len(own.AlphaBar); i++ {
		same = math.Abs(own.AlphaBar[i]-its.AlphaBar[i]) <= 1e-6
	}
	if !same {
		return fail("was trained with another noise schedule than")
	}
	g.Noise = own
	if g.Weaker != nil {
		info.Weaker = &g
	} else {
		info.Guide = &g
	}
	return nil
}

// preserving reports whether a network sees √ᾱ·x0 + √(1−ᾱ)·ε: not a flow, whose levels add up to 1.
func preserving(c *schedule.Config) bool {
	return c.Solver.Network == schedule.Preserving && c.PredictionType != schedule.FlowVelocity
}

// is reports whether a guide is loaded and has that name. g may be nil.
func (g *Guide) is(name string) bool { return g != nil && g.Name == name }

// guide returns the name of the network that a recipe uses to guide: what the recipe says under a
// key, or else the file's default, or else the model's name with an ending.
func (info *Info) guide(r *Recipe, k key, standard, ending string) string {
	switch {
	case r.values[k] != "":
		return r.values[k]
	case standard != "":
		return standard
	}
	return info.Name + ending
}

// classifier returns the name of the classifier that a recipe uses.
func (info *Info) classifier(r *Recipe) string {
	return info.guide(r, keyClassifier, info.Defaults.Classifier, "-classifier")
}

// weaker returns the name of the weaker version that a recipe uses.
func (info *Info) weaker(r *Recipe) string {
	return info.guide(r, keyWeak, info.Defaults.Weak, "-weak")
}

// classes returns the names that c may have: the model's or, if it has none, those of the
// classifier that the recipe uses.
func (info *Info) classes(r Recipe) []string {
	scale, _ := decimal(r.values[keySteering])
	if len(info.Classes) == 0 && scale > 0 && info.Guide != nil {
		return info.Guide.Names
	}
	return info.Classes
}

// Needs returns the names of the weights files that a recipe needs in addition to the model's file
// and that are not loaded.
func (info *Info) Needs(r Recipe) []string {
	var names []string
	if info.Cascade != nil {
		if info.Stage == nil {
			names = append(names, info.Cascade.Base)
		}
		return names
	}
	var guides [2]string // the same in all legs
	legs := r.legs()
	for i := range legs {
		r := &legs[i]
		scale, _ := decimal(r.values[keySteering])
		class := r.values[keyClass]
		if scale != 0 && class != "" && class != classNone {
			guides[0] = info.classifier(r)
		}
		if auto := r.values[keyAuto]; auto != "" && auto != "1" {
			guides[1] = info.weaker(r)
		}
	}
	for i, loaded := range [...]*Guide{info.Guide, info.Weaker} {
		if name := guides[i]; name != "" && !loaded.is(name) {
			names = append(names, name)
		}
	}
	return names
}

// takeGuides sets Guide and Weaker. It refuses those that are not loaded.
func (s *Settings) takeGuides(info *Info) error {
	key, name := "", ""
	if s.Steering > 0 {
		if s.Guide = info.Guide; !s.Guide.is(s.Classifier) {
			key, name = "classifier", s.Classifier
		}
	}
	if !autoguided(s) {
		s.Weak = ""
	} else if s.Weaker = info.Weaker; !s.Weaker.is(s.Weak) {
		key, name = "weak", s.Weak
	}
	if key == "" {
		return nil
	}
	return solver.Refuse(key, "the recipe is guided by the network "+strconv.Quote(name)+
		", which is not loaded")
}
