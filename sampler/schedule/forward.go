package schedule

import "math"

// ForwardStep writes one step of the noising chain to dst: x_t = √α_t·x_{t−1} + √(1−α_t)·z (Luo
// 31). previous is x_{t−1} (the clean picture for t = 0) and z unit noise. All have equal length;
// dst may alias either.
func (s *Schedule) ForwardStep(dst, previous, z []float64, t int) {
	keep, add := math.Sqrt(1-s.Betas[t]), math.Sqrt(s.Betas[t])
	for i := range dst {
		dst[i] = float64(keep*previous[i]) + float64(add*z[i])
	}
}

// Forward writes the noisy picture of timestep t to dst in one jump: x_t = √ᾱ_t·x0 + √(1−ᾱ_t)·ε
// (Luo 70). All have equal length; dst may alias either.
func (s *Schedule) Forward(dst, x0, epsilon []float64, t int) {
	l := s.At(t)
	for i := range dst {
		dst[i] = float64(l.Signal*x0[i]) + float64(l.Noise*epsilon[i])
	}
}

// Posterior is q(x_prev | x_t, x_0), a Gaussian: mean X0·x_0 + Xt·x_t (elementwise) and variance
// Variance (Luo 84, 85).
type Posterior struct {
	X0, Xt   float64
	Variance float64 // β̃, the smaller of DDPM's two choices
	Beta     float64 // β of the step, the larger choice
}

// Posterior returns the posterior of one solver step from timestep t to the earlier timestep prev,
// which is negative for the clean picture. Steps may skip timesteps: α of the step is ᾱ_t/ᾱ_prev.
func (s *Schedule) Posterior(t, prev int) Posterior {
	barPrev := 1.0
	if prev >= 0 {
		barPrev = s.AlphaBar[prev]
	}
	return PosteriorOf(s.AlphaBar[t], barPrev)
}

// PosteriorOf returns the posterior of a step from ᾱ to a larger one, that of x_prev.
func PosteriorOf(bar, barPrev float64) Posterior {
	alpha := bar / barPrev
	beta := 1 - alpha
	return Posterior{
		X0:       math.Sqrt(barPrev) * beta / (1 - bar),
		Xt:       math.Sqrt(alpha) * (1 - barPrev) / (1 - bar),
		Variance: (1 - barPrev) / (1 - bar) * beta,
		Beta:     beta,
	}
}

// Mean writes the posterior mean to dst. All have equal length; dst may alias either.
func (p Posterior) Mean(dst, xt, x0 []float64) {
	for i := range dst {
		dst[i] = float64(p.X0*x0[i]) + float64(p.Xt*xt[i])
	}
}

// MeanCoefficients returns the reverse mean of one chain step t → t−1 as Xt·x_t + Out·prediction,
// for a network of any prediction: Luo 93 for x̂0, 125 for ε̂, 143 for the score, and v through
// both.
func (s *Schedule) MeanCoefficients(t int, kind Prediction) (xt, out float64) {
	alpha, beta, l := 1-s.Betas[t], s.Betas[t], s.At(t)
	p := s.Posterior(t, t-1)
	switch kind {
	case Sample:
		return p.Xt, p.X0
	case Score:
		return 1 / math.Sqrt(alpha), beta / math.Sqrt(alpha)
	case V: // x̂0 = √ᾱ·x − √(1−ᾱ)·v
		return p.Xt + float64(p.X0*l.Signal), -p.X0 * l.Noise
	}
	return 1 / math.Sqrt(alpha), -beta / (l.Noise * math.Sqrt(alpha))
}
