package portable

import "math"

// Atan returns the arc tangent of x in radians, within 2 units in the last place.
func Atan(x float64) float64 {
	switch {
	case x != x:
		return math.NaN()
	case x < 0:
		return -Atan(-x)
	case x > 1: // π/2 is rounded; the rest matters in the last place
		return math.Pi/2 - (atanUnit(1/x) - 6.123233995736766e-17)
	}
	return atanUnit(x)
}

// eighths has atan(k/8).
var eighths = [9]float64{
	0, 0.12435499454676144, 0.24497866312686414, 0.3587706702705722, 0.4636476090008061,
	0.5585993153435624, 0.6435011087932844,
	0.7188299996216245, 0.7853981633974483,
}

// atanUnit is Atan on [0, 1]: atan x = atan c + atan((x−c)/(1+cx)) with the nearest eighth c, and
// the Taylor series to the 17th power of what is left, at most 1/16.
func atanUnit(x float64) float64 {
	k := math.Floor(float64(x*8) + 0.5)
	c := float64(k / 8)
	y := (x - c) / (1 + float64(c*x))
	z := float64(y * y)
	p := 1.0 / 17
	for n := 15; n >= 3; n -= 2 {
		p = 1/float64(n) - float64(z*p)
	}
	return eighths[int(k)] + (y - float64(float64(y*z)*p))
}

// Atan2 returns the angle of the point (x, y), for y ≥ 0 and x ≥ 0, in [0, π/2].
func Atan2(y, x float64) float64 {
	if x == 0 && y == 0 {
		return 0
	}
	return Atan(y / x)
}
