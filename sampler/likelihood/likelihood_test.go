package likelihood

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/bound"
	"tweedie/sampler/mixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// testModel is the exact denoiser of a mixture of two classes of 1×1×2 pictures.
func testModel(t *testing.T) (*mixture.Model, *mixture.Mixture, recipe.Info) {
	t.Helper()
	m, err := mixture.New([]mixture.Component{
		{Weight: 1, Mean: []float64{0.4, -0.5}, StdDev: 0.2},
		{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.1, Class: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := schedule.Default()
	c.VarianceType, c.ClipSample = schedule.FixedLarge, false
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	model, err := mixture.NewModel(m, s, 1, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("test", nil, "", model)
	if err != nil {
		t.Fatal(err)
	}
	info.Scheduler = c
	return model, m, info
}

func parsed(t *testing.T, text string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var image = []byte{85, 178}

// TestEstimatesAgree compares the three estimates with package bound and with the exact density of
// the mixture.
func TestEstimatesAgree(t *testing.T) {
	model, m, info := testModel(t)
	x := make([]float64, 2)
	picture.Values(x, image, 1, 1, 2)
	for _, c := range []struct {
		text  string
		label int
	}{{"m=test", -1}, {"m=test&c=1&s=4", 1}} {
		exact := (math.Log(127.5) - m.LogDensity(x, schedule.Level{Signal: 1}, c.label)/2) /
			math.Ln2
		for _, form := range Forms() {
			e, err := New(parsed(t, c.text), info, model, image, Options{Form: form, Draws: 40})
			if err != nil {
				t.Fatal(err)
			}
			sum := e.Prior()
			if form == Flow {
				sum = e.Total()
			}
			steps := 0
			for e.Next() {
				sum += e.Term().Bits
				steps++
			}
			if e.Err() != nil || steps != e.Steps() || e.Done() != steps ||
				!(math.Abs(sum-e.Total()) <= 1e-9) {
				t.Errorf("%s, %s: %d of %d terms with sum %v, total %v, %v",
					c.text, form, steps, e.Steps(), sum, e.Total(), e.Err())
			}
			// The bound loses a little, and the flow moves the picture within its bin.
			d := e.Total() - exact
			if !(d > -0.15-4*e.StandardError() && d < 0.3+4*e.StandardError()) {
				t.Errorf("%s, %s: %v ± %v bits per dimension, exactly %v",
					c.text, form, e.Total(), e.StandardError(), exact)
			}
			if want := c.text + "&image=" + picture.Hash(image); e.Recipe().String() != want {
				t.Errorf("recipe %s, want %s", e.Recipe(), want)
			}
		}
	}
	table, err := schedule.New(info.Scheduler)
	if err != nil {
		t.Fatal(err)
	}
	o := bound.Standard(table)
	o.Label, o.Guidance, o.Seed, o.Draws, o.Form = 1, 2, 9, 3, bound.Consistency
	o.Timesteps = []int{999, 749, 500, 250, 0}
	want, err := bound.New(x, model, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := New(parsed(t, "m=test&c=1&g=2&s=9&steps=5"), info, model, image,
		Options{Form: Consistency, Draws: 3})
	if err != nil {
		t.Fatal(err)
	}
	for want.Next() && got.Next() {
		if w, g := want.Term(), got.Term(); g != w {
			t.Errorf("term %v, want %v", g, w)
		}
	}
	if got.Done() != 5 || got.Total() != want.Total() {
		t.Errorf("%d terms, total %v, want %v", got.Done(), got.Total(), want.Total())
	}
}

func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		T, n int
		want []int
	}{{1000, 1, []int{999}}, {1000, 2, []int{999, 0}}, {1000, 5, []int{999, 749, 500, 250, 0}},
		{4, 4, []int{3, 2, 1, 0}}, {1, 1, []int{0}}, {5, 4, []int{4, 3, 1, 0}}} {
		if got := evenly(c.T, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d of %d timesteps: %v, want %v", c.n, c.T, got, c.want)
		}
	}
}

func TestUnusableEstimates(t *testing.T) {
	model, _, info := testModel(t)
	edm := info
	edm.Scheduler.Solver.Network, edm.Scheduler.Solver.SigmaMax,
		edm.Scheduler.Solver.SigmaData = schedule.EDM, 80, 0.5
	for _, c := range []struct {
		text, key, says string
		image           []byte
		o               Options
		info            recipe.Info
	}{
		{"m=test", "image", "there is no picture to estimate", nil, Options{}, info},
		{"m=test", "image", "has 3 values but a model of 2×1 pixels",
			make([]byte, 3), Options{}, info},
		{"m=test&image=0123456789abcdef", "image", "and the one that was given is",
			image, Options{}, info},
		{"m=test&c=all", "c", "one picture is estimated under one class", image, Options{}, info},
		{"m=test&clip=dynamic", "clip", "write clip=none", image, Options{}, info},
		{"m=test&steps=1001", "steps", "1000 timesteps", image, Options{}, info},
		{"m=test", "", "the form must be denoising or consistency",
			image, Options{Form: "best"}, info},
		{"m=test", "", "draws must be from 1 to 2000", image, Options{Draws: 2001}, info},
		{"m=test&steps=1000", "", "the flow takes 1 to 999 steps",
			image, Options{Form: Flow}, info},
		{"m=test", "", "a network of the family edm", image, Options{}, edm},
	} {
		_, err := New(parsed(t, c.text), c.info, model, c.image, c.o)
		var wrong *recipe.Error
		if err == nil || !strings.Contains(err.Error(), c.says) ||
			errors.As(err, &wrong) != (c.key != "") || c.key != "" && wrong.Key != c.key {
			t.Errorf("%s: error %v, want key %q and %q", c.text, err, c.key, c.says)
		}
	}
}

// TestResume continues after every number of terms, in every form, and ends with the same result.
func TestResume(t *testing.T) {
	model, _, info := testModel(t)
	begin := func(form string) *Estimate {
		e, err := New(parsed(t, "m=test&c=1&steps=6"), info, model, image,
			Options{Form: form, Draws: 3})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, form := range Forms() {
		whole, terms, states := begin(form), []bound.Term(nil), [][]float64{nil}
		for whole.Next() {
			terms, states = append(terms, whole.Term()), append(states, whole.State())
		}
		if len(terms) != 6 || whole.Err() != nil {
			t.Fatalf("%s: %d terms, want 6 (%v)", form, len(terms), whole.Err())
		}
		for done := range states {
			e := begin(form)
			if err := e.Resume(terms[:done], states[done]); err != nil || e.Done() != done {
				t.Fatalf("%s after %d terms: %d are done, %v", form, done, e.Done(), err)
			}
			for i := done; e.Next(); i++ {
				if g, w := e.Term(), terms[i]; g.T != w.T || g.Bits != w.Bits {
					t.Errorf("%s after %d terms: term %d is %v, want %v", form, done, i, g, w)
				}
			}
			if e.Err() != nil || e.Total() != whole.Total() ||
				e.StandardError() != whole.StandardError() {
				t.Errorf("%s after %d terms: %v ± %v, want %v ± %v, %v",
					form, done, e.Total(), e.StandardError(), whole.Total(),
					whole.StandardError(), e.Err())
			}
		}
		if form != Flow {
			continue
		}
		for says, err := range map[string]error{
			"goes on from 5 finite numbers, not from 2": begin(form).Resume(terms[:1],
				states[1][:2]),
			"not from 5 such": begin(form).Resume(terms[:1],
				[]float64{1, 2, 3, 4, math.NaN()}),
			"cannot go on after 7": begin(form).Resume(append(terms, terms[0]),
				states[1]),
			"the last term to go on from is of": begin(form).Resume(terms[1:2], states[1]),
		} {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("error %v, want %q", err, says)
			}
		}
	}
}

// TestClassifierGuides: by Bayes' rule, a model without classes guided by the exact classifier,
// with scale 1, is the model of the class. Their estimates must agree, from the same noise.
func TestClassifierGuides(t *testing.T) {
	model, _, info := testModel(t)
	g, err := recipe.NewGuide("test-classifier", map[string]string{"classes": `["0","1"]`}, "",
		model)
	if err != nil {
		t.Fatal(err)
	}
	if err := info.Accompany(g); err != nil {
		t.Fatal(err)
	}
	total := func(text, form string) float64 {
		e, err := New(parsed(t, text), info, model, image, Options{Form: form, Draws: 3})
		if err != nil {
			t.Fatal(err)
		}
		for e.Next() {
		}
		if e.Err() != nil {
			t.Fatal(e.Err())
		}
		return e.Total()
	}
	for _, form := range Forms() {
		given, guided, without := total("m=test&c=1&steps=50", form),
			total("m=test&c=1&g=0&cg=1&steps=50", form), total("m=test&c=1&g=0&steps=50", form)
		if !(math.Abs(given-guided) < 2e-3) || !(math.Abs(given-without) > 0.1) {
			t.Errorf("%s: with the class %v, guided to it %v, without %v",
				form, given, guided, without)
		}
	}
	info.Deep = true
	for text, key := range map[string]string{"cache=2": "cache",
		"g=2&rescale=0.5": "g", "g=2&glow=1": "g",
		"cg=1&ghigh=3": "g", "cg=1&classifier=other": "classifier"} {
		_, err := New(parsed(t, "m=test&c=1&"+text), info, model, image, Options{})
		var wrong *recipe.Error
		if !errors.As(err, &wrong) || wrong.Key != key {
			t.Errorf("%s: error %v, want one of %s", text, err, key)
		}
	}
	// options of guidance without a guidance scale
	total("m=test&c=1&rescale=0.5&glow=1&steps=5", Denoising)
}
