package schedule

import "math"

// Level is a noise level: x = Signal·x0 + Noise·ε. Variance preserving: Signal² + Noise² = 1.
type Level struct {
	Signal float64 // √ᾱ
	Noise  float64 // √(1−ᾱ)
}

// LevelOf returns the level of an ᾱ in [0, 1].
func LevelOf(alphaBar float64) Level {
	return Level{Signal: math.Sqrt(alphaBar), Noise: math.Sqrt(1 - alphaBar)}
}

// Sigma is the noise level in variance-exploding coordinates, √((1−ᾱ)/ᾱ); +Inf without signal.
func (l Level) Sigma() float64 { return l.Noise / l.Signal }

// Scaled is the level of a state times a factor.
func (l Level) Scaled(factor float64) Level {
	return Level{Signal: float64(factor * l.Signal), Noise: float64(factor * l.Noise)}
}

// Reading says how x̂0 or ε̂ follows from the state x and the network's output F there: (State·x +
// Output·F)/Over.
type Reading struct{ State, Output, Over float64 }

// ReadX0 returns how x̂0 follows from a network's prediction of the given kind.
//
// From ε: (x − √(1−ᾱ)·ε)/√ᾱ (Luo 115). From v: √ᾱ·x − √(1−ᾱ)·v (Salimans & Ho, arXiv:2202.00512).
// From the score, Tweedie's formula: (x + (1−ᾱ)·s)/√ᾱ (Luo 133).
func (l Level) ReadX0(kind Prediction) Reading {
	a, b := l.Signal, l.Noise
	switch kind {
	case Sample:
		return Reading{0, 1, 1}
	case V:
		return Reading{a, -b, 1}
	case Score:
		return Reading{1, float64(b * b), a}
	case FlowVelocity: // x = a·x0 + b·(v + x0)
		return Reading{1, -b, a + b}
	}
	return Reading{1, -b, a}
}

// ReadEpsilon returns how ε̂ follows from a network's prediction of the given kind.
//
// From x̂0: (x − √ᾱ·x̂0)/√(1−ᾱ). From v: √ᾱ·v + √(1−ᾱ)·x. From the score: −√(1−ᾱ)·s (Luo 151).
func (l Level) ReadEpsilon(kind Prediction) Reading {
	a, b := l.Signal, l.Noise
	switch kind {
	case Sample:
		return Reading{1, -a, b}
	case V:
		return Reading{b, a, 1}
	case Score:
		return Reading{0, -b, 1}
	case FlowVelocity: // x = a·(ε − v) + b·ε
		return Reading{1, a, a + b}
	}
	return Reading{0, 1, 1}
}

// X0 writes x̂0 to dst from a network's prediction of the given kind. dst, x, out: equal length;
// dst may alias either.
func (l Level) X0(dst, x, out []float64, kind Prediction) { l.ReadX0(kind).apply(dst, x, out) }

// Epsilon writes ε̂ to dst from a network's prediction of the given kind. dst, x, out: equal
// length; dst may alias either.
func (l Level) Epsilon(dst, x, out []float64, kind Prediction) {
	l.ReadEpsilon(kind).apply(dst, x, out)
}

// apply writes what the reading says to dst.
func (r Reading) apply(dst, x, out []float64) {
	_, _ = x[:len(dst)], out[:len(dst)]
	if r.State == 0 {
		for i := range dst {
			dst[i] = float64(r.Output * out[i])
		}
		return
	}
	for i := range dst {
		dst[i] = (float64(r.State*x[i]) + float64(r.Output*out[i])) / r.Over
	}
}

// Convert writes to dst the prediction of kind `to` that is equivalent to src, one of kind `from`,
// at the noisy picture x. All have equal length; dst may alias x or src. Without signal or without
// noise the translation divides by zero.
func (l Level) Convert(dst, x, src []float64, from, to Prediction) {
	a, b := l.Signal, l.Noise
	switch {
	case from == to:
		copy(dst, src)
	case to == Sample:
		l.X0(dst, x, src, from)
	case to == Epsilon:
		l.Epsilon(dst, x, src, from)
	case to == Score: // −ε̂/√(1−ᾱ)
		l.Epsilon(dst, x, src, from)
		for i := range dst {
			dst[i] = -dst[i] / b
		}
	case to == FlowVelocity: // ε − x0 = (x − (a+b)·x0)/b
		l.X0(dst, x, src, from)
		for i := range dst {
			dst[i] = (x[i] - float64((a+b)*dst[i])) / b
		}
	case from == FlowVelocity: // v = a·ε − b·x0
		for i := range dst {
			dst[i] = (float64((a-b)*x[i]) + float64((float64(a*a)+float64(b*b))*src[i])) / (a + b)
		}
	case from == Sample: // v = √ᾱ·ε̂ − √(1−ᾱ)·x̂0 with ε̂ put in
		for i := range dst {
			dst[i] = (float64(a*x[i]) - src[i]) / b
		}
	case from == Score:
		for i := range dst {
			dst[i] = -b * (src[i] + x[i]) / a
		}
	default: // the same with x̂0 put in
		for i := range dst {
			dst[i] = (src[i] - float64(b*x[i])) / a
		}
	}
}
