package lab

import (
	"math"
	"testing"

	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/schedule"
)

// straight is small for a rectified flow.
func straight(t testing.TB, name string, steps, reflow int) Config {
	c := small(data(t, name), steps)
	c.Schedule, c.Prediction, c.Reflow = Straight, schedule.FlowVelocity, reflow
	return c
}

// TestFlowSamplers: the solvers that rectified flows have take one to the data, as they take the
// exact flow.
func TestFlowSamplers(t *testing.T) {
	slow(t)
	c := straight(t, "grid", 400, 0)
	besideExact(t, c.Data, trained(t, c).Model(300), []string{"euler", "heun", "dpmpp_2m",
		"unipc", "lms", "rk45", "dpmpp_2m_sde"})
}

// TestStraightness: of a flow that stands still it is 0, and of any other what the formula says.
func TestStraightness(t *testing.T) {
	c := straight(t, "moons", 1, 0)
	c.Units, c.Batch = 8, 16
	training, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	weights := training.learner.Average
	clear(weights)
	m := training.Model(30)
	if got := Straightness(m, 1, 10); got != 0 {
		t.Errorf("a flow that stands still bends by %v", got)
	}
	for i := range weights { // some flow; its formula by hand
		weights[i] = float32(math.Sin(float64(i))) / 4
	}
	m = training.Model(30)
	const steps = 7
	var slopes [steps][]float64
	x := beginning(60)
	for i := range steps {
		narrow, v := make([]float32, 60), make([]float32, 60)
		for j := range x {
			narrow[j] = float32(x[j])
		}
		m.Predict([][]float32{v}, narrow, T*(1-float64(i)/steps), []int{-1})
		for j := range v {
			slopes[i] = append(slopes[i], -float64(v[j]))
			x[j] -= float64(v[j]) / steps
		}
	}
	want := 0.0
	start := beginning(60)
	for i := range steps {
		for j, v := range slopes[i] {
			d := x[j] - start[j] - v
			want += d * d / steps / 30
		}
	}
	if got := Straightness(m, 1, steps); !(want > 0.001 && math.Abs(got-want) <= 1e-9*want) {
		t.Errorf("a flow bends by %v, want %v", got, want)
	}
}

// beginning is the noise from which Straightness begins.
func beginning(n int) []float64 {
	x := make([]float64, n)
	noise.Normal(x, 1, plane.HeldOut+3, 0)
	return x
}

// TestReflowPairs: a pair's end is where the first flow takes its noise, and the second flow begins
// as the first.
func TestReflowPairs(t *testing.T) {
	c := straight(t, "rings", 20, 40)
	c.Units, c.Batch, c.Dropout = 16, 48, 0.5
	training, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for range c.Steps {
		training.Step()
	}
	first := training.Model(c.Batch)
	if !training.Step() || training.Done() != c.Steps+1 || training.Steps() != c.Steps+c.Reflow {
		t.Fatalf("%d steps of %d", training.Done(), training.Steps())
	}
	r := training.reflow
	for class := range training.classes + 1 {
		x := append([]float64(nil), r.noise[:2*c.Batch]...)
		heun(first, x, class)
		for i, label := range r.labels[:c.Batch] {
			if label != class {
				continue
			}
			for j := range 2 {
				if !(math.Abs(x[2*i+j]-r.ends[2*i+j]) <= 1e-5) {
					t.Errorf("pair %d of class %d ends at %v, want %v", i, class, r.ends[2*i:2*i+2],
						x[2*i:2*i+2])
				}
			}
		}
	}
	if n := testing.AllocsPerRun(30, func() { training.Step() }); n != 0 {
		t.Errorf("a step of the reflow allocates %v times", n)
	}
	for training.Step() {
	}
	if training.Err() != nil || training.Done() != c.Steps+c.Reflow {
		t.Errorf("%d steps, %v", training.Done(), training.Err())
	}
}

// heun is the ODE of a model as it stands in books.
func heun(m *Model, x []float64, class int) {
	if class == m.classes {
		class = -1
	}
	velocity := func(x []float64, sigma float64) []float64 {
		narrow, out := make([]float32, len(x)), make([]float32, len(x))
		for i, v := range x {
			narrow[i] = float32(v)
		}
		m.Predict([][]float32{out}, narrow, T*sigma, []int{class})
		wide := make([]float64, len(x))
		for i, v := range out {
			wide[i] = float64(v)
		}
		return wide
	}
	const steps = 24
	for i := range steps {
		from, to := 1-float64(i)/steps, 1-float64(i+1)/steps
		a, ahead := velocity(x, from), make([]float64, len(x))
		for j := range x {
			ahead[j] = x[j] + (to-from)*a[j]
		}
		b := velocity(ahead, to)
		for j := range x {
			x[j] += (to - from) * (a[j] + b[j]) / 2
		}
	}
}
