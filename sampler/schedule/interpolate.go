package schedule

import (
	"math"

	"tweedie/sampler/portable"
)

// Interpolate returns the level of a timestep between whole ones, from 0 to T−1: log σ is linear
// between neighbours, as in k-diffusion's t_to_sigma (Karras et al., arXiv:2206.00364, appendix
// C.3, for networks with discrete timesteps). Next to a timestep without signal, where σ is
// infinite, ᾱ is linear. At whole timesteps the result is that of At.
func (s *Schedule) Interpolate(t float64) Level {
	t = min(max(t, 0), float64(s.T()-1))
	low := int(math.Floor(t))
	part := t - float64(low)
	if part == 0 {
		return s.At(low)
	}
	from, to := s.AlphaBar[low], s.AlphaBar[low+1]
	if to == 0 {
		return LevelOf(float64((1 - part) * from))
	}
	logSNR := float64((1-part)*portable.Log(from/(1-from))) + float64(part*portable.Log(to/(1-to)))
	return LevelOfLogSNR(logSNR)
}

// LevelOfLogSNR returns the level with the given log(ᾱ/(1−ᾱ)): ᾱ = sigmoid(log SNR) and 1−ᾱ =
// sigmoid(−log SNR), each without cancellation.
func LevelOfLogSNR(logSNR float64) Level {
	return Level{Signal: math.Sqrt(logistic(logSNR)), Noise: math.Sqrt(logistic(-logSNR))}
}

// logistic is 1/(1+e^−x), to full relative precision at either end.
func logistic(x float64) float64 {
	if x < 0 {
		e := portable.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + portable.Exp(-x))
}

// Timestep returns the timestep, whole or not, at which σ = √((1−ᾱ)/ᾱ) has the given value: the
// inverse of Interpolate, by bisection. Values beyond the table give its ends, 0 and T−1.
func (s *Schedule) Timestep(sigma float64) float64 {
	low, high := 0, s.T()-1
	if !(sigma > s.At(low).Sigma()) {
		return 0
	}
	if sigma >= s.At(high).Sigma() {
		return float64(high)
	}
	for high-low > 1 {
		if middle := (low + high) / 2; s.At(middle).Sigma() <= sigma {
			low = middle
		} else {
			high = middle
		}
	}
	if s.AlphaBar[high] == 0 { // ᾱ is linear here
		return float64(low) + (1 - 1/((1+float64(sigma*sigma))*s.AlphaBar[low]))
	}
	from, to := s.At(low).Sigma(), s.At(high).Sigma()
	return float64(low) + portable.Log(sigma/from)/portable.Log(to/from)
}
