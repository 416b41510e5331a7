package noise

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/portable"
)

type torchCase struct {
	Seed  uint64    `json:"seed"`
	Shape []int     `json:"shape"`
	First []float64 `json:"first"`
	Last  []float64 `json:"last"`
	Sum   float64   `json:"sum64"`
	SumSq float64   `json:"sumsq64"`
	Then3 []float64 `json:"then_randn3"`
	Then  []float64 `json:"then_randn20"`

	DType   string    `json:"dtype"`
	Randn7  []float64 `json:"randn7"`
	Randn40 []float64 `json:"then_randn40"`
	Rand5   []float64 `json:"then_rand5_f32"`
}

func torchCases(t *testing.T) []torchCase {
	t.Helper()
	var v struct {
		Cases []torchCase `json:"cases"`
	}
	fixture.JSON(t, "testdata/torch_randn.json.gz", &v)
	return v.Cases
}

// comparison collects differences.
type comparison struct {
	t                *testing.T
	worst            float64
	compared, differ int
}

func (c *comparison) values(what string, got, want []float64, tolerance float64) {
	c.t.Helper()
	if len(got) != len(want) {
		c.t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		d := math.Abs(got[i] - want[i])
		if !(d <= tolerance) {
			c.t.Errorf("%s: element %d is %v, want %v", what, i, got[i], want[i])
			return
		}
		if d != 0 {
			c.differ++
		}
		c.worst = max(c.worst, d)
		c.compared++
	}
}

// TestTorch32 follows PyTorch through both of its paths, and from one into the other. PyTorch
// computes the float32 values of tensors with 16 elements and more by float32 approximations of
// log, sin and cos.
func TestTorch32(t *testing.T) {
	small, large := comparison{t: t}, comparison{t: t}
	for _, c := range torchCases(t) {
		if c.DType != "" {
			continue
		}
		g := NewTorch(c.Seed)
		draw := func(n int) []float64 {
			x := make([]float32, n)
			g.Normal32(x)
			wide := make([]float64, n)
			for i, v := range x {
				wide[i] = float64(v)
			}
			return wide
		}
		n := 1
		for _, side := range c.Shape {
			n *= side
		}
		x := draw(n)
		to, tolerance := &large, 2e-6
		if n < 16 {
			to, tolerance = &small, 0
		}
		to.values("first", x[:len(c.First)], c.First, tolerance)
		to.values("last", x[n-len(c.Last):], c.Last, tolerance)
		sum, square := 0.0, 0.0
		for _, v := range x {
			sum += v
			square += v * v
		}
		if !(math.Abs(sum-c.Sum) <= 1e-7*float64(n)) ||
			!(math.Abs(square-c.SumSq) <= 1e-6*float64(n)) {
			t.Errorf("seed %d, shape %v: sums %v and %v, want %v and %v",
				c.Seed, c.Shape, sum, square, c.Sum, c.SumSq)
		}
		small.values("randn(3) afterwards", draw(3), c.Then3, 0)
		large.values("randn(20) afterwards", draw(20), c.Then, 2e-6)
	}
	t.Logf("below 16 elements: %d values, largest difference %v", small.compared, small.worst)
	t.Logf("16 and more: %d values, %d differ, by at most %.2g",
		large.compared, large.differ, large.worst)
	if small.compared != 468 || large.compared != 3852 {
		t.Errorf("%d and %d values were compared, want 468 and 3852",
			small.compared, large.compared)
	}
}

// normal64 is torch.randn for float64, which no recipe draws: dst is the tensor in row-major order.
func normal64(g *Torch, dst []float64) {
	if len(dst) < 16 {
		for i := range dst {
			dst[i] = g.single()
		}
		return
	}
	for i := range dst {
		dst[i] = g.uniform64()
	}
	for i := 0; i+16 <= len(dst); i += 16 {
		pairs64(dst[i : i+16])
	}
	if len(dst)%16 != 0 {
		tail := dst[len(dst)-16:]
		for i := range tail {
			tail[i] = g.uniform64()
		}
		pairs64(tail)
	}
}

func pairs64(u []float64) {
	for j := range 8 {
		radius := math.Sqrt(-2 * portable.Log(1-u[j]))
		sin, cos := portable.Sincos(float64(2 * math.Pi * u[j+8]))
		u[j], u[j+8] = float64(radius*cos), float64(radius*sin)
	}
}

// TestTorch64 holds the numbers of 53 bits to float64 tensors.
func TestTorch64(t *testing.T) {
	all := comparison{t: t}
	for _, c := range torchCases(t) {
		if c.DType != "float64" {
			continue
		}
		g := NewTorch(c.Seed)
		x, y, z := make([]float64, 7), make([]float64, 40), make([]float64, 5)
		normal64(g, x)
		normal64(g, y)
		for i := range z {
			z[i] = float64(g.uniform32())
		}
		all.values("randn(7)", x, c.Randn7, 1e-14)
		all.values("randn(40)", y, c.Randn40, 1e-14)
		all.values("rand(5)", z, c.Rand5, 0)
	}
	t.Logf("%d values, %d differ, by at most %.2g", all.compared, all.differ, all.worst)
	if all.compared != 312 {
		t.Errorf("%d values were compared, want 312", all.compared)
	}
}

func TestTorchSeedStartsOver(t *testing.T) {
	a, b := make([]float32, 5), make([]float32, 5)
	g := NewTorch(7)
	g.Normal32(a) // leaves half a pair waiting
	g.Seed(7)
	g.Normal32(b)
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("element %d is %v after seeding again, was %v", i, b[i], a[i])
		}
	}
}

// TestTwister checks the authors' reference output for init_genrand(5489): the first word and the
// ten-thousandth (ISO C++ mt19937).
func TestTwister(t *testing.T) {
	var m twister
	m.seed(5489)
	first := m.next()
	var last uint32
	for range 9999 {
		last = m.next()
	}
	if first != 3499211612 || last != 4123659995 {
		t.Errorf("words 1 and 10000 are %d and %d, want 3499211612 and 4123659995", first, last)
	}
}
