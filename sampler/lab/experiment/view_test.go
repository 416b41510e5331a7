package experiment

import (
	"math"
	"testing"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// TestView: a view says what the network does in the middle of a training, and the exact answer is
// minus the noise times the score.
func TestView(t *testing.T) {
	e := begun(t, "d=mixture&units=8&batch=16&steps=5&c=1", nil)
	e.Training.Step()
	const points, at = 3, 400
	v := e.View(points)
	x := []float64{0.5, -0.25, 1, 0, -1.5, 0.75}
	got, exact := make([]float64, 2*points), make([]float64, 2*points)
	v.Epsilon(got, x, at)
	v.ExactEpsilon(exact, x, at)
	l := v.Level(at)
	density, err := e.Density()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(x); i += 2 {
		score := make([]float64, 2)
		density.Score(score, x[i:i+2], l, 1)
		for j, s := range score {
			if d := exact[i+j] + l.Noise*s; math.Abs(d) > 1e-12 {
				t.Errorf("value %d: exact ε is %v, the score %v", i+j, exact[i+j], s)
			}
		}
	}
	m := e.kind.(diffusion).Model(points)
	out, narrow := make([]float32, len(x)), make([]float32, len(x))
	for i, value := range x {
		narrow[i] = float32(value)
	}
	m.Predict([][]float32{out}, narrow, at, []int{1})
	for i, value := range out {
		want := make([]float64, 1)
		l.Epsilon(want, x[i:i+1], []float64{float64(value)}, schedule.V)
		if got[i] != want[0] {
			t.Errorf("value %d: ε is %v, want %v", i, got[i], want[0])
		}
	}
}

// TestDensity: where the density is not known, one of held-out points is high where these are.
func TestDensity(t *testing.T) {
	e := begun(t, "d=spiral&units=8&batch=16&steps=1", nil)
	if v := e.View(1); v.Exact() {
		t.Error("the spiral has an exact answer")
	}
	m, err := e.Density()
	if err != nil {
		t.Fatal(err)
	}
	clean := schedule.Level{Signal: 1}
	near := lab.HeldOut(e.Data(), 9, 20, 3)
	for i := 0; i < len(near); i += 2 {
		if d := m.LogDensity(near[i:i+2], clean, -1); d < -3 {
			t.Errorf("at a point of the data the log density is %v", d)
		}
	}
	if d := m.LogDensity([]float64{1, -1}, clean, -1); d > -10 {
		t.Errorf("in an empty corner the log density is %v", d)
	}
}

// TestChange: a trained network draws by other settings what it would have drawn by them from the
// beginning, and another network it does not become.
func TestChange(t *testing.T) {
	const trained = "d=moons&units=8&batch=16&steps=3&n=20&ssteps=4"
	e := begun(t, trained, nil)
	points(t, e)
	other, err := keys.Parse(trained + "&k=heun")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := e.Change(other)
	if err != nil || !changed {
		t.Fatalf("changed: %v, %v", changed, err)
	}
	if got, want := Hash(points(t, e)), Hash(points(t, begun(t, trained+"&k=heun", nil))); got !=
		want {
		t.Errorf("got the points %s, want %s", got, want)
	}
	was := e.Settings.String()
	for _, c := range []struct {
		text  string
		wrong bool
	}{{"d=moons&units=8&batch=16&n=20", false}, {trained + "&k=dpmpp_2m&sigmas=flow", true}} {
		s, err := keys.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if changed, err := e.Change(s); changed || (err != nil) != c.wrong {
			t.Errorf("%s: changed %v, %v", c.text, changed, err)
		}
	}
	if got := e.Settings.String(); got != was {
		t.Errorf("what could not be changed left %s, want %s", got, was)
	}
}

// TestFields: controls get what the sampler allows, and the classes of the data.
func TestFields(t *testing.T) {
	fields := map[string]recipe.Field{}
	for _, f := range begun(t, "d=moons&batch=8&steps=1&k=dpmpp_2m", nil).Fields() {
		fields[f.Key] = f
	}
	if f := fields["c"]; f.Kind != recipe.Choice || len(f.Choices) != 4 || f.Choices[1] != "upper" {
		t.Errorf("the class is %+v", f)
	}
	if f := fields["g"]; f.Value != "1" || f.Idle != recipe.IdleClass {
		t.Errorf("guidance without a class is %+v", f)
	}
	if f := fields["order"]; f.Max != 3 && f.Max != 2 || f.Value == "" {
		t.Errorf("the order is %+v", f)
	}
	if f := fields["steps"]; f.Max != 1e6 || f.Value != "1" || f.Standard != "2000" {
		t.Errorf("training steps are %+v", f)
	}
	for _, key := range []string{"level", "gauss"} {
		if _, ok := fields[key]; ok {
			t.Errorf("%s is there, which means nothing to DPM-Solver, or to the moons", key)
		}
	}
}
