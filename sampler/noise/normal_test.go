package noise

import (
	"math"
	"strconv"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/portable"
)

// TestMoments draws a million numbers. The bounds are five standard errors of each statistic.
func TestMoments(t *testing.T) {
	const n = 1 << 20
	x := make([]float64, n)
	Normal(x, 42, 3, 7)
	var mean, square, third, fourth, neighbours, largest float64
	for i, v := range x {
		mean += v / n
		square += v * v / n
		third += v * v * v / n
		fourth += v * v * v * v / n
		neighbours += v * x[(i+1)%n] / n
		largest = max(largest, math.Abs(v))
	}
	for _, c := range []struct {
		name            string
		got, want, unit float64 // unit: standard deviation of one term
	}{
		{"mean", mean, 0, 1},
		{"variance", square, 1, math.Sqrt2},
		{"third moment", third, 0, math.Sqrt(15)},
		{"fourth moment", fourth, 3, math.Sqrt(96)},
		{"product of neighbours", neighbours, 0, 1},
	} {
		if bound := 5 * c.unit / math.Sqrt(n); !(math.Abs(c.got-c.want) < bound) {
			t.Errorf("%s: %v, want %v ± %v", c.name, c.got, c.want, bound)
		}
	}
	if largest < 4 || largest > 7 {
		t.Errorf("the largest of a million is %v", largest)
	}
}

// TestDistribution compares the empirical distribution with the normal one (Kolmogorov and Smirnov,
// at about 1 in 10⁵).
func TestDistribution(t *testing.T) {
	const n, bins = 1 << 18, 2000
	x := make([]float64, n)
	Normal(x, 1<<63, 0, 0)
	var counts [bins]int
	normal := func(v float64) float64 { return (1 + portable.Erf(v/math.Sqrt2)) / 2 }
	for _, v := range x {
		counts[min(int(normal(v)*bins), bins-1)]++
	}
	worst, sum := 0.0, 0
	for i, c := range counts {
		sum += c
		worst = max(worst, math.Abs(float64(sum)/n-float64(i+1)/bins))
	}
	if bound := 2.5 / math.Sqrt(n); !(worst < bound) {
		t.Errorf("distance %v from the normal distribution, allowed %v", worst, bound)
	}
}

// TestElementsAreKeyed checks that an element is a function of its key alone.
func TestElementsAreKeyed(t *testing.T) {
	long := make([]float64, 101)
	Normal(long, 5, 6, 7)
	for n := range long {
		short := make([]float64, n)
		Normal(short, 5, 6, 7)
		for i := range short {
			if short[i] != long[i] {
				t.Fatalf("element %d of %d is %v, of %d %v", i, n, short[i], len(long), long[i])
			}
		}
	}
	seen := map[[2]float64]string{}
	for _, c := range []struct {
		name        string
		seed        uint64
		image, draw uint32
	}{
		{"base", 5, 6, 7},
		{"other image", 5, 7, 7},
		{"other draw", 5, 6, 8},
		{"image and draw swapped", 5, 7, 6},
		{"other low seed", 6, 6, 7},
		{"other high seed", 5 | 1<<32, 6, 7},
	} {
		var x [2]float64
		Normal(x[:], c.seed, c.image, c.draw)
		if before, ok := seen[x]; ok {
			t.Errorf("%s and %s have the same noise", c.name, before)
		}
		seen[x] = c.name
		again := [2]float64{}
		Normal(again[:], c.seed, c.image, c.draw)
		if again != x {
			t.Errorf("%s: drawn twice it differs", c.name)
		}
	}
}

// TestStreamsAreUncorrelated looks at pairs of images and pairs of draws.
func TestStreamsAreUncorrelated(t *testing.T) {
	const n = 1 << 14
	streams := make([][]float64, 0, 16)
	for image := range uint32(4) {
		for draw := range uint32(4) {
			x := make([]float64, n)
			Normal(x, 9, image, draw)
			streams = append(streams, x)
		}
	}
	for i, a := range streams {
		for j, b := range streams[:i] {
			sum := 0.0
			for k := range a {
				sum += a[k] * b[k] / n
			}
			if bound := 5 / math.Sqrt(n); !(math.Abs(sum) <= bound) {
				t.Errorf("streams %d and %d have correlation %v, allowed %v", i, j, sum, bound)
			}
		}
	}
}

func TestExtremesAreFinite(t *testing.T) {
	if u := uniform(0, 0); u != 0x1p-53 {
		t.Errorf("the smallest uniform number is %v", u)
	}
	if u := uniform(math.MaxUint32, math.MaxUint32); u != 1 {
		t.Errorf("the largest uniform number is %v", u)
	}
	cos, sin := boxMuller(uniform(0, 0), 1)
	if cos < 8.57 || cos > 8.58 || !(math.Abs(sin) <= 1e-14) {
		t.Errorf("the largest normal number is %v, %v", cos, sin)
	}
	if cos, sin := boxMuller(1, 0.3); cos != 0 || sin != 0 {
		t.Errorf("radius 0 gives %v, %v", cos, sin)
	}
}

// TestGolden holds every platform to the same noise: recipes' hashes rest on it.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	var x [6]float64
	Normal(x[:], 1, 0, 0)
	for i, v := range x {
		lines = append(lines, fixture.Line{
			Name:  "seed 1, element " + strconv.Itoa(i),
			Value: strconv.FormatFloat(v, 'g', -1, 64),
		})
		if float64(float32(v)) != v {
			t.Errorf("element %d is no float32: %v", i, v)
		}
	}
	all := make([]float64, 4*3072)
	for image := range uint32(4) {
		Normal(all[3072*image:3072*(image+1)], 0x0123456789abcdef, image, 1000*image)
	}
	lines = append(lines, fixture.Line{
		Name:  "seed 0x0123456789abcdef, four pictures",
		Value: fixture.Checksum(all),
	})
	fixture.Golden(t, "testdata/golden.txt", lines)
}

func TestNormalAllocatesNothing(t *testing.T) {
	x := make([]float64, 1024)
	g := NewTorch(1)
	y := make([]float32, 1000)
	if n := testing.AllocsPerRun(5, func() { Normal(x, 1, 2, 3); g.Normal32(y) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNormal(b *testing.B) {
	x := make([]float64, 32*32)
	for b.Loop() {
		Normal(x, 1, 2, 3)
	}
}
