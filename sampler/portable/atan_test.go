package portable

import (
	"math"
	"testing"
)

func TestAtan(t *testing.T) {
	worst := 0.0
	for i := range 40001 {
		for _, x := range []float64{float64(i) / 20000, float64(i) / 7, 1e-5 * float64(i),
			-float64(i) / 30000} {
			got, want := Atan(x), math.Atan(x)
			if want == 0 {
				if got != 0 {
					t.Fatalf("Atan(%v) = %v", x, got)
				}
				continue
			}
			worst = max(worst, math.Abs(got/want-1))
		}
	}
	t.Logf("largest relative difference from math.Atan %.2g", worst)
	if worst > 5e-16 {
		t.Errorf("Atan is off by %v", worst)
	}
	for x, want := range map[float64]float64{math.Inf(1): math.Pi / 2, math.Inf(-1): -math.Pi / 2,
		1: math.Pi / 4, 0: 0} {
		if got := Atan(x); got != want {
			t.Errorf("Atan(%v) = %v, want %v", x, got, want)
		}
	}
	if Atan(math.NaN()) == Atan(math.NaN()) || Atan2(1, 0) != math.Pi/2 ||
		Atan2(0, 0) != 0 || Atan2(0, 3) != 0 {
		t.Error("Atan or Atan2 is wrong at an end")
	}
}
