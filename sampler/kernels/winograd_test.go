package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// same is the layout of n channels without padding.
func same(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	return places
}

// convolution runs a whole 3×3 convolution of a padded picture through the
// transforms with the kernels q, one row of tiles after the other.
func convolution(q *Set, tile Tile, x, u []float32, h, w, c, n int, bias, res, y []float32) {
	step, tiles := int(tile), (w+int(tile)-1)/int(tile)
	row := (tiles*step + 2) * c
	edge := make([]float32, step*step*n)
	v := make([]float32, tile.Elements()*(tiles*c+16))
	m := make([]float32, tile.Elements()*(tiles*n+16))
	to := Geometry{Row: w * n, Pixel: n}
	for r := 0; r < h; r += step {
		var old []float32
		if res != nil {
			old = res[r*w*n:]
		}
		q.WinogradInput(tile, x[r*row:], row, tiles, c, v, tiles*c+16)
		q.BatchGemm(tile.Elements(), tiles, n, c, v, tiles*c+16, u, m, tiles*n+16)
		q.WinogradOutput(tile, m, tiles*n+16, tiles, n, y[r*w*n:], to, min(step, h-r), w, bias, old,
			to, edge)
	}
}

// testWinograd compares with a direct convolution in float64: the error stays below 1e-4 for
// outputs of about unit size.
func testWinograd(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, tile := range []Tile{F2, F4} {
		for _, s := range [][4]int{{1, 1, 8, 8}, {3, 5, 8, 16}, {7, 7, 16, 8}, {8, 8, 64, 64},
			{14, 9, 24, 8}, {16, 24, 32, 32}, {32, 32, 128, 32}} {
			h, w, c, n := s[0], s[1], s[2], s[3]
			step := int(tile)
			tw, th := (w+step-1)/step, (h+step-1)/step
			weights, bias, res := gaussian(r, n*c*9, 1/math.Sqrt(float64(9*c))), gaussian(r, n, 1),
				gaussian(r, h*w*n, 1)
			x := make([]float32, (th*step+2)*(tw*step+2)*c)
			plain := gaussian(r, h*w*c, 1)
			for i := range h {
				copy(x[((i+1)*(tw*step+2)+1)*c:], plain[i*w*c:(i+1)*w*c])
			}
			u := tile.TransformWeights(weights, c, same(c), same(n))
			for _, add := range [][]float32{nil, res} {
				got := output(t, h*w*n, nil, q, func(q *Set, y []float32) {
					convolution(q, tile, x, u, h, w, c, n, bias, add, y)
				})
				worst := 0.0
				for i := range h {
					for j := range w {
						for o := range n {
							want := direct(plain, weights, h, w, c, i, j, o) + float64(bias[o])
							if add != nil {
								want += float64(add[(i*w+j)*n+o])
							}
							worst = max(worst, math.Abs(float64(got[(i*w+j)*n+o])-want))
						}
					}
				}
				if !(worst < 1e-4) {
					t.Errorf("F%d %v: error %g", tile, s, worst)
				}
			}
		}
	}
}

func gaussian(r *rand.Rand, n int, scale float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * scale)
	}
	return x
}

// direct is one output of a zero-padded 3×3 convolution, in float64.
func direct(x, w []float32, height, width, c, i, j, o int) (s float64) {
	for a := range 3 {
		for b := range 3 {
			y, z := i+a-1, j+b-1
			if y < 0 || y >= height || z < 0 || z >= width {
				continue
			}
			for l := range c {
				s += float64(x[(y*width+z)*c+l]) * float64(w[(o*c+l)*9+a*3+b])
			}
		}
	}
	return s
}

// TestTransformWeightsPlaces checks that absent channels leave zeros.
func TestTransformWeightsPlaces(t *testing.T) {
	w := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}
	only := func(n, at int) []int {
		places := slices.Repeat([]int{-1}, n)
		places[at] = 0
		return places
	}
	u := F2.TransformWeights(w, 1, only(8, 3), only(16, 9))
	for i, v := range u {
		e, at := i/128, i%128
		if (at == (9/8*8+3)*8+9%8) != (v != 0) {
			t.Fatalf("matrix %d place %d holds %v", e, at, v)
		}
	}
	if got := u[0*128+(8+3)*8+1]; got != 1 {
		t.Fatalf("the transform's first element is the filter's: got %v, want 1", got)
	}
}
