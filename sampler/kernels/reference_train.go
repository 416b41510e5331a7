package kernels

import "math"

// AdamStep holds the numbers of one step of Adam.
type AdamStep struct {
	Scale         float32 // of the gradient, by clipping
	Beta1, Fresh1 float32 // share of the old mean, and of the new gradient in it
	Beta2, Fresh2 float32 // the same of the mean square
	Keep          float32 // share of the weight that decay leaves
	Rate          float32 // learning rate over the mean's bias correction
	Root          float32 // 1/√ of the mean square's bias correction
	Epsilon       float32
}

func outer(rows, k, n int, x []float32, ldx int, y []float32, ldy int, w []float32) {
	checkOuter(rows, k, n, x, ldx, y, ldy, w)
	clear(w[:k*n])
	for i := range rows {
		a, b := x[i*ldx:i*ldx+k], y[i*ldy:i*ldy+n]
		for j := 0; j < n; j += Lanes {
			for l, v := range a {
				sum := (*[Lanes]float32)(w[(j/Lanes*k+l)*Lanes:])
				for e, u := range b[j : j+Lanes] {
					sum[e] += float32(v * u)
				}
			}
		}
	}
}

// checkOuter panics unless the slices of Outer are long enough.
func checkOuter(rows, k, n int, x []float32, ldx int, y []float32, ldy int, w []float32) {
	if n%Lanes != 0 || k%Lanes != 0 {
		panic("kernels: n and k must be multiples of 8")
	}
	if len(w) < k*n || rows > 0 && (len(x) < (rows-1)*ldx+k || len(y) < (rows-1)*ldy+n) {
		panic("kernels: slice too short")
	}
}

func adam(w, g, m, v []float32, n int, s AdamStep) {
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	for i := range n {
		d := float32(g[i] * s.Scale)
		m[i] = float32(m[i]*s.Beta1) + float32(d*s.Fresh1)
		v[i] = float32(v[i]*s.Beta2) + float32(float32(d*d)*s.Fresh2)
		root := float32(math.Sqrt(float64(v[i])))
		w[i] = float32(w[i]*s.Keep) - float32(m[i]*s.Rate)/(float32(root*s.Root)+s.Epsilon)
	}
}

func follow(y, x []float32, n int, share float32) {
	if n%Lanes != 0 {
		panic("kernels: numbers must be a multiple of 8")
	}
	for i, v := range x[:n] {
		y[i] += float32((v - y[i]) * share)
	}
}
