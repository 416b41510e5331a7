package langevin

import (
	"math"
	"testing"

	"tweedie/sampler/conditional"
	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
)

// twoModes are Song & Ermon's figure 3 (arXiv:1907.05600, §3.2.2) at a tenth of its size: a fifth
// at (−½, −½), the rest at (½, ½), each with spread 0.1, 14 of which lie between them.
var twoModes = []mixture.Component{
	{Weight: 0.2, Mean: []float64{-0.5, -0.5}, StdDev: 0.1},
	{Weight: 0.8, Mean: []float64{0.5, 0.5}, StdDev: 0.1, Class: 1},
}

func model(t testing.TB, components []mixture.Component, kind schedule.Prediction) (*mixture.Model,
	*schedule.Schedule) {
	t.Helper()
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	c := schedule.Default()
	c.PredictionType = kind
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	model, err := mixture.NewModel(m, s, 1, 1, len(components[0].Mean))
	if err != nil {
		t.Fatal(err)
	}
	return model, s
}

// walk runs picture number image to its end, from start if that is not nil.
func walk(t testing.TB, m conditional.Model, o Options, image int, start []float64) *Walk {
	t.Helper()
	o.Image = uint32(image)
	w, err := New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	if start != nil {
		w.Restart(0, start)
	}
	for w.Step() {
	}
	if w.Err() != nil || w.Done() != w.Steps() {
		t.Fatalf("%d of %d steps, error %v", w.Done(), w.Steps(), w.Err())
	}
	return w
}

