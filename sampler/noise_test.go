package sampler

import (
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// TestSharedNoise: a run with fewer steps draws the same noise as the first steps of a run with
// more, and no two steps share their noise.
func TestSharedNoise(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, k := range []string{"euler_a", "dpmpp_sde", "ve_pc"} {
		var first [][]float64
		for _, steps := range []string{"5", "9"} {
			tr, err := NewTrajectory(mustParse(t, "m=test&c=one&k="+k+"&steps="+steps), info, model,
				0)
			if err != nil {
				t.Fatal(err)
			}
			var draws [][]float64
			for i := range 4 {
				for j := range tr.course.start.Draws {
					draws = append(draws, append([]float64(nil), tr.evaluation.Draw(i, j)...))
				}
			}
			for i := range draws {
				for j := range draws[:i] {
					if fixture.SameBits(draws[i], draws[j]) {
						t.Errorf("%s: draws %d and %d are the same", k, i, j)
					}
				}
				if first != nil && !fixture.SameBits(first[i], draws[i]) {
					t.Errorf("%s: draw %d depends on the number of steps", k, i)
				}
			}
			first = draws
		}
	}
}
