package bound

import (
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// TestGolden holds one bound in each form and one flow to their bits, which every platform must
// give.
func TestGolden(t *testing.T) {
	model, s := newOracle(t, schedule.V, schedule.LearnedRange, 50)
	o := Standard(s)
	o.Variance, o.Draws = schedule.LearnedRange, 2
	d, _ := all(t, model, o)
	o.Form, o.CDF = Consistency, ErfCDF
	c, _ := all(t, model, o)
	f := flow(t, picture, model.Model, FlowOptions{Schedule: s, Label: 1, Guidance: 1.5, Steps: 20,
		Probes: 2, Dequantise: true, Seed: 3})
	fixture.Golden(t, "testdata/golden.txt", []fixture.Line{
		{Name: "denoising form", Value: fixture.Bits(d.Total())},
		{Name: "denoising form, standard error", Value: fixture.Bits(d.StandardError())},
		{Name: "consistency form", Value: fixture.Bits(c.Total())},
		{Name: "flow", Value: fixture.Bits(f.LogDensity())},
	})
}
