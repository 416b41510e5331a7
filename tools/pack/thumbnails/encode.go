package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"slices"

	"tweedie/sampler/picture"
)

// greys is how many a grey thumbnail has, those of four bits.
const greys = 16

// colourings are how many colours a coloured one may have: the most that leave it
// small.
var colourings = []int{48, 24, 12, 6}

// encode arranges pictures as a square PNG. Pictures with colours get a palette of the given number
// of colours.
func encode(m made, colours int) ([]byte, error) {
	g := picture.NewGrid(len(m.pictures), 0, m.w, m.h, 0)
	pixels := make([]byte, g.Width*g.Height*m.c)
	g.Draw(pixels, m.pictures, m.c, 0)
	pixels = squared(pixels, m.c, g.Height, g.Width)
	palette := ramp()
	if m.c != 1 {
		palette = cut(pixels, colours)
	}
	img := image.NewPaletted(image.Rect(0, 0, side, side), palette)
	for i := range img.Pix {
		p := pixels[i*m.c : (i+1)*m.c]
		img.Pix[i] = byte(palette.Index(color.RGBA{p[0], p[m.c/2], p[m.c-1], 255}))
	}
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&buf, img)
	return buf.Bytes(), err
}

// squared fits pictures into the square: enlarged by a whole number, or the means of
// squares of pixels, in the middle of black.
func squared(pixels []byte, c, height, width int) []byte {
	longer := max(height, width)
	if by := side / longer; by > 1 {
		pixels = picture.Enlarge(pixels, c, height, width, by)
		height, width = by*height, by*width
	} else if by := (longer + side - 1) / side; by > 1 {
		pixels = reduced(pixels, c, height, width, by)
		height, width = height/by, width/by
	}
	square := make([]byte, side*side*c)
	top, left := (side-height)/2, (side-width)/2
	for y := range height {
		copy(square[((top+y)*side+left)*c:], pixels[y*width*c:(y+1)*width*c])
	}
	return square
}

// reduced is a picture of the means of squares of by×by pixels.
func reduced(pixels []byte, c, height, width, by int) []byte {
	small := make([]byte, 0, height/by*(width/by)*c)
	for y := range height / by {
		for x := range width / by {
			for channel := range c {
				sum := 0
				for i := range by * by {
					sum += int(pixels[((y*by+i/by)*width+x*by+i%by)*c+channel])
				}
				small = append(small, byte((sum+by*by/2)/(by*by)))
			}
		}
	}
	return small
}

// ramp is a palette of greys, from black to white.
func ramp() color.Palette {
	palette := make(color.Palette, greys)
	for i := range palette {
		v := byte(i * 255 / (greys - 1))
		palette[i] = color.RGBA{v, v, v, 255}
	}
	return palette
}

// cut is a palette for RGB pixels by the median cut (Heckbert, 1982): the box of
// colours that is widest is cut where half of its pixels are on either side.
func cut(pixels []byte, colours int) color.Palette {
	boxes := [][][3]byte{make([][3]byte, len(pixels)/3)}
	for i := range boxes[0] {
		boxes[0][i] = [3]byte(pixels[3*i:])
	}
	for len(boxes) < colours {
		widest, axis, most := 0, 0, 0
		for i, box := range boxes {
			for c := range 3 {
				low, high := byte(255), byte(0)
				for _, p := range box {
					low, high = min(low, p[c]), max(high, p[c])
				}
				if int(high)-int(low) > most {
					widest, axis, most = i, c, int(high)-int(low)
				}
			}
		}
		if most == 0 {
			break // there are no more colours than these
		}
		box := boxes[widest]
		slices.SortStableFunc(box, func(a, b [3]byte) int { return cmp.Compare(a[axis], b[axis]) })
		// Pixels of one value stay together, so that both parts have some.
		at := len(box) / 2
		for at < len(box) && box[at][axis] == box[0][axis] {
			at++
		}
		for at > 1 && box[at-1][axis] == box[at][axis] {
			at--
		}
		boxes[widest] = box[:at:at]
		boxes = append(boxes, box[at:])
	}
	palette := make(color.Palette, len(boxes))
	for i, box := range boxes {
		var sum [3]int
		for _, p := range box {
			for c := range 3 {
				sum[c] += int(p[c])
			}
		}
		n := len(box)
		palette[i] = color.RGBA{byte((sum[0] + n/2) / n), byte((sum[1] + n/2) / n),
			byte((sum[2] + n/2) / n), 255}
	}
	return palette
}
