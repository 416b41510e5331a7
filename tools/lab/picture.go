package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"

	"tweedie/sampler/lab/digits"
	"tweedie/sampler/lab/experiment"
	"tweedie/tools/pngtext"
)

// The picture shows the square from −reach to reach. Digits are shown in every part of it, each
// pixel as a square of bold.
const (
	side   = 720
	reach  = 1.3
	bold   = 3
	ink    = 150 // of 255, of their darkest
	radius = 2.2 // of a point, in pixels
	keep   = 0.35
)

// keyword is that of the recipe in a PNG, which is none of the page's first kind.
const keyword = "tweedie-lab"

// colours of the clouds, in order; more clouds begin again. They are Okabe and Ito's, which people
// with any colour vision tell apart.
var colours = []color.RGBA{{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255},
	{204, 121, 167, 255}, {86, 180, 233, 255}, {230, 159, 0, 255}}

// writePicture draws the points of every cloud as dots that let others through.
func writePicture(path string, e *experiment.Experiment, run experiment.Drawing, recipe string,
) error {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	if d := e.Decoder(); d != nil {
		drawDigits(img, d)
	}
	classes := e.Data().Classes()
	for cloud := range run.Images() {
		x := run.X(cloud)
		for i := 0; i < len(x); i += 2 {
			dot(img, (x[i]/reach+1)*side/2, (1-x[i+1]/reach)*side/2,
				colours[cloud%min(len(colours), max(1, len(classes)))])
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		return err
	}
	file, err := pngtext.Insert(encoded.Bytes(), keyword, recipe)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, file, 0o644); err != nil {
		return fmt.Errorf("the PNG could not be written: %w", err)
	}
	return nil
}

// drawDigits draws, part by part, the digit that the part's middle decodes to.
func drawDigits(img *image.RGBA, d *experiment.Decoder) {
	const wide = digits.Side * bold
	const parts = side / wide
	x, pixels := make([]float64, 2*parts*parts), make([]float64, parts*parts*digits.Pixels)
	for i := range parts * parts {
		x[2*i] = reach * ((2*float64(i%parts)+1)/parts - 1)
		x[2*i+1] = reach * (1 - (2*float64(i/parts)+1)/parts)
	}
	d.Ink(pixels, x)
	for i := range parts * parts {
		own := pixels[i*digits.Pixels:]
		for at := range wide * wide {
			left, top := at%wide, at/wide
			grey := 255 - uint8(ink*own[top/bold*digits.Side+left/bold]+0.5)
			img.SetRGBA(i%parts*wide+left, i/parts*wide+top, color.RGBA{grey, grey, grey, 255})
		}
	}
}

// dot mixes a disc about (x, y) into the picture. Its edge is as soft as a pixel is wide.
func dot(img *image.RGBA, x, y float64, c color.RGBA) {
	left, right := int(x-radius)-1, int(x+radius)+2
	top, bottom := int(y-radius)-1, int(y+radius)+2
	for j := max(0, top); j < min(side, bottom); j++ {
		for i := max(0, left); i < min(side, right); i++ {
			distance := math.Hypot(float64(i)+0.5-x, float64(j)+0.5-y)
			cover := (1 - keep) * max(0, min(1, radius+0.5-distance))
			old := img.RGBAAt(i, j)
			mix := func(a, b uint8) uint8 {
				return uint8(float64(a) + cover*(float64(b)-float64(a)) + 0.5)
			}
			img.SetRGBA(i, j, color.RGBA{mix(old.R, c.R), mix(old.G, c.G), mix(old.B, c.B), 255})
		}
	}
}
