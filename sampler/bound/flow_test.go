package bound

import (
	"math"
	"strings"
	"testing"

	"tweedie/sampler/conditional"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// flow runs a flow of a picture to its end.
func flow(t testing.TB, x []float64, model conditional.Model, o FlowOptions) *Flow {
	t.Helper()
	f, err := NewFlow(x, model, o)
	if err != nil {
		t.Fatal(err)
	}
	for f.Next() {
	}
	if f.Err() != nil || f.Done() != f.Steps() {
		t.Fatalf("%d of %d steps, error %v", f.Done(), f.Steps(), f.Err())
	}
	return f
}

func exactModel(t testing.TB, kind schedule.Prediction) (*mixture.Mixture, *mixture.Model,
	*schedule.Schedule) {
	t.Helper()
	o, s := newOracle(t, kind, schedule.FixedSmall, 1000)
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	return m, o.Model, s
}

// exact is the mixture's log density of x̄ at timestep 0.
func exact(m *mixture.Mixture, s *schedule.Schedule, x []float64, label int) float64 {
	return m.LogDensity(x, schedule.Level{Signal: 1, Noise: s.At(0).Sigma()}, label)
}

// truePrior is a flow's log density with the mixture's density of x̄_T in place of the model's N(0,
// I/ᾱ_T): the remaining difference is the solver's error.
func truePrior(f *Flow, m *mixture.Mixture, s *schedule.Schedule, label int) float64 {
	l, square := s.At(f.T()), 0.0
	for _, v := range f.X() {
		square += v * v
	}
	bar := l.Signal * l.Signal
	taken := -float64(len(f.X()))/2*math.Log(2*math.Pi/bar) - bar*square/2
	return f.LogDensity() - taken + m.LogDensity(f.X(), schedule.Level{Signal: 1, Noise: l.Sigma()},
		label)
}

// TestFlowAgainstExactDensity compares pictures in both modes, between them and far out, with and
// without a label, in all readings.
func TestFlowAgainstExactDensity(t *testing.T) {
	worst, worstSolver := 0.0, 0.0
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample,
		schedule.V, schedule.Score} {
		m, model, s := exactModel(t, kind)
		for _, x := range [][]float64{{0.4, -0.5}, {-0.3, 0.4}, {0.1, 0}, {0.9, 0.9}, picture} {
			for _, label := range []int{-1, 0, 1} {
				f := flow(t, x, model,
					FlowOptions{Schedule: s, Label: label, Guidance: 1, Steps: 999})
				want := exact(m, s, x, label)
				d := math.Abs(f.LogDensity()-want) / max(1, math.Abs(want))
				solver := math.Abs(truePrior(f, m, s, label)-want) / max(1, math.Abs(want))
				worst, worstSolver = max(worst, d), max(worstSolver, solver)
				if !(d <= 1e-2 && solver <= 1e-3) {
					t.Errorf("%s, x %v, label %d: log density %v, exact %v; %v of it is the "+
						"solver's", kind, x, label, f.LogDensity(), want, solver)
				}
				bits := (math.Log(127.5) - f.LogDensity()/2) / math.Ln2
				if !(math.Abs(f.BitsPerDim()-bits) <= 1e-12) || f.StandardError() != 0 {
					t.Errorf("%v bits per dimension ± %v, want %v",
						f.BitsPerDim(), f.StandardError(), bits)
				}
			}
		}
	}
	t.Logf("largest difference, relative to the larger of the value and 1: %.2g, of which the "+
		"solver's %.2g", worst, worstSolver)
}

// TestFlowConverges measures the order of Heun's method, 2, over several pictures, with step
// numbers for which whole timesteps are nearly even in log σ.
func TestFlowConverges(t *testing.T) {
	m, model, s := exactModel(t, schedule.Epsilon)
	off := func(steps int) float64 {
		square := 0.0
		for i := range 40 {
			x := []float64{0.05*float64(i) - 1, 0.9 - 0.04*float64(i)}
			f := flow(t, x, model, FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: steps})
			square += math.Pow(truePrior(f, m, s, -1)-exact(m, s, x, -1), 2)
		}
		return math.Sqrt(square / 40)
	}
	var errors []float64
	for _, steps := range []int{20, 40, 80, 160, 320, 999} {
		errors = append(errors, off(steps))
	}
	t.Logf("%.2g", errors)
	if slope := math.Log2(errors[0]/errors[2]) / 2; !(math.Abs(slope-2) <= 0.3) {
		t.Errorf("errors %v: order %v", errors, slope)
	}
}

