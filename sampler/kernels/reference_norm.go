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

func affine(x []float32, from Geometry, y []float32, to Geometry, rows, cols, c int, scale, shift []float32, act bool) {
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

// Constants of expNegative: base-two logarithm of e; ln 2 in two parts, the
// first short enough that its product with an exponent is exact; 1.5·2²³,
// which rounds to integers; the polynomial of Cephes' expf for
// (e^f − 1 − f)/f² on |f| ≤ ln(2)/2.
const (
	log2e    = 1.44269504088896341
	ln2High  = 0.693359375
	ln2Low   = -2.12194440e-4
	rounding = 12582912
	expP0    = 1.9875691500e-4
	expP1    = 1.3981999507e-3
	expP2    = 8.3334519073e-3
	expP3    = 4.1665795894e-2
	expP4    = 1.6666665459e-1
	expP5    = 5.0000001201e-1

	// leastExp is the bit pattern of −87, near where e^x leaves the normal
	// numbers: smaller arguments count as −87, whose exponential is 2⁻¹²⁵.
	leastExp = 0xc2ae0000
)

// expNegative is e^x for the x ≤ 0 whose bit pattern is given, within 2 ulp;
// below −87 it is e^−87.
func expNegative(bits uint32) float32 {
	x := math.Float32frombits(min(bits, leastExp))
	z := float32(x*log2e) + rounding
	n := z - rounding
	f := x - float32(n*ln2High)
	f -= float32(n * ln2Low)
	p := float32(expP0*f) + expP1
	p = float32(p*f) + expP2
	p = float32(p*f) + expP3
	p = float32(p*f) + expP4
	p = float32(p*f) + expP5
	h := float32(p*float32(f*f)) + f + 1
	return math.Float32frombits(math.Float32bits(h) + math.Float32bits(z)<<23)
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
