package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"tweedie/sampler"
	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
)

// The picture that a link to the page is shown with: what a run draws, a row
// for each of its pictures, from noise on the left to what came of it.
const (
	cardName              = "web/card.png"
	cardWidth, cardHeight = 1200, 630
	cardPadding           = 12
)

// cardSteps are the steps shown of twelve, and cardRecipe is the run.
var cardSteps = []int{1, 2, 4, 5, 7, 8, 10, 12}

const cardRecipe = "m=" + openingModel + "&c=all&n=4&steps=12"

// card carries out the command line of `pack card`.
func card(args []string) error {
	flags := flag.NewFlagSet("pack card", flag.ContinueOnError)
	out := flags.String("o", cardName, "`file` to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 0 {
		return fmt.Errorf("%q is not expected", flags.Arg(0))
	}
	root, err := repository()
	if err != nil {
		return err
	}
	weights, err := os.ReadFile(filepath.Join(root, "weights", openingModel+".safetensors"))
	if err != nil {
		return err
	}
	data, err := drawCard(weights, cardRecipe)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, data, 0o666)
}

// drawCard runs a recipe of four pictures in twelve steps and draws the card as a
// PNG.
func drawCard(weights []byte, text string) ([]byte, error) {
	recipe, err := recipe.Parse(text)
	if err != nil {
		return nil, err
	}
	m, info, err := model.Open(recipe.Get("m"), weights)
	if err != nil {
		return nil, err
	}
	run, err := sampler.NewRun(recipe, info, m)
	if err != nil {
		return nil, err
	}
	c := newCardImage(info, run.Images())
	pixels := make([]byte, info.Height*info.Width*info.Channels)
	for part := 0; run.Next(); part++ {
		column := slices.Index(cardSteps, part/run.Images()+1)
		if column < 0 {
			continue
		}
		picture.Pixels(pixels, run.X(run.Image()), info.Channels, info.Height, info.Width)
		c.draw(pixels, run.Image(), column)
	}
	if run.Err() != nil {
		return nil, run.Err()
	}
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&buf, c.image())
	return buf.Bytes(), err
}

// cardImage is a card of pictures of one size, in grey or in colour.
type cardImage struct {
	info             recipe.Info
	scale, left, top int
	grey             *image.Paletted
	rgb              *image.RGBA
}

// newCardImage makes an empty card, on which rows of pictures are as large as fits.
func newCardImage(info recipe.Info, rows int) *cardImage {
	columns := len(cardSteps)
	c := &cardImage{info: info, scale: max(1, min(
		(cardHeight-cardPadding*(rows+1))/(rows*info.Height),
		(cardWidth-cardPadding*(columns+1))/(columns*info.Width)))}
	width, height := c.scale*info.Width+cardPadding, c.scale*info.Height+cardPadding
	c.left = (cardWidth - width*columns + cardPadding) / 2
	c.top = (cardHeight - height*rows + cardPadding) / 2
	all := image.Rect(0, 0, cardWidth, cardHeight)
	if info.Channels == 1 {
		c.grey = image.NewPaletted(all, greys())
		return c
	}
	c.rgb = image.NewRGBA(all)
	draw.Draw(c.rgb, all, image.NewUniform(stageColour), image.Point{}, draw.Src)
	return c
}

// image is the card.
func (c *cardImage) image() image.Image {
	if c.grey != nil {
		return c.grey
	}
	return c.rgb
}

// draw puts a picture into its place.
func (c *cardImage) draw(pixels []byte, row, column int) {
	n, w := c.info.Channels, c.scale*c.info.Width
	large := picture.Enlarge(pixels, n, c.info.Height, c.info.Width, c.scale)
	x := c.left + column*(w+cardPadding)
	y := c.top + row*(c.scale*c.info.Height+cardPadding)
	for i := range len(large) / n {
		at := image.Pt(x+i%w, y+i/w)
		if p := large[i*n:]; c.grey != nil {
			c.grey.Pix[c.grey.PixOffset(at.X, at.Y)] = max(p[0], 1) // 0 is the stage's own colour
		} else {
			c.rgb.SetRGBA(at.X, at.Y, color.RGBA{p[0], p[n/2], p[n-1], 255})
		}
	}
}

// stageColour is what pictures lie on.
var stageColour = color.RGBA{0x0e, 0x10, 0x14, 255}

// greys are all greys but black, whose place the stage's colour takes.
func greys() color.Palette {
	palette := color.Palette{stageColour}
	for v := 1; v < 256; v++ {
		palette = append(palette, color.Gray{uint8(v)})
	}
	return palette
}
