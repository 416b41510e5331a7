package kernels

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// guard is what the bands around every output hold; no kernel may touch them.
const guard = float32(-12345.5)

// banded returns n floats with 16 guarded ones on either side.
func banded(n int) (whole, inner []float32) {
	whole = make([]float32, n+32)
	for i := range whole {
		whole[i] = guard
	}
	return whole, whole[16 : 16+n : 16+n]
}

func checkBands(t *testing.T, what string, whole []float32) {
	t.Helper()
	for i := range 16 {
		if whole[i] != guard || whole[len(whole)-1-i] != guard {
			t.Fatalf("%s wrote outside its output", what)
		}
	}
}

// noise returns n floats of about unit size; some are zeros, large and tiny.
func noise(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
		switch r.IntN(97) {
		case 0:
			x[i] = 0
		case 1:
			x[i] *= 1e6
		case 2:
			x[i] *= 1e-30
		}
	}
	return x
}

// sameBits compares every element; all NaNs count as equal.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) &&
			(got[i] == got[i] || want[i] == want[i]) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], want[i])
		}
	}
}

// kernelTests test one kernel of a set each: nothing is written outside the
// output, the values are near those of float64, and vector kernels give the
// reference's bits.
var kernelTests = []struct {
	name string
	test func(t *testing.T, q *Set)
}{
	{"Gemm", testGemm},
	{"BatchGemm", testBatchGemm},
	{"Winograd", testWinograd},
	{"ChannelSums", testChannelSums},
	{"Affine", testAffine},
	{"Softmax", testSoftmax},
	{"GELU", testGELU},
	{"Halves", testHalves},
	{"SiLUGradient", testSiLUGradient},
	{"ChannelDots", testChannelDots},
	{"NormGradient", testNormGradient},
	{"Outer", testOuter},
	{"Adam", testAdam},
	{"Follow", testFollow},
}

func testSet(t *testing.T, q *Set) {
	for _, c := range kernelTests {
		t.Run(c.name, func(t *testing.T) { c.test(t, q) })
	}
}

func TestReference(t *testing.T) { testSet(t, Reference()) }

func TestSameBits(t *testing.T) {
	if Best().Name == Reference().Name {
		t.Skip("this build has no vector kernels, or none that this processor can run")
	}
	testSet(t, Best())
}

// TestBest holds a stage of make to the kernels that it is there for, so that a
// build or a processor without vectors does not pass for one with them.
func TestBest(t *testing.T) {
	want := os.Getenv("TWEEDIE_KERNELS")
	if want == "" {
		t.Skip("TWEEDIE_KERNELS does not say which kernels have to run, reference or simd")
	}
	if got := Best().Name; got != want {
		t.Errorf("the kernels %q run, but this stage is for %q: "+
			"look at GOEXPERIMENT, the tags and the processor", got, want)
	}
}

// output returns the n floats that f writes with the kernels q. They begin as
// start, or as guard where start is nil.
func output(t *testing.T, n int, start []float32, q *Set, f func(q *Set, out []float32)) []float32 {
	t.Helper()
	run := func(q *Set) []float32 {
		whole, out := banded(n)
		copy(out, start)
		f(q, out)
		checkBands(t, q.Name, whole)
		return out
	}
	got := run(q)
	if q.Name != Reference().Name {
		sameBits(t, q.Name, got, run(Reference()))
	}
	return got
}

func testGemm(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(1, 2))
	for m := 0; m <= 67; m++ {
		for _, s := range [][2]int{{8, 8}, {8, 16}, {16, 24}, {24, 32}, {40, 72}, {8, 128},
			{16, 232}} {
			n, k := s[0], s[1]
			lda, ldc, ldr := k+m%3*8, n+m%5, n+m%2
			a, b, bias := noise(r, m*lda+k), noise(r, k*n), noise(r, n)
			res := noise(r, m*ldr+n)
			for _, add := range [][]float32{nil, res} {
				got := output(t, max(m-1, 0)*ldc+n, nil, q, func(q *Set, c []float32) {
					q.Gemm(m, n, k, a, lda, b, c, ldc, bias, add, ldr)
				})
				checkProduct(t, m, n, k, a, lda, b, got, ldc, bias, add, ldr)
			}
		}
	}
}

// checkProduct compares with sums in float64. Each of the k+2 roundings errs by 2⁻²⁴ at most.
func checkProduct(t *testing.T, m, n, k int, a []float32, lda int, b, c []float32, ldc int, bias,
	res []float32, ldr int) {
	t.Helper()
	for i := range m {
		for j := range n {
			want, size := float64(bias[j]), math.Abs(float64(bias[j]))
			if res != nil {
				want += float64(res[i*ldr+j])
				size += math.Abs(float64(res[i*ldr+j]))
			}
			for l := range k {
				p := float64(a[i*lda+l]) * float64(b[(j/8*k+l)*8+j%8])
				want += p
				size += math.Abs(p)
			}
			if d := math.Abs(float64(c[i*ldc+j]) - want); !(d <= size*6e-8*float64(k+3)+1e-30) {
				t.Fatalf("Gemm %d×%d×%d element %d,%d: got %v, want %v", m, n, k, i, j, c[i*ldc+j],
					want)
			}
		}
	}
}

