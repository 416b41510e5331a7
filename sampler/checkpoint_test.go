package sampler

import (
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
)

// TestCheckpoints takes the steps after every checkpoint again, with every sampler, in the
// trajectory of the checkpoint and in another one.
func TestCheckpoints(t *testing.T) {
	c := schedule.Default()
	c.BetaSchedule = "squaredcos_cap_v2"
	model, info := testModel(t, c)
	for _, text := range everyRecipe() {
		checkpoints(t, text, model, info)
	}
	u, _, cascaded := testCascade(t, "")
	for _, more := range []string{"&steps=6&clip=none",
		"&c=all&steps=4&bsteps=7&aug=90&k=dpmpp_2m&g=1&clip=2"} {
		checkpoints(t, "m=large&n=2"+more, u, cascaded)
	}
}

// checkpoints is TestCheckpoints for one recipe.
func checkpoints(t *testing.T, text string, model network.Model, info recipe.Info) {
	t.Helper()
	r := mustParse(t, text)
	first, err := NewTrajectory(r, info, model, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewTrajectory(r, info, model, 1)
	if err != nil {
		t.Fatal(err)
	}
	checkpoints := []Checkpoint{first.Checkpoint()}
	var x, x0, epsilon [][]float64
	for first.Step() {
		checkpoints = append(checkpoints, first.Checkpoint())
		x, x0, epsilon = append(x, slices.Clone(first.X())), append(x0, slices.Clone(first.X0())),
			append(epsilon, slices.Clone(first.Epsilon()))
	}
	if first.Err() != nil || len(x) != first.Steps() {
		t.Fatalf("%s: %d steps, %v", text, len(x), first.Err())
	}
	for i := len(x) - 1; i >= 0; i-- {
		tr := []*Trajectory{first, other}[i%2]
		tr.Return(checkpoints[i])
		if tr.Done() != i || checkpoints[i].Done() != i || i > 0 &&
			!fixture.SameBits(tr.X(), x[i-1]) {
			t.Errorf("%s: the checkpoint of step %d shows step %d, or another picture", text, i,
				tr.Done())
		}
		for j := i; j < len(x); j++ {
			if !tr.Step() || !fixture.SameBits(tr.X(), x[j]) || !fixture.SameBits(tr.X0(), x0[j]) ||
				!fixture.SameBits(tr.Epsilon(), epsilon[j]) {
				t.Errorf("%s: step %d after checkpoint %d differs", text, j+1, i)
				break
			}
		}
		if bytes := checkpoints[i].Bytes(); bytes < 8*len(first.X()) ||
			bytes > 8*20*len(first.X()) {
			t.Errorf("%s: a checkpoint takes %d bytes", text, bytes)
		}
	}
}
