package sampler

import (
	"errors"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/sampler/unet"
)

// shippedFaces returns the shipped faces with their weaker version.
func shippedFaces(t *testing.T) (network.Model, recipe.Info) {
	t.Helper()
	open := func(name string) (network.Model, recipe.Info) {
		file := fixture.Weights(t, "../weights/"+name+".safetensors")
		m, err := unet.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		info, err := recipe.NewInfo(name, file.Metadata, "", m)
		if err != nil {
			t.Fatal(err)
		}
		return m, info
	}
	m, info := open("faces")
	weak, its := open("faces-weak")
	if err := info.AccompanyWeaker(&its, weak); err != nil {
		t.Fatal(err)
	}
	return m, info
}

// TestAutoguidanceOfPyTorch compares single evaluations with those of PyTorch
// (tools/train/autoguidance_vectors.py), which has the weights of the same two files: with a class
// and without, alone and beside classifier-free guidance. Measured: 4e-5, rms 5e-6.
func TestAutoguidanceOfPyTorch(t *testing.T) {
	m, info := shippedFaces(t)
	recorded := fixture.Weights(t, "testdata/autoguidance.safetensors")
	x, want := tensor(t, recorded, "x"), tensor(t, recorded, "output")
	g, w := tensor(t, recorded, "guidance"), tensor(t, recorded, "scale")
	labels := fixture.Int64s(t, recorded, "class_labels")
	size := len(x) / len(g)
	for i, at := range fixture.Int64s(t, recorded, "timesteps") {
		s := &recipe.Settings{Labels: []int{int(labels[i])}, Images: 1, Auto: w[i],
			Weaker: info.Weaker}
		s.Guidance = g[i]
		n := newGuided(m, s, schedule.V, 0)
		got := make([]float64, size)
		n.Output(got, x[i*size:][:size], float64(at), info.Weaker.Noise.Interpolate(float64(at)))
		largest, rms := maxDifference(t, got, want[i*size:][:size])
		t.Logf("timestep %d, class %d, w = %g: largest difference %.2g, rms %.2g", at, labels[i],
			w[i], largest, rms)
		if !(largest <= 2e-4 && rms <= 5e-5) {
			t.Errorf("timestep %d, class %d: off by %g, rms %g", at, labels[i], largest, rms)
		}
	}
}

// TestRunOfAutoguidance compares the end of five steps of DDIM with PyTorch's. Measured: 1e-5.
func TestRunOfAutoguidance(t *testing.T) {
	m, info := shippedFaces(t)
	recorded := fixture.Weights(t, "testdata/autoguidance.safetensors")
	tr, err := NewTrajectory(mustParse(t, "m=faces&c=5&steps=5&g=1&eta=0&ag=2"), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	tr.Restart(0, tensor(t, recorded, "first"))
	for tr.Step() {
	}
	if tr.Err() != nil {
		t.Fatal(tr.Err())
	}
	largest, rms := maxDifference(t, tr.X(), tensor(t, recorded, "last"))
	t.Logf("largest difference %.2g, rms %.2g", largest, rms)
	if !(largest <= 2e-4 && rms <= 2e-5) {
		t.Errorf("off by %g, rms %g", largest, rms)
	}
}

// duller is a weaker version whose predictions are known: those of the model, and a shift.
type duller struct {
	*mixture.Model
	shift float32
	asked *int
}

func (d duller) Predict(out [][]float32, x []float32, t float64, labels []int) {
	d.Model.Predict(out, x, t, labels)
	for i := range out[0] {
		out[0][i] += d.shift
	}
	*d.asked++
}

// autoModel returns the test model with a weaker version that predicts another quantity, if asked.
func autoModel(t *testing.T, kind, weak schedule.Prediction, shift float32) (
	network.Model, recipe.Info, *int,
) {
	t.Helper()
	c := schedule.Default()
	c.PredictionType = kind
	m, info := testModel(t, c)
	c.PredictionType = weak
	other, its := testModel(t, c)
	its.Name = "test-weak"
	asked := new(int)
	err := info.AccompanyWeaker(&its, duller{other.(*mixture.Model), shift, asked})
	if err != nil {
		t.Fatal(err)
	}
	return m, info, asked
}

// TestAutoguidanceOfTheSamePredictions: a weaker version that predicts the same changes nothing,
// also where it predicts another quantity, but by rounding to float32; a scale of 1 changes no bit
// whatever it predicts, and does not ask it.
func TestAutoguidanceOfTheSamePredictions(t *testing.T) {
	kinds := []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V, schedule.Score}
	for _, kind := range kinds {
		for _, weak := range kinds {
			m, info, asked := autoModel(t, kind, weak, 0)
			for _, text := range []string{"m=test&c=two&steps=6", "m=test&steps=6",
				"m=test&c=one&steps=6&g=3&k=ddpm"} {
				plain := last(mustRun(t, text, m, info))
				if got := last(mustRun(t, text+"&ag=1", m, info)); !fixture.SameBits(got, plain) {
					t.Errorf("%s from %s, %s: a scale of 1 changes bits", kind, weak, text)
				}
				if *asked != 0 {
					t.Errorf("%s from %s, %s: asked with a scale of 1", kind, weak, text)
				}
				led := last(mustRun(t, text+"&ag=2", m, info))
				if d := fixture.Distance(led, plain); !(d <= 2e-2) {
					t.Errorf("%s from %s, %s: differs by %g", kind, weak, text, d)
				}
				if *asked == 0 {
					t.Errorf("%s from %s, %s: not asked", kind, weak, text)
				}
				*asked = 0
			}
		}
	}
}

