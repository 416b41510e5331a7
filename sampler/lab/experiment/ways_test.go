package experiment

import (
	"math"
	"slices"
	"testing"

	"tweedie/sampler"
)

// ways returns those of a point by a recipe that has been trained.
func ways(t *testing.T, e *Experiment, x, y float64, at int) []Way {
	t.Helper()
	w, err := e.Ways(x, y, at)
	if err != nil {
		t.Fatal(err)
	}
	for range 1_000_000 {
		if !w.Next() {
			return w.All()
		}
	}
	t.Fatal("there is no end of the ways")
	return nil
}

// TestWays: of one Gaussian every solver without fresh noise carries a point to where the exact
// flow does, which keeps its distance from the mean in standard deviations. All begin with the same
// noise, the recipe's own sampler is among them, and each takes the recipe's steps.
func TestWays(t *testing.T) {
	const mean, spread, steps = 0.5, 0.1, 40
	e := begun(t, "d=mixture&gauss=1,0.5,0,0.1&units=32&batch=128&steps=400&ssteps=40&k=heun", nil)
	for e.Training.Step() {
	}
	l := e.View(1).Level(999)
	noise := []float64{1, -1}
	var want [2]float64
	for i, m := range []float64{mean, 0} {
		z := (noise[i] - l.Signal*m) / math.Hypot(l.Signal*spread, l.Noise)
		want[i] = m + spread*z
	}
	var names []string
	for _, w := range ways(t, e, noise[0], noise[1], 999) {
		names = append(names, w.Sampler)
		p := w.Points[0]
		if len(w.Points) != 1 || !slices.Equal(p[:2], noise) ||
			w.Sampler != "dpm_fast" && len(p) != 2*(steps+1) {
			t.Errorf("%s: %d clouds of %d points, from %v", w.Sampler, len(w.Points), len(p)/2,
				p[:2])
		}
		if w.Fresh {
			continue
		}
		end := p[len(p)-2:]
		if d := math.Hypot(end[0]-want[0], end[1]-want[1]); !(d < 0.03) {
			t.Errorf("%s ends at %v, the exact flow at %v", w.Sampler, end, want)
		}
	}
	if len(names) < 25 || !slices.Contains(names, "heun") || slices.Contains(names, "langevin") {
		t.Errorf("the samplers are %v", names)
	}
}

// TestWaysAreDrawings: a way is what the recipe's sampler draws from that noise, with its own keys
// and its class; and the noise of a point in the middle leads back to it.
func TestWaysAreDrawings(t *testing.T) {
	e := begun(t, "d=moons&units=8&batch=16&steps=5&c=all&g=2&k=ddim&eta=0.5&n=2&ssteps=7", nil)
	e.Training.Step()
	d, err := e.Draw()
	if err != nil {
		t.Fatal(err)
	}
	run := d.(*sampler.Run)
	for i := range run.Images() {
		run.Picture(i).(*sampler.Trajectory).Restart(0, []float64{0.5, -1})
	}
	for run.Next() {
	}
	all := ways(t, e, 0.5, -1, 999)
	i := slices.IndexFunc(all, func(w Way) bool { return w.Sampler == "ddim" })
	for cloud, points := range all[i].Points {
		if got := points[len(points)-2:]; !slices.Equal(got, run.X(cloud)) {
			t.Errorf("class %d: the way ends at %v, the drawing at %v", cloud, got, run.X(cloud))
		}
	}

	e = begun(t, "d=mixture&units=8&batch=16&steps=5&ssteps=1000", nil)
	e.Training.Step()
	all = ways(t, e, 0.3, 0.2, 500)
	i = slices.IndexFunc(all, func(w Way) bool { return w.Sampler == "ddim" })
	points := all[i].Points[0]
	at := points[2*499 : 2*499+2] // before the step of timestep 500
	if d := math.Hypot(at[0]-0.3, at[1]-0.2); !(d < 0.02) || points[0] == 0.3 {
		t.Errorf("from %v it comes by %v", points[:2], at)
	}
}

// TestFresh: a way that takes fresh noise is another one by another seed, and no other way is.
func TestFresh(t *testing.T) {
	e := begun(t, "d=mixture&units=8&batch=16&steps=5&ssteps=6", nil)
	e.Training.Step()
	one := ways(t, e, 0.5, -1, 999)
	e.Settings.Seed++
	for i, other := range ways(t, e, 0.5, -1, 999) {
		if same := slices.Equal(one[i].Points[0], other.Points[0]); same == other.Fresh {
			t.Errorf("%s: fresh noise %v, the same by another seed %v", other.Sampler, other.Fresh,
				same)
		}
	}
}

// TestWaysApply: there are those alone that the recipe can be drawn by.
func TestWaysApply(t *testing.T) {
	for recipe, want := range map[string][]string{
		"d=mixture&at=0.5&units=8&batch=16&steps=1&ssteps=3": {"langevin"},
		"d=moons&schedule=straight&units=8&batch=16&steps=1&reflow=1&ssteps=3": {"heun", "dpmpp_2m",
			"unipc", "euler", "dpm2", "lms", "rk45"},
	} {
		var got []string
		for _, w := range ways(t, begun(t, recipe, nil), 1, 1, 999) {
			got = append(got, w.Sampler)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", recipe, got, want)
		}
	}
	w, err := begun(t, "m=vae&units=8&batch=16&steps=1", nil).Ways(0, 0, 999)
	if w != nil || err != nil {
		t.Errorf("a model that does not denoise has ways: %v, %v", w, err)
	}
}
