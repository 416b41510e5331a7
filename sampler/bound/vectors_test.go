package bound

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/conditional"
	"tweedie/sampler/schedule"
)

// recorded is one evaluation of improved-diffusion; see testdata/README.md.
type recorded struct {
	Mean      string      `json:"model_mean_type"`
	Variance  string      `json:"model_var_type"`
	Clip      bool        `json:"clip_denoised"`
	Shape     []int       `json:"shape"`
	X0        []float64   `json:"x_start"`
	Betas     []float64   `json:"betas"`
	AlphaBar  []float64   `json:"alphas_cumprod"`
	Posterior []float64   `json:"posterior_variance"`
	LogVar    []float64   `json:"posterior_log_variance_clipped"`
	Coef1     []float64   `json:"posterior_mean_coef1"`
	Coef2     []float64   `json:"posterior_mean_coef2"`
	Noise     [][]float64 `json:"noise"`
	Out       [][]float64 `json:"model_out"`
	VB        [][]float64 `json:"vb"`
	X0MSE     [][]float64 `json:"xstart_mse"`
	MSE       [][]float64 `json:"mse"`
	Prior     []float64   `json:"prior_bpd"`
	Total     []float64   `json:"total_bpd"`

	KL struct {
		Mean1   []float64 `json:"mean1"`
		LogVar1 []float64 `json:"logvar1"`
		Mean2   []float64 `json:"mean2"`
		LogVar2 []float64 `json:"logvar2"`
		Nats    []float64 `json:"kl_nats"`
	} `json:"normal_kl"`
	Likelihood struct {
		X         []float64 `json:"x"`
		Means     []float64 `json:"means"`
		LogScales []float64 `json:"log_scales"`
		Nats      []float64 `json:"loglik_nats"`
	} `json:"discretized_gaussian_log_likelihood"`
}

func readRecorded(t *testing.T) map[string]*recorded {
	t.Helper()
	var cases map[string]*recorded
	fixture.JSON(t, "testdata/elbo.json.gz", &cases)
	return cases
}

// options are those of a recorded evaluation.
func (r *recorded) options(t *testing.T) Options {
	t.Helper()
	c := schedule.Default()
	c.NumTrainTimesteps, c.TrainedBetas = len(r.Betas), r.Betas
	c.ClipSample = r.Clip
	if r.Mean == "START_X" {
		c.PredictionType = schedule.Sample
	}
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	o := Standard(s)
	o.Variance = map[string]schedule.Variance{
		"FIXED_SMALL": schedule.FixedSmall, "FIXED_LARGE": schedule.FixedLarge,
		"LEARNED": LearnedLog, "LEARNED_RANGE": schedule.LearnedRange,
	}[r.Variance]
	return o
}

// replay is a model that returns what was recorded for one picture. Its recorded noise replaces the
// Bound's.
type replay struct {
	*recorded
	item int
}

func (r *replay) Shape() (c, h, w int) {
	return r.recorded.Shape[1], r.recorded.Shape[2], r.recorded.Shape[3]
}
func (r *replay) Classes() int { return 0 }
func (r *replay) OutChannels() int {
	return r.recorded.Shape[1] * len(r.Out[0]) / len(r.X0)
}
func (r *replay) Predict([][]float32, []float32, float64, []int) { panic("asked in float32") }
func (r *replay) PredictFloat64(out [][]float64, _ []float64, t float64, _ []int) {
	copy(out[0], r.of(r.Out[len(r.Out)-1-int(t)]))
}

// of returns the picture's part of a recorded list.
func (r *replay) of(all []float64) []float64 {
	n := len(all) / r.recorded.Shape[0]
	return all[r.item*n : (r.item+1)*n]
}

// distance is relative to the wanted value, or to `small` if that is larger, because sums of terms
// of about 1 lose digits of small values.
func distance(got, want, small float64) float64 {
	return math.Abs(got-want) / max(math.Abs(want), small)
}

