package solver

import (
	"math"
	"testing"

	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
)

// The mixture: two modes in 16 dimensions, of weights 0.7 and 0.3 and standard deviations 0.3 and
// 0.15.
const modesDim = 16

func twoModes(t testing.TB) *mixture.Mixture {
	t.Helper()
	a, b := make([]float64, modesDim), make([]float64, modesDim)
	for i := range a {
		a[i], b[i] = 0.5*math.Cos(float64(3*i)), 0.6*math.Sin(float64(5*i+1))
	}
	m, err := mixture.New([]mixture.Component{{Weight: 0.7, Mean: a, StdDev: 0.3},
		{Weight: 0.3, Mean: b, StdDev: 0.15}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// modes counts the samples of each mode, by the mode's responsibility for the sample.
type modes struct {
	count  [2]float64
	sum    [2][modesDim]float64
	square [2]float64
}

func (m *modes) add(x []float64, means [2][]float64) {
	var d [2]float64
	for k := range d {
		for i, v := range x {
			d[k] += (v - means[k][i]) * (v - means[k][i])
		}
	}
	k := 0
	if d[1]/(2*0.15*0.15)+modesDim*math.Log(0.15)-math.Log(0.3) < d[0]/(2*0.3*0.3)+
		modesDim*math.Log(0.3)-math.Log(0.7) {
		k = 1
	}
	m.count[k]++
	m.square[k] += d[k]
	for i, v := range x {
		m.sum[k][i] += v
	}
}

// momentCases are the samplers that add noise, with the part of a mode's deviation that theirs may
// differ by.
var momentCases = []struct {
	k      string
	steps  int
	spread float64
	change func(*Options)
}{
	{"euler_a", 100, 0.1, nil}, {"euler_a", 100, 0.1, func(s *Options) { s.Eta = 0.5 }},
	{"dpm2_a", 100, 0.1, nil}, {"dpmpp_2s_a", 100, 0.1, nil},
	{"dpmpp_sde", 120, 0.15, nil},
	{"dpmpp_2m_sde", 100, 0.15, func(s *Options) { s.Order = 1 }},
	{"dpmpp_2m_sde", 40, 0.1, nil},
	{"dpmpp_2m_sde", 40, 0.1, func(s *Options) { s.Solver = "heun" }},
	{"dpmpp_2m_sde", 40, 0.1, func(s *Options) { s.Eta = 0.5 }},
	{"dpmpp_3m_sde", 40, 0.1, nil}, {"dpm_sde", 100, 0.1, nil}, {"sa", 40, 0.1, nil},
	{"sa", 40, 0.1, func(s *Options) { s.Order = 3 }},
	{"sa", 100, 0.1, func(s *Options) { s.Solver = "noise_prediction" }},
	{"euler", 200, 0.1, func(s *Options) { s.Churn = 20 }},
	{"heun", 120, 0.1, func(s *Options) { s.Churn = 10 }},
	{"dpm2", 120, 0.1, func(s *Options) { s.Churn = 10 }}, {"ve_pc", 400, 0.3, nil},
	{"vp_pc", 100, 0.3, nil},
	{"ddpm", 200, 0.1, nil}, {"ddim", 200, 0.1, func(s *Options) { s.Eta = 1 }},
	{"dpm_adaptive", 4, 0.1, func(s *Options) { s.Eta = 1 }},
	{"dpmpp_2s_sde", 100, 0.15, nil},
	{"dpmpp_2s_sde", 100, 0.15, func(s *Options) { s.Solver = "heun" }},
	{"vp_pc", 200, 0.1, func(s *Options) { s.Solver, s.Correct = kindEulerMaruyama, 0 }},
	{"vp_pc", 100, 0.1, func(s *Options) { s.Rule, s.StepSize = RuleScaled, 0.1 }},
	{"ve_pc", 200, 0.15, func(s *Options) { s.Correct = 0 }},
	{"annealed", 60, 0.15, func(s *Options) { s.Correct, s.StepSize = 20, 0.1 }},
	{"dpm_sde", 100, 0.15, func(s *Options) { s.Eta = 0.5 }},
	{"dpm_sde", 100, 0.15, func(s *Options) { s.Solver = "heun" }},
	{"pf_ode", 100, 0.1, func(s *Options) { s.Churn = 10 }},
}

// TestMomentsOfStochasticSamplers runs every sampler that adds noise in many steps on the exact
// denoiser. The share of each mode, its mean and its standard deviation must be those of the
// mixture: for 1000 samples within 0.045 (three standard errors), 0.05, and the stated part of the
// deviation. First-order solvers end with too little noise, Langevin steps of finite size with too
// much.
func TestMomentsOfStochasticSamplers(t *testing.T) {
	for _, c := range momentCases {
		got := sampleModes(t, c.k, c.steps, c.change)
		n := got.count[0] + got.count[1]
		means := modeMeans(t)
		worst := 0.0
		for k := range 2 {
			for i, v := range means[k] {
				worst = max(worst, math.Abs(got.sum[k][i]/got.count[k]-v))
			}
		}
		spread0, spread1 := math.Sqrt(got.square[0]/got.count[0]/modesDim)/0.3,
			math.Sqrt(got.square[1]/got.count[1]/modesDim)/0.15
		t.Logf("%-13s %3d steps: weight %.3f (0.7), means within %.3f, spreads × %.3f and %.3f",
			c.k, c.steps, got.count[0]/n, worst, spread0, spread1)
		if !(math.Abs(got.count[0]/n-0.7) <= 0.045) || !(worst <= 0.05) ||
			!(math.Abs(spread0-1) <= c.spread) || !(math.Abs(spread1-1) <= c.spread) {
			t.Errorf("%s does not reach the mixture", c.k)
		}
	}
}

func modeMeans(t testing.TB) [2][]float64 {
	a, b := make([]float64, modesDim), make([]float64, modesDim)
	for i := range a {
		a[i], b[i] = 0.5*math.Cos(float64(3*i)), 0.6*math.Sin(float64(5*i+1))
	}
	return [2][]float64{a, b}
}

// exactly is a source whose output is the exact ε̂ of a variance preserving schedule.
type exactly struct {
	mixture *mixture.Mixture
	levels  *schedule.Schedule
	x0      []float64
	seed    uint64
}

func (s *exactly) Output(out, x []float64, t float64, _ schedule.Level) {
	s.mixture.Denoise(s.x0, out, x, s.levels.Interpolate(t), -1)
}

func (s *exactly) Normal(dst []float64, draw uint32) { noise.Normal(dst, s.seed, 0, draw) }

// sampleModes draws 1000 samples, with Karras' noise levels where the sampler has the choice.
func sampleModes(t *testing.T, k string, steps int, change func(*Options)) *modes {
	t.Helper()
	c := schedule.Default()
	c.ClipSample, c.TimestepSpacing = false, schedule.Trailing
	p := planFor(t, k, steps, c, func(s *Options) {
		if s.Sigmas != "" && Named(k).Group != groupSDE {
			s.Sigmas = schedule.Karras
		}
		if change != nil {
			change(s)
		}
	})
	built, err := Named(k).build(p)
	if err != nil {
		t.Fatalf("%s: %v", k, err)
	}
	start := built.Start()
	source := &exactly{mixture: twoModes(t), levels: p.schedule, x0: make([]float64, modesDim)}
	e := NewEvaluation(p, &start, source, modesDim, modesDim)
	got, means, x := &modes{}, modeMeans(t), make([]float64, modesDim)
	for seed := range uint64(1000) {
		source.seed = seed
		source.Normal(x, 0)
		for i := range x {
			x[i] *= start.Scale
		}
		run := built.Clone(modesDim)
		for i := range start.Steps() {
			run.Step(i, x, &e)
		}
		if e.Err != nil {
			t.Fatal(e.Err)
		}
		got.add(x, means)
	}
	return got
}
