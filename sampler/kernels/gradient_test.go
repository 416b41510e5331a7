package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

func testSiLUGradient(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(11, 12))
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
		math.MaxFloat32, -math.MaxFloat32, 1e-45, 88, -88, -87, 1e7, -1e7}
	for pixels := 0; pixels <= 67; pixels++ {
		for _, c := range []int{8, 24} {
			x, dy := noise(r, pixels*c), noise(r, pixels*c)
			copy(x, special)
			scale, shift := noise(r, c), noise(r, c)
			output(t, pixels*c, nil, q, func(q *Set, e []float32) {
				q.SiLUGradient(x, dy, e, pixels, c, scale, shift)
			})
			output(t, pixels*c, dy, q, func(q *Set, e []float32) {
				q.SiLUGradient(x, e, e, pixels, c, scale, shift)
			})
		}
	}
}

func TestSiLUGradientAgainstFloat64(t *testing.T) {
	for i := -20000; i <= 20000; i++ {
		x := float64(float32(i) / 160)
		s, rest := 1/(1+math.Exp(-x)), 1/(1+math.Exp(x))
		want := s * (1 + x*rest)
		// Near −1.28 the derivative is zero, a difference of numbers below one.
		bound := 1.5e-7*(2+math.Abs(x))*(s+math.Abs(want)) + 1e-34
		if got := float64(siluGradient(float32(x))); !(math.Abs(got-want) <= bound) {
			t.Fatalf("the derivative at %v: got %v, want %v", x, got, want)
		}
	}
}

func testChannelDots(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(13, 14))
	for pixels := 0; pixels <= 67; pixels++ {
		for _, c := range []int{8, 16, 40} {
			x, y, mean := noise(r, pixels*c), noise(r, pixels*c), noise(r, c)
			got := output(t, c, nil, q, func(q *Set, s []float32) {
				q.ChannelDots(x, y, pixels, c, mean, s)
			})
			for j := range c {
				want, size := 0.0, 0.0
				for p := range pixels {
					v := float64(y[p*c+j]) * (float64(x[p*c+j]) - float64(mean[j]))
					want, size = want+v, size+math.Abs(v)
				}
				if !(math.Abs(float64(got[j])-want) <= 2e-6*size) {
					t.Fatalf("%d pixels, channel %d: got %v, want %v", pixels, j, got[j], want)
				}
			}
		}
	}
}

func testNormGradient(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(15, 16))
	for pixels := 1; pixels <= 67; pixels++ {
		for _, c := range []int{8, 24, 32} {
			n := pixels * c
			x, e, res := noise(r, n), noise(r, n), noise(r, n)
			scale, shift := noise(r, c), noise(r, c)
			for _, add := range [][]float32{nil, res} {
				got := output(t, n, nil, q, func(q *Set, y []float32) {
					q.NormGradient(x, e, y, pixels, c, scale, shift, add)
				})
				// The last element by hand.
				want := e[n-1] + (float32(x[n-1]*scale[c-1]) + shift[c-1])
				if add != nil {
					want += add[n-1]
				}
				if got[n-1] != want {
					t.Fatalf("%d pixels, the last element: got %v, want %v", pixels, got[n-1], want)
				}
			}
			output(t, n, res, q, func(q *Set, y []float32) {
				q.NormGradient(x, e, y, pixels, c, scale, shift, y)
			})
		}
	}
}
