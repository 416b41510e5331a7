package sampler

import (
	"math"
	"strconv"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
)

// TestInversion: the inversion begins at the picture, and its timesteps rise. With the same class
// the run returns to the picture, and with more steps closer. Package solver compares the
// inversion's steps with diffusers'.
func TestInversion(t *testing.T) {
	in := drawn()
	in.Mask = nil
	x0 := make([]float64, 24)
	picture.Values(x0, in.Image, 2, 4, 3)
	for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.V, schedule.Score} {
		c := schedule.Default()
		c.PredictionType = kind
		model, info := testModel(t, c)
		before := math.Inf(1)
		for _, steps := range []int{20, 80, 320} {
			text := "m=test&c=two&g=1&clip=none&invert=two&steps=" + strconv.Itoa(steps)
			tr, err := NewTrajectoryFrom(naming(t, text, in), info, model, 0, in)
			if err != nil {
				t.Fatal(err)
			}
			if tr.Steps() != 2*steps || tr.T() != 0 || !fixture.SameBits(tr.X(), x0) {
				t.Errorf("%s, %d steps: %d steps from timestep %d and %v", kind, steps, tr.Steps(),
					tr.T(), tr.X())
			}
			for tr.Done() < steps {
				at := tr.T()
				if !tr.Step() || tr.T() < at {
					t.Fatalf("%s: step %d of the inversion goes from timestep %d to %d", kind,
						tr.Done(), at, tr.T())
				}
			}
			for tr.Step() {
			}
			d := fixture.Distance(tr.X(), x0)
			if before, d = d, d/before; tr.Err() != nil || !(d < 0.65) {
				t.Errorf("%s, %d steps: the picture comes back %v off, %v of what it was with "+
					"fewer (%v)", kind, steps, before, d, tr.Err())
			}
		}
		if !(before < 0.02) {
			t.Errorf("%s: with 320 steps the picture comes back %v off", kind, before)
		}
	}
}
