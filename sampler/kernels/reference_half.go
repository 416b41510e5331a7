package kernels

import "math"

// The parts of a binary16. Its exponent and mantissa, moved up by 13 bits, are those of a float32
// that is smaller by 2¹¹², the difference of the biases. The product with that is exact, also where
// the number is subnormal.
const (
	halfSign     = 0x8000
	halfInfinity = 0x7C00 // as large as this is infinite, and larger no number
	halfScale    = 0x1p112
)

func halves(dst []float32, src []byte) bool {
	src = src[:2*len(dst)]
	most := uint32(0)
	for i := range dst {
		h := uint32(src[2*i]) | uint32(src[2*i+1])<<8
		magnitude := h &^ halfSign
		most = max(most, magnitude)
		v := math.Float32frombits(magnitude<<13) * halfScale
		dst[i] = math.Float32frombits(math.Float32bits(v) | h&halfSign<<16)
	}
	return most < halfInfinity
}
