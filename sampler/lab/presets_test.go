package lab

import (
	"testing"

	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// TestFlowsOfPresets trains a rectified flow of every preset, and then its reflow. One reflow
// straightens the paths, so that one step and two nearly reach where many do.
func TestFlowsOfPresets(t *testing.T) {
	slow(t)
	t.Parallel()
	const points = 300
	type figures struct{ bend, one, two, many float64 }
	for _, p := range plane.Presets() {
		held := HeldOut(data(t, p.Name), 1, points, 0)
		training, err := New(straight(t, p.Name, 300, 200))
		if err != nil {
			t.Fatal(err)
		}
		judged := func(steps int) figures {
			for training.Done() < steps && training.Step() {
			}
			m := training.Model(points)
			far := func(steps string) float64 {
				return SlicedWasserstein(drawn(t, "k=euler&steps="+steps, m.Info(), m), held)
			}
			f := figures{Straightness(m, 1, 20), far("1"), far("2"), far("20")}
			t.Logf("%s after %d: bend %.4f; from the data after one step %.3f, two %.3f, many %.3f",
				p.Name, training.Done(), f.bend, f.one, f.two, f.many)
			return f
		}
		first, second := judged(300), judged(500)
		if !(second.bend < first.bend/10 && second.one < first.one/2 &&
			second.two < 0.7*first.two) {
			t.Errorf("%s: a reflow leads from %+v to %+v", p.Name, first, second)
		}
		if b := presetBounds[p.Name]; !(first.many <= b.flow && second.one <= b.reflow) {
			t.Errorf("%s: the flow is %v from the data, one step of its reflow %v", p.Name,
				first.many, second.one)
		}
	}
}

// TestScoresOfPresets trains a network of the score for every preset, and a classifier beside it.
// Annealed Langevin dynamics draw from it, and the reverse SDE with correctors, and steered by the
// classifier the probability-flow ODE draws each class.
func TestScoresOfPresets(t *testing.T) {
	slow(t)
	t.Parallel()
	const points = 300
	for _, p := range plane.Presets() {
		d, b := data(t, p.Name), presetBounds[p.Name]
		held := HeldOut(d, 1, points, 0)
		c := small(d, 300)
		c.Prediction = schedule.Score
		m := trained(t, c).Model(points)
		info := m.Info()
		c.Data = data(t, p.Name)
		g := classified(t, c, 200)
		if err := info.Accompany(recipe.Guide{Classifier: g.Judge(points), Names: g.Names(),
			Name: "lab-classifier", Scheduler: info.Scheduler}); err != nil {
			t.Fatal(err)
		}
		annealed := SlicedWasserstein(drawn(t, "k=annealed&steps=40", info, m), held)
		reverse := SlicedWasserstein(drawn(t, "k=vp_pc&steps=40", info, m), held)
		x, guided := drawn(t, "c=all&cg=1&k=dpmpp_2m&steps=12", info, m), 0.0
		for class := range g.Names() {
			own := x[2*points*class : 2*points*(class+1)]
			guided = max(guided, SlicedWasserstein(own, HeldOutOf(d, 1, class, points, 0)))
		}
		t.Logf("%s: annealed %.3f, reverse SDE %.3f, the worst class of the guided %.3f", p.Name,
			annealed, reverse, guided)
		if !(annealed <= b.annealed && reverse <= b.reverse && guided <= b.guided) {
			t.Errorf("%s: annealed %v, reverse SDE %v, the worst class of the guided %v", p.Name,
				annealed, reverse, guided)
		}
	}
}

// TestReadingsOfPresets trains a network of ε̂ and one of x̂0 for every preset.
// TestPresetsAreLearned has those of v, and the tests above those of the flow's velocity and of the
// score.
func TestReadingsOfPresets(t *testing.T) {
	slow(t)
	t.Parallel()
	const points = 500
	for _, p := range plane.Presets() {
		held := HeldOut(data(t, p.Name), 1, points, 0)
		for i, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample} {
			c, b := small(data(t, p.Name), 200), readingBounds[p.Name][i]
			c.Prediction, c.Batch = kind, 128
			m := trained(t, c).Model(points)
			x := drawn(t, "k=ddim&steps=25", m.Info(), m)
			distance, near := SlicedWasserstein(x, held), Nearest(x, held)
			t.Logf("%s, %s: distance %.3f, to the nearest %.3f", p.Name, kind, distance, near)
			if !(distance <= b[0] && near <= b[1]) {
				t.Errorf("%s, %s: distance %v and to the nearest %v, allowed %v", p.Name, kind,
					distance, near, b)
			}
		}
	}
}

// readingBounds of TestReadingsOfPresets, for ε̂ and for x̂0: the sliced Wasserstein distance from
// 500 held-out points and the mean distance to the nearest, a third above what was measured.
var readingBounds = map[string][2][2]float64{
	"moons":        {{0.139, 0.103}, {0.083, 0.051}},
	"rings":        {{0.132, 0.127}, {0.169, 0.104}},
	"spiral":       {{0.115, 0.120}, {0.096, 0.104}},
	"checkerboard": {{0.127, 0.089}, {0.113, 0.063}},
	"grid":         {{0.183, 0.112}, {0.136, 0.084}},
	"roll":         {{0.133, 0.143}, {0.145, 0.069}},
	"letters":      {{0.140, 0.079}, {0.127, 0.045}},
	"mixture":      {{0.085, 0.041}, {0.173, 0.019}},
}

// presetBounds are sliced Wasserstein distances from 300 held-out points, a third above what was
// measured. Two clouds of as many held-out points are 0.04 to 0.1 apart.
var presetBounds = map[string]struct{ flow, reflow, annealed, reverse, guided float64 }{
	"moons":        {0.072, 0.091, 0.177, 0.111, 0.166},
	"rings":        {0.106, 0.086, 0.182, 0.106, 0.173},
	"spiral":       {0.08, 0.098, 0.163, 0.102, 0.15},
	"checkerboard": {0.092, 0.09, 0.149, 0.082, 0.139},
	"grid":         {0.126, 0.115, 0.13, 0.078, 0.09},
	"roll":         {0.072, 0.094, 0.131, 0.074, 0.145},
	"letters":      {0.075, 0.063, 0.162, 0.059, 0.086},
	"mixture":      {0.141, 0.166, 0.289, 0.105, 0.113},
}
