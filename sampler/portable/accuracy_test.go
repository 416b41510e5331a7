package portable

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestAccuracy measures the error in units of the last place against series with 320 bits.
func TestAccuracy(t *testing.T) {
	one := newBig(1)
	bigExpm1 := func(x float64) *big.Float { e := bigExp(newBig(x)); return e.Sub(e, one) }
	cases := []struct {
		name  string
		f     func(float64) float64
		want  func(float64) *big.Float
		x     func(r *rand.Rand) float64
		limit float64
	}{
		{"Exp everywhere", Exp, func(x float64) *big.Float { return bigExp(newBig(x)) },
			within(-745, 709.7), 1},
		{"Exp near 0", Exp, func(x float64) *big.Float { return bigExp(newBig(x)) }, within(-1, 1),
			1},
		{"Expm1 everywhere", Expm1, bigExpm1, within(-40, 709.7), 2},
		{"Expm1 near 0", Expm1, bigExpm1, within(-2, 2), 2},
		{"Expm1 tiny", Expm1, bigExpm1, magnitudes(-60, -1), 2},
		{"Log everywhere", Log, func(x float64) *big.Float { return bigLog(newBig(x)) },
			positive(magnitudes(-1074, 1023)), 1},
		{"Log near 1", Log, func(x float64) *big.Float { return bigLog(newBig(x)) },
			within(0.6, 1.6), 1},
		{"Log of uniforms", Log, func(x float64) *big.Float { return bigLog(newBig(x)) },
			positive(within(0, 1)), 1},
		{"Log1p near 0", Log1p, bigLog1p, within(-0.9, 2), 2},
		{"Log1p tiny", Log1p, bigLog1p, magnitudes(-60, -1), 2},
		{"Log1p large", Log1p, bigLog1p, positive(magnitudes(0, 1023)), 2},
		{"Sin of a turn", Sin, bigSin, within(-2*math.Pi, 2*math.Pi), 1},
		{"Cos of a turn", Cos, bigCos, within(-2*math.Pi, 2*math.Pi), 1},
		{"Sin of thousands", Sin, bigSin, within(-1100, 1100), 1},
		{"Cos of thousands", Cos, bigCos, within(-1100, 1100), 1},
		{"Sin near multiples of π/2", Sin, bigSin, nearQuadrants, 1},
		{"Cos near multiples of π/2", Cos, bigCos, nearQuadrants, 1},
		{"Sin of any size", Sin, bigSin, magnitudes(-40, 1023), 1},
		{"Cos of any size", Cos, bigCos, magnitudes(-40, 1023), 1},
		{"Tanh", Tanh, bigTanh, within(-21, 21), 2},
		{"Tanh near 0", Tanh, bigTanh, magnitudes(-40, 0), 2},
		{"Erf", Erf, func(x float64) *big.Float { return bigErf(newBig(x)) }, within(-6.1, 6.1), 2},
		{"Erf near 0", Erf, func(x float64) *big.Float { return bigErf(newBig(x)) },
			magnitudes(-40, 0), 2},
	}
	for _, c := range cases {
		r := rand.New(rand.NewPCG(1, 2))
		worst, at := 0.0, 0.0
		for range samples {
			x := c.x(r)
			if d := ulps(c.f(x), c.want(x)); !(d <= worst) {
				worst, at = d, x
			}
		}
		t.Logf("%-26s %.3f units at %v", c.name, worst, at)
		if !(worst <= c.limit) {
			t.Errorf("%s(%v) is %v: %.3f units from %.20g, allowed are %v",
				c.name, at, c.f(at), worst, c.want(at), c.limit)
		}
	}
}

const samples = 600

func within(a, b float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return a + r.Float64()*(b-a) }
}

// magnitudes draws both signs with binary exponents from low to high.
func magnitudes(low, high int) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		x := math.Ldexp(1+r.Float64(), low+r.IntN(high-low+1))
		if r.IntN(2) == 0 {
			return -x
		}
		return x
	}
}

func positive(f func(*rand.Rand) float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return math.Abs(f(r)) }
}

func nearQuadrants(r *rand.Rand) float64 {
	x := float64(r.IntN(1<<24)) * (math.Pi / 2)
	for range r.IntN(4) {
		x = math.Nextafter(x, math.Inf(1))
	}
	return x
}

func bigLog1p(x float64) *big.Float { return bigLog(zero().Add(newBig(1), newBig(x))) }
func bigSin(x float64) *big.Float   { s, _ := bigSincos(x); return s }
func bigCos(x float64) *big.Float   { _, c := bigSincos(x); return c }
func bigTanh(x float64) *big.Float {
	e := bigExp(newBig(2 * x))
	return zero().Quo(zero().Sub(e, newBig(1)), zero().Add(e, newBig(1)))
}

func TestPowAccuracy(t *testing.T) {
	cases := []struct {
		name string
		x, y func(*rand.Rand) float64
	}{
		{"noise levels to the power 1/7", positive(magnitudes(-10, 8)), within(1/7., 1/7.)},
		{"and back", positive(magnitudes(-3, 2)), within(7, 7)},
		{"near 1 to a large power", within(0.9, 1.1), within(-3000, 3000)},
		{"anything", positive(magnitudes(-200, 200)), within(-3, 3)},
	}
	for _, c := range cases {
		r := rand.New(rand.NewPCG(3, 4))
		worst := 0.0
		for range samples / 2 {
			x, y := c.x(r), c.y(r)
			want := bigExp(zero().Mul(newBig(y), bigLog(newBig(x))))
			d := ulps(Pow(x, y), want)
			if !(d <= 1) {
				t.Errorf("%s: Pow(%v, %v) = %v, %.3f units from %.20g",
					c.name, x, y, Pow(x, y), d, want)
			}
			worst = max(worst, d)
		}
		t.Logf("%-30s %.3f units", c.name, worst)
	}
}

// TestTables recomputes the constants that come from other tables and programs.
func TestTables(t *testing.T) {
	for j := 1; j < len(erfTable); j++ {
		c := newBig((float64(j) + 0.5) / 4)
		value, _ := bigErf(c).Float64()
		slope, _ := bigSlope(c).Float64()
		if row := erfTable[j]; row.value != value || row.slope != slope {
			t.Errorf("row %d of erf: %x %x, want %x %x", j, row.value, row.slope, value, slope)
		}
	}
	ratio := new(big.Float).SetPrec(1500).Quo(new(big.Float).SetPrec(1500).SetInt64(2), bigPi)
	ratio.SetMantExp(ratio, 64*len(twoOverPiBits))
	digits, _ := ratio.Int(nil)
	for i, word := range twoOverPiBits {
		want := new(big.Int).Rsh(digits, uint(64*(len(twoOverPiBits)-1-i)))
		want.And(want, new(big.Int).SetUint64(math.MaxUint64))
		if word != want.Uint64() {
			t.Errorf("word %d of 2/π: %016x, want %016x", i, word, want.Uint64())
		}
	}
	parts := zero().Add(newBig(ln2Hi), newBig(ln2Lo))
	parts.Add(parts, newBig(ln2Lo2))
	if d := zero().Sub(parts, bigLn2); d.Sign() != 0 && d.MantExp(nil) > -138 {
		t.Errorf("the parts of ln 2 are off by %g", d)
	}
	parts = zero().Add(newBig(halfPi1), newBig(halfPi2))
	parts.Add(parts, newBig(halfPi3))
	if d := zero().Sub(parts, zero().Quo(zero().Set(bigPi), newBig(2))); d.Sign() != 0 &&
		d.MantExp(nil) > -120 {
		t.Errorf("the parts of π/2 are off by %g", d)
	}
}
