package sampler

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// testModel is a mixture of three classes of 2×4×3 pictures.
func testModel(t testing.TB, c schedule.Config) (network.Model, recipe.Info) {
	t.Helper()
	var components []mixture.Component
	for k := range 3 {
		mean := make([]float64, 24)
		for i := range mean {
			mean[i] = math.Round(100*math.Sin(float64(7*k+3*i))) / 100
		}
		components = append(components, mixture.Component{Weight: float64(k + 1), Mean: mean,
			StdDev: 0.1 * float64(k), Class: k})
	}
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	model, err := mixture.NewModel(m, s, 2, 4, 3)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("test", map[string]string{"classes": `["one","two","three"]`},
		"0123456789abcdef", model)
	if err != nil {
		t.Fatal(err)
	}
	info.Scheduler = c
	return model, info
}

func mustParse(t testing.TB, text string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustRun runs a recipe to its end.
func mustRun(t testing.TB, text string, model network.Model, info recipe.Info) *Run {
	t.Helper()
	run, err := NewRun(mustParse(t, text), info, model)
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	if run.Err() != nil {
		t.Fatal(run.Err())
	}
	return run
}

func TestRunReachesTheClass(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, k := range []string{"ddim", "ddpm"} {
		run := mustRun(t, "m=test&c=two&n=3&steps=50&k="+k, model, info)
		if run.Step() != 50 || run.Next() {
			t.Errorf("%s: %d steps done and more to come", k, run.Step())
		}
		for image := range 3 {
			for i, v := range run.X(image) {
				want := math.Round(100*math.Sin(float64(7+3*i))) / 100
				if !(math.Abs(v-want) <= 0.5) {
					t.Errorf("%s picture %d element %d: %.3f, the class has %.3f with spread 0.1",
						k, image, i, v, want)
				}
			}
		}
	}
}

// last returns copies of a run's final states, one after another.
func last(run *Run) []float64 {
	var all []float64
	for image := range run.Images() {
		all = append(all, run.X(image)...)
	}
	return all
}

// recipes cover the branches of the samplers.
var recipes = []string{
	"m=test",
	"m=test&c=two&g=3",
	"m=test&c=all&eta=0.7&rederive=on&spacing=trailing",
	"m=test&c=one&g=0&k=ddpm&steps=20",
	"m=test&c=one&g=1&k=ddpm&variance=fixed_large&clip=none&steps=37",
	"m=test&c=three&g=5&clip=dynamic&spacing=linspace&steps=11",
	"m=test&c=all&noise=torch&k=ddpm&steps=7&variance=fixed_small_log",
	"m=test&c=all&noise=torch&eta=1&steps=7",
}

// TestPicturesAreIndependent runs each recipe twice, picture by picture, and with one model for all
// pictures in reverse order. The bits must be the same.
func TestPicturesAreIndependent(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range recipes {
		r := mustParse(t, text)
		if r.Get("c") != "all" {
			text += "&n=4"
		}
		whole := last(mustRun(t, text, model, info))
		if !fixture.SameBits(whole, last(mustRun(t, text, model, info))) {
			t.Errorf("%s: run twice it differs", text)
		}
		n := mustRun(t, text, model, info).Images()
		size := len(whole) / n
		trajectories := make([]*Trajectory, n)
		for image := range n {
			var err error
			if trajectories[image], err = NewTrajectory(mustParse(t, text), info, model,
				image); err != nil {
				t.Fatal(err)
			}
		}
		for step := range trajectories[0].Steps() {
			for image := n - 1; image >= 0; image-- {
				if tr := trajectories[image]; !tr.Step() || tr.Done() != step+1 ||
					tr.Image() != image {
					t.Fatalf("%s: picture %d stopped at step %d: %v", text, image, step, tr.Err())
				}
			}
		}
		for image, tr := range trajectories {
			if tr.Step() || !fixture.SameBits(tr.X(), whole[image*size:][:size]) {
				t.Errorf("%s: picture %d alone differs from the batch", text, image)
			}
			if image > 0 && fixture.SameBits(tr.X(), trajectories[0].X()) {
				t.Errorf("%s: picture %d is picture 0", text, image)
			}
		}
	}
}

// TestFewerPictures checks that a recipe's pictures are the first ones of the same recipe with more
// pictures, where the classes are the same.
func TestFewerPictures(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	more, fewer := last(mustRun(t, "m=test&c=two&n=5&steps=9&eta=1", model, info)),
		last(mustRun(t, "m=test&c=two&n=2&steps=9&eta=1", model, info))
	if !fixture.SameBits(more[:len(fewer)], fewer) {
		t.Error("two pictures are not the first two of five")
	}
}

func TestLockstep(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	run, err := NewRun(mustParse(t, "m=test&n=3&steps=4&h=0123456789abcdef&spacing=trailing"), info,
		model)
	if err != nil {
		t.Fatal(err)
	}
	if run.Step() != 0 || run.Steps() != 4 || run.Images() != 3 || run.T() != 999 ||
		solver.NotFinite(run.X(2)) >= 0 || run.X(0)[0] == 0 {
		t.Errorf("before the first step: step %d of %d, %d pictures, timestep %d, %v", run.Step(),
			run.Steps(), run.Images(), run.T(), run.X(0))
	}
	for call := range 12 {
		if !run.Next() {
			t.Fatalf("call %d: %v", call, run.Err())
		}
		if run.Image() != call%3 || run.Step() != (call+1)/3 || run.T() != 999-250*(call/3) {
			t.Errorf("call %d: picture %d, %d steps done, timestep %d", call, run.Image(),
				run.Step(), run.T())
		}
	}
	if run.Next() || run.Err() != nil || run.Image() != 2 {
		t.Errorf("after the last: picture %d, %v", run.Image(), run.Err())
	}
	if got :=
		run.Recipe().String(); got != "m=test&n=3&steps=4&spacing=trailing&h=0123456789abcdef" {
		t.Errorf("recipe %q", got)
	}
	if s := run.Settings(); s.Steps != 4 || s.Images != 3 {
		t.Errorf("settings %+v", s)
	}
}

// TestReadingsAgree checks that x̂0 and ε̂ are two readings of the same state.
func TestReadingsAgree(t *testing.T) {
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := testModel(t, c)
		run, err := NewRun(mustParse(t, "m=test&c=one&g=2&steps=10&clip=none"), info, model)
		if err != nil {
			t.Fatal(err)
		}
		table, err := schedule.New(c)
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(run.X(0))
		for run.Next() {
			l := table.At(run.T())
			for i, x := range before {
				got := l.Signal*run.X0(0)[i] + l.Noise*run.Epsilon(0)[i]
				if !(math.Abs(got-x) <= 1e-12) {
					t.Fatalf("%s, timestep %d: √ᾱ·x̂0 + √(1−ᾱ)·ε̂ = %v, the state is %v", kind,
						run.T(), got, x)
				}
			}
			before = slices.Clone(run.X(0))
		}
	}
}

