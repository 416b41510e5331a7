package derive

import "math"

// wide is a number of about 31 digits, the unevaluated sum hi + lo of two float64s (Dekker, "A
// floating-point technique for extending the available precision", 1971). Every product that feeds
// a sum is rounded by itself, so that the bits are the same on every platform.
type wide struct{ hi, lo float64 }

// ln2 is log 2.
var ln2 = wide{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}

// quick returns a + b without error for |a| ≥ |b|.
func quick(a, b float64) wide {
	sum := a + b
	return wide{sum, b - (sum - a)}
}

// finite reports whether a is neither infinite nor NaN.
func (a wide) finite() bool { return a.hi-a.hi == 0 }

func (a wide) neg() wide { return wide{-a.hi, -a.lo} }

func (a wide) add(b wide) wide {
	sum := a.hi + b.hi
	part := sum - a.hi
	lost := (a.hi - (sum - part)) + (b.hi - part)
	return quick(sum, lost+(a.lo+b.lo))
}

func (a wide) sub(b wide) wide { return a.add(b.neg()) }

func (a wide) mul(b wide) wide {
	product := float64(a.hi * b.hi)
	ah, al := split(a.hi)
	bh, bl := split(b.hi)
	lost := float64(ah*bh) - product
	lost = (lost + float64(ah*bl) + float64(al*bh)) + float64(al*bl)
	return quick(product, lost+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

// split writes x as a sum of two numbers of 26 bits, whose products are exact.
func split(x float64) (hi, lo float64) {
	c := float64(x * (1<<27 + 1))
	hi = c - (c - x)
	return hi, x - hi
}

// div returns a/b, which is not finite for b = 0.
func (a wide) div(b wide) wide {
	q := a.hi / b.hi
	rest := a.sub(b.mul(wide{hi: q}))
	return quick(q, rest.hi/b.hi)
}

// sqrt returns √a, NaN below 0.
func (a wide) sqrt() wide {
	if a.hi == 0 {
		return wide{}
	}
	x := wide{hi: math.Sqrt(a.hi)}
	rest := a.sub(x.mul(x))
	return quick(x.hi, rest.hi/(2*x.hi))
}

// log returns log a, which is not finite for a ≤ 0. With a = m·2^k and s = (m−1)/(m+1) it is
// k·log 2 + 2·(s + s³/3 + s⁵/5 + …), where |s| < 0.172.
func (a wide) log() wide {
	if !(a.hi > 0) || !a.finite() {
		return wide{hi: math.NaN()}
	}
	// a·2^−k is within √½ and √2: its exponent is that of a/√½, rounded down.
	bits := math.Float64bits(a.hi * math.Sqrt2)
	k := int(bits>>52) - 1023
	one := wide{hi: 1}
	a = a.mul(wide{hi: math.Float64frombits(uint64(1023-k) << 52)})
	s := a.sub(one).div(a.add(one))
	z := s.mul(s)
	sum := wide{}
	for i := 45.0; i > 0; i -= 2 {
		sum = sum.mul(z).add(one.div(wide{hi: i}))
	}
	return sum.mul(s).add(ln2.mul(wide{hi: float64(k) / 2})).mul(wide{hi: 2})
}
