package portable

import "math"

// Sin returns the sine of x radians. Error below 1 unit in the last place, for x of any size.
func Sin(x float64) float64 {
	s, _ := Sincos(x)
	return s
}

// Cos returns the cosine of x radians. Error below 1 unit in the last place, for x of any size.
func Cos(x float64) float64 {
	_, c := Sincos(x)
	return c
}

// Sincos returns the sine and the cosine of x radians.
func Sincos(x float64) (sin, cos float64) {
	if x-x != 0 { // NaN or infinite
		return math.NaN(), math.NaN()
	}
	quadrant, hi, lo := 0, x, 0.0
	if math.Abs(x) > quarterPi {
		quadrant, hi, lo = reduceTrig(x)
	}
	s, c := sinKernel(hi, lo), cosKernel(hi, lo)
	switch quadrant & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}

// sinKernel returns sin(x+y) for |x| ≤ π/4 and y its tail: the Taylor series to x¹⁷, cut off below
// 1e-19.
func sinKernel(x, y float64) float64 {
	z := float64(x * x)
	p := 1.0 / 355687428096000
	p = float64(p*z) - 1.0/1307674368000
	p = float64(p*z) + 1.0/6227020800
	p = float64(p*z) - 1.0/39916800
	p = float64(p*z) + 1.0/362880
	p = float64(p*z) - 1.0/5040
	p = float64(p*z) + 1.0/120
	// sin(x+y) ≈ sin x + y·(1 − x²/2), and sin x = x − x³/6 + x⁵·p.
	cube := float64(z * x)
	tail := float64(z*(float64(0.5*y)-float64(cube*p))) - y
	return x - (tail + float64(cube*(1.0/6)))
}

// cosKernel returns cos(x+y) for |x| ≤ π/4 and y its tail: the Taylor series to x¹⁸, cut off below
// 1e-20.
func cosKernel(x, y float64) float64 {
	z := float64(x * x)
	p := -1.0 / 6402373705728000
	p = float64(p*z) + 1.0/20922789888000
	p = float64(p*z) - 1.0/87178291200
	p = float64(p*z) + 1.0/479001600
	p = float64(p*z) - 1.0/3628800
	p = float64(p*z) + 1.0/40320
	p = float64(p*z) - 1.0/720
	p = float64(p*z) + 1.0/24
	// cos(x+y) ≈ cos x − y·x. 1 − z/2 is rounded once, and the rounding error
	// is added again.
	half := float64(0.5 * z)
	w := 1 - half
	return w + (((1 - w) - half) + (float64(float64(z*z)*p) - float64(x*y)))
}
