package main

import (
	"github.com/hajimehoshi/ebiten/v2"

	"tweedie/wasm/view"
)

// edge is the number of times that the outermost pixels of a picture are
// repeated around it, so that smoothing at the border uses them.
const edge = 1

// sheet is a set of pictures of one size in the GPU's memory, with the step of
// each, so that a picture is uploaded once.
type sheet struct {
	tiles         []*ebiten.Image
	steps         []int // [len(tiles)], 0 for none
	width, height int
}

// reset makes a sheet of n pictures of r's size, none of which is uploaded. It
// reuses existing pictures.
func (s *sheet) reset(r view.Run, n int) {
	if s.width != r.Width || s.height != r.Height {
		for _, tile := range s.tiles {
			tile.Deallocate()
		}
		s.tiles, s.width, s.height = nil, r.Width, r.Height
	}
	for len(s.tiles) < n {
		s.tiles = append(s.tiles, ebiten.NewImage(r.Width+2*edge, r.Height+2*edge))
	}
	s.steps = make([]int, len(s.tiles))
}

// appendEdged appends the pixels of a picture with its edge to dst.
func appendEdged(dst, rgba []byte, width, height int) []byte {
	for y := -edge; y < height+edge; y++ {
		row := rgba[min(max(y, 0), height-1)*width*4:][:width*4]
		for range edge {
			dst = append(dst, row[:4]...)
		}
		dst = append(dst, row...)
		for range edge {
			dst = append(dst, row[len(row)-4:]...)
		}
	}
	return dst
}
