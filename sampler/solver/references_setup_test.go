package solver

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// setup returns a recorded run's sampler, plan and builder, as a recipe would set them.
func (s *sample) setup(t *testing.T) (k string, p *Plan, build func(*Plan) (Solver, error)) {
	t.Helper()
	if s.Config == nil {
		return s.setupGiven(t)
	}
	c, err := schedule.ParseConfig(s.Config)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	k = c.Solver.Sampler
	p = planFor(t, k, s.Steps, c, func(x *Options) {
		if s.Kwargs.Eta != nil {
			x.Eta = *s.Kwargs.Eta
		}
	})
	if s.Kind == "score" {
		return k, p, func(p *Plan) (Solver, error) {
			built, err := Named(k).build(p)
			if err == nil {
				s.recordedSizes(t, built.(*predictorCorrector))
			}
			return built, err
		}
	}
	return k, p, Named(k).build
}

// recordedSizes gives the Langevin steps the sizes of the recorded run. The recorded run averaged
// its norms over the batch, with those of the noise in float32. The sizes are first compared with
// the sampler's rule to that accuracy.
func (s *sample) recordedSizes(t *testing.T, c *predictorCorrector) {
	own := c.size
	c.size = func(z, score []float64) float64 {
		half := len(z) / 2
		guess := own([]float64{portable.Norm(z[:half]) + portable.Norm(z[half:])},
			[]float64{portable.Norm(score[:half]) + portable.Norm(score[half:])})
		for k := 0; k < len(s.Calls); k += 2 {
			if fixture.Distance(z, s.Calls[k].noise) == 0 {
				q := s.spread(k, math.Sqrt(2*guess))
				if d := math.Abs(q*q/2/guess - 1); !(d < 3e-7) {
					t.Errorf("%s: the Langevin step of evaluation %d has size %v, want %v", s.Name,
						k, guess, q*q/2)
				}
				return q * q / 2
			}
		}
		t.Errorf("%s: a Langevin step with noise that was not recorded", s.Name)
		return guess
	}
}

// spread returns √(2·size) of the recorded Langevin step at evaluation k, by least squares from a
// guess.
func (s *sample) spread(k int, q float64) float64 {
	c, next := &s.Calls[k], s.Calls[k+1].x
	for range 20 {
		top, bottom := 0.0, 0.0
		for i := range next {
			slope := q*c.out[i] + c.noise[i]
			top += (q*q/2*c.out[i] + q*c.noise[i] - (next[i] - c.x[i])) * slope
			bottom += slope * slope
		}
		q -= top / bottom
	}
	return q
}

