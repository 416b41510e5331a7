package langevin

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/conditional"
	"tweedie/sampler/schedule"
)

// TestOneStep is Luo's Langevin step with c = α/2, written out, for every rule.
func TestOneStep(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	ladder := geometric(t, s, 1, 0.1, 3, VE)
	for rule, alpha := range map[Rule]func(z, score []float64) float64{
		FixedStep: func(_, _ []float64) float64 { return 0.02 },
		Scaled:    func(_, _ []float64) float64 { return 0.02 * 1 / (0.1 * 0.1) },
		SignalToNoise: func(z, score []float64) float64 {
			return 4 * math.Pow(0.02*math.Hypot(z[0], z[1])/math.Hypot(score[0], score[1]), 2)
		},
	} {
		w, err := New(m, Options{
			Schedule: s, Space: VE, Ladder: ladder, Langevin: 2, Rule: rule, Size: 0.02,
			Predictor: NoPredictor, Clip: math.Inf(1),
			Label: conditional.NoClass, Guidance: 1, Seed: 5,
		})
		if err != nil {
			t.Fatal(err)
		}
		x := append([]float64(nil), w.X()...)
		z := make([]float64, 2)
		w.normal(z, 1)
		w.Step()
		a := alpha(z, w.Score())
		for i, v := range x {
			want := v + a/2*w.Score()[i] + math.Sqrt(a)*z[i]
			if !(math.Abs(w.X()[i]-want) <= 1e-13) {
				t.Errorf("%s: %v, want %v", rule, w.X()[i], want)
			}
		}
	}
}

