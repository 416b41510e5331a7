package solver

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
)

// TestThreeSDE compares dpmpp_3m_sde with k-diffusion's sample_dpmpp_3m_sde, written out for states
// x0 + σ·ε: its first step has one output, its second two and all others three, and the last goes
// to the clean picture.
func TestThreeSDE(t *testing.T) {
	m := twoModes(t)
	compared, worst := 0, 0.0
	for _, eta := range []float64{0, 0.6, 1} {
		c := schedule.Default()
		// k-diffusion does not know the latter
		c.ClipSample, c.Solver.LowerOrderFinal = false, false
		p := planFor(t, "dpmpp_3m_sde", 9, c, func(s *Options) { s.Eta = eta })
		built, err := newDPMpp3M(p)
		if err != nil {
			t.Fatal(err)
		}
		start := built.Start()
		source := &saying{mixture: m, kind: schedule.Epsilon, x0: make([]float64, modesDim),
			epsilon: make([]float64, modesDim)}
		e := NewEvaluation(p, &start, source, modesDim, modesDim)
		x, z := make([]float64, modesDim), make([]float64, modesDim)
		source.first(x, &start)
		var sigmas []float64
		for _, at := range start.Marks {
			sigmas = append(sigmas, at.Level.Sigma())
		}
		sigmas = append(sigmas, 0)
		// The state in k-diffusion's scale, and what the function remembers.
		scale := func(sigma float64) float64 { return preservingTo(p, sigma) }
		want := make([]float64, modesDim)
		for i, v := range x {
			want[i] = v * scale(sigmas[0])
		}
		var h1, h2 float64
		denoised, denoised1, denoised2, unused := make([]float64, modesDim),
			make([]float64, modesDim), make([]float64, modesDim), make([]float64, modesDim)
		run := built.Clone(modesDim)
		for i := range len(sigmas) - 1 {
			m.Denoise(denoised, unused, want, schedule.Level{Signal: 1, Noise: sigmas[i]}, -1)
			h := math.Log(sigmas[i] / sigmas[i+1])
			if sigmas[i+1] == 0 {
				copy(want, denoised)
			} else {
				hEta := h * (eta + 1)
				phi2 := math.Expm1(-hEta)/hEta + 1
				phi3 := phi2/hEta - 0.5
				noise.Normal(z, 12, 0, uint32(1+i))
				for j := range want {
					want[j] = math.Exp(-hEta)*want[j] - math.Expm1(-hEta)*denoised[j]
					switch {
					case h2 > 0:
						r0, r1 := h1/h, h2/h
						d10, d11 := (denoised[j]-denoised1[j])/r0, (denoised1[j]-denoised2[j])/r1
						d1, d2 := d10+(d10-d11)*r0/(r0+r1), (d10-d11)/(r0+r1)
						want[j] += phi2*d1 - phi3*d2
					case h1 > 0:
						want[j] += phi2 * (denoised[j] - denoised1[j]) / (h1 / h)
					}
					want[j] += z[j] * sigmas[i+1] * math.Sqrt(-math.Expm1(-2*h*eta))
				}
			}
			copy(denoised2, denoised1)
			copy(denoised1, denoised)
			h1, h2 = h, h1
			run.Step(i, x, &e)
			for j, v := range x {
				d := math.Abs(v*scale(sigmas[i+1])-want[j]) / max(1, math.Abs(want[j]))
				if compared, worst = compared+1, max(worst, d); !(d <= 1e-12) {
					t.Fatalf("eta %v, step %d, element %d: %v, want %v", eta, i+1, j,
						v*scale(sigmas[i+1]), want[j])
				}
			}
		}
		if e.Err != nil {
			t.Fatal(e.Err)
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
}

// preservingTo is the factor from a solver's state at σ to x0 + σ·ε.
func preservingTo(p *Plan, sigma float64) float64 {
	if p.lens.native() == exploding {
		return 1
	}
	return math.Sqrt(1 + sigma*sigma)
}

// TestVPPredictorCorrector compares vp_pc, on all timesteps of a schedule, with score_sde's
// predictor and corrector for the variance preserving SDE, written out: ReverseDiffusionPredictor
// with the discrete β, LangevinCorrector with α of the timestep, and the mean of the last step.
func TestVPPredictorCorrector(t *testing.T) {
	m := twoModes(t)
	const snr = 0.16
	compared, worst := 0, 0.0
	for correct := range 3 {
		c := schedule.Default()
		c.ClipSample, c.NumTrainTimesteps, c.BetaStart, c.BetaEnd = false, 20, 0.01, 0.4
		c.TimestepSpacing = schedule.Trailing
		p := planFor(t, "vp_pc", 20, c, func(s *Options) {
			s.Correct, s.Rule, s.StepSize, s.Final = correct, RuleSNR, snr, schedule.FinalZero
		})
		built, err := newVPCorrected(p)
		if err != nil {
			t.Fatal(err)
		}
		start := built.Start()
		source := &saying{mixture: m, kind: schedule.Epsilon, x0: make([]float64, modesDim),
			epsilon: make([]float64, modesDim)}
		e := NewEvaluation(p, &start, source, modesDim, modesDim)
		run := built.Clone(modesDim)
		x, want, z := make([]float64, modesDim), make([]float64, modesDim),
			make([]float64, modesDim)
		unused, score := make([]float64, modesDim), make([]float64, modesDim)
		source.Normal(x, 0)
		copy(want, x)
		draw := uint32(0)
		for i := range 20 {
			at := 19 - i
			level, beta := p.schedule.At(at), p.schedule.Betas[at]
			look := func() {
				m.Denoise(unused, score, want, level, -1)
				for j := range score {
					score[j] /= -level.Noise
				}
			}
			for range correct {
				look()
				draw++
				noise.Normal(z, 12, 0, draw)
				ratio := snr * norm(z) / norm(score)
				size := 2 * (1 - beta) * ratio * ratio
				for j := range want {
					want[j] += size*score[j] + math.Sqrt(2*size)*z[j]
				}
			}
			look()
			draw++
			noise.Normal(z, 12, 0, draw)
			for j, v := range want {
				forward := math.Sqrt(1-beta)*v - v
				want[j] = v - (forward - beta*score[j])
				if at > 0 {
					want[j] += math.Sqrt(beta) * z[j]
				}
			}
			run.Step(i, x, &e)
			d := fixture.Distance(x, want)
			if compared, worst = compared+len(x), max(worst, d); !(d <= 1e-12) {
				t.Fatalf("%d corrections, step %d: %v away", correct, i+1, d)
			}
		}
		if e.Err != nil {
			t.Fatal(e.Err)
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
}
