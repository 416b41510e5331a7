package lab

import (
	"math"
	"strings"
	"testing"

	"tweedie/sampler/mixture"
	"tweedie/sampler/plane"
)

// classified trains a classifier.
func classified(t testing.TB, c Config, steps int) *Classifier {
	t.Helper()
	training, err := NewClassifier(c, steps)
	if err != nil {
		t.Fatal(err)
	}
	for training.Step() {
	}
	if training.Err() != nil || training.Done() != steps || training.Steps() != steps {
		t.Fatalf("%d steps, %v", training.Done(), training.Err())
	}
	return training
}

// TestJudgeLearns: the gradient of what a classifier says of noisy points becomes that of the exact
// one, where points are.
func TestJudgeLearns(t *testing.T) {
	slow(t)
	const points = 300
	wide, err := plane.Given([]mixture.Component{
		{Weight: 1, Mean: []float64{-0.5, 0}, StdDev: 0.3},
		{Weight: 2, Mean: []float64{0.5, 0.25}, StdDev: 0.3, Class: 1}}, plane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := small(wide, 1)
	training := classified(t, c, 400)
	g, exact := training.Judge(points), wide.Exact()
	x, got, want := make([]float32, 2*points), make([]float32, 2*points), make([]float64, 2)
	held := HeldOut(wide, 1, points, 0)
	for i, v := range held {
		x[i] = float32(v)
	}
	for _, at := range []float64{50, 300, 600} {
		l := training.levels.at(at)
		for i, v := range held {
			x[i] = float32(l.Signal*v + l.Noise*math.Sin(float64(7*i)))
		}
		g.Gradient(got, x, at, 1)
		off, size := 0.0, 0.0
		for i := 0; i < len(x); i += 2 {
			exact.ClassScore(want, []float64{float64(x[i]), float64(x[i+1])}, l, 1)
			for j, v := range want {
				off += math.Pow(float64(got[i+j])-v, 2)
				size += v * v
			}
		}
		share := math.Sqrt(off / size)
		t.Logf("timestep %v: the gradient is off by %.3f of itself", at, share)
		if !(share < 0.35) {
			t.Errorf("timestep %v: the gradient is off by %v of itself", at, share)
		}
	}
}

// TestJudgeGradient compares the gradient with differences of the classifier's own logarithm.
func TestJudgeGradient(t *testing.T) {
	c := tiny(t, "rings", nil)
	g := classified(t, c, 30).Judge(chunk + 3)
	x, dst := make([]float32, 2*g.points), make([]float32, 2*g.points)
	for i := range x {
		x[i] = float32(math.Sin(float64(i)))
	}
	const at, label, h = 300, 2, 1e-2
	g.Gradient(dst, x, at, label)
	log := func(x, y float32) float64 {
		see(g.judge.x.Row(0), x, y)
		embed(at, g.time)
		copy(g.judge.time.Row(0), g.time)
		g.judge.program.Forward(1)
		return -g.judge.softmax(0, label)
	}
	for _, i := range []int{0, 1, 100, chunk - 1, chunk, chunk + 2} {
		a, b := x[2*i], x[2*i+1]
		want := [2]float64{(log(a+h, b) - log(a-h, b)) / (2 * h),
			(log(a, b+h) - log(a, b-h)) / (2 * h)}
		for j, w := range want {
			if v := float64(dst[2*i+j]); !(math.Abs(v-w) <= 1e-3+1e-2*math.Abs(w)) {
				t.Errorf("point %d: coordinate %d of the gradient is %v, want %v", i, j, v, w)
			}
		}
	}
	if n := testing.AllocsPerRun(3, func() { g.Gradient(dst, x, at, label) }); n != 0 {
		t.Errorf("a gradient allocates %v times", n)
	}
	training, err := NewClassifier(c, 100)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(3, func() { training.Step() }); n != 0 {
		t.Errorf("a training step allocates %v times", n)
	}
}

func TestClassifierRefusals(t *testing.T) {
	one, err := plane.Given([]mixture.Component{{Weight: 1, Mean: []float64{0, 0}, StdDev: 1}},
		plane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewClassifier(small(one, 1), 5); err == nil ||
		!strings.Contains(err.Error(), "it needs two classes") {
		t.Errorf("one class: %v", err)
	}
	c := tiny(t, "moons", nil)
	c.Units = 0
	if _, err := NewClassifier(c, 5); err == nil {
		t.Error("a network without units is a classifier")
	}
}
