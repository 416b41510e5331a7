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
