package sampler

import (
	"math"
	"testing"

	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// testModel is a mixture of three classes of 2×4×3 pictures.
func testModel(t testing.TB, c schedule.Config) (Model, Info) {
	t.Helper()
	var components []mixture.Component
	for k := range 3 {
		mean := make([]float64, 24)
		for i := range mean {
			mean[i] = math.Round(100*math.Sin(float64(7*k+3*i))) / 100
		}
		components = append(components, mixture.Component{Weight: float64(k + 1), Mean: mean, StdDev: 0.1 * float64(k), Class: k})
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
	info, err := NewInfo("test", map[string]string{"classes": `["one","two","three"]`}, "0123456789abcdef", model)
	if err != nil {
		t.Fatal(err)
	}
	info.Scheduler = c
	return model, info
}

func mustParse(t testing.TB, text string) Recipe {
	t.Helper()
	r, err := ParseRecipe(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustRun carries out a recipe to its end.
func mustRun(t testing.TB, text string, model Model, info Info) *Run {
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
				if math.Abs(v-want) > 0.5 {
					t.Errorf("%s picture %d element %d: %.3f, the class has %.3f with spread 0.1", k, image, i, v, want)
				}
			}
		}
	}
}
