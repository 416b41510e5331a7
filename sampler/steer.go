package sampler

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/schedule"
)

// Classifier is what classifier guidance needs of a network.
type Classifier interface {
	// Shape returns the shape of the pictures x: [channels, height, width].
	Shape() (channels, height, width int)
	// Classes is the number of classes.
	Classes() int
	// Gradient writes ∇ₓ log p(label | x, t) to dst for a noisy picture x at training timestep t. dst, x: [C, H, W], row-major.
	// Nothing is allocated, and x is not changed.
	Gradient(dst, x []float32, t float64, label int)
}

// Guide is a classifier with what its file says of it.
type Guide struct {
	Classifier
	Name      string   // its file's name without extension
	Hash      string   // first 16 hexadecimal digits of the file's SHA-256
	Names     []string // of the classes
	Scheduler schedule.Config

	noise *schedule.Schedule // its and the model's
}

// NewGuide reads a classifier's file: of its metadata `classes` and `scheduler`, see NewInfo.
func NewGuide(name string, metadata map[string]string, hash string, c Classifier) (Guide, error) {
	if _, ok := modelName(name); !ok {
		return Guide{}, errors.New("sampler: the classifier's name is " + strconv.Quote(shorten(name)) + " but must be " + keys[keyClassifier].allowed)
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

// Accompany makes a classifier available to recipes that name it, if it fits: the shape of the pictures, the noise that it was trained with
// and, where the model has classes, the classes have to be the model's.
func (info *Info) Accompany(g Guide) error {
	fail := func(reason string) error {
		return errors.New("sampler: the classifier " + strconv.Quote(g.Name) + " " + reason + " the model " + strconv.Quote(info.Name))
	}
	c, h, w := g.Shape()
	if c != info.Channels || h != info.Height || w != info.Width {
		return fail("is for pictures of another shape than those of")
	}
	if len(info.Classes) > 0 && !slices.Equal(info.Classes, g.Names) {
		return fail("tells other classes apart than")
	}
	own, err := schedule.New(info.Scheduler)
	if err != nil {
		return err
	}
	its, err := schedule.New(g.Scheduler)
	if err != nil {
		return err
	}
	same := len(own.AlphaBar) == len(its.AlphaBar) && info.Scheduler.Solver.Network == schedule.Preserving &&
		info.Scheduler.PredictionType != schedule.FlowVelocity // whose levels add up to 1
	for i := 0; same && i < len(own.AlphaBar); i++ {
		same = math.Abs(own.AlphaBar[i]-its.AlphaBar[i]) <= 1e-6
	}
	if !same {
		return fail("was trained with another noise schedule than")
	}
	g.noise = own
	info.Guide = &g
	return nil
}

// classifier is the name of the classifier that a recipe asks for.
func (info *Info) classifier(r Recipe) string {
	switch {
	case r.values[keyClassifier] != "":
		return r.values[keyClassifier]
	case info.Defaults.Classifier != "":
		return info.Defaults.Classifier
	}
	return info.Name + "-classifier"
}

// classes are the names that c may have: the model's, and where it has none those of the classifier that a recipe asks for.
func (info *Info) classes(r Recipe) []string {
	scale, _ := decimal(r.values[keySteering])
	if len(info.Classes) == 0 && scale > 0 && info.Guide != nil {
		return info.Guide.Names
	}
	return info.Classes
}

// Needs names the weights files that a recipe asks for beside the model's own and that are not at hand.
func (info *Info) Needs(r Recipe) []string {
	var names []string
	if info.Cascade != nil {
		if info.Stage == nil {
			names = append(names, info.Cascade.Base)
		}
		return names
	}
	if scale, _ := decimal(r.values[keySteering]); scale > 0 && r.values[keyClass] != "" && r.values[keyClass] != classNone {
		if name := info.classifier(r); info.Guide == nil || info.Guide.Name != name {
			names = append(names, name)
		}
	}
	return names
}

// takeGuide refuses classifier guidance by a classifier that is not at hand.
func (s *Settings) takeGuide(info Info) error {
	if s.Steering == 0 {
		return nil
	}
	if info.Guide == nil || info.Guide.Name != s.Classifier {
		return &RecipeError{"classifier", "the recipe is guided by the classifier " + strconv.Quote(s.Classifier) + ", which is not loaded"}
	}
	s.guide, s.kind = info.Guide, info.Scheduler.PredictionType
	return nil
}

// steering returns classifier guidance to a class for pictures of size values.
func (s *Settings) steering(label, size int) *steering {
	return &steering{classifier: s.guide, scale: s.Steering, label: label, kind: s.kind, slope: make([]float32, size)}
}

// steering is classifier guidance (Dhariwal & Nichol, arXiv:2105.05233, §4.2; Luo 161): γ·∇ log p(y|x_t) is added to the score, so that
// ε̂ loses √(1−ᾱ)·γ·∇ log p(y|x_t).
type steering struct {
	classifier *Guide
	scale      float64 // γ
	label      int
	kind       schedule.Prediction
	slope      []float32 // [C·H·W]
}

// add steers the network's output at state x and timestep t, as the network saw them. What the network says holds for the noise level that t
// stands for, and so does what is added. Without signal x tells nothing of its class, and nothing is added.
func (s *steering) add(out []float64, x []float32, t float64) {
	l := s.classifier.noise.Interpolate(t)
	if l.Signal == 0 {
		return
	}
	s.classifier.Gradient(s.slope, x, t, s.label)
	f := float64(s.scale * s.factor(l))
	for i, g := range s.slope {
		out[i] += float64(f * float64(g))
	}
}

// Steer returns what adds the settings' classifier guidance of the first picture to a network's answer at state x, [C,H,W], and timestep t,
// for whoever asks a network without a run; nil without such guidance.
func (s *Settings) Steer(size int) func(answer []float64, x []float32, t float64) {
	if s.Steering == 0 {
		return nil
	}
	return s.steering(s.Labels[0], size).add
}

// factor is how much the output changes with the score: with x̂0 = (x − b·ε̂)/a and ε̂ = −b·score.
func (s *steering) factor(l schedule.Level) float64 {
	a, b := l.Signal, l.Noise
	switch x0 := b * b / a; s.kind {
	case schedule.Sample:
		return x0
	case schedule.V:
		return -float64(a*b) - float64(b*x0)
	case schedule.Score:
		return 1
	default:
		return -b
	}
}
