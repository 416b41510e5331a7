package sampler

import (
	"errors"
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// guided returns the test model with its exact classifier.
func guidedModel(t testing.TB, c schedule.Config) (*mixture.Model, recipe.Info) {
	t.Helper()
	m, info := testModel(t, c)
	exact := m.(*mixture.Model)
	if err := info.Accompany(recipe.Guide{Classifier: exact, Name: "test-classifier", Hash: "ff",
		Names: info.Classes, Scheduler: c}); err != nil {
		t.Fatal(err)
	}
	return exact, info
}

// unconditional is a mixture without labels.
type unconditional struct{ *mixture.Model }

func (unconditional) Classes() int { return 0 }

// TestExactClassifierGuides: for exact networks the score of the class is the unconditional score
// plus ∇ log p(class | x_t). So classifier guidance of scale γ on the unconditional prediction
// equals classifier-free guidance of that scale, on the conditional prediction it adds to it, and
// at γ = 1 the pictures are the class's. It checks every sampler and every prediction type; they
// differ by the rounding to float32 only.
func TestExactClassifierGuides(t *testing.T) {
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := guidedModel(t, c)
		without := info
		without.Classes = nil
		for _, text := range everyRecipe() {
			if kind != schedule.Epsilon && strings.Contains(text, "churn") {
				continue // the network is evaluated as without it
			}
			run := func(more string, m network.Model, info recipe.Info) []float64 {
				return last(mustRun(t, text+"&clip=none&"+more, m, info))
			}
			plain := run("g=1", model, info)
			strong := run("g=1.5", model, info)
			for _, pair := range []struct {
				what      string
				got, want []float64
			}{
				{"γ = 1 alone", run("g=0&cg=1", model, info), plain},
				{"γ = 1.5 alone", run("g=0&cg=1.5", model, info), strong},
				{"γ = 0.5 with the class", run("g=1&cg=0.5", model, info), strong},
				{"γ = 1 with guidance 0.5", run("g=0.5&cg=1", model, info), strong},
				{"γ = 1.5 without labels", run("cg=1.5", unconditional{model}, without), strong},
			} {
				if d := fixture.Distance(pair.got, pair.want); !(d <= 2e-3) {
					t.Errorf("%s, %s, %s: differs by %g", kind, text, pair.what, d)
				}
			}
			if fixture.Distance(strong, plain) == 0 {
				t.Errorf("%s, %s: guidance does nothing", kind, text)
			}
		}
	}
}

// TestSteeringAllocatesNothing: steps with classifier guidance allocate nothing.
func TestSteeringAllocatesNothing(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	run, err := NewRun(mustParse(t, "m=test&c=all&steps=40&cg=2"), info, model)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(50, func() { run.Next() }); n != 0 {
		t.Errorf("%v allocations for each call of Next", n)
	}
}

// counting is a classifier that counts its evaluations.
type counting struct {
	*mixture.Model
	asked int
}

func (c *counting) Gradient(dst, x []float32, t float64, label int) {
	c.asked++
	c.Model.Gradient(dst, x, t, label)
}

// TestSteeringAsksForWhatItNeeds: the classifier is not evaluated without a class, with scale 0,
// outside the interval or without signal.
func TestSteeringAsksForWhatItNeeds(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	c := &counting{Model: model}
	info.Guide.Classifier = c
	for _, k := range []struct {
		recipe string
		want   int
	}{
		{"m=test&c=two&cg=2", 10}, {"m=test&c=two", 0}, {"m=test&c=two&cg=0", 0},
		{"m=test&cg=2", 0},
		{"m=test&c=two&cg=2&g=1&ghigh=0.5", 2}, {"m=test&c=two&cg=2&g=1&glow=0.5", 8},
	} {
		c.asked = 0
		mustRun(t, k.recipe+"&steps=10", model, info)
		if c.asked != k.want {
			t.Errorf("%s asks %d times, want %d", k.recipe, c.asked, k.want)
		}
	}
	c.asked = 0
	none := schedule.Default()
	none.RescaleBetasZeroSNR = true
	noise, err := schedule.New(none)
	if err != nil {
		t.Fatal(err)
	}
	s := steering{classifier: &recipe.Guide{Classifier: c, Noise: noise}, scale: 1,
		slope: make([]float32, 24)}
	out := make([]float64, 24)
	s.add(out, make([]float32, 24), 999)
	if c.asked != 0 || fixture.Norm(out) != 0 {
		t.Errorf("without signal the classifier is asked %d times and adds %v", c.asked, out)
	}
}

