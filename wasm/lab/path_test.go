//go:build !js

package main

import (
	"math"
	"testing"
)

// TestSolve: every sampler's way comes in one answer, from the same noise, and ends where the
// sampler would draw.
func TestSolve(t *testing.T) {
	p := open(t)
	p.hears(Train{ID: 1, Recipe: "d=moons&c=all&g=2&units=8&batch=16&steps=5&n=9&ssteps=3"})
	m := last[Solved](t, p.hears(Solve{ID: 2, X: 1, Y: -0.5, T: 999}))
	points := numbers(m.Points)
	if len(m.Ways) < 25 || m.Clouds != 2 || m.Step != 5 {
		t.Fatalf("%d ways of %d clouds", len(m.Ways), m.Clouds)
	}
	for _, w := range m.Ways {
		for range m.Clouds {
			if points[0] != 1 || points[1] != -0.5 || w.Points < 2 ||
				w.Fresh && w.Sampler == "heun" {
				t.Errorf("%+v begins at %v", w, points[:2])
			}
			for _, v := range points[:2*w.Points] {
				if math.IsNaN(float64(v)) {
					t.Errorf("%s: a point is no number", w.Sampler)
				}
			}
			points = points[2*w.Points:]
		}
	}
	if len(points) != 0 {
		t.Errorf("%d numbers belong to no way", len(points))
	}
	if f := last[Failed](t, p.hears(Solve{ID: 3, T: 1000})); f.ID != 3 {
		t.Errorf("after the last timestep: %+v", f)
	}
	p.hears(Train{ID: 4, Recipe: "m=vae&units=8&batch=16&steps=5&n=9"})
	if f := last[Failed](t, p.hears(Solve{ID: 5, T: 999})); f.ID != 5 {
		t.Errorf("of a model that does not denoise: %+v", f)
	}
}

// TestPathInParts: a path and the ways take many units, so that the page's messages are heard
// meanwhile, and what is cancelled ends at once.
func TestPathInParts(t *testing.T) {
	for _, r := range []Request{Path{ID: 2, X: 1, T: 999}, Solve{ID: 2, X: 1, T: 999}} {
		p := open(t)
		p.hears(Train{ID: 1, Recipe: "d=grid&set=1000&units=8&batch=16&steps=5&n=9&ssteps=9"})
		p.said = nil
		p.session.Receive(r)
		units := 0
		for p.session.Advance() {
			units++
		}
		if units < 30 || len(p.said) != 1 {
			t.Errorf("%T: %d units, %d messages", r, units, len(p.said))
		}
		p.session.Receive(r)
		p.session.Advance()
		if said := p.hears(Cancel{ID: 2}); len(said) != 1 || said[0] != Message(Cancelled{2}) {
			t.Errorf("%T cancelled: %+v", r, said)
		}
	}
}
