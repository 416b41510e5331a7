package mixture

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// three is a mixture of components with different weights, means and spreads,
// of classes 0, 0 and 1.
func three(t *testing.T) *Mixture {
	return mustNew(t,
		Component{Weight: 1, Mean: []float64{0.5, -1, 0.2}, StdDev: 0.2},
		Component{Weight: 2, Mean: []float64{-0.3, 0.4, 1}, StdDev: 0.5},
		Component{Weight: 0.5, Mean: []float64{0, 0.1, -0.6}, StdDev: 0.3, Class: 1},
	)
}

// plainLogDensity is the definition, written out for moderate values.
func plainLogDensity(m *Mixture, x []float64, l schedule.Level, class int) float64 {
	sum, weight := 0.0, 0.0
	for _, c := range m.components {
		if class >= 0 && c.Class != class {
			continue
		}
		v := l.Signal*l.Signal*c.StdDev*c.StdDev + l.Noise*l.Noise
		square := 0.0
		for i := range x {
			square += (x[i] - l.Signal*c.Mean[i]) * (x[i] - l.Signal*c.Mean[i])
		}
		sum += c.Weight * math.Pow(2*math.Pi*v, -float64(m.dim)/2) * math.Exp(-square/(2*v))
		weight += c.Weight
	}
	return math.Log(sum / weight)
}

var (
	someLevels = []schedule.Level{schedule.LevelOf(0.95), schedule.LevelOf(0.4),
		schedule.LevelOf(0.01), {Signal: 1}, {Signal: 1, Noise: 3}}
	someStates = [][]float64{{0.1, 0.2, -0.3}, {-1, 1, 0.5}, {0.4, -0.7, 0}, {1.5, 0, 2}}
)

// gradient is the fourth-order central difference of f at x.
func gradient(f func(x []float64) float64, x []float64, i int, h float64) float64 {
	at := func(by float64) float64 {
		moved := append([]float64(nil), x...)
		moved[i] += by
		return f(moved)
	}
	return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
}

func TestLogDensity(t *testing.T) {
	m := three(t)
	for _, l := range someLevels {
		for _, x := range someStates {
			for _, class := range []int{-1, 0, 1} {
				got, want := m.LogDensity(x, l, class), plainLogDensity(m, x, l, class)
				if !(math.Abs(got-want) <= 1e-13*max(1, math.Abs(want))) {
					t.Errorf("level %v, x %v, class %d: log density %.17g, want %.17g",
						l, x, class, got, want)
				}
			}
		}
	}
	if v := m.LogDensity(someStates[0], someLevels[0], 7); !math.IsNaN(v) {
		t.Errorf("a class without components has log density %v", v)
	}
}

// TestDensityIntegratesToOne sums a density over a grid fine and wide enough for the trapezium rule
// to be exact up to rounding.
func TestDensityIntegratesToOne(t *testing.T) {
	m := mustNew(t, Component{Weight: 3, Mean: []float64{-1}, StdDev: 0.4},
		Component{Weight: 1, Mean: []float64{2}, StdDev: 0.3, Class: 1})
	for _, class := range []int{-1, 0, 1} {
		sum := 0.0
		for x := -12.0; x < 12; x += 1.0 / 64 {
			sum += math.Exp(m.LogDensity([]float64{x}, schedule.LevelOf(0.5), class)) / 64
		}
		if !(math.Abs(sum-1) <= 1e-12) {
			t.Errorf("class %d: the density integrates to %v", class, sum)
		}
	}
}

// TestDerivatives compares score, divergence and the classifier's gradient with finite differences.
func TestDerivatives(t *testing.T) {
	m := three(t)
	const h = 1e-3
	score, other, posterior := make([]float64, 3), make([]float64, 3), make([]float64, 2)
	for _, l := range someLevels {
		for _, x := range someStates {
			for _, class := range []int{-1, 0, 1} {
				m.Score(score, x, l, class)
				divergence := 0.0
				for i := range x {
					want := gradient(func(x []float64) float64 { return m.LogDensity(x, l, class) },
						x, i, h)
					if !(math.Abs(score[i]-want) <= 1e-7*max(1, math.Abs(want))) {
						t.Errorf("level %v, x %v, class %d: score[%d] is %v, by differences %v",
							l, x, class, i, score[i], want)
					}
					divergence += gradient(func(x []float64) float64 {
						m.Score(other, x, l,
							class)
						return other[i]
					}, x, i, h)
				}
				got := m.ScoreDivergence(x, l, class)
				if !(math.Abs(got-divergence) <= 1e-6*max(1, math.Abs(divergence))) {
					t.Errorf("level %v, x %v, class %d: divergence %v, by differences %v",
						l, x, class, got, divergence)
				}
				if class < 0 {
					continue
				}
				m.ClassScore(score, x, l, class)
				for i := range x {
					want := gradient(func(x []float64) float64 {
						m.ClassPosterior(posterior, x,
							l)
						return math.Log(posterior[class])
					}, x, i, h)
					if !(math.Abs(score[i]-want) <= 1e-7*max(1, math.Abs(want))) {
						t.Errorf("level %v, x %v: ∂log p(%d|x)/∂x[%d] is %v, by differences %v",
							l, x, class, i, score[i], want)
					}
				}
			}
		}
	}
}

