package sampler

import (
	"encoding/json"
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// within fails unless got is want, to a part of it or of 1.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

// TestLevelsAgainstReference: the schedule of a recipe, and the places of DDPM's steps, have
// diffusers' betas and ᾱ, and the posterior that follows from them (Luo 85).
func TestLevelsAgainstReference(t *testing.T) {
	var vectors map[string]struct {
		Config        json.RawMessage `json:"config"`
		Betas         []float64       `json:"betas"`
		AlphasCumprod []float64       `json:"alphas_cumprod"`
	}
	fixture.JSON(t, "schedule/testdata/betas.json.gz", &vectors)
	compared := 0
	for name, v := range vectors {
		T := len(v.Betas)
		if v.Config == nil || v.AlphasCumprod[T-1] == 0 {
			continue // improved-diffusion's, or without signal at the end
		}
		c, err := schedule.ParseConfig(v.Config)
		if err != nil {
			t.Fatal(err)
		}
		model, info := testModel(t, c)
		compared++
		run, err := NewRun(mustParse(t, "m=test&k=ddpm&steps=10"), info, model)
		if err != nil {
			t.Fatal(err)
		}
		got := run.Levels()
		if len(got.Schedule) != T || len(got.Steps) != 11 || got.First != nil {
			t.Fatalf("%s: %d levels of %d timesteps, %d of 10 steps", name, len(got.Schedule), T,
				len(got.Steps))
		}
		check := func(at Level, next int) {
			t.Helper()
			bar, before := v.AlphasCumprod[int(at.T)], 1.0
			if next >= 0 {
				before = v.AlphasCumprod[next]
			}
			beta := 1 - bar/before
			within(t, name+" ᾱ", at.AlphaBar, bar, 1e-12)
			within(t, name+" β", at.Beta, beta, 1e-11)
			within(t, name+" √β̃", at.Deviation, math.Sqrt((1-before)/(1-bar)*beta), 1e-9)
			within(t, name+" log SNR", at.LogSNR, math.Log(bar/(1-bar)), 1e-9)
			within(t, name+" σ", at.Sigma, math.Sqrt((1-bar)/bar), 1e-9)
		}
		for i, at := range got.Schedule {
			if at.T != float64(i) {
				t.Fatalf("%s: level %d is of timestep %v", name, i, at.T)
			}
			check(at, i-1)
			within(t, name+" β of one timestep", at.Beta, v.Betas[i], 1e-12)
		}
		for i, at := range got.Steps[:10] {
			if want := (9 - i) * T / 10; int(at.T) != want {
				t.Fatalf("%s: step %d begins at timestep %v, want %d", name, i+1, at.T, want)
			}
			next := -1
			if i < 9 {
				next = int(got.Steps[i+1].T)
			}
			check(at, next)
		}
		if end := got.Steps[10]; end.T != -1 || end.AlphaBar != 1 || end.Sigma != 0 ||
			!math.IsInf(end.LogSNR, 1) {
			t.Errorf("%s ends at %+v", name, end)
		}
	}
	if compared < 8 {
		t.Errorf("%d schedules were compared", compared)
	}
}

// TestLevelsFollowTheRun: whatever the recipe, a run has as many steps as it has levels, and says
// the timestep of each and its ᾱ.
func TestLevelsFollowTheRun(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	in := drawn()
	u, _, large := testCascade(t, "")
	none, image := recipe.Inputs{}, recipe.Inputs{Image: in.Image}
	for _, c := range []struct {
		text string
		in   recipe.Inputs
		m    network.Model
		info recipe.Info
		off  float64 // how far ᾱ of the level may be from that of the timestep, rounded
	}{
		{"steps=12", none, model, info, 1e-12},
		{"steps=12&spacing=trailing&k=ddpm", none, model, info, 1e-12},
		{"steps=7&k=dpmpp_2m&sigmas=karras&final=sigma_min", none, model, info, 1e-3},
		{"steps=9&k=euler_a&spacing=linspace", none, model, info, 1e-3},
		// the state has the noise of the level before
		{"steps=6&k=annealed&correct=2", none, model, info, 1},
		{"steps=10&strength=0.6", image, model, info, 1e-12},
		{"steps=8&invert=two", image, model, info, 1e-12},
		{"steps=9&resample=3&jump=2", in, model, info, 1e-12},
		{"steps=5&bsteps=4", none, u, large, 1e-12},
	} {
		r := naming(t, "m="+c.info.Name+"&"+c.text, c.in)
		run, err := NewRunFrom(r, c.info, c.m, c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		got := run.Levels()
		if len(got.Steps) != run.Steps()+1 || (got.First != nil) != (run.First() > 0) {
			t.Fatalf("%s: %d levels for %d steps", c.text, len(got.Steps), run.Steps())
		}
		for i := 0; run.Next(); i++ {
			at := got.Steps[i]
			if int(at.T+0.5) != run.T() {
				t.Errorf("%s: step %d is at timestep %d, and its level at %v", c.text, i+1,
					run.T(), at.T)
			}
			if bar := run.Picture(0).AlphaBar(); math.Abs(bar-at.AlphaBar) > c.off {
				t.Errorf("%s: step %d has ᾱ %v, and its level %v", c.text, i+1, bar, at.AlphaBar)
			}
		}
		if run.Err() != nil {
			t.Fatal(run.Err())
		}
	}
}

// TestLevelsForward: the levels of a picture that is noised are those of its states.
func TestLevelsForward(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	r := mustParse(t, "m=test&steps=8&k=euler&final=sigma_min")
	run, err := NewForward(r, info, model, drawn().Image, Share{})
	if err != nil {
		t.Fatal(err)
	}
	got := run.Levels()
	if len(got.Steps) != run.Steps() {
		t.Fatalf("%d levels of %d states", len(got.Steps), run.Steps())
	}
	for i := 0; run.Next(); i++ {
		if at := got.Steps[i]; int(math.Floor(at.T+0.5)) != run.T() ||
			math.Abs(at.AlphaBar-run.Picture(0).AlphaBar()) > 1e-2 {
			t.Errorf("state %d is at timestep %d, ᾱ %v, and its level %+v", i+1, run.T(),
				run.Picture(0).AlphaBar(), at)
		}
	}
}

// TestLevelsWithoutTimesteps: networks that were trained at every σ have no schedule, and the
// levels of Karras et al. (arXiv:2206.00364, equation 5); a rectified flow has even ones.
func TestLevelsWithoutTimesteps(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	levels := func(config, text string) Levels {
		t.Helper()
		c, err := schedule.ParseConfig([]byte(config))
		if err != nil {
			t.Fatal(err)
		}
		of := info
		of.Scheduler = c
		run, err := NewRun(mustParse(t, "m=test&"+text), of, model)
		if err != nil {
			t.Fatal(err)
		}
		got := run.Levels()
		if got.Schedule != nil {
			t.Errorf("%s has a schedule of %d timesteps", config, len(got.Schedule))
		}
		return got
	}
	const steps = 6
	edm := levels(`{"_class_name": "EDMEulerScheduler", "prediction_type": "epsilon"}`,
		"k=euler&steps=6")
	for i, at := range edm.Steps[:steps] {
		high, low := math.Pow(80, 1.0/7), math.Pow(0.002, 1.0/7)
		sigma := math.Pow(high+float64(i)/(steps-1)*(low-high), 7)
		within(t, "σ of EDM", at.Sigma, sigma, 1e-9)
		within(t, "log SNR of EDM", at.LogSNR, -2*math.Log(sigma), 1e-9)
		within(t, "ᾱ of EDM", at.AlphaBar, 1/(1+sigma*sigma), 1e-12)
	}
	flow := levels(`{"_class_name": "FlowMatchEulerDiscreteScheduler"}`,
		"k=euler&steps=6&spacing=trailing")
	for i, at := range flow.Steps {
		noise := 1 - float64(i)/steps
		within(t, "σ of a flow", at.Sigma, noise/(1-noise), 1e-9)
	}
}

// TestLevelsOfLongSchedules: of more timesteps than are listed, both ends are there.
func TestLevelsOfLongSchedules(t *testing.T) {
	c := schedule.Default()
	c.NumTrainTimesteps = 4000
	model, info := testModel(t, c)
	run, err := NewRun(mustParse(t, "m=test&steps=4"), info, model)
	if err != nil {
		t.Fatal(err)
	}
	got := run.Levels()
	n := len(got.Schedule)
	if n != mostLevels || got.Schedule[0].T != 0 || got.Schedule[n-1].T != 3999 {
		t.Errorf("%d levels from %v to %v", n, got.Schedule[0].T, got.Schedule[n-1].T)
	}
}
