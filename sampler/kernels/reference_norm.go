package kernels

import "math"

func channelSums(x []float32, ld, pixels, c int, mean, sum []float32) {
	for j := range c {
		var s [4]float32
		for p := range pixels {
			v := x[p*ld+j]
			if mean != nil {
				v -= mean[j]
				v = float32(v * v)
			}
			s[p%4] += v
		}
		sum[j] = (s[0] + s[1]) + (s[2] + s[3])
	}
}

func affine(x []float32, from Geometry, y []float32, to Geometry, rows, cols, c int,
	scale, shift []float32, act bool) {
	for r := range rows {
		for p := range cols {
			in := x[r*from.Row+p*from.Pixel:]
			out := y[r*to.Row+p*to.Pixel:]
			for j := range c {
				v := float32(in[j]*scale[j]) + shift[j]
				if act {
					v = silu(v)
				}
				out[j] = v
			}
		}
	}
}

// silu is x·sigmoid(x) = x / (1 + e^−x), written so that the exponential never
// exceeds one.
func silu(x float32) float32 {
	e := expNegative(math.Float32bits(x) | 1<<31)
	if x < 0 {
		return float32(x*e) / (1 + e)
	}
	return x / (1 + e)
}

// Constants of expNegative: log₂ e; 1.5·2²³, which rounds to integers; and the
// polynomial 1 + f·(exp1 + f·(exp2 + …)) that differs from 2^f by at most
// 1.9e-8 of it on |f| ≤ ½ (Remez exchange on the relative error).
const (
	log2e    = 1.4426950408889634
	rounding = 12582912
	exp1     = 0.69314730274098295638
	exp2     = 0.24022696257374181343
	exp3     = 0.055502044132390027911
	exp4     = 0.0096126383252283555514
	exp5     = 0.00134355243034498223
	exp6     = 0.00016948240886942922807

	// leastExp is the bit pattern of −86, the last whole number before e^x
	// leaves the normal numbers, with which processors are slow: smaller
	// arguments count as −86.
	leastExp = 0xc2ac0000
)

// expNegative is e^x for the x ≤ 0 whose bit pattern is given; below −86 it is
// e^−86. The relative error is at most (2 + |x|)·1.3e-7.
func expNegative(bits uint32) float32 {
	z := float32(math.Float32frombits(min(bits, leastExp)) * log2e)
	r := z + rounding
	f := z - (r - rounding)
	p := float32(exp6*f) + exp5
	p = float32(p*f) + exp4
	p = float32(p*f) + exp3
	p = float32(p*f) + exp2
	p = float32(p*f) + exp1
	p = float32(p*f) + 1
	return math.Float32frombits(math.Float32bits(p) + math.Float32bits(r)<<23)
}

func softmax(x []float32, rows, n, ld int) {
	for r := range rows {
		row := x[r*ld : r*ld+ld]
		top := row[0]
		for _, v := range row[1:n] {
			if v > top {
				top = v
			}
		}
		var s [4]float32
		for i, v := range row[:n] {
			e := expNegative(math.Float32bits(v - top))
			row[i] = e
			s[i%4] += e
		}
		inv := 1 / ((s[0] + s[1]) + (s[2] + s[3]))
		for i := range row[:n] {
			row[i] *= inv
		}
		clear(row[n:])
	}
}

// Constants of gelu: Φ(−a) = ½·erfc(a/√2) is e^(−a²/2) times a polynomial in t = 1/(1 + geluRoot·a)
// (Abramowitz and Stegun, 7.1.26, whose coefficients are halved here and whose 0.3275911 is divided
// by √2).
const (
	geluRoot = 0.23164188792
	gelu1    = 0.127414796
	gelu2    = -0.142248368
	gelu3    = 0.7107068705
	gelu4    = -0.7265760135
	gelu5    = 0.5307027145
)

func gelus(x []float32, n int) {
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	for i, v := range x[:n] {
		x[i] = gelu(v)
	}
}

// gelu is x·Φ(x). The part that is small is computed, x·Φ(−|x|), and taken from x where x is
// positive.
func gelu(x float32) float32 {
	e := expNegative(math.Float32bits(float32(float32(x*x) * -0.5)))
	t := 1 / (1 + float32(math.Float32frombits(math.Float32bits(x)&^(1<<31))*geluRoot))
	q := float32(gelu5*t) + gelu4
	q = float32(q*t) + gelu3
	q = float32(q*t) + gelu2
	q = float32(q*t) + gelu1
	small := float32(float32(x*float32(q*t)) * e)
	if x < 0 {
		return small
	}
	return x - small
}
