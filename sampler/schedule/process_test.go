package schedule

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
)

// TestForwardAgainstReference compares add_noise and get_velocity of diffusers.
func TestForwardAgainstReference(t *testing.T) {
	var v struct {
		Timesteps []int     `json:"timesteps"`
		X0        []float64 `json:"x0"`
		Noise     []float64 `json:"noise"`
		AddNoise  []float64 `json:"add_noise"`
		Velocity  []float64 `json:"velocity"`
		ZeroSNR   []float64 `json:"add_noise_zerosnr"`
	}
	fixture.JSON(t, "testdata/add_noise.json.gz", &v)
	s := withT(t, 1000)
	c := Default()
	c.RescaleBetasZeroSNR = true
	zero, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	n := len(v.X0) / len(v.Timesteps)
	xt, velocity, noisy := make([]float64, n), make([]float64, n), make([]float64, n)
	worst := 0.0
	for i, step := range v.Timesteps {
		part := func(all []float64) []float64 { return all[i*n : (i+1)*n] }
		s.Forward(xt, part(v.X0), part(v.Noise), step)
		zero.Forward(noisy, part(v.X0), part(v.Noise), step)
		l := s.At(step)
		for j := range velocity {
			velocity[j] = l.Signal*part(v.Noise)[j] - l.Noise*part(v.X0)[j]
		}
		converted := make([]float64, n)
		l.Convert(converted, xt, part(v.Noise), Epsilon, V)
		worst = max(worst, compare(t, "add_noise", xt, part(v.AddNoise), 1e-12),
			compare(t, "velocity", velocity, part(v.Velocity), 1e-12),
			// divides by √ᾱ, 0.006 at last
			compare(t, "velocity of ε", converted, part(v.Velocity), 1e-9),
			compare(t, "add_noise with zero SNR", noisy, part(v.ZeroSNR), 1e-12))
	}
	t.Logf("largest difference %.1e", worst)
}

// TestChainEqualsJump follows signal and variance through the chain, step by step, against the
// closed form.
func TestChainEqualsJump(t *testing.T) {
	for _, family := range families {
		c := Default()
		c.BetaSchedule = family
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		// x is a picture without noise; the noise is followed by its variance.
		x, variance := []float64{0.7}, 0.0
		for i := range s.T() {
			s.ForwardStep(x, x, []float64{0}, i)
			add := []float64{0}
			s.ForwardStep(add, []float64{0}, []float64{1}, i)
			variance = (1-s.Betas[i])*variance + add[0]*add[0]
			jump := []float64{0}
			s.Forward(jump, []float64{0.7}, []float64{0}, i)
			if !(math.Abs(x[0]-jump[0]) <= 1e-12) ||
				!(math.Abs(variance-(1-s.AlphaBar[i])) <= 1e-12) {
				t.Fatalf("%s, timestep %d: chain %v and variance %v, jump %v and %v",
					family, i, x[0], variance, jump[0], 1-s.AlphaBar[i])
			}
		}
	}
}

// TestPosteriorIsBayes multiplies the two Gaussians of Bayes' rule: q(x_t|x_prev) as a function of
// x_prev, and q(x_prev|x_0).
func TestPosteriorIsBayes(t *testing.T) {
	s := withT(t, 1000)
	for _, c := range [][2]int{{1, 0}, {2, 1}, {500, 499}, {999, 998}, {999, 499},
		{20, 0}, {980, 960}} {
		at, prev := c[0], c[1]
		bar, barPrev := s.AlphaBar[at], s.AlphaBar[prev]
		alpha := bar / barPrev
		// precision and precision-weighted mean of each factor
		p1, p2 := alpha/(1-alpha), 1/(1-barPrev)
		variance := 1 / (p1 + p2)
		wantXt, wantX0 := variance*p1/math.Sqrt(alpha), variance*p2*math.Sqrt(barPrev)
		p := s.Posterior(at, prev)
		if !(math.Abs(p.Variance/variance-1) <= 1e-9) || !(math.Abs(p.Xt-wantXt) <= 1e-9) ||
			!(math.Abs(p.X0-wantX0) <= 1e-9) || !(math.Abs(p.Beta-(1-alpha)) <= 1e-12) {
			t.Errorf("from %d to %d: %+v, want mean %v·x0 + %v·xt and variance %v",
				at, prev, p, wantX0, wantXt, variance)
		}
	}
	if p := s.Posterior(0, -1); p.Variance != 0 || !(math.Abs(p.X0-1) <= 1e-12) || p.Xt != 0 {
		t.Errorf("the last step is %+v; it must be x0 itself", p)
	}
}

