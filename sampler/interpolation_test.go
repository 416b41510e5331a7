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

// TestPlane: the corners are the pictures of their seeds to the bit, also with samplers that draw
// noise at every step, a grid has the pictures of its places, and the lower edge of three seeds is
// one picture.
func TestPlane(t *testing.T) {
	model, info := testModel(t, schedule.Default())
	for _, text := range []string{
		"m=test&c=three&steps=5&k=ddim", "m=test&c=three&steps=5&k=ddpm&noise=torch",
		"m=test&c=three&steps=5&k=dpmpp_2m_sde",
	} {
		alone := func(seed string) []float64 {
			return mustRun(t, text+"&s="+seed+"&n=2", model, info).X(1)
		}
		in := func(plane, at string) []float64 {
			return mustRun(t, text+"&s=5&n=2&plane="+plane+"&at="+at, model, info).X(1)
		}
		for at, seed := range map[string]string{"0,0": "5", "1,0": "77", "0,1": "8", "1,1": "300"} {
			if !fixture.SameBits(in("77,8,300", at), alone(seed)) {
				t.Errorf("%s: the corner %s is not the picture of seed %s", text, at, seed)
			}
		}
		if middle := in("77,8,300", "0.5,0.5"); fixture.SameBits(middle, alone("5")) ||
			fixture.SameBits(middle, in("77,8,300", "0.5,0.51")) {
			t.Errorf("%s: the middle is the picture of another place", text)
		}
		for _, at := range []string{"0,1", "0.3,1", "1,1"} {
			if !fixture.SameBits(in("77,8", at), alone("8")) {
				t.Errorf("%s: the lower edge at %s is not the picture of the third seed", text, at)
			}
		}
		grid := mustRun(t, text+"&s=5&plane=77,8,300&n=9", model, info)
		for image, at := range []string{
			"0,0", "0.5,0", "1,0", "0,0.5", "0.5,0.5", "1,0.5", "0,1", "0.5,1", "1,1",
		} {
			one := mustRun(t, text+"&s=5&plane=77,8,300&n=1&at="+at, model, info)
			if !fixture.SameBits(grid.X(image), one.X(0)) {
				t.Errorf("%s: picture %d of the grid is not that at %s", text, image, at)
			}
		}
	}
}

// TestPlaneVariance: the noise has unit variance everywhere.
func TestPlaneVariance(t *testing.T) {
	const size = 20_000
	s := recipe.Settings{Seed: 1, Images: 1, Plane: recipe.Plane{Corners: 4,
		Others: [3]uint64{2, 3, 4}}, Place: recipe.Place{Given: true}}
	dst := make([]float64, size)
	for _, s.Plane.Corners = range []int{3, 4} {
		for i := range 25 {
			s.Place.X, s.Place.Y = float64(i%5)/4, float64(i/5)/4
			p := newPlanar(&s, 0, 0, size)
			squares := 0.0
			for _, w := range p.weights {
				squares += w * w
			}
			p.draw(dst, 0)
			if n := fixture.Norm(dst) / math.Sqrt(size); !(math.Abs(n-1) <= 0.03) ||
				!(math.Abs(squares-1) <= 1e-15) {
				t.Errorf("%d corners at %v, %v: the standard deviation is %v, the weights' is %v",
					s.Plane.Corners, s.Place.X, s.Place.Y, n, math.Sqrt(squares))
			}
		}
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
