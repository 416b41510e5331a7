package experiment

import (
	"testing"

	"tweedie/sampler/plane"
)

// TestPaintedIsLearned: a painted cross in two colours is learned, each colour for itself.
func TestPaintedIsLearned(t *testing.T) {
	slow(t)
	var c plane.Canvas
	for i := range plane.CanvasSide {
		for j := range 4 {
			c[i*plane.CanvasSide+14+j] = plane.Cell{Level: 8}
			c[(14+j)*plane.CanvasSide+i] = plane.Cell{Level: 15, Colour: 2}
		}
	}
	text := "d=painted&paint=" + c.String() + "&steps=300&batch=256&n=400&ssteps=20"
	got := judged(t, text)
	t.Logf("%d characters: distance %.3f, of two held-out clouds %.3f; off the data %.3f",
		len(c.String()), got["wasserstein"], got["wasserstein real"], got["off"])
	if !(got["wasserstein"] < 0.08 && got["off"] < 0.03) {
		t.Errorf("distance %v, off the data %v", got["wasserstein"], got["off"])
	}
	got = judged(t, text+"&c=all")
	for _, name := range []string{"blue", "green"} {
		t.Logf("%s: precision %.3f, covered %.3f", name, got["precision "+name],
			got["covered "+name])
		if !(got["precision "+name] > 0.9 && got["covered "+name] > 0.9) {
			t.Errorf("%s: precision %v, covered %v", name, got["precision "+name],
				got["covered "+name])
		}
	}
}