// planFor returns the plan of a sampler with a scheduler config.
func planFor(t testing.TB, k string, steps int, c schedule.Config, change func(*Options)) *Plan {
	t.Helper()
	o := Standard(k, steps, "", &c)
	if change != nil {
		change(&o)
	}
	p, err := NewPlan(o, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// kDiffusion maps k-diffusion's functions to samplers.
var kDiffusion = map[string]string{
	"sample_dpm_2": "dpm2", "sample_dpm_2_ancestral": "dpm2_a",
	"sample_dpm_adaptive": "dpm_adaptive", "sample_dpm_fast": "dpm_fast",
	"sample_dpmpp_2m": "dpmpp_2m", "sample_dpmpp_2m_sde": "dpmpp_2m_sde",
	"sample_dpmpp_2s_ancestral": "dpmpp_2s_a", "sample_dpmpp_sde": "dpmpp_sde",
	"sample_euler_ancestral": "euler_a", "sample_euler": "euler", "sample_heun": "heun",
	"sample_lms": "lms",
}

// setupGiven is setup for runs with given noise levels and a denoiser of x0 + σ·ε.
func (s *sample) setupGiven(t *testing.T) (string, *Plan, func(*Plan) (Solver, error)) {
	words := strings.Fields(s.Source)
	k, known := kDiffusion[words[len(words)-1]]
	c := schedule.Default()
	c.ClipSample = false
	c.Solver.LowerOrderFinal = false
	v := &s.Params
	steps := len(v.Sigmas) - 1
	if v.SigmaMax > 0 && known {
		steps, v.Sigmas = max(v.N, 1), []float64{v.SigmaMax, v.SigmaMin}
	}
	if !known {
		return s.setupEDM(t, c)
	}
	p := planFor(t, k, max(steps, 4), c, func(x *Options) {
		x.Steps = steps
		if x.Churn = v.Churn; v.Eta != nil {
			x.Eta = *v.Eta
		} else if k == "dpm_fast" || k == "dpm_adaptive" {
			x.Eta = 0
		}
		if v.Order > 0 {
			x.Order = v.Order
		}
		if v.SolverType != "" {
			x.Solver = v.SolverType
		}
	})
	s.giveLevels(p, v.Sigmas)
	return k, p, Named(k).build
}

// giveLevels replaces the schedule's noise levels by given ones.
func (s *sample) giveLevels(p *Plan, sigmas []float64) {
	same := func(sigma float64) float64 { return sigma }
	p.lens = lens{denoiser: true}
	p.levels = &ladder{lens: p.lens, sigmas: sigmas, ts: sigmas[:len(sigmas)-1], timeOf: same}
	if v := &s.Params; v.Churn > 0 {
		p.churnMin, p.churnMax, p.sNoise = v.Min, v.Max, v.Noise
	}
}

// setupEDM is setup for EDM's samplers: Heun and Euler in σ where the time is σ, otherwise the
// general solver.
func (s *sample) setupEDM(
	t *testing.T, c schedule.Config,
) (string, *Plan, func(*Plan) (Solver, error)) {
	v := &s.Params
	steps, k, alpha := 18, "heun", 1.0
	if v.Steps > 0 {
		steps = v.Steps
	}
	if v.Solver == "euler" {
		k = "euler"
	}
	if v.Alpha != nil {
		alpha = *v.Alpha
	}
	p := planFor(t, k, steps, c, func(x *Options) { x.Churn = v.Churn })
	sigmas, f := edmTimes(v.Discretization, v.Schedule, steps)
	s.giveLevels(p, sigmas)
	if f == nil && alpha == 1 {
		return k, p, Named(k).build
	}
	g := &general{flow: f, order: 2, alpha: alpha}
	if f == nil {
		g.flow = linearFlow()
	}
	if k == "euler" {
		g.order = 1
	}
	return "pf_ode", p, func(p *Plan) (Solver, error) {
		if v.Schedule == "vp" {
			p.Steps, p.Order = steps, g.order
			return newProbabilityFlow(p)
		}
		ts := make([]float64, len(sigmas))
		for i, sigma := range sigmas[:steps] {
			ts[i] = g.inverse(sigma)
		}
		return g.table(p, p.levels, ts), nil
	}
}

// edmTimes returns the noise levels of EDM's discretizations, and the flow of a schedule other than
// the linear one.
func edmTimes(discretization, flowOf string, n int) ([]float64, *flow) {
	var f *flow
	var sigmas []float64
	switch discretization {
	case "ve":
		sigmas = schedule.SigmaRange(schedule.Exponential, 100, 0.02, 0, n)
	case "vp":
		low := math.Sqrt(math.Expm1(0.5*19.9*1e-6 + 0.1*1e-3))
		f = preservingFlow(low, math.Sqrt(math.Expm1(0.5*19.9+0.1)))
		for i := range n {
			sigmas = append(sigmas, f.sigma(1+float64(i)/float64(n-1)*(1e-3-1)))
		}
	case "iddpm":
		sigmas = iddpmSigmas(n)
	default:
		sigmas = schedule.SigmaRange(schedule.Karras, 80, 0.002, 7, n)
	}
	if flowOf == "ve" {
		f = rootFlow()
	}
	return append(sigmas, 0), f
}

// iddpmSigmas returns the noise levels of improved DDPM as EDM defines them (its table 1): u_j from
// u_1000 = 0 down, those from 0.002 to 81.
func iddpmSigmas(n int) []float64 {
	const M = 1000
	bar := func(j int) float64 {
		s := portable.Sin(0.5 * math.Pi * float64(j) / M / 1.008)
		return s * s
	}
	u := make([]float64, M+1)
	for j := M; j > 0; j-- {
		u[j-1] = math.Sqrt((u[j]*u[j]+1)/max(bar(j-1)/bar(j), 1e-3) - 1)
	}
	var kept, sigmas []float64
	for _, v := range u {
		if v >= 0.002 && v <= 81 {
			kept = append(kept, v)
		}
	}
	for i := range n {
		sigmas = append(sigmas,
			kept[int(math.RoundToEven(float64(len(kept)-1)/float64(n-1)*float64(i)))])
	}
	return sigmas
}

// linearFlow returns Karras et al.'s flow: σ(t) = t, s(t) = 1.
func linearFlow() *flow {
	same := func(t float64) float64 { return t }
	one := func(float64) float64 { return 1 }
	zero := func(float64) float64 { return 0 }
	return &flow{sigma: same, dSigma: one, scale: one, dScale: zero, inverse: same}
}

// rootFlow returns the variance exploding SDE's flow: σ(t) = √t.
func rootFlow() *flow {
	f := linearFlow()
	f.sigma = math.Sqrt
	f.dSigma = func(t float64) float64 { return 0.5 / math.Sqrt(t) }
	f.inverse = func(sigma float64) float64 { return sigma * sigma }
	return f
}
