package portable

import "math"

// Tanh returns the hyperbolic tangent of x. Error below 2 units in the last place.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var y float64
	switch {
	case x != x:
		return math.NaN()
	case a < 0x1p-28:
		return x // x³/3 is below half a unit; keeps −0
	case a < 1:
		t := Expm1(float64(2 * a))
		y = t / (t + 2)
	case a < 20:
		y = 1 - 2/(Expm1(float64(2*a))+2)
	default:
		y = 1
	}
	return math.Copysign(y, x)
}
