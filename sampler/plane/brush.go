package plane

import "math"

// Brush is what paints on a Canvas: round, with an edge that is a cell wide.
type Brush struct {
	Radius float64 // in cells
	Colour uint8   // of Colours
	Erase  bool    // takes paint away, of any colour
}

// Touch is a place that a brush comes to, in the plane, and how hard it is pressed there: 0 to 1,
// where half and more is full paint.
type Touch struct{ X, Y, Pressure float64 }

// Stroke paints along the line through the touches. A cell gets as many levels as the brush covers
// of it, from a line that is as wide as the brush; what it has more of already stays, so that going
// over a place again changes nothing, and the soft edge of a stroke leaves another colour whole.
func (c *Canvas) Stroke(b Brush, touches []Touch) {
	for i, to := range touches {
		c.segment(b, touches[max(0, i-1)], to)
	}
}

// segment paints a straight part of a stroke, with the pressure of its harder end.
func (c *Canvas) segment(b Brush, from, to Touch) {
	x, y := place(from)
	dx, dy := place(to)
	dx, dy = dx-x, dy-y
	length := float64(dx*dx) + float64(dy*dy)
	pressure := max(from.Pressure, to.Pressure)
	if math.IsNaN(length) || math.IsInf(length, 0) || !(b.Radius > 0) || !(pressure > 0) {
		return
	}
	full := CanvasLevels * min(1, 2*pressure)
	left, right := reached(x, dx, b.Radius)
	top, bottom := reached(y, dy, b.Radius)
	for row := top; row < bottom; row++ {
		for column := left; column < right; column++ {
			px, py := float64(column)+0.5-x, float64(row)+0.5-y
			along := 0.0
			if length > 0 {
				along = max(0, min(1, (float64(px*dx)+float64(py*dy))/length))
			}
			px, py = px-float64(along*dx), py-float64(along*dy)
			away := math.Sqrt(float64(px*px) + float64(py*py))
			covered := max(0, min(1, b.Radius+0.5-away))
			level := uint8(math.Floor(float64(covered*full) + 0.5))
			c[row*CanvasSide+column].take(b, level)
		}
	}
}

// take has a cell covered by a number of levels.
func (cell *Cell) take(b Brush, level uint8) {
	switch {
	case b.Erase && cell.Level > CanvasLevels-level:
		cell.Level = CanvasLevels - level
		if cell.Level == 0 {
			cell.Colour = 0
		}
	case !b.Erase && level > 0 && level >= cell.Level:
		*cell = Cell{Level: level, Colour: b.Colour}
	}
}

// place returns where a touch is, in cells from the upper left corner of a canvas.
func place(t Touch) (x, y float64) {
	const half = CanvasSide / 2
	return float64((t.X + 1) * half), float64((1 - t.Y) * half)
}

// reached returns the cells of one direction that a segment may cover, from the first to the one
// after the last.
func reached(at, way, radius float64) (first, end int) {
	within := func(v float64) int { return int(max(0, min(CanvasSide, v))) }
	low, high := min(at, at+way)-radius-1, max(at, at+way)+radius+1
	return within(math.Floor(low)), within(math.Ceil(high))
}
