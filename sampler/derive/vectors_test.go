package derive

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// find returns the lines of an equation.
func find(t testing.TB, r *Result, equation string) (found []Line) {
	t.Helper()
	for _, l := range r.Lines {
		if l.Equation == equation {
			found = append(found, l)
		}
	}
	if found == nil {
		t.Fatalf("%s has no line %s", r.Name, equation)
	}
	return found
}

// near fails the test unless got is want to a relative difference.
func near(t testing.TB, what string, got, want, most float64) {
	t.Helper()
	if d := math.Abs(got-want) / max(math.Abs(want), 1e-300); !(d <= most) {
		t.Errorf("%s is %.17g, not %.17g", what, got, want)
	}
}

// TestImprovedDiffusion holds 84, 85, 108 and the first divergence of 58 to what improved-diffusion
// computed for three pictures along a cosine schedule; sampler/bound/testdata says how.
func TestImprovedDiffusion(t *testing.T) {
	type recording struct {
		Clip     bool        `json:"clip_denoised"`
		X0       []float64   `json:"x_start"`
		AlphaBar []float64   `json:"alphas_cumprod"`
		Variance []float64   `json:"posterior_variance"`
		OfX0     []float64   `json:"posterior_mean_coef1"`
		OfXt     []float64   `json:"posterior_mean_coef2"`
		Noise    [][]float64 `json:"noise"`
		Out      [][]float64 `json:"model_out"`
		VB       [][]float64 `json:"vb"`
		Prior    []float64   `json:"prior_bpd"`
	}
	var all map[string]*recording
	fixture.JSON(t, "../bound/testdata/elbo.json.gz", &all)
	r := all["x0_fixedsmall_cosine"]
	if r == nil {
		t.Fatal("the recording is not there")
	}
	T, pictures := len(r.AlphaBar), len(r.Prior)
	n := len(r.X0) / pictures
	for at := range T - 1 { // to the last timestep but one; then the decoder is another
		step := T - 1 - at
		bar, barPrev := r.AlphaBar[step], r.AlphaBar[step-1]
		unit := &State{X0: []float64{1, 0}, Xt: []float64{0, 1}, XPrev: []float64{0, 0},
			AlphaBar: bar, AlphaBarPrev: barPrev}
		mean, variance := find(t, evaluate(t, Posterior, unit), "84")[1],
			find(t, evaluate(t, Posterior, unit), "85")[0]
		near(t, "the factor of x_0", mean.RightValue, r.OfX0[step], 1e-12)
		near(t, "the variance", variance.RightValue, r.Variance[step], 1e-12)
		unit.Pixel = 1
		mean = find(t, evaluate(t, Posterior, unit), "84")[1]
		near(t, "the factor of x_t", mean.RightValue, r.OfXt[step], 1e-12)

		for i := range pictures {
			part := func(x []float64) []float64 { return slices.Clone(x[i*n : (i+1)*n]) }
			s := &State{X0: part(r.X0), Guess: part(r.Out[at]), Xt: part(r.Noise[at]),
				XPrev: part(r.X0), AlphaBar: bar, AlphaBarPrev: barPrev, Schedule: r.AlphaBar}
			for k, z := range s.Xt {
				s.Xt[k] = math.Sqrt(bar)*s.X0[k] + math.Sqrt(1-bar)*z
				if r.Clip {
					s.Guess[k] = min(max(s.Guess[k], -1), 1)
				}
			}
			bits := float64(n) * math.Ln2
			loss := find(t, evaluate(t, Loss, s), "108")[0]
			near(t, "the divergence", loss.RightValue/bits, r.VB[i][at], 1e-10)
			if at == 0 {
				prior := find(t, evaluate(t, Bound, s), "58, 86")[0]
				near(t, "the prior's divergence", prior.RightValue/bits, r.Prior[i], 1e-10)
			}
		}
	}
}

