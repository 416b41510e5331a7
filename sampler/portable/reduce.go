package portable

import (
	"math"
	"math/bits"
)

const quarterPi = 0x1.921fb54442d18p-1

// π/2 in three parts. The first two have 33 significant bits, so that their products with a
// quadrant number below 2²⁰ are exact.
const (
	halfPi1   = 0x1.921fb54400000p+0
	halfPi2   = 0x1.0b4611a600000p-34
	halfPi3   = 0x1.3198a2e037073p-69
	twoOverPi = 0x1.45f306dc9c883p-1
	// Up to this argument the three parts suffice.
	moderate = 0x1p20
)

// reduceTrig writes x = quadrant·π/2 + hi + lo with |hi| ≤ π/4 (slightly more by rounding);
// quadrant is taken modulo 4.
func reduceTrig(x float64) (quadrant int, hi, lo float64) {
	if math.Abs(x) > moderate {
		return reduceLarge(x)
	}
	n := math.Floor(float64(x*twoOverPi) + 0.5)
	// a is exact (Sterbenz or no bits lost); a − b and its rounding error give the first 100 bits
	// or so.
	a := x - float64(n*halfPi1)
	b := float64(n * halfPi2)
	hi = a - b
	rest := (a - hi) - b // exact while |a| ≥ |b|, else corrected below
	if math.Abs(a) < math.Abs(b) {
		rest = a - (hi + b)
	}
	rest -= float64(n * halfPi3)
	sum := hi + rest
	return int(int64(n)) & 3, sum, (hi - sum) + rest
}

// reduceLarge is the reduction of Payne and Hanek: it multiplies the mantissa only with the 192
// bits of 2/π that decide the quadrant and the remainder.
func reduceLarge(x float64) (quadrant int, hi, lo float64) {
	b := math.Float64bits(math.Abs(x))
	mantissa := b&(1<<52-1) | 1<<52
	exponent := int(b>>52) - 1075 // |x| = mantissa·2^exponent
	// Bits of 2/π of weight 2^(2−exponent) and more contribute multiples of 4 quadrants and are
	// left out.
	first := exponent - 2
	w0, w1, w2 := uint64(0), uint64(0), uint64(0)
	if first >= 0 {
		w0, w1, w2 = piBits(first), piBits(first+64), piBits(first+128)
	} else {
		w0 = piBits(0) >> uint(-first)
		w1 = piBits(0)<<uint(64+first) | piBits(64)>>uint(-first)
		w2 = piBits(64)<<uint(64+first) | piBits(128)>>uint(-first)
	}
	// product = mantissa·(w0,w1,w2) modulo 2^192: its top two bits are the quadrant, the rest the
	// fraction of π/2.
	h2, _ := bits.Mul64(mantissa, w2)
	h1, l1 := bits.Mul64(mantissa, w1)
	_, l0 := mantissa, mantissa*w0
	p1, carry := bits.Add64(l1, h2, 0)
	p0, _ := bits.Add64(l0, h1, carry)
	quadrant = int(p0 >> 62)
	f0, f1 := p0<<2|p1>>62, p1<<2
	negative := f0>>63 != 0
	if negative { // round to the nearest quadrant: fraction − 1
		quadrant++
		f1 = -f1
		f0 = ^f0
		if f1 == 0 {
			f0++
		}
	}
	hi, lo = fractionOfHalfPi(f0, f1)
	if negative {
		hi, lo = -hi, -lo
	}
	if math.Signbit(x) {
		quadrant, hi, lo = -quadrant, -hi, -lo
	}
	return quadrant & 3, hi, lo
}

// fractionOfHalfPi returns (f0·2⁻⁶⁴ + f1·2⁻¹²⁸)·π/2 as an unevaluated sum.
func fractionOfHalfPi(f0, f1 uint64) (hi, lo float64) {
	shift := uint(bits.LeadingZeros64(f0 | 1))
	f0 = f0<<shift | f1>>1>>(63-shift)
	f1 <<= shift
	top := float64(f0 &^ (1<<11 - 1)) // 53 bits, exact
	low := float64(f0&(1<<11-1)) + float64(float64(f1>>11)*0x1p-53)
	unit := math.Float64frombits(uint64(1023-64-int(shift)) << 52)
	const halfPiHi, halfPiLo = 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54
	hi = float64(top * halfPiHi)
	lo = math.FMA(top, halfPiHi, -hi)
	lo += float64(top*halfPiLo) + float64(low*halfPiHi)
	sum := hi + lo
	lo = (hi - sum) + lo
	return float64(sum * unit), float64(lo * unit)
}

// piBits returns 64 bits of the binary fraction of 2/π starting at bit i (0 is the bit of weight
// ½).
func piBits(i int) uint64 {
	word, shift := i/64, uint(i%64)
	v := twoOverPiBits[word] << shift
	if shift > 0 {
		v |= twoOverPiBits[word+1] >> (64 - shift)
	}
	return v
}
