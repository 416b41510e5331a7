package layers

import (
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// TestHeavyNetworks: whether the tile is F(2×2) follows from the kernels of the file, whatever else
// it holds, and whether a program is compiled or only measured.
func TestHeavyNetworks(t *testing.T) {
	// file has 3×3 kernels with this number of filters, and other tensors.
	file := func(filters int) *weights.File {
		return &weights.File{Tensors: []weights.Tensor{
			{Name: "a", Shape: []int{filters - 7, 1, 3, 3}},
			{Name: "b", Shape: []int{1, 7, 3, 3}},
			{Name: "c", Shape: []int{1 << 30, 1, 1, 1}},
			{Name: "d", Shape: []int{1 << 30, 9}},
		}}
	}
	const most = heaviest / (36 * 4)
	if isHeavy(file(most)) || !isHeavy(file(most+1)) {
		t.Errorf("a network is heavy from %d filters on", most+1)
	}
}

// TestHeavyTile compiles pictures of a heavy network, and of one that is not.
func TestHeavyTile(t *testing.T) {
	for _, c := range []struct {
		filters int
		stated  kernels.Tile
		// of pictures with a side of 8, 16 and 17
		want [3]kernels.Tile
	}{
		{1, 0, [3]kernels.Tile{kernels.F2, kernels.F4, kernels.F4}},
		{heaviest / 144 * 2, 0, [3]kernels.Tile{kernels.F2, kernels.F2, kernels.F4}},
		{heaviest / 144 * 2, kernels.F4, [3]kernels.Tile{kernels.F4, kernels.F4, kernels.F4}},
		{1, kernels.F2, [3]kernels.Tile{kernels.F2, kernels.F2, kernels.F2}},
	} {
		f := &weights.File{Tensors: []weights.Tensor{{Name: "a", DType: weights.F16,
			Shape: []int{c.filters, 1, 3, 3}}}}
		for _, k := range []*kernels.Set{nil, kernels.Reference()} {
			var got [3]kernels.Tile
			o := Options{Family: "test", Kernels: k, Batch: 1, Tile: c.stated, Thin: kernels.F2}
			_, err := Compile(o, f, func(c *Compiler) {
				for i, side := range []int{8, 16, 17} {
					got[i] = c.Padding(side, side, Channels{8}).tile
				}
				c.source.used["a"] = true
			})
			if err != nil || got != c.want {
				t.Errorf("%d filters, tile %d: got %v, %v", c.filters, c.stated, got, err)
			}
		}
	}
}
