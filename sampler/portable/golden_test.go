package portable

import (
	"fmt"
	"testing"

	"tweedie/internal/fixture"
)

// TestGolden fixes the bits of a few values and a checksum over many. Every platform must give
// these: run it natively, for arm64 and in wasm. A change of a value here breaks every recipe's
// hash.
func TestGolden(t *testing.T) {
	functions := []struct {
		name  string
		f     func(float64) float64
		scale float64 // arguments of the checksum run from −scale to scale, or from 0
		from0 bool
		at    [4]float64
	}{
		{"Exp", Exp, 700, false, [4]float64{-0.5, 1, 33.25, -708.5}},
		{"Expm1", Expm1, 40, false, [4]float64{1e-09, -0.3, 0.7, 25}},
		{"Log", Log, 1, true, [4]float64{0.5, 1.0000001, 2.718281828, 1e+300}},
		{"Log1p", Log1p, 0.999, false, [4]float64{1e-09, -0.5, 0.35, 7}},
		{"Sin", Sin, 1100, false, [4]float64{0.7, 3.141592653589793, 1000, 1e+22}},
		{"Cos", Cos, 1100, false, [4]float64{0.7, 1.5707963267948966, 1000, 1e+22}},
		{"Tanh", Tanh, 21, false, [4]float64{1e-05, 0.5, -1.5, 9}},
		{"Erf", Erf, 6.2, false, [4]float64{1e-05, 0.2, -0.9, 3.3}},
	}
	var lines []fixture.Line
	for _, c := range functions {
		for _, x := range c.at {
			name := fmt.Sprintf("%s(%v)", c.name, x)
			lines = append(lines, fixture.Line{Name: name, Value: fixture.Bits(c.f(x))})
		}
		low := -c.scale
		if c.from0 {
			low = 0
		}
		values := make([]float64, 20000)
		for i := range values {
			u := (float64(i) + 0.3) / float64(len(values))
			if !c.from0 {
				u = 2*u - 1
			}
			values[i] = c.f(u * c.scale)
		}
		name := fmt.Sprintf("%s, %d values from %v to %v", c.name, len(values), low, c.scale)
		lines = append(lines, fixture.Line{Name: name, Value: fixture.Checksum(values)})
	}
	powers := make([]float64, 3000)
	for i := range powers {
		powers[i] = Pow(float64(i)*0.027, float64(i%23)-7.3)
	}
	lines = append(lines, fixture.Line{Name: "Pow, 3000 values", Value: fixture.Checksum(powers)})
	fixture.Golden(t, "testdata/golden.txt", lines)
}
