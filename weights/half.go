package weights

import (
	"encoding/binary"
	"math"
)

// The NaN that every conversion of this package gives for a NaN of any sign and
// payload: platforms treat a payload differently, and a file must mean the same bits
// everywhere.
const (
	canonicalNaN32 = 0x7FC00000
	canonicalNaN64 = 0x7FF8000000000000
)

// HalfToFloat32 returns the value of an IEEE 754 binary16, which float32 holds
// exactly. NaN becomes the canonical NaN 0x7FC00000.
func HalfToFloat32(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	magnitude := uint32(h & 0x7FFF)
	switch {
	case magnitude > 0x7C00:
		return math.Float32frombits(canonicalNaN32)
	case magnitude == 0x7C00:
		return math.Float32frombits(sign | 0x7F800000)
	case magnitude >= 0x0400:
		// Same bits, three places wider exponent: 13 more mantissa bits, bias 127-15 more.
		return math.Float32frombits(sign | (magnitude<<13 + 112<<23))
	}
	// A subnormal is a multiple of 2⁻²⁴; the product with a power of two is exact.
	v := float32(magnitude) * (1.0 / (1 << 24))
	return math.Float32frombits(sign | math.Float32bits(v))
}

// BFloat16ToFloat32 returns the value of a bfloat16, which float32 holds exactly.
// NaN becomes the canonical NaN 0x7FC00000.
func BFloat16ToFloat32(b uint16) float32 {
	if b&0x7FFF > 0x7F80 {
		return math.Float32frombits(canonicalNaN32)
	}
	return math.Float32frombits(uint32(b) << 16)
}

// block is the number of elements that one call decodes or checks. WebAssembly engines
// optimise a function between its calls, so the first call should not be long.
// The worker is built without inlining in this package, see tools/pack/program.
const block = 1024

// DecodeHalf sets dst[i] = HalfToFloat32 of the little-endian binary16 at src[2i:].
// src must hold exactly 2·len(dst) bytes.
func DecodeHalf(dst []float32, src []byte) {
	if len(src) != 2*len(dst) {
		panic("weights: DecodeHalf needs two bytes for every element")
	}
	decodeFinite(dst, src)
}

// decodeFinite is DecodeHalf without its check of the length. It says whether all
// elements are finite.
func decodeFinite(dst []float32, src []byte) bool {
	finite := true
	for len(dst) > block {
		finite = decodeHalves(dst[:block], src) && finite
		dst, src = dst[block:], src[2*block:]
	}
	return decodeHalves(dst, src) && finite
}

// decodeHalves moves exponent and mantissa to their places in a float32 and
// multiplies by 2¹¹², the difference of the biases: exact for subnormal
// numbers, too. It says whether all elements are finite.
func decodeHalves(dst []float32, src []byte) bool {
	finite := true
	for i := range dst {
		h := binary.LittleEndian.Uint16(src)
		src = src[2:]
		magnitude := uint32(h & 0x7FFF)
		if magnitude >= 0x7C00 {
			dst[i] = HalfToFloat32(h)
			finite = false
			continue
		}
		v := math.Float32frombits(magnitude<<13) * 0x1p112
		dst[i] = math.Float32frombits(math.Float32bits(v) | uint32(h&0x8000)<<16)
	}
	return finite
}

// float32Canonical is math.Float32frombits with every NaN made canonical.
func float32Canonical(bits uint32) float32 {
	if bits&0x7FFFFFFF > 0x7F800000 {
		bits = canonicalNaN32
	}
	return math.Float32frombits(bits)
}

// float64Canonical is math.Float64frombits with every NaN made canonical.
func float64Canonical(bits uint64) float64 {
	if bits&(1<<63-1) > 0x7FF<<52 {
		bits = canonicalNaN64
	}
	return math.Float64frombits(bits)
}
