package sampler

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// TestBetweenSeeds: the ends are the pictures of the two seeds, also with samplers that draw noise
// at every step, and neighbours are similar.
func TestBetweenSeeds(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, s := range solver.Samplers() {
		for _, source := range []string{"", "&noise=torch"} {
			text := "m=test&c=three&steps=10&k=" + s.Name + source
			run := mustRun(t, text+"&s=5&to=77&n=5", model, info)
			if first := mustRun(t, text+"&s=5&n=1", model, info); !fixture.SameBits(run.X(0),
				first.X(0)) {
				t.Errorf("%s: the first picture is not that of the first seed", text)
			}
			if last := mustRun(t, text+"&s=77&n=1", model, info); !fixture.SameBits(run.X(4),
				last.X(0)) {
				t.Errorf("%s: the last picture is not that of the second seed", text)
			}
			if fixture.SameBits(run.X(2), run.X(0)) || fixture.SameBits(run.X(2), run.X(4)) {
				t.Errorf("%s: the picture between is one of the ends", text)
			}
		}
	}
	if s, err := recipe.Resolve(mustParse(t, "m=test&to=2"), info); err != nil || s.Images != 8 ||
		s.Recipe().String() != "m=test&to=2" {
		t.Errorf("m=test&to=2 is %v with %d pictures, %v", s.Recipe(), s.Images, err)
	}
}

// TestSpherical compares with the formula by the standard library, and at its limits.
func TestSpherical(t *testing.T) {
	for _, w := range []float64{0, 0.25, 0.5, 0.9, 1} {
		x, y := []float64{3, 1, -2}, []float64{0.5, -4, 1}
		dot, xx, yy := 1.5-4-2, 14.0, 17.25
		angle := math.Acos(dot / math.Sqrt(xx*yy))
		want := make([]float64, 3)
		for i := range want {
			want[i] = (math.Sin((1-w)*angle)*x[i] + math.Sin(w*angle)*y[i]) / math.Sin(angle)
		}
		if spherical(x, y, w); !(fixture.Distance(x, want) <= 1e-14) {
			t.Errorf("at %v: %v, want %v", w, x, want)
		}
	}
	x := []float64{1, 2}
	if spherical(x, []float64{1, 2}, 0.5); x[0] != 1 || x[1] != 2 {
		t.Errorf("between a vector and itself: %v", x)
	}
	x = []float64{1, 0}
	if spherical(x, []float64{-1, 0}, 0.25); x[0] != 0.5 {
		t.Errorf("between a vector and its opposite: %v", x)
	}
	unit, other := make([]float64, 1000), make([]float64, 1000)
	noise.Normal(unit, 1, 0, 0)
	noise.Normal(other, 2, 0, 0)
	spherical(unit, other, 0.5)
	if n := fixture.Norm(unit) / math.Sqrt(1000); !(math.Abs(n-1) <= 0.05) {
		t.Errorf("halfway between two draws of noise the standard deviation is %v", n)
	}
}
