package plane

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

func preset(t testing.TB, name string, o Options) *Distribution {
	t.Helper()
	d, err := New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func sample(d *Distribution, n int, k Key) (x []float64, classes []int) {
	x, classes = make([]float64, 2*n), make([]int, n)
	d.Sample(x, classes, k)
	return x, classes
}

// distances are how far a point of each preset is from where it must lie.
var distances = map[string]func(x, y float64, class int) float64{
	"moons": func(x, y float64, class int) float64 {
		s := float64(1 - 2*class)
		below := max(0, -1.0/6-s*y) // beyond the ends of the half circle
		return math.Abs(math.Hypot(s*x+1.0/3, s*y+1.0/6)-2.0/3) + max(0, below-1e-12)
	},
	"rings": func(x, y float64, class int) float64 {
		return math.Abs(math.Hypot(x, y) - float64(class+1)/3)
	},
	"spiral": func(x, y float64, class int) float64 {
		s, r := float64(1-2*class), math.Hypot(x, y)
		return math.Hypot(s*x-r*math.Cos(3*math.Pi*r), s*y-r*math.Sin(3*math.Pi*r))
	},
	"checkerboard": func(x, y float64, class int) float64 {
		column, row := math.Floor(2*(x+1)), math.Floor(2*(1-y))
		if math.Mod(column+row, 2) != 0 || int(row) != class {
			return 1
		}
		return 0
	},
	"roll": func(x, y float64, class int) float64 {
		r := math.Hypot(x, y)
		if third := int((r*2.25 - 0.75) * 2); min(third, 2) != class {
			return 1
		}
		return math.Hypot(x-r*math.Cos(4.5*math.Pi*r), y-r*math.Sin(4.5*math.Pi*r))
	},
	"letters": func(x, y float64, class int) float64 {
		row, column := int(math.Floor(3.5-y*8.5)), int(math.Floor(8.5+x*8.5))
		if i := row*letters.Width + column; letters.Weights[i] == 0 || letters.Classes[i] != class {
			return 1
		}
		return 0
	},
}

// TestPresets: points lie where they should, in the square, and every class has its share.
func TestPresets(t *testing.T) {
	const n = 6000
	for _, p := range Presets() {
		d := preset(t, p.Name, Options{})
		x, classes := sample(d, n, Key{Seed: 3})
		counts := make([]int, len(p.Classes))
		most := 0.0
		for i, class := range classes {
			counts[class]++
			a, b := x[2*i], x[2*i+1]
			most = max(most, math.Abs(a), math.Abs(b))
			if f := distances[p.Name]; f != nil && !(f(a, b, class) < 1e-9) {
				t.Fatalf("%s: point %d, (%v, %v) of class %d, lies elsewhere", p.Name, i, a, b,
					class)
			}
		}
		if limit := map[bool]float64{false: 1, true: 1.15}[p.Exact]; !(most <= limit+1e-12) ||
			most < 0.8 {
			t.Errorf("%s reaches to %v", p.Name, most)
		}
		for class, count := range counts {
			share := 1 / float64(len(counts))
			switch p.Name {
			case GivenMixture:
				share = []float64{0.2, 0.8}[class]
			case "letters":
				share = []float64{18, 20, 11}[class] / 49
			}
			if got := float64(count) / n; !(math.Abs(got-share) < 5*math.Sqrt(share/n)) {
				t.Errorf("%s: class %d has a share of %v, want %v", p.Name, class, got, share)
			}
		}
		if (d.Exact() != nil) != p.Exact {
			t.Errorf("%s: its exact density is %v", p.Name, d.Exact())
		}
		if slices.Compare(d.Classes(), p.Classes) != 0 || p.Doc == "" {
			t.Errorf("%s has the classes %q", p.Name, d.Classes())
		}
	}
	if len(Names()) != 8 {
		t.Errorf("the presets are %q", Names())
	}
}

// TestPointsAreKeyed: a point depends on its key and number alone, and held-out data are others.
func TestPointsAreKeyed(t *testing.T) {
	for _, name := range Names() {
		d := preset(t, name, Options{Noise: 0.1})
		long, _ := sample(d, 40, Key{5, 1, 2})
		short, _ := sample(d, 7, Key{5, 1, 2})
		if !slices.Equal(short, long[:14]) {
			t.Errorf("%s: a shorter draw begins with other points", name)
		}
		for _, k := range []Key{{6, 1, 2}, {5, HeldOut + 1, 2}, {5, 1, 3}} {
			if other, _ := sample(d, 7, k); slices.Equal(other, short) {
				t.Errorf("%s: the key %+v gives the same points", name, k)
			}
		}
	}
}

// TestNoise: the noise has its standard deviation, on both coordinates.
func TestNoise(t *testing.T) {
	const n = 4000
	for _, name := range []string{"spiral", "grid"} {
		clean, _ := sample(preset(t, name, Options{}), n, Key{Seed: 1})
		noisy, _ := sample(preset(t, name, Options{Noise: 0.25}), n, Key{Seed: 1})
		want := 0.25
		if name == "grid" { // spreads add up, and the same normal numbers are scaled
			want = math.Hypot(0.05, 0.25) - 0.05
		}
		for axis := range 2 {
			sum := 0.0
			for i := axis; i < 2*n; i += 2 {
				d := noisy[i] - clean[i]
				sum += d * d / n
			}
			if got := math.Sqrt(sum); !(math.Abs(got-want) < 5*want/math.Sqrt(2*n)) {
				t.Errorf("%s, axis %d: the noise is %v, want %v", name, axis, got, want)
			}
		}
	}
}

// TestFiniteSet: every point of a draw is one of the set's, with its class.
func TestFiniteSet(t *testing.T) {
	d := preset(t, "spiral", Options{Points: 9, Seed: 4})
	set := map[[3]float64]int{}
	x, classes := sample(d, 900, Key{Seed: 1})
	for i, class := range classes {
		set[[3]float64{x[2*i], x[2*i+1], float64(class)}]++
	}
	if len(set) != 9 {
		t.Errorf("a set of 9 points has %d", len(set))
	}
	for point, count := range set {
		if !(math.Abs(float64(count)-100) < 50) {
			t.Errorf("%v was drawn %d times of 900", point, count)
		}
	}
	if modes := d.Modes(); modes != nil {
		t.Errorf("a finite set has the modes %v", modes)
	}
	if modes := preset(t, "grid", Options{}).Modes(); len(modes) != 25 || modes[3].Weight != 1./25 {
		t.Errorf("the grid has the modes %v", modes)
	}
	if d.Exact().Dim() != 2 || d.Exact().Classes() != 2 {
		t.Errorf("its density has %d classes", d.Exact().Classes())
	}
}

// TestExactScores compares score and posterior mean with the gradient of the log density, by
// differences of the fourth order: ∇ log p, and Tweedie's formula.
func TestExactScores(t *testing.T) {
	given, err := ParseMixture("1,0.5,-0.5,0.2;2,-0.5,0.25,0.1;0.5,0,0.75,0.3,0")
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := Given(given, Options{Noise: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*Distribution{
		"grid": preset(t, "grid", Options{}), "mixture": preset(t, "mixture", Options{Noise: 0.1}),
		"given": mixed, "a set of moons": preset(t, "moons", Options{Points: 40, Noise: 0.05}),
		"a set of letters": preset(t, "letters", Options{Points: 60}),
	}
	const h = 1e-4
	score, x0, epsilon := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	for name, d := range all {
		m := d.Exact()
		for _, l := range []schedule.Level{schedule.LevelOf(0.99), schedule.LevelOf(0.5),
			schedule.LevelOf(0.01)} {
			for _, class := range []int{-1, 0, 1} {
				for _, x := range [][]float64{{0.1, -0.4}, {0.7, 0.6}, {-1.2, 0.3}} {
					m.Score(score, x, l, class)
					m.Denoise(x0, epsilon, x, l, class)
					for i := range x {
						at := func(by float64) float64 {
							moved := slices.Clone(x)
							moved[i] += by
							return m.LogDensity(moved, l, class)
						}
						want := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
						if !(math.Abs(score[i]-want) <= 1e-6*max(1, math.Abs(want))) {
							t.Errorf("%s, %v, class %d, %v: score %v, by differences %v", name, l,
								class, x, score[i], want)
						}
						mean := (x[i] + l.Noise*l.Noise*want) / l.Signal
						if !(math.Abs(x0[i]-mean) <= 1e-6*max(1, math.Abs(mean), math.Abs(want))) {
							t.Errorf("%s, %v, class %d, %v: mean %v, by Tweedie's formula %v", name,
								l, class, x, x0[i], mean)
						}
					}
				}
			}
		}
	}
}

func TestPainted(t *testing.T) {
	d, err := Painted(&Density{Width: 4, Height: 2, Weights: []float64{3, 0, 0, 0, 0, 0, 0, 1},
		Classes: []int{1, 0, 0, 0, 0, 0, 0, 0}}, []string{"a", "b"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	const n = 4000
	x, classes := sample(d, n, Key{Seed: 2})
	upper := 0
	for i, class := range classes {
		a, b := x[2*i], x[2*i+1]
		inUpper := a >= -1 && a <= -0.5 && b >= 0 && b <= 0.5
		inLower := a >= 0.5 && a <= 1 && b >= -0.5 && b <= 0
		if inUpper && class == 1 {
			upper++
		} else if !inLower || class != 0 {
			t.Fatalf("point %d is (%v, %v) of class %d", i, a, b, class)
		}
	}
	if got := float64(upper) / n; !(math.Abs(got-0.75) < 5*math.Sqrt(0.75*0.25/n)) {
		t.Errorf("the cell with three quarters of the weight got %v", got)
	}
}

func TestRefusals(t *testing.T) {
	paint := func(d Density) error {
		_, err := Painted(&d, []string{"all"}, Options{})
		return err
	}
	given := func(text string) error {
		_, err := ParseMixture(text)
		return err
	}
	_, unknown := New("squares", Options{})
	_, noisy := New("moons", Options{Noise: math.NaN()})
	_, many := New("moons", Options{Points: maxPoints + 1})
	_, flat := Given([]mixture.Component{{Weight: 1, Mean: []float64{1}}}, Options{})
	for _, c := range []struct {
		err  error
		says string
	}{
		{unknown, `there is no preset "squares"; there are moons, rings`},
		{noisy, "the noise is NaN but must be 0 or more"},
		{many, "a set of 65537 points"},
		{flat, "means of two numbers"},
		{paint(Density{Width: 1, Height: 2, Weights: []float64{0, 0}}), "paint something first"},
		{paint(Density{Width: 1, Height: 2, Weights: []float64{1, -1}}), "weight 1 of the density"},
		{paint(Density{Width: 1, Height: 1, Weights: []float64{math.Inf(1)}}), "weight 0"},
		{paint(Density{Width: 2, Height: 1, Weights: []float64{math.MaxFloat64,
			math.MaxFloat64}}), "too large"},
		{paint(Density{Width: 2, Height: 1, Weights: []float64{1}}), "each of its 2 cells"},
		{paint(Density{Width: 0, Height: 1}), "a density of 0×1 cells"},
		{paint(Density{Width: 1, Height: 1, Weights: []float64{1}, Classes: []int{1}}),
			"has the class 1, and there are 1"},
		{given(""), "Gaussian 1 of the mixture must be weight,x,y,spread"},
		{given("1,0,0,0.1;1,0,0"), "Gaussian 2"},
		{given("0,0,0,0.1"), "Gaussian 1"},
		{given("1,3,0,0.1"), "Gaussian 1"},
		{given("1,0,0,-1"), "Gaussian 1"},
		{given("1,0,0,Inf"), "Gaussian 1"},
		{given("1,0,0,1,16"), "Gaussian 1"},
		{given("1,0,0,1,1"), "no Gaussian of the mixture has the class 0, and one has 1"},
		{given(strings.Repeat("1,0,0,1;", 32) + "1,0,0,1"), "a mixture of 33 Gaussians"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("got %v, want %q", c.err, c.says)
		}
	}
}

func TestMixtureRoundTrip(t *testing.T) {
	const text = "0.2,-0.5,-0.5,0.1,0;0.8,0.5,0.5,0.1,1"
	all, err := ParseMixture(text)
	if err != nil || FormatMixture(all) != text {
		t.Errorf("%q, %v", FormatMixture(all), err)
	}
	if again := FormatMixture(twoModes()); again != text {
		t.Errorf("the preset is %q", again)
	}
}

// FuzzParseMixture: what is read is written and read again as the same, and makes a distribution;
// what is refused is refused in a sentence.
func FuzzParseMixture(f *testing.F) {
	f.Add("0.2,-0.5,-0.5,0.1,0;0.8,0.5,0.5,0.1,1")
	f.Add("1,0,0,0;;")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ParseMixture(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "plane: ") {
				t.Errorf("%q: the error %q", text, err)
			}
			return
		}
		again, err := ParseMixture(FormatMixture(all))
		if err != nil || FormatMixture(again) != FormatMixture(all) {
			t.Errorf("%q is written as %q, which gives %v", text, FormatMixture(all), err)
		}
		if _, err := Given(all, Options{}); err != nil {
			t.Errorf("%q is read and then refused: %v", text, err)
		}
	})
}

// TestGolden fixes the points of every preset, on every platform.
func TestGolden(t *testing.T) {
	var lines []fixture.Line
	for _, name := range Names() {
		x, _ := sample(preset(t, name, Options{Noise: 0.02}), 500, Key{Seed: 1, Stream: 2, Draw: 3})
		lines = append(lines, fixture.Line{Name: name, Value: fixture.Hash(x)[:16]})
	}
	fixture.Golden(t, "testdata/golden.txt", lines)
}

func TestSampleAllocatesNothing(t *testing.T) {
	for _, name := range []string{"spiral", "grid", "letters"} {
		d := preset(t, name, Options{Noise: 0.1})
		x, classes := sample(d, 64, Key{})
		if a := testing.AllocsPerRun(5, func() { d.Sample(x, classes, Key{Draw: 1}) }); a != 0 {
			t.Errorf("%s allocates %v times", name, a)
		}
	}
}

func BenchmarkSample(b *testing.B) {
	for _, name := range []string{"spiral", "grid"} {
		d := preset(b, name, Options{Noise: 0.02})
		x, classes := sample(d, 512, Key{})
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d.Sample(x, classes, Key{})
			}
		})
	}
}
