package main

import (
	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/view"
)

// sheet is a set of pictures of one size in the GPU's memory, with the step
// that each was uploaded of, so that a picture is uploaded once.
type sheet struct {
	tiles         []*ebiten.Image
	steps         []int // [len(tiles)], 0 for none
	width, height int
}

// reset makes a sheet of n pictures of r's size, none of which is uploaded.
// Pictures that are there already are used again.
func (s *sheet) reset(r view.Run, n int) {
	if s.width != r.Width || s.height != r.Height {
		for _, tile := range s.tiles {
			tile.Deallocate()
		}
		s.tiles, s.width, s.height = nil, r.Width, r.Height
	}
	for len(s.tiles) < n {
		s.tiles = append(s.tiles, ebiten.NewImage(r.Width, r.Height))
	}
	s.steps = make([]int, len(s.tiles))
}
