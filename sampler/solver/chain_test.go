package solver

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// waves is a source whose network and noise are sines.
type waves struct{}

func (waves) Output(out, x []float64, t float64, _ schedule.Level) {
	for i := range out {
		out[i] = math.Sin(3*x[i] + t)
	}
}

func (waves) Normal(dst []float64, draw uint32) {
	for i := range dst {
		dst[i] = math.Cos(float64(7*i) + 2*float64(draw))
	}
}

// TestChainToTimestepZero holds DDPM to the loop of minDiffusion: its timesteps are T, …, 1, and it
// ends at the noise level of timestep 0, which no step visits.
//
//	x = 1/√α_t·(x − ε̂·(1−α_t)/√(1−ᾱ_t)) + √β_t·z, without z at t = 1
func TestChainToTimestepZero(t *testing.T) {
	const T, size = 8, 5
	c, err := schedule.ParseConfig([]byte(`{"_class_name": "DDPMScheduler",
		"num_train_timesteps": 9, "beta_schedule": "linear", "beta_start": 1e-4, "beta_end": 0.02,
		"variance_type": "fixed_large", "clip_sample": false, "steps_offset": 1,
		"set_alpha_to_one": false}`))
	if err != nil {
		t.Fatal(err)
	}
	o := Unread(&c)
	o.Sampler, o.Steps = "ddpm", T
	p, err := NewPlan(o, c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	start := s.Start()
	e := NewEvaluation(p, &start, waves{}, size, size)
	x, want := make([]float64, size), make([]float64, size)
	waves{}.Normal(x, 0)
	copy(want, x)
	beta, bar := make([]float64, T+1), make([]float64, T+1)
	for i := range beta {
		beta[i] = 1e-4 + (0.02-1e-4)*float64(i)/T
		bar[i] = 1 - beta[i]
		if i > 0 {
			bar[i] *= bar[i-1]
		}
	}
	eps, z := make([]float64, size), make([]float64, size)
	for i := range T {
		at := T - i
		s.Step(i, x, &e)
		waves{}.Output(eps, want, float64(at), schedule.Level{})
		waves{}.Normal(z, uint32(i+1))
		for j := range want {
			want[j] = (want[j] - eps[j]*beta[at]/math.Sqrt(1-bar[at])) / math.Sqrt(1-beta[at])
			if at > 1 {
				want[j] += math.Sqrt(beta[at]) * z[j]
			}
			if math.Abs(x[j]-want[j]) > 1e-12 {
				t.Fatalf("after timestep %d element %d is %v, want %v", at, j, x[j], want[j])
			}
		}
	}
	// A chain that visits timestep 0 still ends at the clean picture, and so does one of a config
	// for another scheduler.
	if p.end(0) != -1 || p.end(1) != 0 {
		t.Errorf("chains from 0 and 1 end at %d and %d", p.end(0), p.end(1))
	}
	p.schedule.Config.Solver.ClassName = "DDIMScheduler"
	if p.end(1) != -1 {
		t.Errorf("the chain of a DDIM config ends at %d", p.end(1))
	}
}
