package langevin

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/conditional"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// sde are the options of a reverse SDE of n levels over the whole schedule.
func sde(t testing.TB, s *schedule.Schedule, space Space, p Predictor, n, corrections int) Options {
	t.Helper()
	timesteps := make([]int, n)
	for i := range timesteps {
		timesteps[i] = s.T() - 1 - i*s.T()/n
	}
	timesteps[n-1] = 0
	ladder, err := AtTimesteps(s, timesteps, space)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Schedule: s, Space: space, Ladder: ladder, Langevin: corrections, Rule: SignalToNoise,
		Size: 0.16, Predictor: p,
		Denoise: true, Clip: math.Inf(1), Label: conditional.NoClass, Guidance: 1, Seed: 3,
	}
}

// TestReverseSDE checks that walks reach the mixture: weights within 0.08 (four standard errors)
// and spread within a fifth.
func TestReverseSDE(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	for _, c := range []struct {
		space       Space
		predictor   Predictor
		levels      int
		corrections int
	}{
		{VE, EulerMaruyama, 500, 0},
		{VP, EulerMaruyama, 500, 0},
		{VP, ReverseDiffusion, 500, 0},
		{VE, ReverseDiffusion, 250, 1},
		{VP, ReverseDiffusion, 250, 1},
		{VP, EulerMaruyama, 250, 2},
	} {
		o := sde(t, s, c.space, c.predictor, c.levels, c.corrections)
		last := o.Ladder[len(o.Ladder)-1].Level.Noise
		o.Rule, o.Size = Scaled, 0.1*last*last // SignalToNoise leaps where a score is near 0
		upper, spread := share(t, m, o, func(int) []float64 { return nil })
		t.Logf("%s, %s, %d levels, %d corrections: share %.3f, spread %.4f",
			c.space, c.predictor, c.levels, c.corrections, upper, spread)
		if !(math.Abs(upper-0.8) <= 0.08 && math.Abs(spread-0.1) <= 0.02) {
			t.Errorf("%s, %s, %d levels, %d corrections: share %v, spread %v",
				c.space, c.predictor, c.levels, c.corrections, upper, spread)
		}
	}
}

// TestSignalToNoise corrects with that rule in 48 dimensions, where the norm of the score hardly
// varies: the ends have the mode's mean and spread within a tenth.
func TestSignalToNoise(t *testing.T) {
	wide := []mixture.Component{{Weight: 1, Mean: make([]float64, 48), StdDev: 0.3}}
	for i := range wide[0].Mean {
		wide[0].Mean[i] = 0.5
	}
	m, s := model(t, wide, schedule.Epsilon)
	for _, space := range []Space{VE, VP} {
		mean, square := 0.0, 0.0
		for image := range 40 {
			for _, v := range walk(t, m, sde(t, s, space, ReverseDiffusion, 200, 1), image,
				nil).X() {
				mean += v / 48 / 40
				square += (v - 0.5) * (v - 0.5) / 48 / 40
			}
		}
		t.Logf("%s: mean %.4f, spread %.4f", space, mean, math.Sqrt(square))
		if !(math.Abs(mean-0.5) <= 0.03 && math.Abs(math.Sqrt(square)-0.3) <= 0.03) {
			t.Errorf("%s: mean %v of 0.5, spread %v of 0.3", space, mean, math.Sqrt(square))
		}
	}
}

// TestReadings checks that the kind of prediction makes no difference but rounding, in either
// space.
func TestReadings(t *testing.T) {
	for _, space := range []Space{VE, VP} {
		var reference []float64
		for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample,
			schedule.V, schedule.Score} {
			m, s := model(t, twoModes, kind)
			x := walk(t, m, sde(t, s, space, ReverseDiffusion, 50, 1), 0, nil).X()
			if reference == nil {
				reference = append(reference, x...)
			}
			if d := fixture.Distance(x, reference); !(d <= 1e-12) {
				t.Errorf("%s: a network of %s ends %g away", space, kind, d)
			}
		}
	}
}

// TestSpacesAgree checks that annealing is one walk in two coordinates, with steps of equal size in
// x/√ᾱ.
func TestSpacesAgree(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	o := Options{
		Schedule: s, Space: VE, Ladder: geometric(t, s, 5, 0.05, 8, VE), Langevin: 10, Rule: Scaled,
		Size: 0.1 * 0.05 * 0.05, Predictor: NoPredictor,
		Clip: math.Inf(1), Label: 1, Guidance: 1, Seed: 3,
	}
	ve, err := New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Space, o.Ladder = VP, geometric(t, s, 5, 0.05, 8, VP)
	last := o.Ladder[7].Level.Noise
	o.Size = 0.1 * last * last
	vp, err := New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	vp.Restart(0, []float64{0.3, -0.2})
	ve.Restart(0, []float64{0.3 / vp.Level().Signal, -0.2 / vp.Level().Signal})
	for ve.Step() && vp.Step() {
		for i, v := range vp.X() {
			d := math.Abs(v/vp.Level().Signal - ve.X()[i])
			if !(d <= 1e-11*max(1, math.Abs(ve.X()[i]))) {
				t.Fatalf("step %d: %v and %v", ve.Done(), v/vp.Level().Signal, ve.X()[i])
			}
			if d := math.Abs(vp.X0()[i] - ve.X0()[i]); !(d <= 1e-11) {
				t.Fatalf("step %d: x̂0 %v and %v", ve.Done(), vp.X0()[i], ve.X0()[i])
			}
		}
		if !(math.Abs(vp.Level().Sigma()/ve.Level().Sigma()-1) <= 1e-12) || vp.T() != ve.T() {
			t.Fatalf("step %d: levels %v and %v", ve.Done(), vp.Level(), ve.Level())
		}
	}
	if ve.Done() != 80 || vp.Done() != 80 {
		t.Errorf("%d and %d steps", ve.Done(), vp.Done())
	}
}

// TestScoreIsExact compares the score in either space with the mixture's, and with x̂0 by Tweedie's
// formula.
func TestScoreIsExact(t *testing.T) {
	m, s := model(t, twoModes, schedule.V)
	for _, space := range []Space{VE, VP} {
		o := sde(t, s, space, EulerMaruyama, 20, 1)
		w, err := New(m, o)
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float64, 2)
		for copy(x, w.X()); w.Step(); copy(x, w.X()) {
			l := o.Ladder[(w.Done()-1)/2].Level
			for i, v := range x {
				tweedie := (v + l.Noise*l.Noise*w.Score()[i]) / l.Signal
				if d := math.Abs(tweedie - w.X0()[i]); !(d <= 1e-11*max(1, math.Abs(v)/l.Signal)) {
					t.Errorf("%s, step %d: x̂0 is %v, by Tweedie's formula %v",
						space, w.Done(), w.X0()[i], tweedie)
				}
				if e := -l.Noise * w.Score()[i]; !(math.Abs(e-w.Epsilon()[i]) <= 1e-14) {
					t.Errorf("%s, step %d: ε̂ is %v, by the score %v",
						space, w.Done(), w.Epsilon()[i], e)
				}
			}
		}
		if w.Level().Noise != 0 || w.Level().Signal != 1 {
			t.Errorf("%s: the walk ends at %v", space, w.Level())
		}
	}
}
