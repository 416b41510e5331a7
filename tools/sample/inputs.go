package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"os"

	"tweedie/sampler/picture"
	"tweedie/sampler/picture/fit"
	"tweedie/sampler/recipe"
	"tweedie/tools/pngtext"
)

// readInputs reads the picture and the mask that the command line names, for a model; or what came
// with the recipe. It says on log what was done to them.
func readInputs(o options, info recipe.Info, log io.Writer) (recipe.Inputs, error) {
	var in recipe.Inputs
	var err error
	if o.image == "" && o.mask == "" && o.pixels != "" {
		return unpacked(o.pixels)
	}
	c, h, w := info.Drawn()
	if o.image != "" {
		if in.Image, err = readPicture(o.image, o.inverted, c, h, w, log); err != nil {
			return in, err
		}
	}
	if o.mask != "" {
		var mask opened
		mask, err = open(o.mask, fit.Shape{Channels: 1, Height: h, Width: w})
		in.Mask = mask.pixels
		mask.tell(log)
	}
	return in, err
}

// The values of -inverted.
const (
	auto = "auto"
	yes  = "yes"
	no   = "no"
)

// readPicture reads a PNG as pixels of a model, [H,W,C]. inverted is auto, yes or no; auto turns
// dark on light into light on dark, as the page does.
func readPicture(path, inverted string, c, h, w int, log io.Writer) ([]byte, error) {
	shape := fit.Shape{Channels: c, Height: h, Width: w}
	file, err := open(path, shape)
	if err != nil {
		return nil, err
	}
	file.tell(log)
	light := !file.ours && c == 1 && picture.Light(file.pixels, h, w)
	if light && inverted == auto {
		fmt.Fprintf(log, "%s is dark on light, and is turned into light on dark; -inverted no "+
			"leaves it as it is\n", path)
	}
	if inverted == yes || light && inverted == auto {
		picture.Invert(file.pixels)
	}
	return file.pixels, nil
}

// opened is a PNG in the size of a model.
type opened struct {
	path          string
	width, height int // of the file
	shape         fit.Shape
	pixels        []byte // [H,W,C]
	ours          bool   // whether this program has saved it
}

// mostBytes bounds a file that is read.
const mostBytes = 256 << 20

// open reads a PNG in the size of a model.
func open(path string, shape fit.Shape) (opened, error) {
	o := opened{path: path, shape: shape}
	about, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return o, fmt.Errorf("there is no picture %s", path)
	case err != nil:
		return o, err
	case shape.Channels != 1 && shape.Channels != 3:
		return o, fmt.Errorf("the model's pictures have %d channels, and %s can have 1 or 3",
			shape.Channels, path)
	case about.Size() > mostBytes:
		return o, fmt.Errorf("%s has %d MB, and pictures of up to %d MB are read: save it smaller",
			path, about.Size()>>20, mostBytes>>20)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return o, err
	}
	header, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return o, fmt.Errorf("%s is no PNG that can be read (%w): save it as PNG", path, err)
	}
	o.width, o.height = header.Width, header.Height
	if o.width > fit.MaxSide || o.height > fit.MaxSide || o.width*o.height > fit.MaxPixels {
		return o, fmt.Errorf("%s has %d×%d pixels, and pictures of up to %d megapixels are read: "+
			"make it smaller first", path, o.width, o.height, fit.MaxPixels/1_000_000)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return o, fmt.Errorf("%s is no PNG that can be read (%w): save it as PNG", path, err)
	}
	_, o.ours = pngtext.Find(file, pngtext.Recipe)
	o.pixels = fit.Pixels(img, shape)
	return o, nil
}

// tell says what became of a picture that had not the model's size, nor a multiple of it.
func (o *opened) tell(log io.Writer) {
	h, w := o.shape.Height, o.shape.Width
	if o.pixels == nil || o.width%w == 0 && o.height*w == o.width*h {
		return
	}
	fmt.Fprintf(log, "%s has %d×%d pixels: the middle of it is brought to %d×%d\n",
		o.path, o.width, o.height, w, h)
}

// recipeIn returns the recipe in a PNG, with the pixels that it begins with as in a link.
func recipeIn(path string) (string, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text, ok := pngtext.Find(file, pngtext.Recipe)
	if !ok {
		return "", fmt.Errorf("there is no recipe in %s", path)
	}
	if pixels, ok := pngtext.Find(file, pngtext.Pixels); ok {
		text += "&pixels=" + pixels
	}
	return text, nil
}
