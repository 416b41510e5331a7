package kernels

import "math"

// Training has the kernels that only networks which learn need, beside those of a Set. A program
// that does not train does not hold them. The way back through Gemm is a Gemm by the transposed
// matrix and Outer.
type Training struct {
	// Outer adds up the outer products of rows of x and y, from row 0 upwards: the
	// gradient of the matrix that Gemm multiplies by, in its layout:
	//
	//	w[(j/8*k+l)*8+j%8] = Σ_i x[i*ldx+l]·y[i*ldy+j]
	//
	// for i < rows, l < k, j < n. n and k are multiples of Lanes.
	Outer func(rows, k, n int, x []float32, ldx int, y []float32, ldy int, w []float32)

	// Adam takes one step of AdamW (Loshchilov and Hutter, arXiv:1711.05101,
	// algorithm 2) for n weights w with gradients g, a multiple of Lanes: with
	// d = Scale·g
	//
	//	m = Beta1·m + Fresh1·d   v = Beta2·v + Fresh2·d²
	//	w = Keep·w − Rate·m/(Root·√v + Epsilon)
	Adam func(w, g, m, v []float32, n int, s AdamStep)

	// Follow moves n numbers y, a multiple of Lanes, by a share of the way to x:
	// y += share·(x − y).
	Follow func(y, x []float32, n int, share float32)
}

// TrainingOf returns the kernels for training of the same implementation as a set.
func TrainingOf(s *Set) *Training {
	if s.Name == "reference" {
		return &Training{Outer: outer, Adam: adam, Follow: follow}
	}
	return vectorTraining()
}

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
