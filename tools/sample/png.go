package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"

	"tweedie/sampler/picture"
	"tweedie/tools/pngtext"
)

// maxScale bounds -scale: 64 pictures of 64×64 at 32 make a PNG of 16,000×16,000.
const maxScale = 32

// padding is the width of the lines between pictures in a grid, and background their grey.
const (
	padding    = 2
	background = 128
)

// writePNG writes pictures, interleaved [H,W,C] each, enlarged, to a PNG: alone, or in a grid with
// the given number of columns (0: near-square). One text chunk holds the recipe, another what
// stands beside it, if anything does.
func writePNG(path string, pictures [][]byte, columns, c, h, w, scale int, recipe,
	beside string) error {
	g := picture.NewGrid(len(pictures), columns, w, h, padding)
	pixels := make([]byte, g.Width*g.Height*c)
	g.Draw(pixels, pictures, c, background)
	pixels = picture.Enlarge(pixels, c, g.Height, g.Width, scale)
	bounds := image.Rect(0, 0, g.Width*scale, g.Height*scale)
	var img image.Image
	if c == 1 {
		img = &image.Gray{Pix: pixels, Stride: bounds.Dx(), Rect: bounds}
	} else {
		img = opaque(pixels, bounds)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		return err
	}
	withText := encoded.Bytes()
	if beside != "" {
		var err error
		if withText, err = pngtext.Insert(withText, pngtext.Pixels, beside); err != nil {
			return err
		}
	}
	withText, err := pngtext.Insert(withText, pngtext.Recipe, recipe)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, withText, 0o644); err != nil {
		return fmt.Errorf("the PNG could not be written: %w", err)
	}
	return nil
}

// opaque gives three channels a fourth; the encoder leaves it out again.
func opaque(rgb []byte, bounds image.Rectangle) *image.NRGBA {
	img := image.NewNRGBA(bounds)
	for i := range len(rgb) / 3 {
		copy(img.Pix[4*i:], rgb[3*i:3*i+3])
		img.Pix[4*i+3] = 255
	}
	return img
}
