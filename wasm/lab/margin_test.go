//go:build !js

package main

import (
	"math"
	"testing"
)

// TestMargin: of one Gaussian each column is the Gaussian of its time.
func TestMargin(t *testing.T) {
	p := open(t)
	started := p.hears(Train{ID: 1, Recipe: "d=mixture&gauss=1,0.5,-0.25,0.1&units=8&batch=16&" +
		"steps=5&n=9&ssteps=3"})[0].(Started)
	alphaBar := numbers(started.AlphaBar)
	for axis, mean := range []float64{0.5, -0.25} {
		m := last[Margined](t, p.hears(Margin{ID: 2, Axis: axis, Low: -2, High: 2, Columns: 10,
			Rows: 40}))
		values := numbers(m.Values)
		if m.Columns != 10 || m.Rows != 40 || len(values) != 400 || m.Axis != axis {
			t.Fatalf("got %+v", m)
		}
		for i, v := range values {
			at, a := 2-(float64(i/10)+0.5)/10, float64(alphaBar[111*(i%10)])
			variance := a*0.01 + 1 - a
			d := at - math.Sqrt(a)*mean
			want := math.Exp(-d*d/2/variance) / math.Sqrt(2*math.Pi*variance)
			if !(math.Abs(float64(v)-want) < 1e-4*max(1, want)) {
				t.Fatalf("axis %d, column %d: at %v it is %v, want %v", axis, i%10, at, v, want)
			}
		}
	}
	for _, r := range []Margin{{ID: 3, Axis: 2, High: 1, Columns: 2, Rows: 2},
		{ID: 3, High: 1, Columns: 1, Rows: 2}, {ID: 3, High: -1, Columns: 2, Rows: 2},
		{ID: 3, High: 1, Columns: 2, Rows: 1 << 20}} {
		if f := last[Failed](t, p.hears(r)); f.ID != 3 || f.Message == "" {
			t.Errorf("%+v: %+v", r, f)
		}
	}
}
