package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"

	"tweedie/sampler/recipe"
)

// readInputs reads the picture and the mask that the command line names, for a model; or what came
// with the recipe.
func readInputs(o options, info recipe.Info) (recipe.Inputs, error) {
	var in recipe.Inputs
	var err error
	if o.image == "" && o.mask == "" && o.pixels != "" {
		return unpacked(o.pixels)
	}
	c, h, w := info.Drawn()
	if o.image != "" {
		if in.Image, err = readPixels(o.image, c, h, w); err != nil {
			return in, err
		}
	}
	if o.mask != "" {
		in.Mask, err = readPixels(o.mask, 1, h, w)
	}
	return in, err
}

// maxSide bounds a PNG that is read, in pixels.
const maxSide = 1 << 14

// readPixels reads a PNG as interleaved pixels, [H,W,C], of one channel, grey, or three. A picture
// that -scale enlarged is reduced to what it was.
func readPixels(path string, c, h, w int) ([]byte, error) {
	file, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no picture %s", path)
	case err != nil:
		return nil, err
	case c != 1 && c != 3:
		return nil, fmt.Errorf("the model's pictures have %d channels, and %s can have 1 or 3",
			c, path)
	}
	header, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s is no PNG that can be read: %w", path, err)
	}
	scale := header.Width / w
	if header.Width > maxSide || header.Height > maxSide || scale < 1 || header.Width != scale*w ||
		header.Height != scale*h {
		return nil, fmt.Errorf("%s has %d×%d pixels, and the model's pictures have %d×%d",
			path, header.Width, header.Height, w, h)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s is no PNG that can be read: %w", path, err)
	}
	pixels := make([]byte, 0, c*h*w)
	for y := range h {
		for x := range w {
			var all bool
			if pixels, all = appendBlock(pixels, img, c, x*scale, y*scale, scale); !all {
				return nil, fmt.Errorf(
					"%s has %d×%d pixels and is no enlargement of one with %d×%d, which the "+
						"model's pictures have; reduce it first",
					path, header.Width, header.Height, w, h)
			}
		}
	}
	return pixels, nil
}

// appendBlock appends the pixel that a square of them repeats. It is false if they differ.
func appendBlock(dst []byte, img image.Image, c, x, y, side int) ([]byte, bool) {
	corner := img.Bounds().Min
	first := img.At(corner.X+x, corner.Y+y)
	for i := range side * side {
		if img.At(corner.X+x+i%side, corner.Y+y+i/side) != first {
			return dst, false
		}
	}
	return appendPixel(dst, color.NRGBAModel.Convert(first).(color.NRGBA), c), true
}

// appendPixel appends a pixel of c channels as the page does (web/files/opened.js), in whole
// numbers: what is transparent is black, and grey is the luma of ITU-R BT.601.
func appendPixel(dst []byte, p color.NRGBA, c int) []byte {
	level := func(v uint8) int { return (2*int(v)*int(p.A) + 255) / 510 }
	r, g, b := level(p.R), level(p.G), level(p.B)
	if c == 1 {
		return append(dst, byte((299*r+587*g+114*b+500)/1000))
	}
	return append(dst, byte(r), byte(g), byte(b))
}
