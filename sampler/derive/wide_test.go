package derive

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// precise is a wide as a number of 300 bits.
func precise(a wide) *big.Float {
	return big.NewFloat(0).SetPrec(300).Add(float(a.hi), float(a.lo))
}

func float(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }

func fresh() *big.Float { return new(big.Float).SetPrec(300) }

// off returns how far got is from want, relative to size.
func off(got wide, want, size *big.Float) float64 {
	gap, _ := fresh().Quo(fresh().Sub(precise(got), want), size).Float64()
	return math.Abs(gap)
}

// preciseLog is log x by 2048·(s + s³/3 + …) with s = (y−1)/(y+1), y = x^(1/1024), in 300 bits.
func preciseLog(x *big.Float) *big.Float {
	y, one := fresh().Set(x), float(1)
	for range 10 {
		y.Sqrt(y)
	}
	s := fresh().Quo(fresh().Sub(y, one), fresh().Add(y, one))
	power, sum := fresh().Set(s), fresh()
	for i := 1.0; i < 200; i += 2 {
		sum.Add(sum, fresh().Quo(power, float(i)))
		power.Mul(power, s)
		power.Mul(power, s)
	}
	return sum.Mul(sum, float(2048))
}

// TestWide compares the arithmetic of wides with that of 300 bits.
func TestWide(t *testing.T) {
	const most = 1e-30
	r := rand.New(rand.NewPCG(8, 8))
	draw := func() wide {
		x := math.Ldexp(1+r.Float64(), r.IntN(80)-40)
		if r.IntN(2) == 0 {
			x = -x
		}
		return quick(x, x*r.NormFloat64()*0x1p-54)
	}
	for range 20_000 {
		a, b := draw(), draw()
		p, q := precise(a), precise(b)
		size := fresh().Add(fresh().Abs(p), fresh().Abs(q))
		for _, c := range []struct {
			name       string
			got        wide
			want, size *big.Float
		}{
			{"+", a.add(b), fresh().Add(p, q), size},
			{"−", a.sub(b), fresh().Sub(p, q), size},
			{"·", a.mul(b), fresh().Mul(p, q), fresh().Mul(p, q)},
			{"/", a.div(b), fresh().Quo(p, q), fresh().Quo(p, q)},
		} {
			if d := off(c.got, c.want, c.size); !(d < most) {
				t.Fatalf("%v %s %v is off by %v", a, c.name, b, d)
			}
		}
		square := a.mul(a)
		want := fresh().Sqrt(precise(square))
		if d := off(square.sqrt(), want, want); !(d < most) {
			t.Fatalf("√%v is off by %v", square, d)
		}
	}
	for range 300 {
		a := draw()
		if a.hi < 0 {
			a = a.neg()
		}
		if r.IntN(2) == 0 { // near 1, where the logarithm is near 0
			a = quick(1, math.Ldexp(r.NormFloat64(), -r.IntN(60)-2))
		}
		want := preciseLog(precise(a))
		size := fresh().Abs(want)
		if size.Cmp(float(1)) > 0 {
			size = float(1)
		}
		if d := off(a.log(), want, fresh().Add(size, fresh().Abs(want))); !(d < most) {
			t.Fatalf("log %v is off by %v", a, d)
		}
	}
}

// TestWideEnds: what has no value is not finite.
func TestWideEnds(t *testing.T) {
	zero, one := wide{}, wide{hi: 1}
	for name, a := range map[string]wide{
		"1/0": one.div(zero), "0/0": zero.div(zero), "log 0": zero.log(), "√−1": one.neg().sqrt(),
		"log −1": one.neg().log(), "log ∞": wide{hi: math.Inf(1)}.log(),
		"0·∞": zero.mul(wide{hi: math.Inf(1)}),
	} {
		if a.finite() {
			t.Errorf("%s is %v", name, a)
		}
	}
	if got := zero.sqrt(); got != zero {
		t.Errorf("√0 is %v", got)
	}
	if got := one.log(); got != zero {
		t.Errorf("log 1 is %v", got)
	}
}
