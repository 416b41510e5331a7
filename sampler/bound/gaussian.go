package bound

import (
	"math"

	"tweedie/sampler/portable"
)

// NormalKL returns KL(N(mean, e^logVar1) ‖ N(mean + difference, e^logVar2)) in nats, of one
// dimension: improved-diffusion's normal_kl.
func NormalKL(difference, logVar1, logVar2 float64) float64 {
	return float64(0.5 * (portable.Exp(logVar1-logVar2) - 1 + (logVar2 - logVar1) +
		float64(float64(difference*difference)*portable.Exp(-logVar2))))
}

// NormalLogDensity returns the log density in nats that N(mean, e^logVar) has at mean + difference,
// of one dimension.
func NormalLogDensity(difference, logVar float64) float64 {
	const logTwoPi = 1.8378770664093453
	square := float64(difference * difference)
	return float64(-0.5 * (logTwoPi + logVar + float64(square*portable.Exp(-logVar))))
}

// CDF names how the Gaussian's distribution function is computed.
type CDF string

// The two forms of the distribution function.
const (
	// TanhCDF is ½(1 + tanh(√(2/π)(x + 0.044715x³))), within 3·10⁻⁴ of the exact function;
	// improved-diffusion's figures use it.
	TanhCDF CDF = "tanh"
	// ErfCDF is exact, ½(1 + erf(x/√2)).
	ErfCDF CDF = "erf"
)

func (c CDF) at(x float64) float64 {
	if c == ErfCDF {
		return 0.5 * (1 + portable.Erf(x/math.Sqrt2))
	}
	const root = 0.79788456080286541 // √(2/π)
	return 0.5 * (1 + portable.Tanh(float64(root*(x+float64(0.044715*float64(x*float64(x*x)))))))
}

const (
	halfBin = 1.0 / 255 // of 256 values from −1 to 1
	edge    = 0.999     // values beyond it are the outermost, whose bins are open
	leastP  = 1e-12     // a bin's probability is taken to be at least this: 27.6 nats at most
)

// DiscretisedLogLikelihood returns the log of the probability, in nats, that N(mean,
// e^(2·logStdDev)) gives to the 8-bit value x in [−1, 1], a multiple of 2/255 from −1: the mass
// between x − 1/255 and x + 1/255, open ended at ±1 (DDPM, arXiv:2006.11239, equation 13;
// improved-diffusion's discretized_gaussian_log_likelihood). Smaller probabilities count as 10⁻¹².
func DiscretisedLogLikelihood(x, mean, logStdDev float64, cdf CDF) float64 {
	centred, inverse := x-mean, portable.Exp(-logStdDev)
	above := cdf.at(float64(inverse * (centred + halfBin)))
	below := cdf.at(float64(inverse * (centred - halfBin)))
	p := above - below
	switch {
	case x < -edge:
		p = above
	case x > edge:
		p = 1 - below
	}
	return portable.Log(max(p, leastP))
}

// Quantise writes the 8-bit value nearest to each element of x, in [−1, 1], to dst, as
// sampler/picture rounds them. A generated picture needs this before its bound is computed. dst may
// alias x.
func Quantise(dst, x []float64) {
	for i, v := range x {
		level := math.Floor(float64((min(max(v, -1), 1)+1)*127.5) + 0.5)
		dst[i] = level/127.5 - 1
	}
}
