package noise

import (
	"math"
	"testing"
)

// TestUniform draws 2¹⁸ numbers. They fill (0, 1] evenly (Kolmogorov and Smirnov, at about 1 in
// 10⁵), and neither their neighbours nor the normal numbers of the same key correlate with them;
// those bounds are five standard errors.
func TestUniform(t *testing.T) {
	const n, bins = 1 << 18, 2000
	x, z := make([]float64, n), make([]float64, n)
	Uniform(x, 1<<63, 3, 7)
	Normal(z, 1<<63, 3, 7)
	var counts [bins]int
	neighbours, normal := 0.0, 0.0
	for i, v := range x {
		if !(v > 0 && v <= 1) {
			t.Fatalf("element %d is %v", i, v)
		}
		counts[min(int(v*bins), bins-1)]++
		neighbours += 12 * (v - 0.5) * (x[(i+1)%n] - 0.5) / n
		normal += math.Sqrt(12) * (v - 0.5) * z[i] / n
	}
	worst, sum := 0.0, 0
	for i, c := range counts {
		sum += c
		worst = max(worst, math.Abs(float64(sum)/n-float64(i+1)/bins))
	}
	if bound := 2.5 / math.Sqrt(n); !(worst < bound) {
		t.Errorf("distance %v from the uniform distribution, allowed %v", worst, bound)
	}
	if bound := 5 / math.Sqrt(n); !(math.Abs(neighbours) < bound && math.Abs(normal) < bound) {
		t.Errorf("correlations %v of neighbours and %v with Normal, allowed %v", neighbours, normal,
			bound)
	}
}

// TestUniformIsKeyed checks that an element is a function of its key, and of all of it.
func TestUniformIsKeyed(t *testing.T) {
	long := make([]float64, 33)
	Uniform(long, 5, 6, 7)
	for n := range long {
		short := make([]float64, n)
		Uniform(short, 5, 6, 7)
		for i := range short {
			if short[i] != long[i] {
				t.Fatalf("element %d of %d is %v, of %d %v", i, n, short[i], len(long), long[i])
			}
		}
	}
	seen := map[[2]float64]bool{{long[0], long[1]}: true}
	for _, c := range []struct {
		seed        uint64
		image, draw uint32
	}{{5, 7, 6}, {5, 7, 7}, {5, 6, 8}, {6, 6, 7}, {5 | 1<<32, 6, 7}} {
		var x [2]float64
		Uniform(x[:], c.seed, c.image, c.draw)
		if seen[x] {
			t.Errorf("the key %+v gives what another gave", c)
		}
		seen[x] = true
	}
}
