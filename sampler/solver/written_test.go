package solver

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// TestThreeSDE compares dpmpp_3m_sde with k-diffusion's sample_dpmpp_3m_sde, written out for states
// x0 + σ·ε. Its first step uses one output, its second two, all others three. The last step goes to
// the clean picture.
func TestThreeSDE(t *testing.T) {
	m := twoModes(t)
	compared, worst := 0, 0.0
	for _, eta := range []float64{0, 0.6, 1} {
		c := schedule.Default()
		// k-diffusion does not lower the order at the end
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
		// The state in k-diffusion's scale.
		scale := func(sigma float64) float64 { return preservingTo(p, sigma) }
		want := make([]float64, modesDim)
		for i, v := range x {
			want[i] = v * scale(sigmas[0])
		}
		written := &threeM{eta: eta}
		denoised, unused := make([]float64, modesDim), make([]float64, modesDim)
		run := built.Clone(modesDim)
		for i := range len(sigmas) - 1 {
			m.Denoise(denoised, unused, want, schedule.Level{Signal: 1, Noise: sigmas[i]}, -1)
			noise.Normal(z, 12, 0, uint32(1+i))
			written.step(want, denoised, z, sigmas[i], sigmas[i+1])
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

// threeM is k-diffusion's sample_dpmpp_3m_sde with its memory: the last two denoised pictures and
// the lengths of the last two steps in λ, 0 before there are any.
type threeM struct {
	eta                  float64
	h1, h2               float64
	denoised1, denoised2 []float64
}

// step changes x from noise level sigma to noise level next.
func (m *threeM) step(x, denoised, z []float64, sigma, next float64) {
	h := math.Log(sigma / next)
	if next == 0 {
		copy(x, denoised)
	} else {
		hEta := h * (m.eta + 1)
		phi2 := math.Expm1(-hEta)/hEta + 1
		phi3 := phi2/hEta - 0.5
		for j, d := range denoised {
			x[j] = math.Exp(-hEta)*x[j] - math.Expm1(-hEta)*d
			switch {
			case m.h2 > 0:
				r0, r1 := m.h1/h, m.h2/h
				d10, d11 := (d-m.denoised1[j])/r0, (m.denoised1[j]-m.denoised2[j])/r1
				d1, d2 := d10+(d10-d11)*r0/(r0+r1), (d10-d11)/(r0+r1)
				x[j] += phi2*d1 - phi3*d2
			case m.h1 > 0:
				x[j] += phi2 * (d - m.denoised1[j]) / (m.h1 / h)
			}
			x[j] += z[j] * next * math.Sqrt(-math.Expm1(-2*h*m.eta))
		}
	}
	m.denoised1, m.denoised2 = slices.Clone(denoised), m.denoised1
	m.h1, m.h2 = h, m.h1
}

// preservingTo returns the factor from a solver's state at σ to x0 + σ·ε.
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
		built, err := newVPSDE(p)
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
				ratio := snr * portable.Norm(z) / portable.Norm(score)
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
