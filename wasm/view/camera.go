package view

// Camera says which part of the pictures every panel shows. web/stage/camera.js has
// the same.
type Camera struct {
	Scale float64 // how much larger than the layout has them; 1 or less shows everything
	X, Y  float64 // the point in the middle of a panel, as parts 0…1 of everything
}

// Through returns the grid as a camera sees it, for the same rectangle; what
// lies outside is to be cut off. Every pixel of a picture is still a square of
// equal size, and the panel stays filled.
func (g Grid) Through(c Camera) Grid {
	zoom := int(c.Scale*float64(g.Zoom) + 0.5)
	if zoom <= g.Zoom {
		return g
	}
	in := g
	in.Zoom = zoom
	in.TileWidth, in.TileHeight = g.TileWidth/g.Zoom*zoom, g.TileHeight/g.Zoom*zoom
	in.Gap = g.Gap * zoom / g.Zoom
	in.W = in.Cols*(in.TileWidth+in.Gap) - in.Gap
	in.H = in.Rows*(in.TileHeight+in.Gap) - in.Gap
	in.X = g.X + inside(g.W/2-int(c.X*float64(in.W)+0.5), g.W-in.W)
	in.Y = g.Y + inside(g.H/2-int(c.Y*float64(in.H)+0.5), g.H-in.H)
	return in
}

// inside returns the distance nearest to `at` that leaves no edge empty.
func inside(at, least int) int { return min(0, max(at, least)) }
