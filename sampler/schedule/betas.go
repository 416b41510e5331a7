package schedule

import (
	"math"

	"tweedie/sampler/portable"
)

// betas returns β_t for t = 0…T−1, as diffusers' DDPMScheduler builds them.
func (c *Config) betas() []float64 {
	T := c.NumTrainTimesteps
	if c.TrainedBetas != nil {
		return append([]float64(nil), c.TrainedBetas...)
	}
	switch c.BetaSchedule {
	case squaredCos:
		return BetasOf(T, CosineAlphaBar)
	case laplace:
		return BetasOf(T, laplaceAlphaBar)
	}
	betas := make([]float64, T)
	switch c.BetaSchedule {
	case linear:
		for t := range betas {
			betas[t] = between(c.BetaStart, c.BetaEnd, t, T)
		}
	case scaledLinear: // linear in √β (Stable Diffusion)
		from, to := math.Sqrt(c.BetaStart), math.Sqrt(c.BetaEnd)
		for t := range betas {
			root := between(from, to, t, T)
			betas[t] = float64(root * root)
		}
	case sigmoid: // GeoDiff
		for t := range betas {
			s := 1 / (1 + portable.Exp(-between(-6, 6, t, T)))
			betas[t] = float64(s*(c.BetaEnd-c.BetaStart)) + c.BetaStart
		}
	}
	return betas
}

// between returns element i of n evenly spaced numbers from a to b inclusive, counted from the
// nearer end like torch.linspace.
func between(a, b float64, i, n int) float64 {
	if n == 1 {
		return a
	}
	step := (b - a) / float64(n-1)
	if i < n/2 {
		return a + float64(float64(i)*step)
	}
	return b - float64(float64(n-1-i)*step)
}

// maxBeta caps the betas derived from a continuous ᾱ, where ᾱ(1) = 0 would give 1.
const maxBeta = 0.999

// BetasOf discretises a continuous ᾱ(u), u in [0, 1], which may have any factor: β_t = 1 −
// ᾱ((t+1)/T)/ᾱ(t/T) for t = 0…T−1, at most 0.999 (improved DDPM, arXiv:2102.09672, §3.2).
func BetasOf(T int, alphaBar func(u float64) float64) []float64 {
	betas := make([]float64, T)
	for t := range betas {
		ratio := alphaBar(float64(t+1)/float64(T)) / alphaBar(float64(t)/float64(T))
		betas[t] = min(1-ratio, maxBeta)
	}
	return betas
}

// CosineAlphaBar is cos²((u+s)/(1+s)·π/2) with s = 0.008 (improved DDPM, equation 17).
func CosineAlphaBar(u float64) float64 {
	cos := portable.Cos(float64((u+0.008)/1.008*math.Pi) / 2)
	return float64(cos * cos)
}

// laplaceAlphaBar has a Laplace density over log SNR: log SNR = −½·sign(½−u)·log(1 − 2|½−u| +
// 10⁻⁶). The result is √SNR/√(1+SNR), as in diffusers.
func laplaceAlphaBar(u float64) float64 {
	lambda := -0.5 * math.Copysign(1, 0.5-u) * portable.Log(1-float64(2*math.Abs(0.5-u))+1e-6)
	snr := portable.Exp(lambda)
	return math.Sqrt(snr / (1 + snr))
}

// rescaleZeroSNR shifts and scales √ᾱ so that the last is 0 and the first stays (Lin et al.,
// arXiv:2305.08891, algorithm 1). It replaces betas by those of the new ᾱ.
func rescaleZeroSNR(betas []float64) {
	roots := make([]float64, len(betas))
	product := 1.0
	for t, beta := range betas {
		product *= 1 - beta
		roots[t] = math.Sqrt(product)
	}
	first, last := roots[0], roots[len(roots)-1]
	factor := first / (first - last)
	previous := 1.0
	for t, root := range roots {
		root = float64((root - last) * factor)
		bar := float64(root * root)
		betas[t] = 1 - bar/previous
		previous = bar
	}
}