// TestSteeringText: the canonical recipe has the scale, the classifier only if it is not the
// model's default, and neither without a class.
func TestSteeringText(t *testing.T) {
	_, info := guidedModel(t, schedule.Default())
	for text, want := range map[string]string{
		"c=two&cg=3.0":                           "m=test&c=two&cg=3",
		"c=two&cg=3&classifier=test-classifier":  "m=test&c=two&cg=3",
		"c=two&cg=0":                             "m=test&c=two",
		"c=two&classifier=other":                 "m=test&c=two",
		"cg=3&classifier=other&glow=1&rescale=1": "m=test",
		"c=two&cg=3&g=1&glow=0.25":               "m=test&c=two&g=1&glow=0.25&cg=3",
		"c=two&g=1&glow=0.25":                    "m=test&c=two&g=1",
	} {
		s, err := recipe.Resolve(mustParse(t, "m=test&"+text), info)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := s.Recipe().String(); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for text, name := range map[string]string{"c=two&cg=3&classifier=other": "other",
		"c=two&cg=3": "file"} {
		lacking := info
		if lacking.Defaults.Classifier = "file"; name == "file" {
			lacking.Guide = nil
		}
		_, err := recipe.Resolve(mustParse(t, "m=test&"+text), lacking)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != "classifier" ||
			!strings.Contains(wrong.Message, `"`+name+`", which is not loaded`) {
			t.Errorf("%s: got %v, want an error about the classifier %s", text, err, name)
		}
	}
	without := info
	without.Classes = nil
	if _, err := recipe.Resolve(mustParse(t, "m=test&c=two"), without); err == nil ||
		!strings.Contains(err.Error(), "no classes") {
		t.Errorf("a class that nothing tells apart: %v", err)
	}
	if s, err := recipe.Resolve(mustParse(t, "m=test&c=1&cg=3"), without); err != nil ||
		s.Recipe().String() != "m=test&c=two&cg=3" {
		t.Errorf("the classifier's class by its index: %v, %v", s.Recipe(), err)
	}
}

func TestAccompanyRefuses(t *testing.T) {
	model, info := guidedModel(t, schedule.Default())
	good := *info.Guide
	other := schedule.Default()
	other.BetaSchedule = "squaredcos_cap_v2"
	few := schedule.Default()
	few.NumTrainTimesteps = 10
	broken := schedule.Default()
	broken.BetaEnd = 2
	flow := info
	flow.Scheduler.PredictionType = schedule.FlowVelocity
	if err := flow.Accompany(good); err == nil ||
		!strings.Contains(err.Error(), "another noise schedule") {
		t.Errorf("for a flow: %v", err)
	}
	exploding := info
	exploding.Scheduler.Solver.Network = schedule.EDM
	exploding.Scheduler.Solver.SigmaMin, exploding.Scheduler.Solver.SigmaMax = 0.002, 80
	if err := exploding.Accompany(good); err == nil ||
		!strings.Contains(err.Error(), "another noise schedule") {
		t.Errorf("for a network of another kind: %v", err)
	}
	near := schedule.Default()
	near.BetaEnd += 1e-5 // changes ᾱ by up to 4e-5
	for says, g := range map[string]recipe.Guide{
		"schedule than the model": {Classifier: model, Names: good.Names, Scheduler: near},
		"another shape": {Classifier: wide{model}, Names: good.Names,
			Scheduler: good.Scheduler},
		"other classes": {Classifier: model, Names: []string{"one", "two", "four"},
			Scheduler: good.Scheduler},
		"another noise schedule": {Classifier: model, Names: good.Names, Scheduler: other},
		"noise schedule than":    {Classifier: model, Names: good.Names, Scheduler: few},
		"beta_end":               {Classifier: model, Names: good.Names, Scheduler: broken},
	} {
		info.Guide = nil
		if err := info.Accompany(g); err == nil || !strings.Contains(err.Error(), says) ||
			info.Guide != nil {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}

// wide is a classifier of larger pictures.
type wide struct{ network.Classifier }

func (wide) Shape() (int, int, int) { return 2, 8, 6 }

// TestSteeringFactor compares with the translation between readings: γ·g is added to the score, and
// the sum is translated back.
func TestSteeringFactor(t *testing.T) {
	l := schedule.Level{Signal: 0.6, Noise: 0.8}
	x, g := []float64{0.3, -1.2}, []float64{2, -0.5}
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		out := []float64{0.7, 0.1}
		want := make([]float64, 2)
		l.Convert(want, x, out, kind, schedule.Score)
		for i := range want {
			want[i] += 3 * g[i]
		}
		l.Convert(want, x, want, schedule.Score, kind)
		s := steering{kind: kind}
		for i := range out {
			got := out[i] + 3*s.factor(l)*g[i]
			if !(math.Abs(got-want[i]) <= 1e-13) {
				t.Errorf("%s: element %d becomes %v, want %v", kind, i, got, want[i])
			}
		}
	}
}