// TestPredictionTypesAgree samples the same mixture with four kinds of network. They see float32,
// and each rounds differently.
func TestPredictionTypesAgree(t *testing.T) {
	var first []float64
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V,
		schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := testModel(t, c)
		x := last(mustRun(t, "m=test&c=all&g=1.5&steps=20", model, info))
		if first == nil {
			first = x
		}
		if d := fixture.Distance(x, first); !(d <= 1e-4) {
			t.Errorf("%s: off by %v from %s", kind, d, schedule.Epsilon)
		}
	}
}

func TestNextAllocatesNothing(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range recipes {
		run, err := NewRun(mustParse(t, text), info, model)
		if err != nil {
			t.Fatal(err)
		}
		runs := run.Steps()*run.Images() - 1
		if n := testing.AllocsPerRun(min(runs-1, 50), func() { run.Next() }); n != 0 {
			t.Errorf("%s: %v allocations for each call of Next", text, n)
		}
	}
}

func TestRestart(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	tr, err := NewTrajectory(mustParse(t, "m=test&c=two&eta=0.5&steps=8&n=3"), info, model, 2)
	if err != nil {
		t.Fatal(err)
	}
	var states [][]float64
	for {
		states = append(states, slices.Clone(tr.X()))
		if !tr.Step() {
			break
		}
	}
	for step := range states {
		tr.Restart(step, states[step])
		for tr.Step() {
		}
		if !fixture.SameBits(tr.X(), states[8]) {
			t.Errorf("from step %d again it ends elsewhere", step)
		}
	}
	for _, bad := range []func(){func() { tr.Restart(9, states[0]) },
		func() { tr.Restart(-1, states[0]) }, func() { tr.Restart(0, states[0][1:]) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("an impossible restart does not panic")
				}
			}()
			bad()
		}()
	}
}
