package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"tweedie/sampler/picture"
)

// colours is how many a thumbnail has: a grey one those of four bits, a coloured
// one as many as leave it small.
const (
	greys   = 16
	colours = 48
)

// encode arranges pictures, enlarged by a whole number, as a square PNG.
func encode(m made) ([]byte, error) {
	g := picture.NewGrid(len(m.pictures), 0, m.w, m.h, 0)
	if g.Width != g.Height || side%g.Width != 0 {
		return nil, fmt.Errorf("%d pictures of %d×%d do not fill a square of %d",
			len(m.pictures), m.w, m.h, side)
	}
	pixels := make([]byte, g.Width*g.Height*m.c)
	g.Draw(pixels, m.pictures, m.c, 0)
	pixels = picture.Enlarge(pixels, m.c, g.Height, g.Width, side/g.Width)
	palette := ramp()
	if m.c != 1 {
		palette = cut(pixels)
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
func cut(pixels []byte) color.Palette {
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
