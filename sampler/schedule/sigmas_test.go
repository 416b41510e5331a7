package schedule

import (
	"math"
	"strings"
	"testing"
)

// TestLaddersAgainstReference compares diffusers' tables of timesteps of the classes that count in
// points (Euler) and in intervals (DPM-Solver, UniPC); PNDM's are DDIM's leading ones, but for the
// one that it visits twice.
func TestLaddersAgainstReference(t *testing.T) {
	compared := 0
	for _, v := range timestepTables(t) {
		if v.Class != "EulerDiscreteScheduler" && v.Class != "DPMSolverMultistepScheduler" &&
			v.Class != "UniPCMultistepScheduler" {
			continue
		}
		s := withT(t, v.T)
		s.Config.StepsOffset = v.Offset
		o := LadderOptions{Steps: v.N, Spacing: v.Spacing, Kind: Spaced, Final: FinalZero,
			Intervals: v.Class != "EulerDiscreteScheduler"}
		l, err := s.Ladder(o)
		if err != nil {
			if v.N == 1 || duplicates(v.Timesteps) || v.Timesteps[0] > float64(v.T-1) {
				continue // refused for a reason
			}
			t.Errorf("%+v: %v", v, err)
			continue
		}
		if len(l.Timesteps) != len(v.Timesteps) {
			t.Errorf("%+v: %d timesteps", v, len(l.Timesteps))
			continue
		}
		for i, got := range l.Timesteps {
			if !(math.Abs(got-v.Timesteps[i]) <= 1e-4) { // some were recorded in float32
				t.Errorf("%s %s, %d of %d steps, offset %d: number %d is %v, want %v",
					v.Class, v.Spacing, v.N, v.T, v.Offset, i, got, v.Timesteps[i])
				break
			}
			compared++
		}
	}
	t.Logf("%d timesteps compared", compared)
	if compared < 2900 {
		t.Errorf("only %d timesteps compared", compared)
	}
}

func duplicates(ts []float64) bool {
	for i := range ts[1:] {
		if ts[i] == ts[i+1] {
			return true
		}
	}
	return false
}

// TestSigmasAndTimesteps converts timesteps to σ and back, and checks the ends.
func TestSigmasAndTimesteps(t *testing.T) {
	for _, family := range families {
		c := Default()
		c.BetaSchedule = family
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		table := s.Sigmas()
		for _, at := range []float64{0, 1, 17, 500, 998, 999} {
			if got := table.Timestep(table.At(at)); !(math.Abs(got-at) <= 1e-6) {
				t.Errorf("%s: timestep %v has σ %v, which has timestep %v",
					family, at, table.At(at), got)
			}
		}
		for _, at := range []float64{0.25, 17.5, 500.125} {
			if got := table.Timestep(s.Interpolate(at).Sigma()); !(math.Abs(got-at) <= 1e-6) {
				t.Errorf("%s: the level of timestep %v has timestep %v", family, at, got)
			}
		}
		if table.Timestep(1e-9) != 0 || table.Timestep(1e9) != 999 ||
			table.At(-3) != table.Sigma[0] || table.At(1e6) != table.Sigma[999] {
			t.Errorf("%s: beyond the ends", family)
		}
		if l := s.Interpolate(500); l != s.At(500) {
			t.Errorf("%s: a whole timestep has level %v, want %v", family, l, s.At(500))
		}
	}
}

// TestRangesFall checks that every kind begins and ends where it should and falls in between.
func TestRangesFall(t *testing.T) {
	for _, kind := range []SigmaKind{Karras, Exponential, Polyexponential, Beta, Lu} {
		for _, n := range []int{2, 3, 10, 100} {
			sigmas := SigmaRange(kind, 80, 0.002, 0, n)
			if len(sigmas) != n || !(math.Abs(sigmas[0]/80-1) <= 1e-12) ||
				!(math.Abs(sigmas[n-1]/0.002-1) <= 1e-9) {
				t.Errorf("%s: %d levels from %v to %v", kind, len(sigmas), sigmas[0], sigmas[n-1])
			}
			for i := range n - 1 {
				if sigmas[i] <= sigmas[i+1] {
					t.Fatalf("%s: level %d of %d is %v after %v",
						kind, i+1, n, sigmas[i+1], sigmas[i])
				}
			}
		}
	}
	// (1/2)² of log 16
	if got := SigmaRange(Polyexponential, 16, 1, 2, 3); !(math.Abs(got[1]-2) <= 1e-12) {
		t.Errorf("polyexponential with ρ = 2: %v", got)
	}
}

