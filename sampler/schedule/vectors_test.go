package schedule

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
)

// timestepTable is a scheduler's choice of timesteps, as diffusers makes it.
type timestepTable struct {
	Class     string    `json:"class"`
	Spacing   Spacing   `json:"spacing"`
	T, N      int       // training timesteps, steps
	Offset    int       `json:"offset"`
	Timesteps []float64 `json:"timesteps"`
}

func timestepTables(t testing.TB) (tables []timestepTable) {
	t.Helper()
	fixture.JSON(t, "testdata/timestep_tables.json.gz", &tables)
	return tables
}

// compare fails if an element of got is further from want than the tolerance, relative to want
// where that is above 1. It returns the largest distance.
func compare(t testing.TB, what string, got, want []float64, tolerance float64) float64 {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return math.Inf(1)
	}
	worst := 0.0
	for i := range got {
		d := math.Abs(got[i]-want[i]) / max(1, math.Abs(want[i]))
		if !(d <= tolerance) {
			t.Errorf("%s: element %d is %.17g, want %.17g", what, i, got[i], want[i])
			return d
		}
		worst = max(worst, d)
	}
	return worst
}
