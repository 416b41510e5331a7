package experiment

import (
	"testing"

	"tweedie/sampler/lab/keys"
)

// under draws with what an experiment has trained by other settings, and returns precision and
// coverage of the upper moon.
func under(t *testing.T, e *Experiment, text string) (precision, covered float64) {
	t.Helper()
	s, err := keys.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	e.Settings = s
	run, err := e.Draw()
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	if run.Err() != nil {
		t.Fatal(run.Err())
	}
	for _, m := range e.Measures(Points(run)) {
		switch m.Name {
		case "precision":
			precision = m.Value
		case "covered":
			covered = m.Value
		}
	}
	t.Logf("%s: precision %.3f, covered %.3f", text, precision, covered)
	return precision, covered
}

// TestGuidance: of moons that noise lets overlap, guidance to one draws points that are ever surer
// to be of it, and ever fewer kinds of them. γ = 0 ignores the class.
func TestGuidance(t *testing.T) {
	slow(t)
	const moons = "d=moons&noise=0.1&c=upper&steps=400&batch=256&n=500&k=heun&ssteps=15"
	e := begun(t, moons, nil)
	points(t, e)
	var precision, covered []float64
	for _, g := range []string{"0", "1", "2", "4", "8"} {
		p, c := under(t, e, moons+"&g="+g)
		precision, covered = append(precision, p), append(covered, c)
	}
	for i := 1; i < len(precision); i++ {
		// A point of 500 is not a difference.
		if !(precision[i] >= precision[i-1]-0.002) || i > 1 && !(covered[i] < covered[i-1]-0.05) {
			t.Errorf("precision %v, covered %v", precision, covered)
		}
	}
	if !(precision[0] < 0.7 && precision[1] > 0.9 && precision[4] > 0.98 && covered[1] > 0.95 &&
		covered[4] < 0.6) {
		t.Errorf("precision %v, covered %v", precision, covered)
	}
}

// TestClassifierGuidance: a classifier that was trained here steers a network that knows no class.
// From γ = 4 on it pushes harder than its gradient is good for, and precision rises no more.
func TestClassifierGuidance(t *testing.T) {
	slow(t)
	const moons = "d=moons&noise=0.1&c=upper&steps=400&csteps=400&batch=256&n=500&k=heun&ssteps=15"
	e := begun(t, moons+"&cg=1", nil)
	points(t, e)
	if e.Training.Done() != 800 {
		t.Fatalf("%d steps", e.Training.Done())
	}
	var precision, covered []float64
	for _, g := range []string{"0.1", "1", "2", "4"} {
		p, c := under(t, e, moons+"&cg="+g)
		precision, covered = append(precision, p), append(covered, c)
	}
	for i := 1; i < len(precision); i++ {
		if !(precision[i] > precision[i-1] || i == 3) || !(covered[i] < covered[i-1]) {
			t.Errorf("precision %v, covered %v", precision, covered)
		}
	}
	if !(precision[0] < 0.75 && precision[2] > 0.9 && precision[3] > 0.9 && covered[0] > 0.95 &&
		covered[3] < 0.75) {
		t.Errorf("precision %v, covered %v", precision, covered)
	}
}
