package plane

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// at is the middle of a cell of a canvas, pressed fully.
func at(column, row float64) Touch {
	return Touch{X: (column+0.5)/(CanvasSide/2) - 1, Y: 1 - (row+0.5)/(CanvasSide/2), Pressure: 1}
}

// row are the levels of a part of a row.
func (c *Canvas) row(row, from, to int) (levels []uint8) {
	for _, cell := range c[row*CanvasSide+from : row*CanvasSide+to] {
		levels = append(levels, cell.Level)
	}
	return levels
}

// TestStroke: cells within the brush are full, those at its edge as far as they are covered, and
// all others are as they were.
func TestStroke(t *testing.T) {
	light := at(10, 10)
	light.Pressure = 0.2
	for _, c := range []struct {
		name    string
		radius  float64
		touches []Touch
		row     []uint8 // 10, columns 7 to 15
		cells   int
	}{
		{"the smallest dab is one cell", 0.5, []Touch{at(10, 10)},
			[]uint8{0, 0, 0, 15, 0, 0, 0, 0}, 1},
		{"a wide dab has a soft edge", 1.5, []Touch{at(10, 10)},
			[]uint8{0, 0, 15, 15, 15, 0, 0, 0}, 9},
		{"between two cells both have half", 0.5, []Touch{at(10.5, 10)},
			[]uint8{0, 0, 0, 8, 8, 0, 0, 0}, 2},
		{"a line leaves no gap", 0.5, []Touch{at(8, 10), at(13, 10)},
			[]uint8{0, 15, 15, 15, 15, 15, 15, 0}, 6},
		{"lightly pressed", 0.5, []Touch{light}, []uint8{0, 0, 0, 6, 0, 0, 0, 0}, 1},
		{"beyond the edge", 3, []Touch{at(-40, 10), at(90, -80)}, make([]uint8, 8), 0},
		{"no number", 3, []Touch{{X: math.NaN(), Pressure: 1}, {X: 0.1, Y: math.Inf(1),
			Pressure: 1}, {Pressure: math.NaN()}}, make([]uint8, 8), 0},
		{"a brush without width", 0, []Touch{at(10, 10)}, make([]uint8, 8), 0},
		{"no touch", 1, nil, make([]uint8, 8), 0},
	} {
		var canvas Canvas
		canvas.Stroke(Brush{Radius: c.radius, Colour: 2}, c.touches)
		cells := 0
		for i, cell := range canvas {
			if cell.Level > 0 {
				cells++
			}
			if cell.Level > 0 && cell.Colour != 2 || cell.Level == 0 && cell.Colour != 0 {
				t.Errorf("%s: cell %d is %v", c.name, i, cell)
			}
		}
		if got := canvas.row(10, 7, 15); !slices.Equal(got, c.row) || cells != c.cells {
			t.Errorf("%s: row 10 has %v, want %v, and %d cells have paint, want %d", c.name, got,
				c.row, cells, c.cells)
		}
	}
}

// TestStrokeOver: the same stroke again changes nothing, however it is cut into parts; a stroke in
// another colour takes what it covers whole; an eraser leaves nothing in its middle.
func TestStrokeOver(t *testing.T) {
	way := []Touch{at(4, 5), at(9.3, 12), at(20, 7.7)}
	blue := Brush{Radius: 2.3}
	var once, parts Canvas
	once.Stroke(blue, way)
	for range 2 {
		parts.Stroke(blue, way[:2])
		parts.Stroke(blue, way[1:])
	}
	if once != parts {
		t.Error("a stroke in parts, and twice, gives another canvas")
	}
	both := once
	both.Stroke(Brush{Radius: 2.3, Colour: 1}, way[1:])
	for i, cell := range both {
		if cell.Level < once[i].Level {
			t.Errorf("cell %d had %v and has %v", i, once[i], cell)
		}
	}
	if got := both.Used(); !slices.Equal(got, []string{"blue", "orange"}) {
		t.Errorf("the colours are %v", got)
	}
	both.Stroke(Brush{Radius: 4, Erase: true}, way)
	if both != (Canvas{}) {
		t.Errorf("a wider eraser leaves %s", both.String())
	}
	once.Stroke(Brush{Radius: 0.5, Erase: true}, []Touch{at(9, 12)})
	if got := once[12*CanvasSide+9]; got != (Cell{}) {
		t.Errorf("an erased cell has %v", got)
	}
}

// TestCanvasOf: the ink of a picture becomes paint, that of a dark edge is light.
func TestCanvasOf(t *testing.T) {
	paper := make([]byte, CanvasSide*CanvasSide)
	for i := range paper {
		paper[i] = 230
	}
	drawn := slices.Clone(paper)
	drawn[100], drawn[101], drawn[102] = 30, 130, 229
	kept := slices.Clone(drawn)
	negative := slices.Clone(drawn)
	for i := range negative {
		negative[i] = ^negative[i]
	}
	for _, c := range []struct {
		name  string
		grey  []byte
		ink   Ink
		wants []uint8 // levels of cells 99 to 102
	}{
		{"dark on light", drawn, FoundInk, []uint8{0, 15, 8, 0}},
		{"light on dark", negative, FoundInk, []uint8{0, 15, 8, 0}},
		{"dark", negative, DarkInk, []uint8{15, 0, 8, 15}},
		{"light", drawn, LightInk, []uint8{15, 0, 8, 15}},
	} {
		canvas, err := CanvasOf(c.grey, c.ink)
		if err != nil || !slices.Equal(canvas.row(3, 3, 7), c.wants) {
			t.Errorf("%s: the levels are %v, %v, want %v", c.name, canvas.row(3, 3, 7), err,
				c.wants)
		}
	}
	if !slices.Equal(drawn, kept) {
		t.Error("the picture was changed")
	}
	if _, err := CanvasOf(paper, FoundInk); !errors.Is(err, ErrFlat) {
		t.Errorf("a picture of one brightness: %v", err)
	}
	if _, err := CanvasOf(paper[1:], FoundInk); err == nil {
		t.Error("a picture of another size is taken")
	}
}