// TestAgainstImprovedDiffusion compares prior, every term of every timestep and the total.
func TestAgainstImprovedDiffusion(t *testing.T) {
	cases := readRecorded(t)
	values := 0
	worst := map[string]float64{}
	check := func(name, what string, t_ int, got, want, small float64) {
		t.Helper()
		d := distance(got, want, small)
		if !(d <= 1e-12) {
			t.Errorf("%s, timestep %d: %s is %.17g, want %.17g, off by %.2g",
				name, t_, what, got, want, d)
		}
		worst[what] = max(worst[what], d)
		values++
	}
	for name, r := range cases {
		if name == "loss_primitives" {
			continue
		}
		for item := range r.Shape[0] {
			model := &replay{r, item}
			b, err := New(model.of(r.X0), model, r.options(t))
			if err != nil {
				t.Fatal(err)
			}
			b.normal = func(dst []float64, t, _ int,
				_ bool) {
				copy(dst, model.of(r.Noise[len(r.Noise)-1-t]))
			}
			check(name, "prior", -1, b.Prior(), r.Prior[item], 1e-3)
			for j := 0; b.Next(); j++ {
				term := b.Term()
				if term.T != len(r.Betas)-1-j {
					t.Fatalf("%s: term %d is of timestep %d", name, j, term.T)
				}
				check(name, "vb", term.T, term.Bits, r.VB[item][j], 1e-3)
				check(name, "x0 mse", term.T, term.X0MSE, r.X0MSE[item][j], 1e-3)
				check(name, "ε mse", term.T, term.EpsilonMSE, r.MSE[item][j], 1e-3)
			}
			if b.Done() != len(r.Betas) || b.Err() != nil {
				t.Errorf("%s: %d timesteps done, error %v", name, b.Done(), b.Err())
			}
			check(name, "total", -1, b.Total(), r.Total[item], 1e-3)
		}
	}
	t.Logf("%d values; largest differences, relative to the larger of the value and 0.001: %v",
		values, worst)
	if values != 4*3*(2+3*40) {
		t.Errorf("%d values compared", values)
	}
}

// TestTables compares the chain with improved-diffusion's tables.
func TestTables(t *testing.T) {
	rows := 0
	for name, r := range readRecorded(t) {
		if name == "loss_primitives" {
			continue
		}
		o := r.options(t)
		timesteps, err := o.timesteps()
		if err != nil {
			t.Fatal(err)
		}
		chain := newChain(o.Schedule, timesteps, o.Variance, o.Density)
		for _, c := range chain {
			rows++
			for what, pair := range map[string][2]float64{
				"ᾱ":                 {o.Schedule.AlphaBar[c.t], r.AlphaBar[c.t]},
				"coefficient of x0": {c.fromX0, r.Coef1[c.t]},
				"coefficient of xt": {c.fromXt, r.Coef2[c.t]},
				"log β̃":            {c.logSmall, r.LogVar[c.t]},
			} {
				if !(distance(pair[0], pair[1], 0) <= 1e-13) && pair[0] != pair[1] {
					t.Errorf("%s, timestep %d: %s is %.17g, want %.17g",
						name, c.t, what, pair[0], pair[1])
				}
			}
		}
	}
	if rows != 4*40 {
		t.Errorf("%d rows were compared, want 160", rows)
	}
}

// TestPrimitives compares the two functions that all terms are made of. A small probability p of a
// bin is the difference of two numbers near 1 or 0, in the reference as here, so it is exact to
// about 10⁻¹⁶, and its logarithm to 10⁻¹⁶/p.
func TestPrimitives(t *testing.T) {
	r := readRecorded(t)["loss_primitives"]
	worst := 0.0
	for i, want := range r.KL.Nats {
		got := NormalKL(r.KL.Mean1[i]-r.KL.Mean2[i], r.KL.LogVar1[i], r.KL.LogVar2[i])
		worst = max(worst, distance(got, want, 1))
		if !(distance(got, want, 1) <= 1e-12) {
			t.Errorf("normal_kl %d is %.17g, want %.17g", i, got, want)
		}
	}
	t.Logf("normal_kl: %d values, largest relative difference %.2g", len(r.KL.Nats), worst)
	worst, worstP := 0.0, 0.0
	for i, want := range r.Likelihood.Nats {
		got := DiscretisedLogLikelihood(r.Likelihood.X[i], r.Likelihood.Means[i],
			r.Likelihood.LogScales[i], TanhCDF)
		p := math.Exp(want)
		if p > 1e-3 {
			worst = max(worst, distance(got, want, 1))
		}
		worstP = max(worstP, math.Abs(math.Exp(got)-p))
		if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))+4e-16/p) {
			t.Errorf("likelihood %d is %.17g, want %.17g (probability %.2g)", i, got, want, p)
		}
	}
	t.Logf("discretised Gaussian: %d values, largest difference of probabilities %.2g, relative "+
		"of logarithms where p > 0.001: %.2g",
		len(r.Likelihood.Nats), worstP, worst)
	if len(r.KL.Nats) != 40 || len(r.Likelihood.Nats) != 256 {
		t.Errorf("%d and %d values", len(r.KL.Nats), len(r.Likelihood.Nats))
	}
}

var _ conditional.Precise = (*replay)(nil)
