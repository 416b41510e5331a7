package view

import "testing"

// A word stands in one row, also in a narrow box.
func TestColumns(t *testing.T) {
	for _, c := range []struct{ images, columns, rows int }{
		{5, 5, 1}, {10, 5, 2}, {7, 5, 2}, {1, 1, 1},
	} {
		run := square(c.images, 32)
		run.Columns = c.columns
		lay := Arrange(Box{Width: 390, Height: 600, Ratio: 1}, run, 2, 1, 50)
		if g := lay.Panels[0]; g.Cols != c.columns || g.Rows != c.rows {
			t.Errorf("%d pictures, %d in a row: got %d by %d", c.images, c.columns, g.Cols, g.Rows)
		}
	}
	run := square(2, 32)
	run.Columns = 3
	if run.check() == nil {
		t.Error("more columns than pictures are accepted")
	}
}

func square(images, side int) Run {
	return Run{Steps: 50, Images: images, Channels: 1, Height: side, Width: side}
}

func TestArrange(t *testing.T) {
	for _, c := range []struct {
		name   string
		box    Box
		run    Run
		kept   int
		xt, x0 Rect
		zoom   int
		strip  Rect
		slots  int
		rows   int
	}{
		{
			name: "desktop", box: Box{912, 620, 1}, run: square(1, 32), kept: 50, zoom: 13,
			xt: Rect{0, 60, 416, 416}, x0: Rect{496, 60, 416, 416},
			strip: Rect{2, 540, 908, 68}, slots: 50, rows: 2,
		}, {
			name: "phone", box: Box{984, 900, 3}, run: square(1, 32), kept: 50, zoom: 14,
			xt: Rect{0, 100, 448, 448}, x0: Rect{536, 100, 448, 448},
			strip: Rect{6, 660, 972, 204}, slots: 18, rows: 2,
		}, {
			name: "few steps have large thumbs", box: Box{912, 620, 1},
			run: square(1, 32), kept: 10, zoom: 13,
			xt: Rect{0, 60, 416, 416}, x0: Rect{496, 60, 416, 416},
			strip: Rect{2, 540, 908, 64}, slots: 10, rows: 1,
		}, {
			name: "one of each class", box: Box{912, 620, 1}, run: square(10, 32), kept: 50,
			zoom: 3,
			xt:   Rect{56, 122, 390, 292}, x0: Rect{466, 122, 390, 292},
			strip: Rect{2, 540, 908, 68}, slots: 50, rows: 2,
		}, {
			name: "narrow and many: one above the other", box: Box{656, 1600, 2},
			run: square(64, 32), kept: 50, zoom: 2,
			xt: Rect{58, 138, 540, 540}, x0: Rect{58, 754, 540, 540},
			strip: Rect{4, 1440, 648, 136}, slots: 18, rows: 2,
		},
	} {
		got := Arrange(c.box, c.run, 2, 1, c.kept)
		xt, x0 := got.Panels[0], got.Panels[1]
		if xt.Rect != c.xt || x0.Rect != c.x0 || xt.Zoom != c.zoom || x0.Zoom != c.zoom {
			t.Errorf("%s: pictures %v and %v zoom %d; want %v and %v zoom %d",
				c.name, xt.Rect, x0.Rect, xt.Zoom, c.xt, c.x0, c.zoom)
		}
		if got.Strip.Rect != c.strip || got.Slots != c.slots || got.Strip.Rows != c.rows {
			t.Errorf("%s: strip %v with %d places in %d rows; want %v with %d in %d",
				c.name, got.Strip.Rect, got.Slots, got.Strip.Rows, c.strip, c.slots, c.rows)
		}
	}
}

// In any box, tiles lie in their grid, apart from each other, and in the box if
// zoom 1 lets them.
func TestArrangeProperties(t *testing.T) {
	for _, width := range []int{200, 320, 411, 768, 1200, 3000} {
		for _, ratio := range []float64{1, 1.25, 2, 3} {
			for _, run := range []Run{square(1, 32), square(2, 32), square(10, 28), square(36, 32),
				square(64, 32), {Steps: 5, Images: 7, Channels: 3, Height: 20, Width: 48}} {
				for _, kept := range []int{1, 2, 19, 50, 1000} {
					b := Box{int(float64(width) * ratio), int(float64(width*6/5+200) * ratio),
						ratio}
					for views := 1; views <= 5; views++ {
						for sides := 1; sides <= 3; sides++ {
							checkLayout(t, b, run, kept, Arrange(b, run, views, sides, kept))
						}
					}
				}
			}
		}
	}
}

