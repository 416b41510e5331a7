package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// Exponential integrators solve the probability-flow ODE, or the SDE, in λ = log(Signal/Noise),
// where its linear part is known: DPM-Solver (Lu et al., arXiv:2206.00927) integrates ε̂,
// DPM-Solver++ (arXiv:2211.01095) x̂0.

// exponential says which integral is solved.
type exponential struct {
	noise bool    // the integral of ε̂ (DPM-Solver), not of x̂0 (DPM-Solver++)
	eta   float64 // 0 for the ODE, 1 for the SDE
	// the second order weighs the derivative as Heun's method does, not the midpoint method
	heun bool
	// the second difference has the constant −1/2 in place of 1/2, as in diffusers' third order of
	// the SDE. It makes that order a first order.
	minus bool
}

// stepWeights are the coefficients of one step of length h in λ: of the state, of the integrand, of
// its first difference in units of h, of its second, and of the noise.
type stepWeights struct {
	state, value, first, second, stdDev float64
	half                                float64 // first, in the midpoint method
}

// weights returns the weights of a step between two levels.
//
// With x̂0: x' = b'/b·e^(−ηh)·x + a'·(1−e^(−g))·(D0 + …), g = (1+η)·h, noise b'·√(1−e^(−2ηh)). With
// ε̂: x' = a'/a·x − k·b'·(e^h−1)·(D0 + …), k = 1+η², noise η·b'·√(e^(2h)−1).
func (e *exponential) weights(from, to schedule.Level) stepWeights {
	h := lambdaOf(to) - lambdaOf(from)
	w := stepWeights{}
	if e.noise {
		k := 1 + float64(e.eta*e.eta)
		grown := portable.Expm1(h)
		w.state, w.value = to.Signal/from.Signal, -k*to.Noise*grown
		w.first = -k * to.Noise * (grown/h - 1)
		w.second = -k * to.Noise * ((grown-h)/(h*h) - 0.5)
		w.stdDev = e.eta * to.Noise * math.Sqrt(portable.Expm1(2*h))
	} else {
		g := float64((1 + e.eta) * h)
		shrunk := portable.Expm1(-g)
		w.state, w.value = to.Noise/from.Noise, -to.Signal*shrunk
		w.first = to.Signal * (shrunk/g + 1)
		constant := 0.5
		if e.minus {
			constant = -constant
		}
		w.second = -to.Signal * ((shrunk+g)/float64(g*g) - constant)
		if e.eta > 0 {
			w.state *= portable.Exp(-e.eta * h)
			w.stdDev = to.Noise * math.Sqrt(-portable.Expm1(-2*e.eta*h))
		}
	}
	w.half = 0.5 * w.value
	return w
}

// multistep returns the row of a step of the given order from levels[0] to `to`. Its outputs are at
// levels[0], levels[1], …, the newest first. Its differences are those of DPM-Solver++(2M) and
// (3M).
func (e *exponential) multistep(levels []schedule.Level, to schedule.Level, order int) row {
	w := e.weights(levels[0], to)
	if order == 1 {
		return linear(w.state, w.stdDev, w.value)
	}
	lambda := lambdaOf(levels[0])
	h := lambdaOf(to) - lambda
	r0 := (lambda - lambdaOf(levels[1])) / h
	if order == 2 {
		c := w.half
		if e.heun {
			c = w.first
		}
		return linear(w.state, w.stdDev, w.value+c/r0, -c/r0)
	}
	r1 := (lambdaOf(levels[1]) - lambdaOf(levels[2])) / h
	// d0 = (m0−m1)/r0, d1 = (m1−m2)/r1; D1 = d0 + r0/(r0+r1)·(d0−d1), D2 = (d0−d1)/(r0+r1).
	difference := (float64(w.first*r0) + w.second) / (r0 + r1)
	c0, c1 := (w.first+difference)/r0, -difference/r1
	return linear(w.state, w.stdDev, w.value+c0, c1-c0, -c1)
}

// singlestep returns the row of a step from the last of levels to `to`. Its outputs are at levels,
// the newest first; the last of levels is where the block began.
func (e *exponential) singlestep(levels []schedule.Level, to schedule.Level) row {
	n := len(levels)
	base := levels[n-1]
	w := e.weights(base, to)
	lambda := lambdaOf(base)
	h := lambdaOf(to) - lambda
	switch n {
	case 1:
		return linear(w.state, w.stdDev, w.value)
	case 2:
		c := w.half
		if e.heun {
			c = w.first
		}
		r0 := (lambdaOf(levels[0]) - lambda) / h
		return linear(w.state, w.stdDev, c/r0, w.value-c/r0)
	default:
		r0, r1 := (lambdaOf(levels[0])-lambda)/h, (lambdaOf(levels[1])-lambda)/h
		// d0 = (m1−m2)/r1, d1 = (m0−m2)/r0; the midpoint form takes d1 for the derivative.
		c0, c1 := 0.0, w.first
		if e.heun {
			c0 = (float64(w.first*r0) - 2*w.second) / (r0 - r1)
			c1 = (2*w.second - float64(w.first*r1)) / (r0 - r1)
		}
		return linear(w.state, w.stdDev, c1/r0, c0/r1, w.value-c0/r1-c1/r0)
	}
}
