package schedule

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// readVectors reads a compacted file of reference vectors.
func readVectors(t testing.TB, name string, dst any) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(dst); err != nil {
		t.Fatal(err)
	}
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