func checkLayout(t *testing.T, b Box, run Run, kept int, l Layout) {
	t.Helper()
	if l.Slots < 1 || l.Slots > kept || l.Strip.Cols*l.Strip.Rows < l.Slots {
		t.Errorf("%v %v: %d places for %d steps in %d×%d",
			b, run, l.Slots, kept, l.Strip.Cols, l.Strip.Rows)
	}
	type filled struct {
		Grid
		tiles int
	}
	grids := []filled{{l.Strip, l.Slots}}
	for _, panel := range l.Panels {
		grids = append(grids, filled{panel, run.Images})
	}
	for i, g := range grids {
		if g.TileWidth != g.Zoom*run.Width || g.TileHeight != g.Zoom*run.Height || g.Zoom < 1 {
			t.Errorf("%v %v: grid %d enlarges to %d×%d at zoom %d",
				b, run, i, g.TileWidth, g.TileHeight, g.Zoom)
		}
		for j := range g.tiles {
			r := g.Tile(j)
			if r.X < g.X || r.Y < g.Y || r.X+r.W > g.X+g.W || r.Y+r.H > g.Y+g.H {
				t.Errorf("%v %v: tile %d of grid %d at %v leaves %v", b, run, j, i, r, g.Rect)
			}
			if j > 0 && meet(r, g.Tile(j-1)) {
				t.Errorf("%v %v: tiles %d and %d of grid %d meet", b, run, j-1, j, i)
			}
		}
		if g.Zoom > 1 && !within(b, g.Rect) {
			t.Errorf("%v %v: grid %d at %v zoom %d leaves the box", b, run, i, g.Rect, g.Zoom)
		}
	}
	for i, g := range grids {
		for j := range i {
			if l.Panels[0].Zoom > 1 && meet(g.Rect, grids[j].Rect) {
				t.Errorf("%v %v: of %d views %v and %v meet",
					b, run, len(l.Panels), g.Rect, grids[j].Rect)
			}
		}
	}
}

func within(b Box, r Rect) bool {
	return r.X >= 0 && r.Y >= 0 && r.X+r.W <= b.Width && r.Y+r.H <= b.Height
}

func meet(a, b Rect) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// Three views and more stand in rows where that lets them be larger.
func TestArrangeViews(t *testing.T) {
	for _, c := range []struct {
		name  string
		box   Box
		views int
		zoom  int
		cols  int
	}{
		{"one on a phone", Box{984, 1380, 3}, 1, 29, 1},
		{"three on a phone", Box{984, 1500, 3}, 3, 14, 2},
		{"three on a desk", Box{912, 620, 1}, 3, 9, 3},
		{"five on a desk", Box{912, 620, 1}, 5, 6, 3},
		{"five beside each other", Box{1840, 560, 1}, 5, 11, 5},
	} {
		got := Arrange(c.box, square(1, 32), c.views, 1, 50)
		cols := 0
		for _, panel := range got.Panels {
			if panel.Y == got.Panels[0].Y {
				cols++
			}
		}
		if len(got.Panels) != c.views || got.Panels[0].Zoom != c.zoom || cols != c.cols {
			t.Errorf("%s: %d views at zoom %d in %d columns, want %d at %d in %d",
				c.name, len(got.Panels), got.Panels[0].Zoom, cols, c.views, c.zoom, c.cols)
		}
	}
}

// Sides of one view stand beside each other, or everything in one column.
func TestArrangeSides(t *testing.T) {
	for _, c := range []struct {
		name         string
		box          Box
		views, sides int
		zoom         int
		cols         int
	}{
		{"two of one view on a desk", Box{912, 620, 1}, 1, 2, 13, 2},
		{"two of two on a desk", Box{912, 620, 1}, 2, 2, 6, 4},
		{"two of two on a phone", Box{984, 1500, 3}, 2, 2, 14, 2},
		{"with their difference on a phone", Box{984, 1500, 3}, 2, 3, 9, 3},
		{"two in a tall box", Box{400, 1000, 1}, 1, 2, 12, 1},
	} {
		got := Arrange(c.box, square(1, 32), c.views, c.sides, 50)
		cols := 0
		for i, panel := range got.Panels {
			if panel.Y == got.Panels[0].Y {
				cols++
			}
			if first := got.Panels[i-i%c.sides]; c.cols > 1 && panel.Y != first.Y {
				t.Errorf("%s: side %d of a view is at %v, the first at %v",
					c.name, i%c.sides, panel.Rect, first.Rect)
			}
		}
		if len(got.Panels) != c.views*c.sides || got.Panels[0].Zoom != c.zoom || cols != c.cols {
			t.Errorf("%s: %d panels at zoom %d in %d columns, want %d at %d in %d",
				c.name, len(got.Panels), got.Panels[0].Zoom, cols, c.views*c.sides, c.zoom, c.cols)
		}
	}
}

func BenchmarkArrange(b *testing.B) {
	box, run := Box{912, 620, 1}, square(64, 32)
	for b.Loop() {
		Arrange(box, run, 2, 1, 50)
	}
}
