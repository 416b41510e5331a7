package schedule

import (
	"math"

	"tweedie/sampler/portable"
)

// betaShape is the value of both parameters of the beta distribution whose quantiles are noise
// levels (arXiv:2407.12173); betaTotal is its complete beta function, Γ(0.6)²/Γ(1.2).
const (
	betaShape = 0.6
	betaTotal = 2.4153442080024714
)

// betaQuantile returns the p-quantile, in [0, 1], of the beta distribution with both parameters
// 0.6.
func betaQuantile(p float64) float64 {
	switch {
	case p <= 0:
		return 0
	case p >= 1:
		return 1
	case p > 0.5: // it is symmetric
		return 1 - betaQuantile(1-p)
	}
	// Newton's method in u = x^0.6, in which the distribution is nearly linear: u = x^a, du/dx =
	// a·x^(a−1).
	target := float64(p * betaTotal)
	u := float64(target * betaShape)
	for range 60 {
		x := portable.Pow(u, 1/betaShape)
		slope := portable.Pow(1-x, betaShape-1) / betaShape
		next := u - (betaBelow(x)-target)/slope
		if next <= 0 {
			next = u / 2
		}
		if math.Abs(next-u) <= 1e-16*u {
			break
		}
		u = next
	}
	return portable.Pow(u, 1/betaShape)
}

// betaBelow is the incomplete beta function ∫₀ˣ s^(a−1)·(1−s)^(a−1) ds for x ≤ 1/2, by its power
// series x^a·Σ (1−a)_n/n!·x^n/(a+n), whose terms fall at least as fast as 2^−n.
func betaBelow(x float64) float64 {
	sum, factor := 0.0, 1.0
	for n := range 70 {
		k := float64(n)
		sum += factor / (betaShape + k)
		factor *= float64((1-betaShape+k)/(k+1)) * x
	}
	return float64(portable.Pow(x, betaShape) * sum)
}
