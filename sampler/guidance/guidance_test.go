package guidance

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
)

// rescaled is diffusers' rescale_noise_cfg of one picture, line by line. torch's std divides by n −
// 1.
func rescaled(cfg, text []float64, share float64) []float64 {
	std := func(x []float64) float64 {
		mean, sum := 0.0, 0.0
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			sum += (v - mean) * (v - mean)
		}
		return math.Sqrt(sum / float64(len(x)-1))
	}
	out := make([]float64, len(cfg))
	for i, v := range cfg {
		out[i] = share*(v*(std(text)/std(cfg))) + (1-share)*v
	}
	return out
}

// TestGuidanceIsMixedAndRescaled compares guidance with diffusers' formula.
func TestGuidanceIsMixedAndRescaled(t *testing.T) {
	const n = 48
	worst, compared := 0.0, 0
	for _, scale := range []float64{0.5, 2, 7.5, 100} {
		for _, share := range []float64{0, 0.3, 0.7, 1} {
			class, without, cfg := make([]float64, n), make([]float32, n), make([]float64, n)
			for i := range class {
				class[i], without[i] = math.Sin(float64(3*i))+0.2, float32(math.Cos(float64(5*i)))
				cfg[i] = float64(without[i]) + scale*(class[i]-float64(without[i]))
			}
			want := cfg
			if share > 0 {
				want = rescaled(cfg, class, share)
			}
			g := ClassifierFree{Guidance: scale, Rescale: share}
			g.Mix(class, without)
			for i, v := range class {
				d := math.Abs(v-want[i]) / max(1, math.Abs(want[i]))
				if worst, compared = max(worst, d), compared+1; !(d <= 1e-14) {
					t.Errorf("g=%v, rescale=%v, element %d: %.17g, want %.17g", scale, share, i, v,
						want[i])
				}
			}
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
	// By hand: 3·(1, 3) − 2·(0, 0) has three times the deviation of (1, 3), so with a share of one
	// half the result is the mean of (3, 9) and (1, 3).
	by := []float64{1, 3}
	g := ClassifierFree{Guidance: 3, Rescale: 0.5}
	if g.Mix(by, []float32{0, 0}); !(math.Abs(by[0]-2) <= 1e-15) || !(math.Abs(by[1]-6) <= 1e-15) {
		t.Errorf("(1, 3) became %v, want (2, 6)", by)
	}
	flat := []float64{1, 1}
	if g.Mix(flat, []float32{0, 0}); flat[0] != 3 || flat[1] != 3 {
		t.Errorf("a prediction without spread became %v, want (3, 3)", flat)
	}
}

// TestGuidanceIsProjected: what guidance adds to the prediction with the class is at right angles
// to it, for the share that is left out.
func TestGuidanceIsProjected(t *testing.T) {
	const n = 48
	for _, scale := range []float64{0.5, 2, 7.5} {
		for _, share := range []float64{0, 0.4, 1} {
			class, without, from := make([]float64, n), make([]float32, n), make([]float64, n)
			dot, squares := 0.0, 0.0
			for i := range class {
				from[i], without[i] = math.Sin(float64(3*i))+0.2, float32(math.Cos(float64(5*i)))
				dot += from[i] * (from[i] - float64(without[i]))
				squares += from[i] * from[i]
			}
			copy(class, from)
			g := ClassifierFree{Guidance: scale, Project: share}
			g.Mix(class, without)
			along := 0.0
			for i, v := range class {
				update := from[i] - float64(without[i]) - share*dot/squares*from[i]
				if want := from[i] + (scale-1)*update; !(math.Abs(v-want) <= 1e-14) {
					t.Errorf("g=%v, project=%v, element %d: %.17g, want %.17g", scale, share, i, v,
						want)
				}
				along += from[i] * (v - from[i])
			}
			if share == 1 && !(math.Abs(along) <= 1e-13*squares) {
				t.Errorf("g=%v: %v of guidance is left along the prediction", scale, along)
			}
		}
	}
	// (1, 3) − (0, 2) = (1, 1) is (0.4, 1.2) along (1, 3) and (0.6, −0.2) beside it.
	by := []float64{1, 3}
	g := ClassifierFree{Guidance: 3, Project: 1}
	if g.Mix(by, []float32{0, 2}); fixture.Distance(by, []float64{2.2, 2.6}) > 1e-15 {
		t.Errorf("(1, 3) became %v, want (2.2, 2.6)", by)
	}
	zero := []float64{0, 0}
	if g.Mix(zero, []float32{1, 1}); zero[0] != -2 || zero[1] != -2 {
		t.Errorf("a prediction of nothing became %v, want (−2, −2)", zero)
	}
}

func TestGuidanceInterval(t *testing.T) {
	for _, c := range []struct {
		low, high, sigma float64
		want             bool
	}{
		{0, 0, 0, true}, {0, 0, math.Inf(1), true}, {0, 2, 0, true},
		{0, 2, 2, true}, {0, 2, 2.1, false},
		{1, 2, 1, false}, {1, 2, 1.1, true}, {1, 0, 0, false}, {1, 0, 9, true},
	} {
		g := ClassifierFree{GuidanceLow: c.low, GuidanceHigh: c.high}
		if got := g.Acts(c.sigma); got != c.want {
			t.Errorf("from %v to %v, σ = %v: %v, want %v", c.low, c.high, c.sigma, got, c.want)
		}
	}
}