// TestHutchinson compares the estimate with that of the exact divergence, within the estimate's
// standard error, in float64 and in float32.
func TestHutchinson(t *testing.T) {
	_, model, s := exactModel(t, schedule.Epsilon)
	between := []float64{0.05, 0.1}
	o := FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 333}
	want := flow(t, between, model, o)
	o.Probes, o.Seed = 40, 5
	var found []float64
	for _, m := range []conditional.Model{model, narrow{model}} {
		f := flow(t, between, m, o)
		t.Logf("%.4f ± %.4f, exact divergence %.4f",
			f.LogDensity(), f.StandardError(), want.LogDensity())
		if !(math.Abs(f.LogDensity()-want.LogDensity()) <= 4*f.StandardError()) ||
			!(f.StandardError() > 0.01 && f.StandardError() < 2) {
			t.Errorf("%v ± %v, with the exact divergence %v",
				f.LogDensity(), f.StandardError(), want.LogDensity())
		}
		found = append(found, f.LogDensity())
	}
	if !(math.Abs(found[0]-found[1]) <= 0.02) {
		t.Errorf("the same probes give %v in float64 and %v in float32", found[0], found[1])
	}
	// In one dimension ±1 gives the whole trace, so only the error of the differences remains.
	one, err := mixture.New([]mixture.Component{{Weight: 1, Mean: []float64{0.3}, StdDev: 0.2},
		{Weight: 1, Mean: []float64{-0.5}, StdDev: 0.1}})
	if err != nil {
		t.Fatal(err)
	}
	line, err := mixture.NewModel(one, s, 1, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	o = FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 333}
	sure := flow(t, []float64{0.1}, line, o).LogDensity()
	o.Probes = 1
	f := flow(t, []float64{0.1}, line, o)
	if !(math.Abs(f.LogDensity()-sure) <= 1e-6) || !math.IsNaN(f.StandardError()) {
		t.Errorf("one dimension: %v ± %v, exact divergence %v",
			f.LogDensity(), f.StandardError(), sure)
	}
}

// narrow hides all of a model but its float32 side.
type narrow struct{ conditional.Model }

// TestFlowGuided mixes the divergences as the predictions are mixed: probes, which do not depend on
// that, give the same.
func TestFlowGuided(t *testing.T) {
	_, model, s := exactModel(t, schedule.V)
	o := FlowOptions{Schedule: s, Label: 0, Guidance: 1.5, Steps: 200}
	f, err := NewFlow(picture, model, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Probes = 4
	g, err := NewFlow(picture, model, o)
	if err != nil {
		t.Fatal(err)
	}
	// The four corners of the square have exactly the trace for a mean.
	g.probes[0], g.probes[1], g.probes[2], g.probes[3] = []float64{1, 1}, []float64{1, -1},
		[]float64{-1, 1}, []float64{-1, -1}
	for f.Next() && g.Next() {
	}
	if !(math.Abs(f.LogDensity()-g.LogDensity()) <= 1e-6*math.Abs(f.LogDensity())) ||
		f.T() != 999 || g.Done() != 200 {
		t.Errorf("exact divergence %v, all corners %v", f.LogDensity(), g.LogDensity())
	}
}

// TestDequantise checks that the mean over noise within the bins is near the bound of the discrete
// likelihood, and that no value leaves its bin.
func TestDequantise(t *testing.T) {
	_, model, s := exactModel(t, schedule.Epsilon)
	moved := false
	for seed := range uint64(8) {
		f, err := NewFlow(picture, model, FlowOptions{Schedule: s, Label: -1, Guidance: 1,
			Steps: 10, Dequantise: true, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range f.X() {
			if !(math.Abs(v-picture[i]) < 1.0/255) {
				t.Errorf("%v is moved to %v", picture[i], v)
			}
			moved = moved || math.Abs(v-picture[i]) > 0.8/255
		}
	}
	if !moved {
		t.Error("nothing moves far within its bin")
	}
}

func TestFlowErrors(t *testing.T) {
	_, model, s := exactModel(t, schedule.Epsilon)
	zero := schedule.Default()
	zero.RescaleBetasZeroSNR = true
	z, err := schedule.New(zero)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says  string
		x     []float64
		model conditional.Model
		o     FlowOptions
	}{
		{"the picture has 1 values",
			[]float64{0}, model, FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 10}},
		{"the flow takes 1 to 999 steps, not 1000",
			picture, model, FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 1000}},
		{"probes must be", picture, model,
			FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 10, Probes: -1}},
		{"the probe step must be",
			picture, model, FlowOptions{Schedule: s, Label: -1, Guidance: 1,
				Steps: 10, ProbeStep: 2}},
		{"does not know its divergence",
			picture, narrow{model}, FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 10}},
		{"no signal left", picture, model,
			FlowOptions{Schedule: z, Label: -1, Guidance: 1, Steps: 10}},
		{"no class 9", picture, model, FlowOptions{Schedule: s, Label: 9, Guidance: 1, Steps: 10}},
	} {
		if _, err := NewFlow(c.x, c.model, c.o); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	f, err := NewFlow(picture, broken{&oracle{model, 1, true}},
		FlowOptions{Schedule: s, Label: -1, Guidance: 1, Steps: 999, Probes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for f.Next() {
	}
	if f.Done() != 4 || f.Err() == nil ||
		!strings.Contains(f.Err().Error(), "at timestep 5 is not finite") {
		t.Errorf("%d steps done, error %v", f.Done(), f.Err())
	}
	if f.Next() {
		t.Error("a failed flow goes on")
	}
}

func TestFlowAllocatesNothing(t *testing.T) {
	_, model, s := exactModel(t, schedule.Epsilon)
	for probes, m := range map[int]conditional.Model{0: model, 2: narrow{model}} {
		f, err := NewFlow(picture, m,
			FlowOptions{Schedule: s, Label: 1, Guidance: 2, Steps: 100, Probes: probes})
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(5, func() { f.Next() }); n != 0 {
			t.Errorf("%d probes: %v allocations", probes, n)
		}
	}
}
