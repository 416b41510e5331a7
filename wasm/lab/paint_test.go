//go:build !js

package main

import (
	"bytes"
	"strings"
	"testing"

	"tweedie/sampler/plane"
)

// TestPaintAndPicture: strokes and pictures become paintings, each with a recipe that can be
// carried out; what cannot be painted is refused, and the session goes on.
func TestPaintAndPicture(t *testing.T) {
	p := open(t)
	d := last[Described](t, p.hears(Describe{ID: 1}))
	if d.Side != plane.CanvasSide || d.Levels != plane.CanvasLevels || len(d.Colours) != 4 {
		t.Errorf("a canvas of %d cells with %d levels of %v", d.Side, d.Levels, d.Colours)
	}
	var stroke []byte // down the middle column, lightly from the end on
	for _, v := range []float32{0.03125, 0.96875, 1, 0.03125, -0.96875, 0.1} {
		stroke = append32(stroke, v)
	}
	blue := last[Painted](t, p.hears(Paint{ID: 2, Recipe: small, Stroke: stroke, Radius: 0.5,
		Colour: "blue"}))
	if blue.Recipe != "d=painted&paint="+blue.Canvas+strings.TrimPrefix(small, "d=mixture") {
		t.Errorf("the recipe is %s with %s", blue.Recipe, blue.Canvas)
	}
	for row := range plane.CanvasSide {
		i := row*plane.CanvasSide + plane.CanvasSide/2
		if blue.Cells[i-1] != 0 || blue.Cells[i] != 15 || blue.Cells[i+1] != 0 {
			t.Fatalf("row %d has %v", row, blue.Cells[i-1:i+2])
		}
	}
	both := last[Painted](t, p.hears(Paint{ID: 3, Recipe: blue.Recipe, Canvas: blue.Canvas,
		Stroke: stroke[:12], Radius: 2, Colour: "pink"}))
	if !strings.Contains(both.Recipe, "&c=all") {
		t.Errorf("two colours have the recipe %s", both.Recipe)
	}
	if i := plane.CanvasSide / 2; both.Colours[i] != 3 || both.Cells[i] != 15 {
		t.Errorf("the upper middle has %d of colour %d", both.Cells[i], both.Colours[i])
	}
	said := p.hears(Train{ID: 4, Recipe: both.Recipe})
	if m := said[0].(Started); len(m.Classes) != 2 || last[Done](t, said).Hash == "" {
		t.Errorf("it is carried out with %+v", m)
	}
	none := last[Painted](t, p.hears(Paint{ID: 5, Recipe: both.Recipe, Canvas: both.Canvas,
		Stroke: stroke, Radius: 100}))
	if none.Canvas != "" || none.Recipe != "" || len(none.Cells) != 1024 {
		t.Errorf("a wide eraser leaves %s and %s", none.Canvas, none.Recipe)
	}
	same := last[Painted](t, p.hears(Paint{ID: 6, Recipe: small, Canvas: both.Canvas}))
	if same.Canvas != both.Canvas || !bytes.Equal(same.Cells, both.Cells) {
		t.Error("without a stroke the painting is another one")
	}

	grey := make([]byte, plane.CanvasSide*plane.CanvasSide)
	grey[40] = 255
	picture := last[Painted](t, p.hears(Picture{ID: 7, Recipe: small, Grey: grey}))
	if picture.Canvas != "A9lP" || !strings.HasPrefix(picture.Recipe, "d=painted&paint=A9lP&") {
		t.Errorf("the picture is %s, %s", picture.Canvas, picture.Recipe)
	}
	for _, c := range []struct {
		request   Request
		key, says string
	}{
		{Picture{ID: 8, Recipe: small, Grey: make([]byte, 1024)}, "paint", "one brightness"},
		{Picture{ID: 8, Recipe: small, Grey: grey[1:]}, "", "size of a canvas"},
		{Paint{ID: 8, Canvas: "B", Recipe: "d=moons&units=0"}, "units", "units"},
		{Paint{ID: 8, Canvas: "?"}, "", "cannot be read"},
		{Paint{ID: 8, Canvas: "B", Colour: "mauve"}, "", "'mauve'"},
	} {
		m := last[Failed](t, p.hears(c.request))
		if m.ID != 8 || m.Key != c.key || !strings.Contains(m.Message, c.says) {
			t.Errorf("%+v: failed with %+v", c.request, m)
		}
	}
}
