package portable

import "math"

// Pow returns x^y for x ≥ 0, as noise levels need it (σ^(1/ρ), α^n). A negative x gives NaN, except
// for integral y, where the sign follows the parity of y. Special cases are those of math.Pow.
// Error below 1 unit in the last place.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case y == 1:
		return x
	}
	negative := math.Signbit(x) && isOdd(y)
	if x < 0 && !math.IsInf(x, -1) && !math.IsInf(y, 0) && math.Floor(y) != y {
		return math.NaN()
	}
	r := powPositive(math.Abs(x), y)
	if negative {
		return -r
	}
	return r
}

// powPositive returns x^y for x ≥ 0, x ≠ NaN, y ≠ 0 and not NaN.
func powPositive(x, y float64) float64 {
	switch {
	case x == 1:
		return 1 // (−1)^±Inf
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0):
		if (x > 1) == (y > 0) {
			return math.Inf(1)
		}
		return 0
	}
	l := logPair(x)
	// y·log x as a pair; the first part alone decides about overflow.
	hi := float64(y * l.hi)
	if hi > 710 || hi < -746 {
		return Exp(hi)
	}
	lo := math.FMA(y, l.hi, -hi) + float64(y*l.lo)
	// e^(hi+lo) with lo folded into the reduced argument's correction.
	k, r, c := reduceExp(hi)
	return scale(1+(r+((c+lo)+expTail(r+lo))), k)
}

// isOdd reports whether y is an odd integer.
func isOdd(y float64) bool {
	a := math.Abs(y)
	return a < 0x1p53 && math.Floor(a) == a && int64(a)&1 == 1
}

// pair is an unevaluated sum hi + lo with |lo| ≤ half a unit of hi: about 106 bits.
type pair struct{ hi, lo float64 }

func addPair(a, b pair) pair {
	s := a.hi + b.hi
	t := s - a.hi
	e := (a.hi - (s - t)) + (b.hi - t) + (a.lo + b.lo)
	return normalise(s, e)
}

func mulPair(a, b pair) pair {
	p := float64(a.hi * b.hi)
	e := math.FMA(a.hi, b.hi, -p) + (float64(a.hi*b.lo) + float64(a.lo*b.hi))
	return normalise(p, e)
}

func divPair(a, b pair) pair {
	q := a.hi / b.hi
	r := math.FMA(-q, b.hi, a.hi) + a.lo - float64(q*b.lo)
	return normalise(q, r/b.hi)
}

// normalise returns s+e as a pair; |e| is small against |s|.
func normalise(s, e float64) pair {
	hi := s + e
	return pair{hi, e - (hi - s)}
}

// logPair returns log x with about 100 correct bits, for positive finite x ≠ 1: the atanh series of
// Log in pairs.
func logPair(x float64) pair {
	k, m := splitExponent(x)
	f := m - 1
	d := 2 + f
	s := divPair(pair{hi: f}, pair{d, f - (d - 2)})
	z := mulPair(s, s)
	// 2·(1 + z/3 + z²/5 + …): 23 terms, z ≤ 0.0295, so the rest is below 2⁻¹²⁰.
	sum := pair{}
	for n := 45; n >= 1; n -= 2 {
		sum = addPair(mulPair(sum, z), divPair(pair{hi: 2}, pair{hi: float64(n)}))
	}
	n := float64(k)
	ln2 := pair{float64(n * ln2Hi), 0}
	ln2 = addPair(ln2, mulPair(pair{hi: n}, pair{ln2Lo, ln2Lo2}))
	return addPair(ln2, mulPair(s, sum))
}
