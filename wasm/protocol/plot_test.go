package protocol

import (
	"math"
	"testing"

	"tweedie/sampler/picture"
)

// TestPlot: the levels of a recipe are those of its steps, during a run as well, and what is wrong
// with the recipe is said.
func TestPlot(t *testing.T) {
	k := newTalk(t)
	k.session.Receive(Run{ID: 1, Recipe: "m=toy&n=3&s=4&steps=8"})
	k.session.Advance()
	l := &listen{}
	plotted := func(r Plot) Plotted {
		t.Helper()
		k.session.out = l
		k.session.Receive(r)
		k.session.out = k
		got, ok := l.last.(Plotted)
		if !ok || got.ID != r.ID {
			t.Fatalf("%+v is answered with %+v", r, l.last)
		}
		return got
	}
	got := plotted(Plot{ID: 2, Recipe: "m=toy&n=3&s=4&steps=8"})
	if len(got.Steps) != 9 || len(got.Schedule) != 1000 || got.First != nil {
		t.Fatalf("%d levels of 8 steps, %d of 1000 timesteps", len(got.Steps), len(got.Schedule))
	}
	for k.session.Advance() {
	}
	if len(k.steps) != 3*8 {
		t.Fatalf("the run has %d pictures after it", len(k.steps))
	}
	for i, step := range k.steps {
		at := got.Steps[i/3]
		if of := got.Schedule[step.T]; at.T != float64(step.T) || of.T != at.T ||
			math.Abs(at.AlphaBar-step.AlphaBar) > 1e-12 ||
			math.Abs(of.AlphaBar-step.AlphaBar) > 1e-12 ||
			step.Step < 8 && at.Beta <= of.Beta { // its steps are of 125 timesteps
			t.Errorf("step %d at timestep %d has the level %+v", step.Step, step.T, at)
		}
	}

	image := []byte{0, 40, 90, 128, 200, 255}
	part := plotted(Plot{ID: 3, Image: image,
		Recipe: "m=toy&steps=8&strength=0.5&image=" + picture.Hash(image)})
	if len(part.Steps) != 5 || part.Steps[0] != got.Steps[4] {
		t.Errorf("half of the steps are %+v", part.Steps)
	}
	noised := plotted(Plot{ID: 4, Recipe: "m=toy&steps=8", Forward: true})
	if len(noised.Steps) != 9 || noised.Steps[0].Sigma != 0 || noised.Steps[8] != got.Steps[0] {
		t.Errorf("the states of a picture that is noised are %+v", noised.Steps)
	}
	k.said = nil
	k.session.Receive(Plot{ID: 5, Recipe: "m=cow"})
	k.session.Receive(Plot{ID: 6, Recipe: "m=toy&steps=2000"})
	k.session.Receive(Plot{Recipe: "m=toy"})
	k.expect("failed 5 m model 'cow' is not loaded",
		"failed 6 steps steps is 2000 but the model toy has 1000 timesteps",
		"failed 0  a message of type 'plot' needs an id, a whole number from 1")
}