// TestMeansAgree checks the three (four, with v) forms of the reverse mean on one consistent set of
// predictions.
func TestMeansAgree(t *testing.T) {
	s := withT(t, 1000)
	for step := 1; step < 1000; step += 7 {
		l := s.At(step)
		x0, epsilon := 0.37, -1.21
		x := l.Signal*x0 + l.Noise*epsilon
		of := map[Prediction]float64{Sample: x0, Epsilon: epsilon, Score: -epsilon / l.Noise,
			V: l.Signal*epsilon - l.Noise*x0}
		mean := []float64{0}
		s.Posterior(step, step-1).Mean(mean, []float64{x}, []float64{x0})
		for kind, prediction := range of {
			a, b := s.MeanCoefficients(step, kind)
			if got := a*x + b*prediction; !(math.Abs(got-mean[0]) <= 1e-10) {
				t.Errorf("timestep %d, %s: mean %v, want %v", step, kind, got, mean[0])
			}
		}
	}
}

// TestConversionsRoundTrip converts every prediction to every other and back, in place, at every
// timestep.
func TestConversionsRoundTrip(t *testing.T) {
	kinds := []Prediction{Epsilon, Sample, V, Score}
	s := withT(t, 1000)
	x0, epsilon := []float64{0.9, -1, 0.1, 0}, []float64{-0.3, 1.7, 2.2, -1.4}
	for step := range 1000 {
		l := s.At(step)
		x := make([]float64, 4)
		s.Forward(x, x0, epsilon, step)
		truth := map[Prediction][]float64{Sample: x0, Epsilon: epsilon, Score: make([]float64, 4),
			V: make([]float64, 4)}
		for i := range x {
			truth[Score][i] = -epsilon[i] / l.Noise
			truth[V][i] = l.Signal*epsilon[i] - l.Noise*x0[i]
		}
		for _, from := range kinds {
			for _, to := range kinds {
				// A prediction says little of a part of the picture that is nearly gone: 1/√ᾱ and
				// 1/√(1−ᾱ) magnify its error.
				tolerance := 1e-14 / (l.Signal * l.Noise * l.Noise)
				got := append([]float64(nil), truth[from]...)
				l.Convert(got, x, got, from, to)
				compare(t, "from "+string(from)+" to "+string(to), got, truth[to], tolerance)
				l.Convert(got, x, got, to, from)
				compare(t, "and back from "+string(to)+" to "+string(from), got,
					truth[from], 10*tolerance)
				aliased := append([]float64(nil), x...)
				l.Convert(aliased, aliased, truth[from], from, to)
				compare(t, "over x from "+string(from)+" to "+string(to), aliased,
					truth[to], tolerance)
			}
		}
		if t.Failed() {
			t.Fatalf("at timestep %d", step)
		}
	}
}

func TestSigma(t *testing.T) {
	if got := LevelOf(0.2).Sigma(); !(math.Abs(got-2) <= 1e-15) {
		t.Errorf("σ of ᾱ = 1/5 is %v, want 2", got)
	}
	if got := LevelOf(0).Sigma(); !math.IsInf(got, 1) {
		t.Errorf("σ without signal is %v", got)
	}
}
