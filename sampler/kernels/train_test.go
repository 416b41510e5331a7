package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// specials are values whose products and sums are NaN, infinite or denormal.
var specials = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	math.MaxFloat32, -math.MaxFloat32, 1e-45, -1e-40, float32(math.Copysign(0, -1))}

func testOuter(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(21, 22))
	for rows := 0; rows <= 67; rows++ {
		for _, s := range [][2]int{{8, 8}, {16, 8}, {8, 24}, {40, 16}} {
			k, n := s[0], s[1]
			ldx, ldy := k+rows%3*5, n+rows%4
			x, y := noise(r, rows*ldx+k), noise(r, rows*ldy+n)
			got := output(t, k*n, nil, q, func(q *Set, w []float32) {
				TrainingOf(q).Outer(rows, k, n, x, ldx, y, ldy, w)
			})
			for l := range k {
				for j := range n {
					want, size := 0.0, 0.0
					for i := range rows {
						p := float64(x[i*ldx+l]) * float64(y[i*ldy+j])
						want, size = want+p, size+math.Abs(p)
					}
					g := float64(got[(j/8*k+l)*8+j%8])
					if !(math.Abs(g-want) <= size*2e-6+1e-30) {
						t.Fatalf("Outer of %d rows, %d×%d, element %d,%d: got %v, want %v", rows, k,
							n, l, j, g, want)
					}
				}
			}
			copy(x, specials)
			copy(y[max(0, len(y)-len(specials)):], specials)
			output(t, k*n, nil, q, func(q *Set, w []float32) {
				TrainingOf(q).Outer(rows, k, n, x, ldx, y, ldy, w)
			})
		}
	}
	// More rows than are taken at a time.
	x, y := noise(r, 301*8), noise(r, 301*16)
	output(t, 8*16, nil, q, func(q *Set, w []float32) {
		TrainingOf(q).Outer(301, 8, 16, x, 8, y, 16, w)
	})
}

// someStep is a step of Adam with numbers of the usual size.
var someStep = AdamStep{Scale: 0.5, Beta1: 0.9, Fresh1: 0.1, Beta2: 0.999, Fresh2: 0.001,
	Keep: 0.9999, Rate: 0.01, Root: 1.5, Epsilon: 1e-8}

func testAdam(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(23, 24))
	s := someStep
	for n := 0; n <= 72; n += Lanes {
		w, g, m, v := noise(r, n), noise(r, n), noise(r, n), noise(r, n)
		for i := range v {
			v[i] = float32(math.Abs(float64(v[i])))
		}
		got := output(t, 3*n, nil, q, func(q *Set, out []float32) {
			copy(out, w)
			copy(out[n:], m)
			copy(out[2*n:], v)
			TrainingOf(q).Adam(out[:n:n], g, out[n:2*n:2*n], out[2*n:], n, s)
		})
		for i := range n {
			d := float64(g[i]) * 0.5
			mean := float64(m[i])*0.9 + d*0.1
			square := float64(v[i])*0.999 + d*d*0.001
			want := float64(w[i])*0.9999 - 0.01*mean/(math.Sqrt(square)*1.5+1e-8)
			if !(math.Abs(float64(got[i])-want) <= 1e-6*(1+math.Abs(want))) {
				t.Fatalf("Adam of %d, element %d: got %v, want %v", n, i, got[i], want)
			}
		}
		copy(g, specials)
		output(t, 3*n, nil, q, func(q *Set, out []float32) {
			copy(out, w)
			TrainingOf(q).Adam(out[:n:n], g, out[n:2*n:2*n], out[2*n:], n, s)
		})
	}
}

func testFollow(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(25, 26))
	for n := 0; n <= 72; n += Lanes {
		x, y := noise(r, n), noise(r, n)
		got := output(t, n, y, q, func(q *Set, y []float32) { TrainingOf(q).Follow(y, x, n, 0.25) })
		for i := range n {
			want := float64(y[i]) + 0.25*(float64(x[i])-float64(y[i]))
			size := math.Abs(float64(x[i])) + math.Abs(float64(y[i]))
			if !(math.Abs(float64(got[i])-want) <= 2e-7*size) {
				t.Fatalf("Follow of %d, element %d: got %v, want %v", n, i, got[i], want)
			}
		}
		copy(x, specials)
		output(t, n, y, q, func(q *Set, y []float32) { TrainingOf(q).Follow(y, x, n, 0.25) })
	}
}
