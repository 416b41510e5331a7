package picture

import "math"

// Grid arranges pictures of one size in rows.
type Grid struct {
	Columns, Rows int
	Width, Height int // of the whole, in pixels
	cellW, cellH  int
	padding       int
}

// NewGrid returns an arrangement of n pictures of w×h pixels in the given number of columns, with
// padding pixels around each picture. columns 0 gives a nearly square grid, at least as wide as
// high. A single picture has no padding.
func NewGrid(n, columns, w, h, padding int) Grid {
	if columns == 0 {
		columns = int(math.Ceil(math.Sqrt(float64(n))))
	}
	rows := (n + columns - 1) / columns
	if n == 1 {
		padding = 0
	}
	return Grid{
		Columns: columns, Rows: rows,
		Width: columns*(w+padding) + padding, Height: rows*(h+padding) + padding,
		cellW: w, cellH: h, padding: padding,
	}
}

// Draw writes the pictures, interleaved [H,W,C] each, to dst, [Height,Width,C]. Padding and empty
// cells get the value background.
func (g Grid) Draw(dst []byte, pictures [][]byte, c int, background byte) {
	if len(dst) != g.Width*g.Height*c {
		panic("picture: length of the grid's pixels does not fit its size")
	}
	for i := range dst {
		dst[i] = background
	}
	for i, p := range pictures {
		x := g.padding + i%g.Columns*(g.cellW+g.padding)
		y := g.padding + i/g.Columns*(g.cellH+g.padding)
		row := g.cellW * c
		for line := range g.cellH {
			copy(dst[((y+line)*g.Width+x)*c:], p[line*row:(line+1)*row])
		}
	}
}

// Enlarge returns pixels, [H,W,C], with every pixel repeated scale times in both directions.
func Enlarge(pixels []byte, c, h, w, scale int) []byte {
	out := make([]byte, 0, len(pixels)*scale*scale)
	for y := range h {
		start := len(out)
		for x := range w {
			pixel := pixels[(y*w+x)*c:][:c]
			for range scale {
				out = append(out, pixel...)
			}
		}
		line := out[start:len(out):len(out)]
		for range scale - 1 {
			out = append(out, line...)
		}
	}
	return out
}
