package portable

import "math"

// ln 2 in two parts. The first has 21 trailing zero bits, so its product with any exponent of a
// float64 is exact.
const (
	ln2Hi = 0x1.62e42fee00000p-1
	ln2Lo = 0x1.a39ef35793c76p-33
	// The rest of ln 2 after the two parts, for Pow.
	ln2Lo2 = 0x1.cc01f97b57a08p-87
	log2E  = 0x1.71547652b82fep+0
)

// Beyond these arguments the result is infinite, or zero (of Expm1: −1).
const (
	expOverflow  = 0x1.62e42fefa39efp+9  // 709.78…
	expUnderflow = -0x1.74910d52d3051p+9 // −745.13…
	expm1Floor   = -40
)

// Exp returns eˣ. Error below 1 unit in the last place.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return math.NaN()
	case x > expOverflow:
		return math.Inf(1)
	case x < expUnderflow:
		return 0
	}
	k, r, c := reduceExp(x)
	return scale(1+(r+(c+expTail(r))), k)
}

// Expm1 returns eˣ − 1 without the cancellation near 0. Error below 2 units in the last place.
func Expm1(x float64) float64 {
	switch {
	case x != x:
		return math.NaN()
	case x > expOverflow:
		return math.Inf(1)
	case x < expm1Floor:
		return -1
	case math.Abs(x) < 0x1p-54:
		return x // keeps −0
	}
	k, r, c := reduceExp(x)
	y := r + (c + expTail(r)) // e^r − 1
	switch {
	case k == 0:
		return y
	case k > 60:
		return scale(1+y, k) // the −1 is below half a unit
	}
	// 2^k·(1+y) − 1 = 2^k·((1−2^−k) + y). 1−2^−k is exact: k is at least −58 here, at most 60, and
	// beyond 53 it rounds by less than the tolerance.
	return scale((1-pow2(-k))+y, k)
}

// reduceExp writes x = k·ln 2 + r + c with |r| ≤ ln2/2 (slightly more by rounding) and c the
// rounding error of r.
func reduceExp(x float64) (k int, r, c float64) {
	n := math.Floor(float64(x*log2E) + 0.5)
	hi := x - float64(n*ln2Hi)
	lo := float64(n * ln2Lo)
	r = hi - lo
	c = (hi - r) - lo
	return int(n), r, c
}

// expTail returns e^r − 1 − r for |r| ≤ 0.35 by its Taylor series to r¹⁴; what is cut off is below
// 1e-19.
func expTail(r float64) float64 {
	p := 1.0 / 87178291200
	p = float64(p*r) + 1.0/6227020800
	p = float64(p*r) + 1.0/479001600
	p = float64(p*r) + 1.0/39916800
	p = float64(p*r) + 1.0/3628800
	p = float64(p*r) + 1.0/362880
	p = float64(p*r) + 1.0/40320
	p = float64(p*r) + 1.0/5040
	p = float64(p*r) + 1.0/720
	p = float64(p*r) + 1.0/120
	p = float64(p*r) + 1.0/24
	p = float64(p*r) + 1.0/6
	p = float64(p*r) + 0.5
	return float64(p * float64(r*r))
}

// pow2 returns 2^k for −1022 ≤ k ≤ 1023.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// scale returns y·2^k for y in [0.5, 2) or so, rounding once when the result is subnormal.
func scale(y float64, k int) float64 {
	switch {
	case k > 1023:
		return float64(y * 0x1p1023 * pow2(k-1023))
	case k < -1022:
		return float64(y * pow2(k+64) * 0x1p-64)
	}
	return float64(y * pow2(k))
}
