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

// Guide is a classifier for classifier guidance, and what its file says about it.
type Guide struct {
	network.Classifier
	Name      string   // its file's name without extension
	Hash      string   // first 16 hexadecimal digits of the file's SHA-256
	Names     []string // of the classes
	Scheduler schedule.Config

	Noise *schedule.Schedule // of the model and the classifier; Accompany sets it
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

// Accompany sets the classifier that recipes of the model can use. It returns an error unless the
// shape of the pictures, the noise schedule and, if the model has classes, the classes are the
// model's.
func (info *Info) Accompany(g Guide) error {
	fail := func(reason string) error {
		return errors.New("recipe: the classifier " + strconv.Quote(g.Name) + " " + reason +
			" the model " + strconv.Quote(info.Name))
	}
	c, h, w := g.Shape()
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
	same := len(own.AlphaBar) == len(its.AlphaBar) &&
		info.Scheduler.Solver.Network == schedule.Preserving &&
		info.Scheduler.PredictionType != schedule.FlowVelocity // whose levels add up to 1
	for i := 0; same && i < len(own.AlphaBar); i++ {
		same = math.Abs(own.AlphaBar[i]-its.AlphaBar[i]) <= 1e-6
	}
	if !same {
		return fail("was trained with another noise schedule than")
	}
	g.Noise = own
	info.Guide = &g
	return nil
}

// classifier returns the name of the classifier that a recipe uses.
func (info *Info) classifier(r Recipe) string {
	switch {
	case r.values[keyClassifier] != "":
		return r.values[keyClassifier]
	case info.Defaults.Classifier != "":
		return info.Defaults.Classifier
	}
	return info.Name + "-classifier"
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
	for _, r := range r.legs() {
		scale, _ := decimal(r.values[keySteering])
		if class := r.values[keyClass]; scale == 0 || class == "" || class == classNone {
			continue
		}
		if name := info.classifier(r); info.Guide == nil || info.Guide.Name != name {
			return append(names, name)
		}
	}
	return names
}

// takeGuide sets Guide. It refuses a classifier that is not loaded.
func (s *Settings) takeGuide(info Info) error {
	if s.Steering == 0 {
		return nil
	}
	if info.Guide == nil || info.Guide.Name != s.Classifier {
		return solver.Refuse("classifier", "the recipe is guided by the classifier "+
			strconv.Quote(s.Classifier)+", which is not loaded")
	}
	s.Guide = info.Guide
	return nil
}
