package experiment

import (
	"math"
	"testing"
)

// TestPosterior: a trained network's posterior is near the exact one, in the middle between two
// modes long toward both, and short across.
func TestPosterior(t *testing.T) {
	e := begun(t, "d=mixture&gauss=1,-0.6,0,0.1;1,0.6,0,0.1&units=48&batch=256&steps=800", nil)
	for e.Training.Step() {
	}
	v := e.View(PosteriorPoints)
	for _, at := range []struct {
		x [2]float64
		t int
	}{{[2]float64{0, 0}, 700}, {[2]float64{0.4, 0.3}, 400}, {[2]float64{-0.5, 0.1}, 200}} {
		got, exact := v.Posterior(at.x, at.t), v.ExactPosterior(at.x, at.t)
		if d := math.Hypot(got.Mean[0]-exact.Mean[0], got.Mean[1]-exact.Mean[1]); !(d < 0.1) ||
			!(math.Abs(got.Long-exact.Long) < 0.1) || !(math.Abs(got.Short-exact.Short) < 0.1) {
			t.Errorf("of %v at %d: got %+v, want %+v", at.x, at.t, got, exact)
		}
	}
	if p := v.Posterior([2]float64{0.5, 1}, 950); !math.IsNaN(p.Long) || math.IsNaN(p.Mean[0]) {
		t.Errorf("of noise with little signal the network says %+v", p)
	}
	// Exactly: half of the weight on each side, so that the variance along is 0.6² and that of a
	// mode.
	p, l := v.ExactPosterior([2]float64{0, 0}, 700), v.Level(700)
	own := 0.01 * l.Noise * l.Noise / (l.Signal*l.Signal*0.01 + l.Noise*l.Noise)
	pull := 0.6 * l.Noise * l.Noise / (l.Signal*l.Signal*0.01 + l.Noise*l.Noise)
	if !(math.Abs(p.Long-math.Sqrt(own+pull*pull)) < 1e-6) || !(math.Abs(p.Short-math.Sqrt(own)) <
		1e-6) || math.Abs(p.Axis[0]) != 1 || p.Mean[1] != 0 {
		t.Errorf("between two modes it is %+v, want %v by %v", p, math.Sqrt(own+pull*pull),
			math.Sqrt(own))
	}
}

// TestAxes: the axes of an ellipse give its covariance again.
func TestAxes(t *testing.T) {
	for _, c := range [][3]float64{{4, 0, 1}, {1, 0, 4}, {2, 1, 2}, {2, -1, 2}, {3, 1e-9, 1},
		{1, -0.5, 3}, {1, 0, 1}, {0, 0, 0}} {
		p := posterior([2]float64{}, c[0], c[1], c[2])
		long, short := p.Long*p.Long, p.Short*p.Short
		x, y := p.Axis[0], p.Axis[1]
		got := [3]float64{long*x*x + short*y*y, (long - short) * x * y, long*y*y + short*x*x}
		for i := range got {
			if !(math.Abs(got[i]-c[i]) < 1e-12) {
				t.Errorf("of %v come %+v, and of these %v", c, p, got)
				break
			}
		}
	}
	if p := posterior([2]float64{}, -1, 0, 2); p.Short != 0 || p.Axis != [2]float64{0, 1} {
		t.Errorf("a variance below 0: %+v", p)
	}
}