// TestBayes compares the densities with the posterior: p(class|x) = p(x|class)·p(class)/p(x), and
// the classifier's gradient to the scores.
func TestBayes(t *testing.T) {
	m := three(t)
	posterior, whole, given, class := make([]float64, 2), make([]float64, 3),
		make([]float64, 3), make([]float64, 3)
	prior := []float64{3 / 3.5, 0.5 / 3.5}
	for _, l := range someLevels {
		for _, x := range someStates {
			m.ClassPosterior(posterior, x, l)
			if sum := posterior[0] + posterior[1]; !(math.Abs(sum-1) <= 1e-15) {
				t.Errorf("level %v, x %v: posteriors sum to %v", l, x, sum)
			}
			m.Score(whole, x, l, -1)
			for y := range posterior {
				want := prior[y] * math.Exp(m.LogDensity(x, l, y)-m.LogDensity(x, l, -1))
				if !(math.Abs(posterior[y]-want) <= 1e-12) {
					t.Errorf("level %v, x %v: p(%d|x) is %v, by Bayes %v",
						l, x, y, posterior[y], want)
				}
				m.Score(given, x, l, y)
				m.ClassScore(class, x, l, y)
				for i := range x {
					want := given[i] - whole[i]
					if !(math.Abs(class[i]-want) <= 1e-11*max(1, math.Abs(whole[i]))) {
						t.Errorf("level %v, x %v, class %d: gradient %v, difference of scores %v",
							l, x, y, class[i], want)
					}
				}
			}
		}
	}
	if m.ClassScore(class, someStates[0], someLevels[0], 5); !math.IsNaN(class[2]) {
		t.Errorf("a class without components has the gradient %v", class)
	}
}

// TestFarAway evaluates where all plain exponentials are zero: a thousand standard deviations out,
// and where a class is impossible.
func TestFarAway(t *testing.T) {
	m := mustNew(t,
		Component{Weight: 1, Mean: []float64{0, 0}, StdDev: 0.1},
		Component{Weight: 1, Mean: []float64{1, 0}, StdDev: 0.1, Class: 1},
	)
	l := schedule.Level{Signal: 1}
	x := []float64{-100, 0}
	dst, posterior := make([]float64, 2), make([]float64, 2)
	got, want := m.LogDensity(x, l, -1), -500000-math.Log(2*math.Pi*0.01)-math.Log(2)
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("log density %v, want %v", got, want)
	}
	if m.Score(dst, x, l, -1); !(math.Abs(dst[0]-10000) <= 1e-9) || dst[1] != 0 {
		t.Errorf("score %v, want 10000, 0", dst)
	}
	if d := m.ScoreDivergence(x, l, -1); !(math.Abs(d+200) <= 1e-9) {
		t.Errorf("divergence %v, want -200", d)
	}
	// p(1|x) is e^−10050 and its gradient the difference of the two means in variances.
	m.ClassPosterior(posterior, x, l)
	if m.ClassScore(dst, x, l, 1); posterior[1] != 0 || !(math.Abs(dst[0]-100) <= 1e-9) {
		t.Errorf("p(1|x) = %v with gradient %v, want 0 and 100", posterior[1], dst[0])
	}
	if m.ClassScore(dst, x, l, 0); posterior[0] != 1 || dst[0] != 0 {
		t.Errorf("p(0|x) = %v with gradient %v, want 1 and 0", posterior[0], dst[0])
	}
	// Nearer, p(0|x) is 1 to the last bit and the gradient is p(1|x)·(…), of full precision.
	x = []float64{-0.2, 0}
	m.ClassScore(dst, x, l, 0)
	if odds := math.Exp(-70); !(math.Abs(dst[0]/(-100*odds/(1+odds))-1) <= 1e-10) {
		t.Errorf("gradient %v, want %v", dst[0], -100*odds)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	m := three(t)
	l, x, dst, posterior := schedule.LevelOf(0.5), someStates[0],
		make([]float64, 3), make([]float64, 2)
	n := testing.AllocsPerRun(5, func() {
		m.LogDensity(x, l, -1)
		m.Score(dst, x, l, 1)
		m.ScoreDivergence(x, l, -1)
		m.ClassPosterior(posterior, x, l)
		m.ClassScore(dst, x, l, 1)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
