package view

// Distances of the stage in CSS pixels. web/stage/layout.js has the same.
const (
	panelGap   = 20 // largest distance of two views
	leastGap   = 8  // and smallest; in between it is a fortieth of the width
	panelLabel = 30 // above each of them, for its name in HTML
	tileGap    = 2  // between the pictures of a grid
	stripLabel = 34 // above the film strip, for its name in HTML
	stripBand  = 80 // height of the film strip
	stripGap   = 4  // between its pictures
	thumbSide  = 28 // about the smallest side of a picture in it
	markWidth  = 2  // around the current one
)

// Box is the area that the stage may fill.
type Box struct {
	Width  int     // device pixels
	Height int     // device pixels
	Ratio  float64 // device pixels per CSS pixel
}

// px converts a distance from CSS pixels to device pixels.
func (b Box) px(css int) int { return int(float64(float64(css)*b.Ratio) + 0.5) }

// Rect is a rectangle in device pixels.
type Rect struct{ X, Y, W, H int }

// Grid places pictures of one size in rows, each enlarged by the same whole
// number, so that every pixel of a picture is a square of equal size.
type Grid struct {
	Rect           // of all tiles together
	Zoom       int // device pixels per picture pixel, at least 1
	Cols       int
	Rows       int
	Gap        int // device pixels between rows, and at least between columns
	TileWidth  int // device pixels, Zoom times the picture's width
	TileHeight int // device pixels
}

// Tile is the rectangle of the i-th picture, in reading order.
func (g Grid) Tile(i int) Rect {
	// The first and the last column end where the grid does, at any distance
	// between columns.
	return Rect{
		X: g.X + i%g.Cols*(g.W-g.TileWidth)/max(1, g.Cols-1),
		Y: g.Y + i/g.Cols*(g.TileHeight+g.Gap),
		W: g.TileWidth,
		H: g.TileHeight,
	}
}

// Layout is where everything on the stage belongs.
type Layout struct {
	Panels []Grid // for each view one of each side, all of one size
	Strip  Grid   // x̂0 of the first picture, step by step
	Slots  int    // number of places in the strip
	Mark   int    // width of the frame around the current one, device pixels
}

// Arrange lays out a run: a number of views, at least one, of a number of sides
// that are compared. kept is the number of steps that can be shown. The panels
// stand side by side, or in several rows where that makes them larger or
// squarer, as with many pictures in a narrow box. The sides of one view stay in
// one row, unless everything is in one column. The film strip is at the bottom.
// No picture is scaled below 1: what does not fit is cut off at the box.
func Arrange(b Box, r Run, views, sides, kept int) Layout {
	panels := views * sides
	zone := b.Height - b.px(stripLabel) - b.px(stripBand)
	label, gap := b.px(panelLabel), min(b.px(panelGap), max(b.px(leastGap), b.Width/40))

	var g Grid
	cols, rows := 0, 0
	last := 0 // rows of the previous arrangement
	for c := 1; c <= panels; c++ {
		n := (panels + c - 1) / c
		if n == last || c > 1 && c%sides != 0 {
			continue // no fewer rows than with fewer columns, or sides in two rows
		}
		last = n
		other := fit((b.Width-(c-1)*gap)/c, (zone-(n-1)*gap)/n-label, r, b.px(tileGap))
		if cols == 0 || other.Zoom > g.Zoom ||
			other.Zoom == g.Zoom && other.longest() <= g.longest() {
			g, cols, rows = other, c, n
		}
	}

	// The rest of the width goes between the columns, so that they end where
	// the film strip does, unless the rest is too much.
	across := gap
	if between := b.Width - cols*g.W; cols > 1 && between <= (cols-1)*b.Width/8 {
		across = max(gap, between/(cols-1))
	}
	left := (b.Width - (cols-1)*across - cols*g.W) / 2
	top := label + max(0, (zone-(rows-1)*gap-rows*(label+g.H))/2)
	lay := Layout{Mark: b.px(markWidth)}
	for i := range panels {
		g.X = left + i%cols*(g.W+across)
		g.Y = top + i/cols*(label+g.H+gap)
		lay.Panels = append(lay.Panels, g)
	}
	lay.Strip, lay.Slots = strip(b, r, kept)
	return lay
}

// fit returns the best grid for all pictures of r in a box of w×h: the one with
// the largest zoom, then the fewest empty places, then the squarest, then the
// widest.
func fit(w, h int, r Run, gap int) Grid {
	var best Grid
	for cols := r.Images; cols >= 1; cols-- {
		if r.Columns > 0 && cols != r.Columns {
			continue
		}
		rows := (r.Images + cols - 1) / cols
		zoom := min((w-(cols-1)*gap)/(cols*r.Width), (h-(rows-1)*gap)/(rows*r.Height))
		g := Grid{Zoom: max(1, zoom), Cols: cols, Rows: rows, Gap: gap}.sized(r)
		if best.Cols == 0 || g.better(best) {
			best = g
		}
	}
	return best
}

// better reports whether g shows the same pictures better than o.
func (g Grid) better(o Grid) bool {
	if g.Zoom != o.Zoom {
		return g.Zoom > o.Zoom
	}
	if a, b := g.Cols*g.Rows, o.Cols*o.Rows; a != b {
		return a < b
	}
	return g.longest() < o.longest()
}

func (g Grid) longest() int { return max(g.W, g.H) }

// sized fills in what follows from zoom, columns and rows.
func (g Grid) sized(r Run) Grid {
	g.TileWidth, g.TileHeight = g.Zoom*r.Width, g.Zoom*r.Height
	g.W = g.Cols*(g.TileWidth+g.Gap) - g.Gap
	g.H = g.Rows*(g.TileHeight+g.Gap) - g.Gap
	return g
}

// strip lays out the film strip with the largest pictures that let every kept
// step in. Pictures are at least thumbSide; if they do not all fit, the strip
// shows some of the steps.
func strip(b Box, r Run, kept int) (Grid, int) {
	band, gap, mark := b.px(stripBand), b.px(stripGap), b.px(markWidth)
	least := max(1, (b.px(thumbSide)+r.Height/2)/r.Height)
	zoom := max(least, band/r.Height)
	room := func() (cols, rows int) {
		return max(1, (b.Width-2*mark+gap)/(zoom*r.Width+gap)),
			max(1, (band+gap)/(zoom*r.Height+gap))
	}
	cols, rows := room()
	for cols*rows < kept && zoom > least {
		zoom--
		cols, rows = room()
	}
	slots := max(1, min(kept, cols*rows))
	rows = (slots + cols - 1) / cols
	g := Grid{Zoom: zoom, Cols: (slots + rows - 1) / rows, Rows: rows, Gap: gap}.sized(r)
	// The frame around the current picture needs room at the edges.
	g.X, g.Y = mark, b.Height-band
	// Spread over the whole width, unless that would scatter a few pictures.
	if room := b.Width - 2*mark; room-g.Cols*g.TileWidth <= (g.Cols-1)*g.TileWidth {
		g.W = max(g.W, room)
	}
	return g, slots
}
