package solver

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// TestPredictorsOfTheVPSDE compares one step of each kind with the formula.
func TestPredictorsOfTheVPSDE(t *testing.T) {
	c := schedule.Default()
	c.ClipSample, c.TimestepSpacing = false, schedule.Trailing
	for _, kind := range []string{kindReverseDiffusion, kindEulerMaruyama} {
		p := planFor(t, "vp_pc", 10, c, func(s *Options) { s.Solver, s.Correct = kind, 0 })
		built, err := newVPSDE(p)
		if err != nil {
			t.Fatal(err)
		}
		start := built.Start()
		z := []float64{0.5, -1}
		e := NewEvaluation(p, &start, &fixed{out: []float64{0.25, -0.5}, noise: z}, 2, 2) // ε̂
		x := []float64{1, 2}
		built.Clone(2).Step(0, x, &e)
		from, to := start.Marks[0].Level, start.Marks[1].Level
		ratio := from.Signal / to.Signal
		beta := 1 - ratio*ratio
		state := 2 - math.Sqrt(1-beta)
		if kind == kindEulerMaruyama {
			beta = -2 * math.Log(ratio)
			state = 1 + beta/2
		}
		for i, before := range []float64{1, 2} {
			score := -[]float64{0.25, -0.5}[i] / from.Noise
			want := state*before + beta*score + math.Sqrt(beta)*z[i]
			if !(math.Abs(x[i]-want) <= 1e-13) {
				t.Errorf("%s: element %d is %v, want %v", kind, i, x[i], want)
			}
		}
	}
}