// TestPredictors compares one step of each predictor with its equation, written
// out.
func TestPredictors(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	bar, barNext := s.AlphaBar[600], s.AlphaBar[550]
	variance, varianceNext := (1-bar)/bar, (1-barNext)/barNext
	integral, beta := math.Log(barNext/bar), 1-bar/barNext
	for _, c := range []struct {
		space               Space
		predictor           Predictor
		state, drift, noise float64
	}{
		{VE, EulerMaruyama, 1, variance - varianceNext, math.Sqrt(variance - varianceNext)},
		{VE, ReverseDiffusion, 1, variance - varianceNext, math.Sqrt(variance - varianceNext)},
		{VP, EulerMaruyama, 1 + integral/2, integral, math.Sqrt(integral)},
		{VP, ReverseDiffusion, 2 - math.Sqrt(1-beta), beta, math.Sqrt(beta)},
	} {
		ladder, err := AtTimesteps(s, []int{600, 550}, c.space)
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(m, Options{Schedule: s, Space: c.space, Ladder: ladder,
			Predictor: c.predictor, Clip: math.Inf(1), Label: -1, Guidance: 1, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		x := append([]float64(nil), w.X()...)
		z := make([]float64, 2)
		w.normal(z, 1)
		w.Step()
		for i, v := range x {
			want := c.state*v + c.drift*w.Score()[i] + c.noise*z[i]
			if !(math.Abs(w.X()[i]-want) <= 1e-12) {
				t.Errorf("%s, %s: %v, want %v", c.space, c.predictor, w.X()[i], want)
			}
		}
		if w.T() != 600 || w.Level() != ladder[1].From {
			t.Errorf("%s, %s: asked at %d, now at %v", c.space, c.predictor, w.T(), w.Level())
		}
	}
}

// TestNoiseIsKeyed checks that the same walk gives the same bits, another picture gives others, and
// a restart in the middle gives the same end.
func TestNoiseIsKeyed(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	o := sde(t, s, VP, EulerMaruyama, 30, 1)
	first := append([]float64(nil), walk(t, m, o, 4, nil).X()...)
	o.Image = 4
	again, err := New(m, o)
	if err != nil || again.Image() != 4 {
		t.Fatal(err)
	}
	for again.Done() < 25 {
		again.Step()
	}
	middle := append([]float64(nil), again.X()...)
	for again.Step() {
	}
	for again.Restart(25, middle); again.Step(); {
	}
	for i, v := range again.X() {
		if v != first[i] {
			t.Errorf("element %d: %v after a restart, %v in one go", i, v, first[i])
		}
	}
	if other := walk(t, m, o, 5, nil).X(); other[0] == first[0] {
		t.Error("two pictures end at the same place")
	}
}

// TestAnnealed runs the standard options and ends at pictures of the modes, with the denoising step
// last.
func TestAnnealed(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	o, err := Annealed(s)
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, m, o, 0, nil)
	if w.Steps() != 301 || w.X()[0] != w.X0()[0] || w.Level() != (schedule.Level{Signal: 1}) {
		t.Errorf("%d steps to %v, x̂0 %v, level %v", w.Steps(), w.X(), w.X0(), w.Level())
	}
	if d := math.Abs(math.Abs(w.X()[0]) - 0.5); !(d < 0.5) {
		t.Errorf("the walk ends at %v", w.X())
	}
	// With a clip the score is that of the clipped picture.
	o.Clip = 0.1
	for i, v := range walk(t, m, o, 0, nil).X() {
		if !(math.Abs(v) <= 0.1) {
			t.Errorf("element %d ends at %v beyond the clip range", i, v)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	for _, rule := range []Rule{Scaled, SignalToNoise} {
		o := sde(t, s, VP, EulerMaruyama, 30, 1)
		o.Rule, o.Label, o.Guidance, o.Clip = rule, 1, 1.5, 1
		w, err := New(m, o)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() { w.Step() }); n != 0 {
			t.Errorf("%s: %v allocations", rule, n)
		}
	}
}

// TestGolden holds two walks to their bits, which every platform must give.
func TestGolden(t *testing.T) {
	m, s := model(t, twoModes, schedule.V)
	o, err := Annealed(s)
	if err != nil {
		t.Fatal(err)
	}
	annealed := walk(t, m, o, 3, nil)
	corrected := walk(t, m, sde(t, s, VP, EulerMaruyama, 40, 1), 3, nil)
	fixture.Golden(t, "testdata/golden.txt", []fixture.Line{
		{Name: "annealed", Value: fixture.Bits(annealed.X()[1])},
		{Name: "predictor-corrector", Value: fixture.Bits(corrected.X()[0])},
	})
}

// broken predicts NaN from timestep 500 down.
type broken struct{ conditional.Model }

func (b broken) Predict(out [][]float32, x []float32, t float64, labels []int) {
	b.Model.Predict(out, x, t, labels)
	if t <= 500 {
		out[0][1] = float32(math.NaN())
	}
}

func TestErrors(t *testing.T) {
	m, s := model(t, twoModes, schedule.Epsilon)
	for _, c := range []struct {
		says string
		set  func(o *Options)
	}{
		{"the space must be ve or vp", func(o *Options) { o.Space = "" }},
		{"the predictor must be none", func(o *Options) { o.Predictor = "ode" }},
		{"a ladder needs one level", func(o *Options) { o.Ladder = nil }},
		{"needs one Langevin step or more",
			func(o *Options) { o.Predictor, o.Langevin = NoPredictor, 0 }},
		{"Langevin steps on each of 10 levels are too many",
			func(o *Options) { o.Langevin = 1 << 29 }},
		{"the step rule must be", func(o *Options) { o.Rule = "large" }},
		{"the step size must be above 0, not 0", func(o *Options) { o.Size = 0 }},
		{"the step size must be above 0, not NaN", func(o *Options) { o.Size = math.NaN() }},
		{"the clip range must be above 0", func(o *Options) { o.Clip = 0 }},
		{"level 0 is none of the space ve", func(o *Options) { o.Space = VE }},
		{"level 3 must have less noise",
			func(o *Options) { o.Ladder[3].Level = o.Ladder[2].Level }},
		{"the noise must fall at level 4", func(o *Options) { o.Ladder[4].To = o.Ladder[3].From }},
		{"no class 2", func(o *Options) { o.Label = 2 }},
	} {
		o := sde(t, s, VP, EulerMaruyama, 10, 1)
		c.set(&o)
		if _, err := New(m, o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	w, err := New(broken{m}, sde(t, s, VP, EulerMaruyama, 10, 0))
	if err != nil {
		t.Fatal(err)
	}
	for w.Step() {
	}
	if w.Done() != 5 || w.Err() == nil ||
		!strings.Contains(w.Err().Error(), "at timestep 499 is not finite") {
		t.Errorf("%d steps, error %v", w.Done(), w.Err())
	}
	o := sde(t, s, VE, EulerMaruyama, 10, 50)
	o.Rule, o.Size = FixedStep, 1e6
	if w, err = New(m, o); err != nil {
		t.Fatal(err)
	}
	for w.Step() {
	}
	if w.Err() == nil || !strings.Contains(w.Err().Error(), "try a smaller step size") &&
		!strings.Contains(w.Err().Error(), "is not finite") {
		t.Errorf("error %v", w.Err())
	}
}

func TestWrongLadders(t *testing.T) {
	_, s := model(t, twoModes, schedule.Epsilon)
	zero := schedule.Default()
	zero.RescaleBetasZeroSNR = true
	z, err := schedule.New(zero)
	if err != nil {
		t.Fatal(err)
	}
	get := func(_ []Rung, err error) error { return err }
	for says, err := range map[string]error{
		"timestep 5, number 1, must be below 5":   get(AtTimesteps(s, []int{5, 5}, VE)),
		"timestep -1, number 0":                   get(AtTimesteps(s, []int{-1}, VE)),
		"timestep 999 has no signal left":         get(AtTimesteps(z, []int{999, 5}, VP)),
		"157.407 to 0.0100005, not from 200 to 1": get(Geometric(s, 200, 1, 5, VE)),
		"not from 1 to 0.001":                     get(Geometric(s, 1, 0.001, 5, VE)),
		"not from 1 to 2":                         get(Geometric(s, 1, 2, 5, VE)),
		"from 1 to 1000000 levels, not 0":         get(Geometric(s, 2, 1, 0, VE)),
		"has 2 levels or more":                    get(ScoreSDE(s, 2, 1, 0, 1)),
		"not from NaN":                            get(ScoreSDE(s, math.NaN(), 1, 0, 5)),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
	}
	other := schedule.Default()
	other.Solver.Network, other.Solver.SigmaMin, other.Solver.SigmaMax,
		other.Solver.SigmaData = schedule.EDM, 0.002, 80, 0.5
	e, err := schedule.New(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := AtTimesteps(e, []int{5}, VE); err == nil ||
		!strings.Contains(err.Error(), "choose a geometric ladder") {
		t.Errorf("error %v", err)
	}
	if _, err := Annealed(e); err == nil ||
		!strings.Contains(err.Error(), "networks of the family edm") {
		t.Errorf("error %v", err)
	}
	// The last timestep of a schedule with zero terminal SNR is out of reach; all others are not.
	if _, err := Geometric(z, z.At(998).Sigma(), z.At(0).Sigma(), 5, VP); err != nil {
		t.Error(err)
	}
	if o, err := Annealed(z); err != nil || o.Ladder[0].Level.Noise != 50 {
		t.Errorf("annealing with zero terminal SNR: %v", err)
	}
}