// TestBetaQuantile inverts the quantiles by integrating the density.
func TestBetaQuantile(t *testing.T) {
	for _, p := range []float64{1e-6, 0.01, 0.1, 0.3, 0.5} {
		x := betaQuantile(p)
		// ∫₀ˣ with s = u^(1/0.6) is ∫ (1 − u^(1/0.6))^(−0.4)/0.6 du, by the midpoint rule.
		const n = 200000
		end, sum := math.Pow(x, 0.6), 0.0
		for i := range n {
			u := end * (float64(i) + 0.5) / n
			sum += math.Pow(1-math.Pow(u, 1/0.6), -0.4)
		}
		if got := sum * end / n / 0.6 / betaTotal; !(math.Abs(got-p) <= 1e-9) {
			t.Errorf("quantile %v is %v, below which there is %v", p, x, got)
		}
		if d := betaQuantile(1-p) + x - 1; !(math.Abs(d) <= 1e-12) {
			t.Errorf("quantiles %v and %v are not symmetric", p, 1-p)
		}
	}
	if betaQuantile(0) != 0 || betaQuantile(1) != 1 {
		t.Error("the ends of the quantiles")
	}
}

func TestImpossibleLadders(t *testing.T) {
	s := withT(t, 20)
	cases := []struct {
		o    LadderOptions
		says string
	}{
		{LadderOptions{Steps: 0, Spacing: Leading, Kind: Spaced}, "1 or more, not 0"},
		{LadderOptions{Steps: 21, Spacing: Leading, Kind: Karras},
			"21 steps are more than the model's 20"},
		{LadderOptions{Steps: 1, Spacing: Linspace, Kind: Spaced}, "choose trailing"},
		{LadderOptions{Steps: 20, Spacing: Linspace, Kind: Spaced, Intervals: true},
			"do not fall; choose fewer steps"},
		{LadderOptions{Steps: 20, Spacing: Leading, Kind: Spaced, Intervals: true},
			"do not fall; choose fewer steps"},
		{LadderOptions{Steps: 5, Spacing: "even", Kind: Spaced}, "timestep_spacing must be one of"},
	}
	for _, c := range cases {
		if _, err := s.Ladder(c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: error %v, want %q", c.o, err, c.says)
		}
	}
	s.Config.StepsOffset = 19
	_, err := s.Ladder(LadderOptions{Steps: 3, Spacing: Leading, Kind: Spaced, Intervals: true})
	if err == nil || !strings.Contains(err.Error(), "steps_offset 19") {
		t.Errorf("steps_offset 19: %v", err)
	}
}

// TestClassesOfDiffusers reads the smallest config of each diffusers scheduler.
func TestClassesOfDiffusers(t *testing.T) {
	cases := []struct{ text, sampler string }{
		{`{"_class_name": "DDPMScheduler"}`, ""},
		{`{"_class_name": "EulerAncestralDiscreteScheduler"}`, "euler_a"},
		{`{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "sde-dpmsolver++"}`,
			"dpmpp_2m_sde"},
		{`{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver"}`, "dpm"},
		{`{"_class_name": "DPMSolverSinglestepScheduler", "algorithm_type": "dpmsolver"}`,
			"dpm_2s"},
		{`{"_class_name": "EDMDPMSolverMultistepScheduler"}`, "dpmpp_2m"},
		{`{"_class_name": "FlowMatchEulerDiscreteScheduler", "stochastic_sampling": true,
			"shift": 3.0}`, "consistency"},
	}
	for _, c := range cases {
		if got := mustConfig(t, c.text).Solver.Sampler; got != c.sampler {
			t.Errorf("%s: sampler %q, want %q", c.text, got, c.sampler)
		}
	}
	if _, err := ParseConfig([]byte(`{"_class_name": "SomebodysScheduler"}`)); err == nil ||
		!strings.Contains(err.Error(),
			`_class_name must be one of DDPMScheduler, DDIMScheduler, `) ||
		!strings.Contains(err.Error(), `ScoreSdeVpScheduler, not "SomebodysScheduler"`) {
		t.Errorf("a class that there is not: %v", err)
	}
	pndm := mustConfig(t, `{"_class_name": "PNDMScheduler", "skip_prk_steps": true}`)
	if pndm.ClipSample || pndm.SetAlphaToOne || pndm.TimestepSpacing != Leading ||
		pndm.Solver.Sampler != "plms" {
		t.Errorf("PNDM: %+v", pndm)
	}
	flow := mustConfig(t, `{"_class_name": "FlowMatchHeunDiscreteScheduler", "shift": 3.0}`)
	if flow.PredictionType != FlowVelocity || flow.Solver.Network != Straight ||
		flow.Solver.FlowShift != 3 || flow.ClipSample {
		t.Errorf("flow: %+v", flow)
	}
	_, err := ParseConfig([]byte(
		`{"_class_name": "DPMSolverSinglestepScheduler", "algorithm_type": "sde-dpmsolver"}`))
	if err == nil || !strings.Contains(err.Error(), "algorithm_type") {
		t.Errorf("an algorithm that there is not: %v", err)
	}
}
