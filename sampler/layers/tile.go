package layers

import "tweedie/sampler/kernels"

// TileFor chooses the Winograd tile of the 3×3 convolutions of an h×w picture.
// It depends on nothing but the shape, because the tile is part of the result.
//
// Up to 64 pixels it is F(2×2): the time of such a convolution is that of reading
// its transformed weights, which are less than half as large. For more pixels it is
// F(4×4), which needs 36 products for 16 pixels where F(2×2) needs 64. Only a
// picture with a side of one or two fills no tile of F(4×4); it gets thin.
func TileFor(h, w int, thin kernels.Tile) kernels.Tile {
	switch {
	case h*w <= 64:
		return kernels.F2
	case min(h, w) <= 2:
		return thin
	}
	return kernels.F4
}
