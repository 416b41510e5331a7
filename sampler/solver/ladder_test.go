package solver

import (
	"math"
	"slices"
	"testing"

	"tweedie/sampler/schedule"
)

// TestTimestepsOfKarras: what becomes of the timesteps of Karras' levels is part of diffusers'
// results. Its classes leave them, round them or truncate them, and one does so by the schedule.
func TestTimestepsOfKarras(t *testing.T) {
	left := func(t float64) float64 { return t }
	for _, c := range []struct {
		samplers      []string
		plain, cosine func(float64) float64
	}{
		{[]string{"euler", "heun", "lms", "dpmpp_sde"}, left, left},
		{[]string{"dpm2", "dpm2_a"}, math.RoundToEven, math.RoundToEven},
		{[]string{"dpmpp_2m", "dpm", "dpmpp_2m_sde", "dpm_sde"}, math.RoundToEven, math.Trunc},
		{[]string{"dpmpp_2s", "dpm_2s", "dpmpp_2s_sde", "unipc", "deis", "sa"}, math.RoundToEven,
			math.RoundToEven},
	} {
		for _, k := range c.samplers {
			for family, whole := range map[string]func(float64) float64{"linear": c.plain,
				"squaredcos_cap_v2": c.cosine} {
				config := schedule.Default()
				config.BetaSchedule, config.ClipSample = family, false
				p := planFor(t, k, 13, config, func(o *Options) {
					o.Sigmas, o.Final = schedule.Karras, schedule.FinalMin
				})
				built, err := p.Build()
				if err != nil {
					t.Fatal(err)
				}
				table, differ := p.schedule.Sigmas(), false
				for i, mark := range built.Start().Marks {
					// the level is exact, so that its timestep is not a half
					exact := table.Timestep(mark.Level.Sigma())
					if want := whole(exact); !(math.Abs(mark.T-want) <= 1e-6) {
						t.Errorf("%s, %s: step %d is told %v, want %v of %v", k, family, i+1,
							mark.T, want, exact)
					}
					differ = differ || math.RoundToEven(exact) != math.Trunc(exact)
				}
				if !differ {
					t.Errorf("%s, %s: no timestep is rounded up", k, family)
				}
			}
		}
	}
}

// TestBlocks compares the orders of the singlestep solvers with the lists of diffusers'
// DPMSolverSinglestepScheduler.
func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		n, order int
		lower    bool // lower_order_final
		final    schedule.FinalSigma
		want     []int
	}{
		{4, 1, true, schedule.FinalMin, []int{1, 1, 1, 1}},
		{4, 2, true, schedule.FinalMin, []int{1, 2, 1, 1}},
		{4, 2, true, schedule.FinalZero, []int{1, 2, 1, 1}},
		{4, 2, false, schedule.FinalMin, []int{1, 2, 1, 2}},
		{5, 2, true, schedule.FinalMin, []int{1, 2, 1, 2, 1}},
		{5, 2, false, schedule.FinalMin, []int{1, 2, 1, 2, 1}},
		{6, 3, true, schedule.FinalMin, []int{1, 2, 3, 1, 2, 1}},
		{6, 3, false, schedule.FinalMin, []int{1, 2, 3, 1, 2, 3}},
		{6, 3, false, schedule.FinalZero, []int{1, 2, 3, 1, 2, 1}},
		{7, 3, true, schedule.FinalMin, []int{1, 2, 3, 1, 2, 3, 1}},
		{8, 3, true, schedule.FinalMin, []int{1, 2, 3, 1, 2, 3, 1, 2}},
		{8, 3, false, schedule.FinalMin, []int{1, 2, 3, 1, 2, 3, 1, 2}},
		{8, 3, true, schedule.FinalZero, []int{1, 2, 3, 1, 2, 3, 1, 1}},
	} {
		for _, sigmas := range []schedule.SigmaKind{schedule.Spaced, schedule.Karras} {
			config := schedule.Default()
			config.ClipSample, config.Solver.LowerOrderFinal = false, c.lower
			p := planFor(t, "dpmpp_2s", c.n, config, func(o *Options) {
				o.Order, o.Final, o.Sigmas = c.order, c.final, sigmas
			})
			built, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, s := range built.(*tableau).stages {
				got = append(got, len(s.rows)) // one row for each output that may be known
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("order %d, %d steps to %s, lower %v: orders %v, want %v", c.order, c.n,
					c.final, c.lower, got, c.want)
			}
			for _, state := range ran(t, p) {
				if NotFinite(state) >= 0 {
					t.Errorf("order %d, %d steps to %s of %s levels: %v", c.order, c.n, c.final,
						sigmas, state)
				}
			}
		}
	}
}
