package portable

import (
	"math"
	"math/big"
)

// References with 320 bits and more, by series; slow and plain.

const precision = 320

func newBig(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
func zero() *big.Float            { return new(big.Float).SetPrec(precision) }
func quotient(a, b int64) *big.Float {
	return zero().Quo(newBig(float64(a)), newBig(float64(b)))
}

// negligible reports whether adding a to b changes nothing.
func negligible(a, b *big.Float) bool {
	return a.Sign() == 0 || b.Sign() != 0 && a.MantExp(nil) < b.MantExp(nil)-precision
}

// bigExp is e^x: the Taylor series of x/2^k, squared k times.
func bigExp(x *big.Float) *big.Float {
	k := max(x.MantExp(nil)+8, 0)
	r := zero().SetMantExp(x, -k)
	sum, term := newBig(1), newBig(1)
	for n := 1.0; !negligible(term, sum); n++ {
		term.Mul(term, r)
		term.Quo(term, newBig(n))
		sum.Add(sum, term)
	}
	for range k {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigAtanh is the series r + r³/3 + r⁵/5 + ….
func bigAtanh(r *big.Float) *big.Float {
	square := zero().Mul(r, r)
	sum, power := zero().Set(r), zero().Set(r)
	for n := 3.0; ; n += 2 {
		power.Mul(power, square)
		term := zero().Quo(power, newBig(n))
		if negligible(term, sum) {
			return sum
		}
		sum.Add(sum, term)
	}
}

var bigLn2 = func() *big.Float {
	third := bigAtanh(quotient(1, 3)) // ln 2 = 2·atanh(1/3)
	return third.Add(third, third)
}()

// bigLog is the natural logarithm: x = m·2^k with m near 1 and log m = 2·atanh((m−1)/(m+1)).
func bigLog(x *big.Float) *big.Float {
	m := zero()
	k := x.MantExp(m)
	if m.Cmp(newBig(math.Sqrt2/2)) < 0 {
		m.Add(m, m)
		k--
	}
	l := bigAtanh(zero().Quo(zero().Sub(m, newBig(1)), zero().Add(m, newBig(1))))
	l.Add(l, l)
	return l.Add(l, zero().Mul(newBig(float64(k)), bigLn2))
}

// bigPi is Machin's formula with 1,500 bits, enough to reduce the largest float64.
var bigPi = func() *big.Float {
	const bits = 1500
	number := func(v int64) *big.Float { return new(big.Float).SetPrec(bits).SetInt64(v) }
	arctanInverse := func(n int64) *big.Float {
		power := new(big.Float).SetPrec(bits).Quo(number(1), number(n))
		sum := number(0).Set(power)
		for k := int64(1); ; k++ {
			power.Quo(power, number(-n*n))
			term := number(0).Quo(power, number(2*k+1))
			if term.MantExp(nil) < -bits {
				return sum
			}
			sum.Add(sum, term)
		}
	}
	a, b := arctanInverse(5), arctanInverse(239)
	a.Mul(a, number(4))
	a.Sub(a, b)
	return a.Mul(a, number(4))
}()

// bigSincos reduces by multiples of π/2 and sums the Taylor series.
func bigSincos(x float64) (sin, cos *big.Float) {
	const bits = 1500
	half := new(big.Float).SetPrec(bits).Quo(bigPi, new(big.Float).SetPrec(bits).SetInt64(2))
	wide := new(big.Float).SetPrec(bits).SetFloat64(x)
	turns, _ := new(big.Float).SetPrec(bits).Quo(wide, half).Int(nil)
	wide.Sub(wide, new(big.Float).SetPrec(bits).Mul(half,
		new(big.Float).SetPrec(bits).SetInt(turns)))
	r := zero().Set(wide)
	series := func(term *big.Float, n float64) *big.Float {
		sum := zero().Set(term)
		square := zero().Mul(r, r)
		for ; !negligible(term, sum); n += 2 {
			term.Mul(term, square)
			term.Quo(term, newBig(-(n+1)*(n+2)))
			sum.Add(sum, term)
		}
		return sum
	}
	s, c := series(zero().Set(r), 1), series(newBig(1), 0)
	switch new(big.Int).And(turns, big.NewInt(3)).Int64() {
	case 1:
		return c, s.Neg(s)
	case 2:
		return s.Neg(s), c.Neg(c)
	case 3:
		return c.Neg(c), s
	}
	return s, c
}

// bigErf is 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, all terms of one sign.
func bigErf(x *big.Float) *big.Float {
	square := zero().Mul(x, x)
	sum, term := zero().Set(x), zero().Set(x)
	for n := 1.0; !negligible(term, sum); n++ {
		term.Mul(term, square)
		term.Mul(term, newBig(2/1))
		term.Quo(term, newBig(2*n+1))
		sum.Add(sum, term)
	}
	sum.Mul(sum, bigSlope(x))
	return sum
}

// bigSlope is 2/√π·e^(−x²).
func bigSlope(x *big.Float) *big.Float {
	square := zero().Mul(x, x)
	slope := bigExp(square.Neg(square))
	slope.Mul(slope, newBig(2))
	return slope.Quo(slope, zero().Sqrt(zero().Set(bigPi)))
}

// ulps is the distance of got from want in units of the last place of want rounded to float64
// (subnormal units below the normal range).
func ulps(got float64, want *big.Float) float64 {
	near, _ := want.Float64()
	if math.IsInf(near, 0) || got == near && near == 0 {
		if got == near {
			return 0
		}
		return math.Inf(1)
	}
	unit := math.Nextafter(math.Abs(near), math.Inf(1)) - math.Abs(near)
	d := zero().Sub(newBig(got), want)
	d.Quo(d, newBig(unit))
	f, _ := d.Float64()
	return math.Abs(f)
}
