package layers

import (
	"slices"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// TileFor chooses the Winograd tile of the 3×3 convolutions of an h×w picture, in a network that
// is heavy or not. It depends on nothing but the shape and the weights, because the tile is part
// of the result.
//
// Up to 64 pixels it is F(2×2): the time of such a convolution is that of reading its transformed
// weights, which are less than half as large. For more pixels it is F(4×4), which needs 36 products
// for 16 pixels where F(2×2) needs 64; in heavy networks for more than 256 pixels, since most
// weights and the smaller part of the work are below that. Only a picture with a side of one or
// two fills no tile of F(4×4); it gets thin.
func TileFor(h, w int, heavy bool, thin kernels.Tile) kernels.Tile {
	switch {
	case h*w <= 64, heavy && h*w <= 256:
		return kernels.F2
	case min(h, w) <= 2:
		return thin
	}
	return kernels.F4
}

// heaviest is the ceiling of what the 3×3 kernels of a network would take if all of them were
// transformed for F(4×4), in bytes. That is four times a kernel, and 1.78 times for F(2×2).
const heaviest = 400 << 20

// isHeavy reports whether the kernels of a network are above the ceiling. Then memory is worth more
// than time: a network of 35.7 M parameters takes a sixth less of the one and an eighth more of the
// other. It follows from the weights, and not from the device, as the tile has to.
func isHeavy(f *weights.File) bool {
	sum := 0
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if len(t.Shape) == 4 && slices.Equal(t.Shape[2:], []int{3, 3}) {
			sum += t.Shape[0] * t.Shape[1]
		}
	}
	return sum*kernels.F4.Elements()*4 > heaviest
}
