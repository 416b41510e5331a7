package sampler

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// rescaled is diffusers' rescale_noise_cfg of one picture, line by line. torch's std divides by n −
// 1.
func rescaled(cfg, text []float64, share float64) []float64 {
	std := func(x []float64) float64 {
		mean, sum := 0.0, 0.0
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			sum += (v - mean) * (v - mean)
		}
		return math.Sqrt(sum / float64(len(x)-1))
	}
	out := make([]float64, len(cfg))
	for i, v := range cfg {
		out[i] = share*(v*(std(text)/std(cfg))) + (1-share)*v
	}
	return out
}

// TestGuidanceIsMixedAndRescaled compares guidance with diffusers' formula.
func TestGuidanceIsMixedAndRescaled(t *testing.T) {
	const n = 48
	worst, compared := 0.0, 0
	for _, scale := range []float64{0.5, 2, 7.5, 100} {
		for _, share := range []float64{0, 0.3, 0.7, 1} {
			class, without, cfg := make([]float64, n), make([]float32, n), make([]float64, n)
			for i := range class {
				class[i], without[i] = math.Sin(float64(3*i))+0.2, float32(math.Cos(float64(5*i)))
				cfg[i] = float64(without[i]) + scale*(class[i]-float64(without[i]))
			}
			want := cfg
			if share > 0 {
				want = rescaled(cfg, class, share)
			}
			g := guidance{scale: scale, high: math.Inf(1), rescale: share}
			g.mix(class, without)
			for i, v := range class {
				d := math.Abs(v-want[i]) / max(1, math.Abs(want[i]))
				if worst, compared = max(worst, d), compared+1; !(d <= 1e-14) {
					t.Errorf("g=%v, rescale=%v, element %d: %.17g, want %.17g", scale, share, i, v,
						want[i])
				}
			}
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
	// By hand: 3·(1, 3) − 2·(0, 0) has three times the deviation of (1, 3), so with a share of one
	// half the result is the mean of (3, 9) and (1, 3).
	by := []float64{1, 3}
	g := guidance{scale: 3, rescale: 0.5}
	if g.mix(by, []float32{0, 0}); !(math.Abs(by[0]-2) <= 1e-15) || !(math.Abs(by[1]-6) <= 1e-15) {
		t.Errorf("(1, 3) became %v, want (2, 6)", by)
	}
	flat := []float64{1, 1}
	if g.mix(flat, []float32{0, 0}); flat[0] != 3 || flat[1] != 3 {
		t.Errorf("a prediction without spread became %v, want (3, 3)", flat)
	}
}

// TestGuidanceIsProjected: what guidance adds to the prediction with the class is at right angles
// to it, for the share that is left out.
func TestGuidanceIsProjected(t *testing.T) {
	const n = 48
	for _, scale := range []float64{0.5, 2, 7.5} {
		for _, share := range []float64{0, 0.4, 1} {
			class, without, from := make([]float64, n), make([]float32, n), make([]float64, n)
			dot, squares := 0.0, 0.0
			for i := range class {
				from[i], without[i] = math.Sin(float64(3*i))+0.2, float32(math.Cos(float64(5*i)))
				dot += from[i] * (from[i] - float64(without[i]))
				squares += from[i] * from[i]
			}
			copy(class, from)
			g := guidance{scale: scale, high: math.Inf(1), project: share}
			g.mix(class, without)
			along := 0.0
			for i, v := range class {
				update := from[i] - float64(without[i]) - share*dot/squares*from[i]
				if want := from[i] + (scale-1)*update; !(math.Abs(v-want) <= 1e-14) {
					t.Errorf("g=%v, project=%v, element %d: %.17g, want %.17g", scale, share, i, v,
						want)
				}
				along += from[i] * (v - from[i])
			}
			if share == 1 && !(math.Abs(along) <= 1e-13*squares) {
				t.Errorf("g=%v: %v of guidance is left along the prediction", scale, along)
			}
		}
	}
	// (1, 3) − (0, 2) = (1, 1) is (0.4, 1.2) along (1, 3) and (0.6, −0.2) beside it.
	by := []float64{1, 3}
	g := guidance{scale: 3, project: 1}
	if g.mix(by, []float32{0, 2}); fixture.Distance(by, []float64{2.2, 2.6}) > 1e-15 {
		t.Errorf("(1, 3) became %v, want (2.2, 2.6)", by)
	}
	zero := []float64{0, 0}
	if g.mix(zero, []float32{1, 1}); zero[0] != -2 || zero[1] != -2 {
		t.Errorf("a prediction of nothing became %v, want (−2, −2)", zero)
	}
}

func TestGuidanceInterval(t *testing.T) {
	at := func(sigma float64) schedule.Level { return schedule.Level{Signal: 1, Noise: sigma} }
	for _, c := range []struct {
		low, high, sigma float64
		want             bool
	}{
		{0, math.Inf(1), 0, true}, {0, math.Inf(1), math.Inf(1), true}, {0, 2, 0, true},
		{0, 2, 2, true}, {0, 2, 2.1, false},
		{1, 2, 1, false}, {1, 2, 1.1, true}, {1, math.Inf(1), 0, false}, {1, math.Inf(1), 9, true},
	} {
		g := guidance{low: c.low, high: c.high}
		if got := g.acts(at(c.sigma)); got != c.want {
			t.Errorf("from %v to %v, σ = %v: %v, want %v", c.low, c.high, c.sigma, got, c.want)
		}
	}
}

// asked is a model that records the timesteps and the number of labels of its evaluations.
type asked struct {
	network.Model
	times  []float64
	labels []int
}

func (a *asked) Predict(out [][]float32, x []float32, t float64, labels []int) {
	a.times, a.labels = append(a.times, t), append(a.labels, len(labels))
	a.Model.Predict(out, x, t, labels)
}

// TestOnePassOutsideTheInterval: with every sampler the network is evaluated for two labels inside
// the interval only.
func TestOnePassOutsideTheInterval(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	table, err := schedule.New(info.Scheduler)
	if err != nil {
		t.Fatal(err)
	}
	const low, high = 0.5, 3.0
	sigmas := table.Sigmas()
	from, to := sigmas.Timestep(low), sigmas.Timestep(high)
	for _, s := range solver.Samplers() {
		text := "m=test&c=two&n=1&steps=30&g=3&glow=0.5&ghigh=3&level=1&k=" + s.Name
		note := &asked{Model: model}
		guided := last(mustRun(t, text, note, info))
		count := [3]int{}
		for i, at := range note.times {
			count[note.labels[i]]++
			// Solvers round the timesteps of their noise levels.
			if inside := at > from+1 && at < to-1; inside && note.labels[i] != 2 {
				t.Errorf("%s: asked for %d labels at timestep %v, between %.1f and %.1f", s.Name,
					note.labels[i], at, from, to)
			}
			if outside := at < from-1 || at > to+1; outside && note.labels[i] != 1 {
				t.Errorf("%s: asked for %d labels at timestep %v, outside %.1f to %.1f", s.Name,
					note.labels[i], at, from, to)
			}
		}
		if count[1] == 0 && s.Name != "langevin" || count[2] == 0 { // langevin has one level
			t.Errorf("%s: one label %d times, two labels %d times", s.Name, count[1], count[2])
		}
		if s.Name == "langevin" {
			continue
		}
		if plain := last(mustRun(t, strings.Replace(text, "&glow=0.5&ghigh=3", "", 1), model,
			info)); fixture.SameBits(guided, plain) {
			t.Errorf("%s: the interval changes nothing", s.Name)
		}
		for _, key := range []string{"&rescale=0.7", "&project=1"} {
			if fixture.SameBits(guided, last(mustRun(t, text+key, model, info))) {
				t.Errorf("%s: %s changes nothing", s.Name, key[1:])
			}
		}
	}
}

// TestUnconditionalOutsideIsTheClass: a guidance scale of 0 ignores the class inside the interval;
// outside the scale is 1.
func TestUnconditionalOutsideIsTheClass(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	want := last(mustRun(t, "m=test&c=two&g=1", model, info))
	if got := last(mustRun(t, "m=test&c=two&g=0&glow=999999&ghigh=1000000", model,
		info)); !fixture.SameBits(got, want) {
		t.Error("with an interval that holds nothing, g=0 is not g=1")
	}
	if got := last(mustRun(t, "m=test&c=two&g=7&ghigh=0.000001", model, info)); !fixture.SameBits(
		got,
		want) {
		t.Error("with an interval that holds nothing, g=7 is not g=1")
	}
}

// TestGoldenGuidance fixes every bit, like TestGoldenStates.
func TestGoldenGuidance(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	var s states
	for _, text := range []string{"g=4&glow=0.3&ghigh=5", "g=0&ghigh=5",
		"g=7.5&rescale=0.7&k=dpmpp_2m", "g=3&rescale=1&ghigh=2&k=euler_a",
		"g=3&rescale=0.25&clip=none&k=heun"} {
		text = "m=test&c=all&steps=12&" + text
		s.add(text, last(mustRun(t, text, model, info)))
	}
	s.together("all of them")
	fixture.Golden(t, "testdata/golden/guidance.txt", s.lines)
}

// partly is a fake of two channels, the first of which is guided.
type partly struct{ fake }

func (p *partly) Shape() (int, int, int) { return 2, 2, 2 }
func (p *partly) GuidedChannels() int    { return 1 }

// TestGuidanceOfSomeChannels: the channels that a network does not want guided keep the prediction
// with the class.
func TestGuidanceOfSomeChannels(t *testing.T) {
	f := &partly{fake{out: 4}}
	info, err := recipe.NewInfo("fake", nil, "", f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := recipe.Resolve(mustParse(t, "m=fake&c=1&g=3&steps=2"), info)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]float64, 16)
	newGuided(f, &s, schedule.Epsilon, 0).Output(raw, make([]float64, 8), 500,
		schedule.LevelOf(0.5))
	for j, got := range raw {
		want := 1 + float64(j)/8
		if j < 4 {
			want = 5 + float64(j)/8 // −1 + 3·(1 − −1)
		}
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("element %d is %v, want %v", j, got, want)
		}
	}
}
