package bound

import (
	"math"
	"testing"

	"tweedie/sampler/schedule"
)

// TestGoldenBits holds every platform to the same bits of one bound in each form and of one flow.
func TestGoldenBits(t *testing.T) {
	model, s := newOracle(t, schedule.V, schedule.LearnedRange, 50)
	o := Standard(s)
	o.Variance, o.Draws = schedule.LearnedRange, 2
	d, _ := all(t, model, o)
	o.Form, o.CDF = Consistency, ErfCDF
	c, _ := all(t, model, o)
	f := flow(t, picture, model.Model, FlowOptions{Schedule: s, Label: 1, Guidance: 1.5, Steps: 20,
		Probes: 2, Dequantise: true, Seed: 3})
	for _, g := range []struct {
		what string
		got  float64
		want uint64
	}{
		{"denoising form", d.Total(), 0x4015af1e2bf7ec50},
		{"its standard error", d.StandardError(), 0x3fda26fbc6f3a1a6},
		{"consistency form", c.Total(), 0x401ba2549fccf8ad},
		{"flow", f.LogDensity(), 0xc05f64ed382c2ae4},
	} {
		if bits := math.Float64bits(g.got); bits != g.want {
			t.Errorf("%s: %v has the bits %#016x, want %#016x", g.what, g.got, bits, g.want)
		}
	}
}
