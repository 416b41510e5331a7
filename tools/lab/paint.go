package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"strings"

	"tweedie/sampler/picture/fit"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
)

// mostBytes bounds a picture's file.
const mostBytes = 64 << 20

// painted returns a recipe with the data of a picture, the middle of which is brought to the size
// of a canvas: its ink is likely.
func painted(text, path string, ink plane.Ink) (string, error) {
	about, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no picture %s", path)
	case err != nil:
		return "", err
	case about.Size() > mostBytes:
		return "", fmt.Errorf("%s has %d MB, and pictures of up to %d MB are read: save it smaller",
			path, about.Size()>>20, mostBytes>>20)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	header, err := png.DecodeConfig(bytes.NewReader(file))
	if err == nil && (header.Width > fit.MaxSide || header.Height > fit.MaxSide ||
		header.Width*header.Height > fit.MaxPixels) {
		return "", fmt.Errorf("%s has %d×%d pixels, and pictures of up to %d megapixels are read: "+
			"make it smaller first", path, header.Width, header.Height, fit.MaxPixels/1_000_000)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return "", fmt.Errorf("%s is no PNG that can be read (%w): save it as PNG", path, err)
	}
	c, err := plane.CanvasOf(fit.Pixels(img, fit.Shape{Channels: 1, Height: plane.CanvasSide,
		Width: plane.CanvasSide}), ink)
	if err != nil {
		return "", fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "plane: "))
	}
	b := recipe.AppendPair([]byte(text), "d", plane.PaintedData)
	return string(recipe.AppendPair(b, "paint", c.String())), nil
}