// TestAutoguidanceLeads: a weaker version that predicts too much of the noise by a constant moves
// the prediction by (w − 1) times as much the other way, in its interval only, before a fork as
// after it.
func TestAutoguidanceLeads(t *testing.T) {
	const shift = 0.25
	m, info, asked := autoModel(t, schedule.Epsilon, schedule.Epsilon, shift)
	one := func(text string, sigma float64) (difference float64) {
		s, err := recipe.Resolve(mustParse(t, text), info)
		if err != nil {
			t.Fatal(err)
		}
		n := newGuided(m, &s, schedule.Epsilon, 0)
		got, x := make([]float64, n.size), make([]float64, n.size)
		s.Weaker = nil
		own := newGuided(m, &s, schedule.Epsilon, 0)
		want := make([]float64, n.size)
		l := schedule.Level{Signal: 1, Noise: sigma}
		n.Output(got, x, 300, l)
		own.Output(want, x, 300, l)
		return got[0] - want[0]
	}
	for _, k := range []struct {
		recipe string
		sigma  float64
		want   float64
	}{
		{"m=test&c=two&ag=3", 1, -2 * shift}, {"m=test&c=two&ag=3&g=4", 1, -2 * shift},
		{"m=test&ag=3", 1, -2 * shift}, {"m=test&c=two&ag=0&g=0", 1, shift},
		{"m=test&c=two&ag=3&glow=2", 1, 0}, {"m=test&ag=3&ghigh=0.5", 1, 0},
		{"m=test&ag=3&ghigh=1", 1, -2 * shift},
	} {
		if got := one(k.recipe, k.sigma); !(got-k.want < 1e-6 && k.want-got < 1e-6) {
			t.Errorf("%s: moves by %g, want %g", k.recipe, got, k.want)
		}
	}
	*asked = 0
	run := mustRun(t, "m=test&c=two&steps=6&fork=4,ag:2", m, info)
	if run.Err() != nil || *asked != 2 {
		t.Errorf("forked to it for two steps: asked %d times, %v", *asked, run.Err())
	}
}

func TestAutoguidanceAllocatesNothing(t *testing.T) {
	m, info, _ := autoModel(t, schedule.Epsilon, schedule.V, 0.1)
	run, err := NewRun(mustParse(t, "m=test&c=all&steps=40&ag=2"), info, m)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(50, func() { run.Next() }); n != 0 {
		t.Errorf("%v allocations for each call of Next", n)
	}
}

// selfShown is a weaker version that is shown its estimates.
type selfShown struct{ network.Model }