// geometric is Geometric without an error.
func geometric(t testing.TB, s *schedule.Schedule, from, to float64, n int, space Space) []Rung {
	t.Helper()
	l, err := Geometric(s, from, to, n, space)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const walks = 400

// share returns the part of the walks that end nearer to (½, ½), and the mean distance of all ends
// from the nearer mode in each direction.
func share(t *testing.T, m conditional.Model, o Options, start func(image int) []float64) (upper,
	spread float64) {
	for image := range walks {
		x := walk(t, m, o, image, start(image)).X()
		mode := -0.5
		if x[0]+x[1] > 0 {
			upper += 1.0 / walks
			mode = 0.5
		}
		spread += (math.Pow(x[0]-mode, 2) + math.Pow(x[1]-mode, 2)) / 2 / walks
	}
	return upper, math.Sqrt(spread)
}

// TestMixingWeights is the third failure: between separated modes the score does not depend on
// their weights, so Langevin dynamics finds both equally often, although one has four fifths of the
// weight; annealing recovers the weights. 400 walks; the standard error of a share is 0.025 and
// 0.02, and the bounds are four of them.
func TestMixingWeights(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	to := s.At(0).Sigma()
	o := Options{
		Schedule: s, Space: VE, Ladder: geometric(t, s, to, to, 1, VE), Langevin: 1000,
		Rule: FixedStep, Size: 0.1 * 0.01, Predictor: NoPredictor,
		Clip: math.Inf(1), Label: conditional.NoClass, Guidance: 1, Seed: 7,
	}
	around := func(image int) []float64 { // unit noise about the origin
		x := make([]float64, 2)
		noise.Normal(x, 99, uint32(image), 0)
		return x
	}
	plain, spread := share(t, m, o, around)
	t.Logf("Langevin dynamics: %.3f of the walks end in the mode that has 0.8, spread %.3f of 0.1",
		plain, spread)
	if !(math.Abs(plain-0.5) <= 0.1 && math.Abs(spread-0.1) <= 0.02) {
		t.Errorf("Langevin dynamics: share %v, spread %v", plain, spread)
	}
	o.Ladder, o.Langevin, o.Rule, o.Size = geometric(t, s, 4, 0.02, 20, VE), 50,
		Scaled, 0.2*0.02*0.02
	for _, space := range []Space{VE, VP} {
		if o.Space = space; space == VP {
			o.Ladder = geometric(t, s, 4, 0.02, 20, VP)
		}
		annealed, spread := share(t, m, o, func(int) []float64 { return nil })
		t.Logf("annealed, %s: %.3f of the walks, spread %.3f", space, annealed, spread)
		if !(math.Abs(annealed-0.8) <= 0.08 && math.Abs(spread-0.1) <= 0.02) {
			t.Errorf("annealed, %s: share %v, spread %v", space, annealed, spread)
		}
	}
}

// TestNoScoreOffTheManifold is the first failure: data on a line have no density in the plane. As
// the noise vanishes, the score at a distance d from the line grows like d/σ² without bound, and
// the largest stable Langevin step there shrinks like σ².
func TestNoScoreOffTheManifold(t *testing.T) {
	var line []mixture.Component
	for i := range 41 {
		line = append(line, mixture.Component{Weight: 1, Mean: []float64{float64(i-20) / 20, 0}})
	}
	m, err := mixture.New(line)
	if err != nil {
		t.Fatal(err)
	}
	score := make([]float64, 2)
	for _, sigma := range []float64{0.1, 0.03, 0.01, 0.001} {
		for _, d := range []float64{0.1, 0.5} {
			m.Score(score, []float64{0.25, d}, schedule.Level{Signal: 1, Noise: sigma}, -1)
			if got := -score[1] * sigma * sigma / d; !(math.Abs(got-1) <= 1e-9) {
				t.Errorf("σ %v, distance %v: score %v, %v of d/σ²", sigma, d, score[1], got)
			}
		}
	}
	// A step that suits noise 0.1 diverges where the noise is 0.01; the steps of the annealed
	// ladder converge.
	model, s := model(t, line, schedule.Epsilon)
	to := s.At(0).Sigma()
	o := Options{
		Schedule: s, Space: VE, Ladder: geometric(t, s, to, to, 1, VE), Langevin: 300,
		Rule: FixedStep, Size: 0.1 * 0.1, Predictor: NoPredictor,
		Clip: math.Inf(1), Label: conditional.NoClass, Guidance: 1, Seed: 7,
	}
	w, err := New(model, o)
	if err != nil {
		t.Fatal(err)
	}
	for w.Restart(0, []float64{0.25, 0.5}); w.Step(); {
	}
	if far := math.Abs(w.X()[1]); w.Err() == nil && far < 1e6 {
		t.Errorf("a fixed step far too large ends %v from the line", far)
	}
	o.Ladder, o.Rule, o.Size = geometric(t, s, 1, to, 12, VE), Scaled, 0.2*to*to
	o.Langevin = 30
	for image := range 50 {
		if far := math.Abs(walk(t, model, o, image, nil).X()[1]); far > 5*to {
			t.Errorf("annealed walk %d ends %v from the line, noise %v", image, far, to)
		}
	}
}

// TestPoorScoresWhereDataAreRare is the second failure: 200 samples determine the score near the
// modes, but hardly between them, unless there is much noise. The test compares ε̂ of the samples'
// optimal denoiser with that of the mixture.
func TestPoorScoresWhereDataAreRare(t *testing.T) {
	truth, err := mixture.New(twoModes)
	if err != nil {
		t.Fatal(err)
	}
	var samples []mixture.Component
	for i := range 200 {
		mode, x := twoModes[min(i%5, 1)], make([]float64, 2)
		noise.Normal(x, 5, uint32(i), 0)
		for j := range x {
			x[j] = mode.Mean[j] + mode.StdDev*x[j]
		}
		samples = append(samples, mixture.Component{Weight: 1, Mean: x, StdDev: 0.05})
	}
	learned, err := mixture.New(samples)
	if err != nil {
		t.Fatal(err)
	}
	off := func(x []float64, sigma float64) float64 {
		l := schedule.Level{Signal: 1, Noise: sigma}
		a, b := make([]float64, 2), make([]float64, 2)
		truth.Score(a, x, l, -1)
		learned.Score(b, x, l, -1)
		return sigma * math.Hypot(a[0]-b[0], a[1]-b[1])
	}
	for _, c := range []struct {
		sigma, mode, between [2]float64 // bounds, from and to
	}{
		{sigma: [2]float64{0.05}, mode: [2]float64{0, 0.5}, between: [2]float64{1.5, 10}},
		{sigma: [2]float64{0.2}, mode: [2]float64{0, 0.3}, between: [2]float64{0, 1.5}},
		{sigma: [2]float64{2}, mode: [2]float64{0, 0.1}, between: [2]float64{0, 0.1}},
	} {
		mode, between := off([]float64{0.52, 0.45}, c.sigma[0]),
			off([]float64{0.15, -0.1}, c.sigma[0])
		t.Logf("σ %v: ε̂ off by %.3f near a mode, by %.3f between", c.sigma[0], mode, between)
		if !(mode >= c.mode[0] && mode <= c.mode[1] && between >= c.between[0] &&
			between <= c.between[1]) {
			t.Errorf("σ %v: ε̂ is off by %v near a mode and by %v between",
				c.sigma[0], mode, between)
		}
	}
}
