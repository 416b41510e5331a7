package portable

import "math"

// twoOverSqrtPi is the slope of erf at 0.
const twoOverSqrtPi = 0x1.20dd750429b6dp+0

// Erf returns the error function 2/√π·∫₀ˣ exp(−u²)du. Error below 2 units in the last place.
//
// Below ¼ it is the Taylor series about 0. Above, the axis is cut into pieces of width ¼, each with
// a Taylor series about its centre c. erf(c) and the slope there come from a table; the n-th
// derivative is the slope times a Hermite polynomial, which a two-term recurrence gives.
func Erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return math.NaN()
	case a < 0x1p-28:
		return float64(twoOverSqrtPi * x)
	case a < 0.25:
		return erfNearZero(x)
	case a >= 6:
		return math.Copysign(1, x)
	}
	j := int(4 * a)
	c := float64((float64(j) + 0.5) / 4)
	h := a - c // exact
	row := &erfTable[j]
	// erf(c+h) = erf(c) + slope·Σ d_n·hⁿ⁺¹/(n+1)!, d_0 = 1, d_1 = −2c, d_{n+1} = −2c·d_n −
	// 2n·d_{n−1}.
	const terms = 18
	var term [terms]float64
	before, d, power := 0.0, 1.0, h
	for n := range terms {
		term[n] = float64(d * power)
		before, d = d, float64(-2*c*d)-float64(float64(2*n)*before)
		power = float64(power*h) / float64(n+2)
	}
	sum := 0.0
	for n := terms - 1; n >= 0; n-- {
		sum += term[n]
	}
	return math.Copysign(row.value+float64(row.slope*sum), x)
}

// erfNearZero returns erf(x) for |x| < ¼: 2/√π·(x − x³/3 + x⁵/10 − …), cut off below 1e-18 of the
// value.
func erfNearZero(x float64) float64 {
	z := float64(x * x)
	p := 1.0 / 685440 // 1/(8!·17)
	p = float64(p*z) - 1.0/75600
	p = float64(p*z) + 1.0/9360
	p = float64(p*z) - 1.0/1320
	p = float64(p*z) + 1.0/216
	p = float64(p*z) - 1.0/42
	p = float64(p*z) + 1.0/10
	p = float64(p*z) - 1.0/3
	return float64(twoOverSqrtPi * (x + float64(x*float64(p*z))))
}
