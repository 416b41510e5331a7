package portable

import "math"

const sqrtHalf = 0x1.6a09e667f3bcdp-1

// Log returns the natural logarithm of x; −Inf at 0, NaN below. Error below 1 unit in the last
// place.
func Log(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	}
	k, m := splitExponent(x)
	return logOf(k, m-1, 0)
}

// Log1p returns log(1+x) without the cancellation near 0; −Inf at −1, NaN below. Error below 2
// units in the last place.
func Log1p(x float64) float64 {
	switch {
	case x != x || x < -1:
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	case math.Abs(x) < 0x1p-54:
		return x // keeps −0
	case -0.25 < x && x < 0.4:
		return logOf(0, x, 0)
	}
	u := 1 + x
	lost := x - (u - 1) // what the rounding of 1+x dropped, exact while |x| < 2^53
	if x >= 1 {
		lost = 1 - (u - x)
	}
	k, m := splitExponent(u)
	return logOf(k, m-1, lost/u)
}

// logOf returns k·ln 2 + log(1+f) + c for 1+f in [√½, √2] and a correction c below 2⁻⁵³.
//
// log(1+f) = 2·atanh(s) with s = f/(2+f), and since 2s = f − s·f it is f − f²/2 + s·(f²/2 + R) with
// R = 2s²/3 + 2s⁴/5 + …, where the large part f is exact.
func logOf(k int, f, c float64) float64 {
	s := f / (2 + f)
	z := float64(s * s)
	p := 2.0 / 25
	p = float64(p*z) + 2.0/23
	p = float64(p*z) + 2.0/21
	p = float64(p*z) + 2.0/19
	p = float64(p*z) + 2.0/17
	p = float64(p*z) + 2.0/15
	p = float64(p*z) + 2.0/13
	p = float64(p*z) + 2.0/11
	p = float64(p*z) + 2.0/9
	p = float64(p*z) + 2.0/7
	p = float64(p*z) + 2.0/5
	p = float64(p*z) + 2.0/3
	r := float64(p * z)
	half := float64(float64(0.5*f) * f)
	n := float64(k)
	small := float64(s*(half+r)) + (float64(n*ln2Lo) + c)
	return float64(n*ln2Hi) - ((half - small) - f)
}

// splitExponent writes x = m·2^k with m in [√½, √2), for positive finite x.
func splitExponent(x float64) (k int, m float64) {
	if x < 0x1p-1022 {
		x = float64(x * 0x1p54)
		k = -54
	}
	bits := math.Float64bits(x)
	k += int(bits>>52) - 1022
	m = math.Float64frombits(bits&(1<<52-1) | 1022<<52) // in [½, 1)
	if m < sqrtHalf {
		m = float64(m * 2)
		k--
	}
	return k, m
}
