//go:build !js

package main

import (
	"math"
	"testing"
)

// TestInfer: of one Gaussian the exact posterior is that of Bayes; the network's is beside it, and
// alone where nothing is known exactly.
func TestInfer(t *testing.T) {
	p := open(t)
	started := p.hears(Train{ID: 1, Recipe: "d=mixture&gauss=1,0.5,0,0.1&units=8&batch=16&" +
		"steps=5&n=9&ssteps=3"})[0].(Started)
	alphaBar := float64(numbers(started.AlphaBar)[300])
	m := last[Inferred](t, p.hears(Infer{ID: 2, X: 0.75, Y: -0.25, T: 300}))
	if len(m.Posteriors) != 2 || m.T != 300 || m.Posteriors[0].Exact || !m.Posteriors[1].Exact {
		t.Fatalf("got %+v", m)
	}
	gain := math.Sqrt(alphaBar) * 0.01 / (alphaBar*0.01 + 1 - alphaBar)
	x := 0.5 + gain*(0.75-math.Sqrt(alphaBar)*0.5)
	spread := math.Sqrt(0.01 * (1 - alphaBar) / (alphaBar*0.01 + 1 - alphaBar))
	exact := m.Posteriors[1]
	if math.Abs(exact.X-x) > 1e-6 || math.Abs(exact.Y+gain*0.25) > 1e-6 ||
		math.Abs(exact.Long-spread) > 1e-6 || math.Abs(exact.Short-spread) > 1e-6 {
		t.Errorf("exactly %+v, want %v with the spread %v", exact, x, spread)
	}
	p.hears(Train{ID: 3, Recipe: "units=8&batch=16&steps=5&n=9&ssteps=3"})
	if m := last[Inferred](t, p.hears(Infer{ID: 4, T: 0})); len(m.Posteriors) != 1 ||
		math.IsNaN(m.Posteriors[0].Long) {
		t.Errorf("of the spiral: %+v", m)
	}
	if f := last[Failed](t, p.hears(Infer{ID: 5, T: -1})); f.ID != 5 {
		t.Errorf("before the first timestep: %+v", f)
	}
}
