package kernels

import "math"

func siluGradients(x, dy, e []float32, pixels, c int, scale, shift []float32) {
	for p := range pixels {
		for j := range c {
			i := p*c + j
			u := float32(x[i]*scale[j]) + shift[j]
			e[i] = float32(float32(dy[i]*siluGradient(u)) * scale[j])
		}
	}
}

// siluGradient is the derivative of silu: s·(1 + x·(1−s)), s the sigmoid of x.
// Neither s nor 1−s is a difference.
func siluGradient(x float32) float32 {
	e := expNegative(math.Float32bits(x) | 1<<31)
	large := 1 / (1 + e)
	small := e / (1 + e)
	if x < 0 {
		return float32(small * (float32(x*large) + 1))
	}
	return float32(large * (float32(x*small) + 1))
}

func channelDots(x, y []float32, pixels, c int, mean, sum []float32) {
	for j := range c {
		var s [4]float32
		for p := range pixels {
			s[p%4] += float32(y[p*c+j] * (x[p*c+j] - mean[j]))
		}
		sum[j] = (s[0] + s[1]) + (s[2] + s[3])
	}
}

func normGradient(x, e, y []float32, pixels, c int, scale, shift, res []float32) {
	for p := range pixels {
		for j := range c {
			i := p*c + j
			v := e[i] + (float32(x[i]*scale[j]) + shift[j])
			if res != nil {
				v += res[i]
			}
			y[i] = v
		}
	}
}