// TestDiffusers holds 84 and 85 to every step of runs of diffusers' DDPMScheduler, of one timestep
// and of more: x_prev is the mean and the noise that was drawn times the standard deviation.
func TestDiffusers(t *testing.T) {
	type recording struct {
		Config json.RawMessage `json:"config"`
		Init   []float64       `json:"x_init"`
		Steps  []struct {
			T      float64     `json:"t"`
			Noise  [][]float64 `json:"noise"`
			PredX0 []float64   `json:"pred_x0"`
			Next   []float64   `json:"x_next"`
		} `json:"steps"`
	}
	var all map[string]*recording
	fixture.JSON(t, "../solver/testdata/schedulers.json.gz", &all)
	for _, name := range []string{"ddpm_T20_full_chain", "ddpm_small_noclip", "ddpm_laplace"} {
		r := all[name]
		if r == nil {
			t.Fatalf("the recording %s is not there", name)
		}
		c, err := schedule.ParseConfig(r.Config)
		if err != nil {
			t.Fatal(err)
		}
		s, err := schedule.New(c)
		if err != nil {
			t.Fatal(err)
		}
		x := r.Init
		for i, step := range r.Steps[:len(r.Steps)-1] {
			state := &State{X0: step.PredX0, Xt: x, XPrev: step.Next, Schedule: s.AlphaBar,
				AlphaBar:     s.AlphaBar[int(step.T)],
				AlphaBarPrev: s.AlphaBar[int(r.Steps[i+1].T)]}
			for ; state.Pixel < len(x); state.Pixel += 7 {
				lines := evaluate(t, Posterior, state)
				mean, variance := find(t, lines, "84")[1], find(t, lines, "85")[0]
				got := mean.RightValue +
					math.Sqrt(variance.RightValue)*step.Noise[0][state.Pixel]
				want := step.Next[state.Pixel]
				if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
					t.Fatalf("%s, step %d, value %d: %.17g, not %.17g", name, i, state.Pixel, got,
						want)
				}
			}
			x = step.Next
		}
	}
}

// TestLevels: the predictions of the lines are those that samplers translate into one another.
func TestLevels(t *testing.T) {
	for _, s := range schedules(t, 50) {
		x := random(rand.New(rand.NewPCG(9, 9)), s, 31, 14, 8)
		level := schedule.LevelOf(x.AlphaBar)
		out := make([]float64, 8)
		for x.Pixel = range 8 {
			r := evaluate(t, Predictions, x)
			own := find(t, r, salimans)
			for _, c := range []struct {
				to   schedule.Prediction
				line Line
			}{
				{schedule.Epsilon, own[2]}, {schedule.V, own[0]},
				{schedule.Score, find(t, r, "151")[0]},
			} {
				level.Convert(out, x.Xt, x.X0, schedule.Sample, c.to)
				near(t, string(c.to), c.line.RightValue, out[x.Pixel], 1e-12)
				near(t, string(c.to), c.line.LeftValue, out[x.Pixel], 1e-12)
			}
		}
	}
}

// TestPath holds the densities of the bound to plain sums over the pixels of the path's pictures.
func TestPath(t *testing.T) {
	for _, levels := range schedules(t, 50) {
		s := random(rand.New(rand.NewPCG(11, 11)), levels, 31, 14, 8)
		picture := func(step int) []float64 { // timesteps count from 1
			x := make([]float64, len(s.X0))
			bar := s.AlphaBar
			for i := range x {
				epsilon := (s.Xt[i] - math.Sqrt(bar)*s.X0[i]) / math.Sqrt(1-bar)
				x[i] = levels.At(step-1).Signal*s.X0[i] + levels.At(step-1).Noise*epsilon
			}
			return x
		}
		density := func(x, mean []float64, variance float64) (sum float64) {
			for i := range x {
				d := x[i] - mean[i]
				sum -= (math.Log(2*math.Pi*variance) + d*d/variance) / 2
			}
			return sum
		}
		mean, zero := make([]float64, len(s.X0)), make([]float64, len(s.X0))
		T := levels.T()
		q := 0.0
		p := density(picture(T), zero, 1) + density(s.X0, s.Guess, 1-levels.AlphaBar[0])
		for step := 1; step <= T; step++ {
			levels.ForwardStep(mean, picture(step-1), zero, step-1)
			q += density(picture(step), mean, levels.Betas[step-1])
			if step > 1 {
				posterior := levels.Posterior(step-1, step-2)
				posterior.Mean(mean, picture(step), s.Guess)
				p += density(picture(step-1), mean, posterior.Variance)
			}
		}
		r := evaluate(t, Bound, s)
		near(t, "log q", find(t, r, "30, 31")[0].RightValue, q, 1e-10)
		near(t, "log p", find(t, r, "32, 33, 94")[0].RightValue, p, 1e-10)
		near(t, "log p − log q", find(t, r, "56")[0].RightValue, p-q, 1e-9)
	}
}