func testBatchGemm(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, s := range [][4]int{{1, 4, 8, 8}, {16, 16, 8, 32}, {36, 7, 16, 8}, {36, 67, 8, 24},
		{2, 9, 16, 64}, {3, 5, 8, 96}, {2, 6, 8, 248}} {
		count, m, n, k := s[0], s[1], s[2], s[3]
		as, cs := m*k+16, m*n+16
		a, b := noise(r, count*as), noise(r, count*k*n)
		output(t, count*cs, nil, q, func(q *Set, c []float32) {
			q.BatchGemm(count, m, n, k, a, as, b, c, cs)
		})
	}
}

func testAffine(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(5, 6))
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
		math.MaxFloat32, -math.MaxFloat32, 1e-45, -1e-45, 88, -88, -87, 1e7, -1e7,
		float32(math.Copysign(0, -1))}
	for cols := 1; cols <= 9; cols++ {
		for _, c := range []int{8, 24, 32, 72} {
			from, to := Geometry{Row: cols*(c+8) + 3, Pixel: c + 8},
				Geometry{Row: (cols + 2) * c, Pixel: c}
			x := noise(r, 5*from.Row)
			copy(x[c+8:], special)
			scale, shift := noise(r, c), noise(r, c)
			for _, act := range []bool{false, true} {
				output(t, 4*to.Row+cols*c, nil, q, func(q *Set, y []float32) {
					q.Affine(x, from, y, to, 5, cols, c, scale, shift, act)
				})
			}
		}
	}
}

func TestSiLUAgainstFloat64(t *testing.T) {
	for i := -20000; i <= 20000; i++ {
		x := float32(i) / 160
		want := float64(x) / (1 + math.Exp(-float64(x)))
		bound := 1.3e-7*(2+math.Abs(float64(x)))*math.Abs(want) + 1e-34
		if got := float64(silu(x)); !(math.Abs(got-want) <= bound) {
			t.Fatalf("silu(%v): got %v, want %v", x, got, want)
		}
	}
}

func testChannelSums(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(7, 8))
	for pixels := 0; pixels <= 67; pixels++ {
		for _, c := range []int{8, 16, 40} {
			ld := c + pixels%2*8
			x, mean := noise(r, pixels*ld+c), noise(r, c)
			for _, about := range [][]float32{nil, mean} {
				output(t, c, nil, q, func(q *Set, s []float32) {
					q.ChannelSums(x, ld, pixels, c, about, s)
				})
			}
		}
	}
}

func testGELU(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(15, 16))
	for n := 0; n <= 72; n += Lanes {
		start := noise(r, n)
		for i := range start {
			start[i] *= 3
		}
		if n == 72 {
			copy(start, []float32{float32(math.NaN()), math.MaxFloat32, -math.MaxFloat32, 1e-45,
				13.2, -13.2, float32(math.Copysign(0, -1)), -1e7})
		}
		output(t, n, start, q, func(q *Set, x []float32) { q.GELU(x, n) })
	}
}

func TestGELUAgainstFloat64(t *testing.T) {
	for i := -20000; i <= 20000; i++ {
		x := float32(i) / 1000
		want := float64(x) * math.Erfc(-float64(x)/math.Sqrt2) / 2
		if got := float64(gelu(x)); !(math.Abs(got-want) <= 2.5e-7*math.Abs(float64(x))) {
			t.Fatalf("gelu(%v): got %v, want %v", x, got, want)
		}
	}
}

func testSoftmax(t *testing.T, q *Set) {
	r := rand.New(rand.NewPCG(9, 10))
	for n := 1; n <= 67; n++ {
		ld := Padded(n)
		start := make([]float32, 3*ld)
		for i := range start {
			start[i] = float32(r.NormFloat64() * 20)
		}
		got := output(t, 3*ld, start, q, func(q *Set, x []float32) { q.Softmax(x, 3, n, ld) })
		for row := range 3 {
			var top, sum float64
			for _, v := range start[row*ld : row*ld+n] {
				top = max(top, float64(v))
			}
			for _, v := range start[row*ld : row*ld+n] {
				sum += math.Exp(float64(v) - top)
			}
			for i := range n {
				want := math.Exp(float64(start[row*ld+i])-top) / sum
				if !(math.Abs(float64(got[row*ld+i])-want) <= 3e-7) {
					t.Fatalf("softmax of %d, element %d: got %v, want %v", n, i, got[row*ld+i],
						want)
				}
			}
			for i := n; i < ld; i++ {
				if got[row*ld+i] != 0 {
					t.Fatalf("softmax of %d left %v behind the row", n, got[row*ld+i])
				}
			}
		}
	}
}
