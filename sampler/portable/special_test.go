package portable

import (
	"math"
	"testing"
)

var (
	inf      = math.Inf(1)
	nan      = math.NaN()
	negative = math.Copysign(0, -1)
)

// same compares bits, so that −0 differs from 0 and only the canonical NaN is a NaN.
func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func TestSpecialValues(t *testing.T) {
	odd := math.Float64frombits(0xfff8000000000123) // a NaN with sign and payload
	cases := []struct {
		name string
		f    func(float64) float64
		x, y float64
	}{
		{"Exp", Exp, 0, 1}, {"Exp", Exp, negative, 1}, {"Exp", Exp, inf, inf}, {"Exp",
			Exp, -inf, 0}, {"Exp", Exp, odd, nan},
		{"Exp", Exp, 710, inf}, {"Exp", Exp, -746, 0}, {"Exp", Exp, -745.13, 5e-324}, {"Exp",
			Exp, 709.782712893384, 0x1.fffffffffff2ap+1023},
		{"Expm1", Expm1, 0, 0}, {"Expm1", Expm1, negative, negative}, {"Expm1",
			Expm1, inf, inf}, {"Expm1", Expm1, -inf, -1}, {"Expm1", Expm1, odd, nan},
		{"Expm1", Expm1, -100, -1}, {"Expm1", Expm1, 1e-300, 1e-300},
		{"Log", Log, 1, 0}, {"Log", Log, 0, -inf}, {"Log", Log, negative, -inf}, {"Log",
			Log, -1, nan}, {"Log", Log, -inf, nan}, {"Log", Log, inf, inf}, {"Log", Log, odd, nan},
		{"Log", Log, 5e-324, -744.4400719213812},
		{"Log1p", Log1p, 0, 0}, {"Log1p", Log1p, negative, negative}, {"Log1p", Log1p, -1, -inf},
		{"Log1p", Log1p, -2, nan}, {"Log1p", Log1p, inf, inf}, {"Log1p", Log1p, odd, nan},
		{"Sin", Sin, 0, 0}, {"Sin", Sin, negative, negative}, {"Sin", Sin, inf, nan}, {"Sin",
			Sin, -inf, nan}, {"Sin", Sin, odd, nan},
		{"Cos", Cos, 0, 1}, {"Cos", Cos, negative, 1}, {"Cos", Cos, inf, nan}, {"Cos",
			Cos, -inf, nan}, {"Cos", Cos, odd, nan},
		{"Tanh", Tanh, 0, 0}, {"Tanh", Tanh, negative, negative}, {"Tanh", Tanh, inf, 1}, {"Tanh",
			Tanh, -inf, -1}, {"Tanh", Tanh, odd, nan}, {"Tanh", Tanh, 1e-300, 1e-300},
		{"Erf", Erf, 0, 0}, {"Erf", Erf, negative, negative}, {"Erf", Erf, inf, 1}, {"Erf",
			Erf, -inf, -1}, {"Erf", Erf, odd, nan}, {"Erf", Erf, 6, 1},
	}
	for _, c := range cases {
		if got := c.f(c.x); !same(got, c.y) {
			t.Errorf("%s(%v) = %v (%016x), want %v", c.name, c.x, got, math.Float64bits(got), c.y)
		}
	}
}

// TestPowSpecialValues compares with math.Pow, whose special cases are exact on all platforms.
func TestPowSpecialValues(t *testing.T) {
	values := []float64{0, negative, 1, -1, inf, -inf, nan, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300,
		0.5e-300, 0x1p53, 0x1p54 + 4}
	for _, x := range values {
		for _, y := range values {
			got, want := Pow(x, y), math.Pow(x, y)
			if math.IsNaN(want) {
				want = nan
			}
			if !same(got, want) && !(math.Abs(got/want-1) < 1e-15) {
				t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestSincosAgreesWithSinAndCos(t *testing.T) {
	for i := -1000; i < 1000; i++ {
		x := float64(i) * 0.37
		s, c := Sincos(x)
		if !same(s, Sin(x)) || !same(c, Cos(x)) {
			t.Fatalf("Sincos(%v) = %v, %v; Sin %v, Cos %v", x, s, c, Sin(x), Cos(x))
		}
		if !same(Sin(-x), -s) || !same(Cos(-x), c) {
			t.Fatalf("sine of %v is not odd or cosine not even", x)
		}
	}
}
