package view

import "testing"

func TestThrough(t *testing.T) {
	g := Grid{Rect: Rect{100, 50, 416, 416}, Zoom: 13, Cols: 1, Rows: 1, Gap: 2,
		TileWidth: 416, TileHeight: 416}
	for _, c := range []struct {
		camera Camera
		want   Rect
		zoom   int
	}{
		{Camera{}, g.Rect, 13},
		{Camera{1, 0.9, 0.9}, g.Rect, 13},
		{Camera{0.2, 0, 0}, g.Rect, 13},
		{Camera{2, 0.5, 0.5}, Rect{-108, -158, 832, 832}, 26},
		{Camera{2, 0, 1}, Rect{100, -366, 832, 832}, 26},
		{Camera{1.5, 0.5, 0.5}, Rect{-12, -62, 640, 640}, 20},
	} {
		got := g.Through(c.camera)
		if got.Rect != c.want || got.Zoom != c.zoom || got.TileWidth != 32*c.zoom {
			t.Errorf("%v: %v at zoom %d, want %v at %d",
				c.camera, got.Rect, got.Zoom, c.want, c.zoom)
		}
	}
}

// With any camera the panel stays filled, and pixels are squares.
func TestThroughProperties(t *testing.T) {
	for _, images := range []int{1, 2, 7, 64} {
		g := Arrange(Box{912, 620, 1}, square(images, 32), 2, 1, 50).Panels[1]
		for _, scale := range []float64{0, 1, 1.04, 1.3, 2, 7.7, 32} {
			for _, at := range []float64{-1, 0, 0.01, 0.3, 0.5, 0.99, 1, 5} {
				in := g.Through(Camera{scale, at, 1 - at})
				if in.X > g.X || in.Y > g.Y || in.X+in.W < g.X+g.W || in.Y+in.H < g.Y+g.H {
					t.Errorf("%d pictures, scale %v at %v: %v leaves some of %v empty",
						images, scale, at, in.Rect, g.Rect)
				}
				if in.TileWidth != 32*in.Zoom || in.TileHeight != 32*in.Zoom || in.Zoom < g.Zoom {
					t.Errorf("%d pictures, scale %v: tiles of %d×%d at zoom %d",
						images, scale, in.TileWidth, in.TileHeight, in.Zoom)
				}
				if images > 1 && meet(in.Tile(0), in.Tile(1)) {
					t.Errorf("%d pictures, scale %v: the first two meet", images, scale)
				}
			}
		}
	}
}
