package noise

import (
	"math"

	"tweedie/sampler/portable"
)

// Normal fills dst with unit Gaussian noise. Element e depends only on (seed, image, draw, e): a
// longer dst has the same beginning, and images and draws are independent. draw 0 is x_T; draw 1+i
// is the noise of solver step i.
//
// Each pair of elements is one block of Philox with the key seed and the counter (pair, draw,
// image, 0). Its words make two uniform numbers of 53 bits, and these a cosine and a sine by the
// Box–Muller transform. Values are rounded to float32, so that a trace in float32 holds the noise
// exactly; the largest is 8.57.
func Normal(dst []float64, seed uint64, image, draw uint32) {
	key := [2]uint32{uint32(seed), uint32(seed >> 32)}
	for pair := 0; 2*pair < len(dst); pair++ {
		w := philox([4]uint32{uint32(pair), draw, image, 0}, key)
		cos, sin := boxMuller(uniform(w[0], w[1]), uniform(w[2], w[3]))
		dst[2*pair] = cos
		if 2*pair+1 < len(dst) {
			dst[2*pair+1] = sin
		}
	}
}

// uniform returns (n+1)/2⁵³ for the upper 53 bits n of hi:lo, in (0, 1]: never 0, which has no
// logarithm.
func uniform(hi, lo uint32) float64 {
	n := (uint64(hi)<<32 | uint64(lo)) >> 11
	return float64(float64(n+1) * 0x1p-53)
}

// boxMuller returns √(−2 log u)·(cos 2πv, sin 2πv) as float32-representable values.
func boxMuller(u, v float64) (cos, sin float64) {
	radius := math.Sqrt(float64(-2 * portable.Log(u)))
	s, c := portable.Sincos(float64(2 * math.Pi * v))
	return float64(float32(radius * c)), float64(float32(radius * s))
}