func (selfShown) TakesEstimate() bool                                           { return true }
func (selfShown) PredictFrom([][]float32, []float32, []float32, float64, []int) {}

func TestAccompanyWeakerRefuses(t *testing.T) {
	_, info := testModel(t, schedule.Default())
	for says, change := range map[string]func(m *network.Model, its *recipe.Info){
		"another network": func(_ *network.Model, its *recipe.Info) { its.Name = info.Name },
		"of one stage": func(_ *network.Model, its *recipe.Info) {
			its.Cascade = &recipe.Cascade{}
		},
		"its own estimates":   func(m *network.Model, _ *recipe.Info) { *m = selfShown{*m} },
		"shape than those of": func(m *network.Model, _ *recipe.Info) { *m = taller{*m} },
		"other classes": func(_ *network.Model, its *recipe.Info) {
			its.Classes = []string{"one", "two", "four"}
		},
		"another noise schedule": func(_ *network.Model, its *recipe.Info) {
			its.Scheduler.BetaSchedule = "squaredcos_cap_v2"
		},
		"noise schedule": func(_ *network.Model, its *recipe.Info) {
			its.Scheduler.PredictionType = schedule.FlowVelocity
		},
		"beta_end": func(_ *network.Model, its *recipe.Info) { its.Scheduler.BetaEnd = 2 },
	} {
		m, its := testModel(t, schedule.Default())
		its.Name = "test-weak"
		change(&m, &its)
		err := info.AccompanyWeaker(&its, m)
		if err == nil || !strings.Contains(err.Error(), says) || info.Weaker != nil {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}

// taller is a network of taller pictures.
type taller struct{ network.Model }

func (t taller) Shape() (channels, height, width int) {
	c, h, w := t.Model.Shape()
	return c, h + 1, w
}

// TestRecipesOfAutoguidance: what has no effect is left out, and what is not loaded is refused.
func TestRecipesOfAutoguidance(t *testing.T) {
	m, info, _ := autoModel(t, schedule.Epsilon, schedule.Epsilon, 0)
	for text, want := range map[string]string{
		"m=test&ag=1&weak=other":            "m=test",
		"m=test&c=two&weak=test-weak&ag=02": "m=test&c=two&ag=2",
		"m=test&ag=2&glow=0.5&g=7":          "m=test&g=7&glow=0.5&ag=2",
		"m=test&glow=0.5":                   "m=test",
	} {
		s, err := recipe.Resolve(mustParse(t, text), info)
		if err != nil || s.Recipe().String() != want {
			t.Errorf("%s is %s, %v; want %s", text, s.Recipe(), err, want)
		}
	}
	for text, key := range map[string]string{"m=test&ag=2&weak=other": "weak"} {
		_, err := NewRun(mustParse(t, text), info, m)
		var wrong *solver.Error
		if !errors.As(err, &wrong) || wrong.Key != key ||
			!strings.Contains(wrong.Message, `"other", which is not loaded`) {
			t.Errorf("%s: got %v", text, err)
		}
	}
	if _, err := recipe.Parse("m=test&ag=strong"); err == nil ||
		!strings.Contains(err.Error(), "number") {
		t.Errorf("a scale that is no number: %v", err)
	}
	for text, want := range map[string]string{"m=test": "", "m=test&ag=2": "",
		"m=test&ag=2&weak=x": "x", "m=test&fork=2,ag:0.5": ""} {
		if got := strings.Join(info.Needs(mustParse(t, text)), " "); got != want {
			t.Errorf("%s needs %q beside the one that is loaded, want %q", text, got, want)
		}
	}
	info.Weaker = nil
	for text, want := range map[string]string{"m=test&ag=2": "test-weak", "m=test&ag=1": "",
		"m=test&fork=2,ag:0.5": "test-weak"} {
		got := strings.Join(info.Needs(mustParse(t, text)), " ")
		if got != want {
			t.Errorf("%s needs %q, want %q", text, got, want)
		}
	}
	info.Defaults.Weak = "thin"
	if got := info.Needs(mustParse(t, "m=test&ag=2")); len(got) != 1 || got[0] != "thin" {
		t.Errorf("the file's own weaker version: %q", got)
	}
}
