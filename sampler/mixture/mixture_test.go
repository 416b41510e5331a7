package mixture

import (
	"math"
	"strings"
	"testing"

	"tweedie/sampler/schedule"
)

func mustNew(t *testing.T, components ...Component) *Mixture {
	t.Helper()
	m, err := New(components)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOneGaussian has a closed form: the mean moves from the prior's to x/a as the noise vanishes.
func TestOneGaussian(t *testing.T) {
	m := mustNew(t, Component{Weight: 3, Mean: []float64{0.5, -1}, StdDev: 0.2})
	x0, epsilon := make([]float64, 2), make([]float64, 2)
	x := []float64{0.3, 0.9}
	for _, bar := range []float64{0.999, 0.5, 0.01, 0} {
		l := schedule.LevelOf(bar)
		m.Denoise(x0, epsilon, x, l, -1)
		for i, mean := range []float64{0.5, -1} {
			gain := l.Signal * 0.04 / (bar*0.04 + 1 - bar)
			if want := mean + gain*(x[i]-l.Signal*mean); !(math.Abs(x0[i]-want) <= 1e-14) {
				t.Errorf("ᾱ %v, element %d: x0 %v, want %v", bar, i, x0[i], want)
			}
			if got := l.Signal*x0[i] + l.Noise*epsilon[i]; !(math.Abs(got-x[i]) <= 1e-14) {
				t.Errorf("ᾱ %v, element %d: the parts add up to %v, want %v", bar, i, got, x[i])
			}
		}
	}
}

// TestScoreIsGradient checks Tweedie's formula against the numerical gradient of log p(x).
func TestScoreIsGradient(t *testing.T) {
	m := mustNew(t,
		Component{Weight: 1, Mean: []float64{0.5, -1}, StdDev: 0.2},
		Component{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.5},
		Component{Weight: 0.5, Mean: []float64{0, 0}, StdDev: 0},
	)
	l := schedule.LevelOf(0.6)
	logP := func(x []float64) float64 {
		sum := 0.0
		for _, c := range m.components {
			v := c.variance(l)
			d := 0.0
			for i := range x {
				d += (x[i] - l.Signal*c.Mean[i]) * (x[i] - l.Signal*c.Mean[i])
			}
			sum += c.Weight / v * math.Exp(-d/(2*v)) // v^(−dim/2) with dim 2
		}
		return math.Log(sum)
	}
	x0, epsilon := make([]float64, 2), make([]float64, 2)
	for _, x := range [][]float64{{0.1, 0.2}, {-1, 1}, {0.4, -0.7}} {
		m.Denoise(x0, epsilon, x, l, -1)
		for i := range x {
			const h = 1e-5
			up, down := append([]float64(nil), x...), append([]float64(nil), x...)
			up[i] += h
			down[i] -= h
			gradient := (logP(up) - logP(down)) / (2 * h)
			if score := -epsilon[i] / l.Noise; !(math.Abs(score-gradient) <= 1e-8) {
				t.Errorf("at %v, element %d: score %v, gradient %v", x, i, score, gradient)
			}
			tweedie := (x[i] + l.Noise*l.Noise*gradient) / l.Signal
			if !(math.Abs(tweedie-x0[i]) <= 1e-8) {
				t.Errorf("at %v, element %d: x0 %v, by Tweedie's formula %v", x, i, x0[i], tweedie)
			}
		}
	}
}

// TestDataSet adds little noise to a picture of a data set and gets the picture back, in each class
// its own.
func TestDataSet(t *testing.T) {
	m := mustNew(t,
		Component{Weight: 1, Mean: []float64{1, 1, -1}, Class: 0},
		Component{Weight: 1, Mean: []float64{-1, 1, 1}, Class: 0},
		Component{Weight: 1, Mean: []float64{1, -1, 1}, Class: 2},
	)
	if m.Classes() != 3 || m.Dim() != 3 {
		t.Errorf("%d classes of %d values", m.Classes(), m.Dim())
	}
	l := schedule.LevelOf(0.99)
	x0, epsilon := make([]float64, 3), make([]float64, 3)
	x := []float64{0.95, -0.9, 1.02}
	for class, want := range map[int][]float64{-1: {1, -1, 1}, 2: {1, -1, 1}, 0: {0, 1, 0}} {
		m.Denoise(x0, epsilon, x, l, class)
		for i := range want {
			if !(math.Abs(x0[i]-want[i]) <= 1e-6) && class != 0 {
				t.Errorf("class %d: x0 %v, want %v", class, x0, want)
			}
		}
		if class == 0 && (!(math.Abs(x0[1]-1) <= 1e-12) || !(math.Abs(x0[0]+x0[2]) <= 1e-12)) {
			t.Errorf("class 0: x0 %v is not between its two pictures", x0)
		}
	}
	if m.Denoise(x0, epsilon, x, l, 1); !math.IsNaN(x0[0]) {
		t.Errorf("a class without pictures gives %v", x0)
	}
}

func TestWrongMixtures(t *testing.T) {
	good := Component{Weight: 1, Mean: []float64{1, 2}}
	cases := []struct {
		says       string
		components []Component
	}{
		{"one component or more", nil},
		{"component 0 has a mean of 0 values", []Component{{Weight: 1}}},
		{"component 1 has a mean of 1 values, the first one has 2",
			[]Component{good, {Weight: 1, Mean: []float64{1}}}},
		{"component 1 must have a weight", []Component{good, {Mean: []float64{1, 2}}}},
		{"component 1 must have a weight",
			[]Component{good, {Weight: math.NaN(), Mean: []float64{1, 2}}}},
		{"component 0 must have a standard deviation",
			[]Component{{Weight: 1, Mean: []float64{1}, StdDev: -1}}},
		{"component 0 must have a class", []Component{{Weight: 1, Mean: []float64{1}, Class: -1}}},
	}
	for _, c := range cases {
		if _, err := New(c.components); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	s, err := schedule.New(schedule.Default())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewModel(mustNew(t, good), s, 1, 2, 2); err == nil ||
		!strings.Contains(err.Error(), "pictures of 4 values do not fit a mixture of 2") {
		t.Errorf("error %v", err)
	}
}

// TestModelPredicts compares the readings with the conversions of package schedule.
func TestModelPredicts(t *testing.T) {
	m := mustNew(t, Component{Weight: 1, Mean: []float64{0.5, -1}, StdDev: 0.2},
		Component{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.5, Class: 1})
	x := []float32{0.25, -0.75}
	wide := []float64{0.25, -0.75}
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score, schedule.FlowVelocity} {
		c := schedule.Default()
		c.PredictionType = kind
		s, err := schedule.New(c)
		if err != nil {
			t.Fatal(err)
		}
		model, err := NewModel(m, s, 2, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if ch, h, w := model.Shape(); ch != 2 || h != 1 || w != 1 || model.OutChannels() != 2 ||
			model.Classes() != 2 {
			t.Errorf("shape %d×%d×%d, %d outputs, %d classes",
				ch, h, w, model.OutChannels(), model.Classes())
		}
		labels := []int{1, -1}
		out := [][]float32{make([]float32, 2), make([]float32, 2)}
		model.Predict(out, x, 400, labels)
		x0, epsilon, want := make([]float64, 2), make([]float64, 2), make([]float64, 2)
		for i, label := range labels {
			m.Denoise(x0, epsilon, wide, s.At(400), label)
			s.At(400).Convert(want, wide, epsilon, schedule.Epsilon, kind)
			for j := range want {
				if !(math.Abs(float64(out[i][j])-want[j]) <= 1e-6) {
					t.Errorf("%s, label %d, element %d: %v, want %v",
						kind, label, j, out[i][j], want[j])
				}
			}
		}
		if n := testing.AllocsPerRun(5, func() { model.Predict(out, x, 400, labels) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}

// TestModelBetween compares the float64 predictions with the definition, at whole timesteps and
// between, and the divergence with differences.
func TestModelBetween(t *testing.T) {
	m := three(t)
	s, err := schedule.New(schedule.Default())
	if err != nil {
		t.Fatal(err)
	}
	model, err := NewModel(m, s, 3, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0.1, 0.2, -0.3}
	out, x0, epsilon := [][]float64{make([]float64, 3)}, make([]float64, 3), make([]float64, 3)
	for _, at := range []float64{0, 3.25, 400, 998.5, 999} {
		l := s.Interpolate(at)
		model.PredictFloat64(out, x, at, []int{1})
		m.Denoise(x0, epsilon, x, l, 1)
		divergence := 0.0
		for i := range x {
			if out[0][i] != epsilon[i] {
				t.Errorf("t %v, element %d: %v, want %v", at, i, out[0][i], epsilon[i])
			}
			divergence += gradient(func(x []float64) float64 {
				m.Denoise(x0, epsilon, x, l,
					1)
				return epsilon[i]
			}, x, i, 1e-3)
			m.Denoise(x0, epsilon, x, l, 1)
		}
		got := model.EpsilonDivergence(x, at, 1)
		if !(math.Abs(got-divergence) <= 1e-7*max(1, math.Abs(divergence))) {
			t.Errorf("t %v: divergence of ε̂ %v, by differences %v", at, got, divergence)
		}
	}
	predict := func() { model.PredictFloat64(out, x, 3.5, []int{-1}) }
	if n := testing.AllocsPerRun(5, predict); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
