package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
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
	cardName               = "web/card.png"
	cardWidth, cardHeight  = 1200, 630
	cardScale, cardPadding = 4, 12
)

// cardSteps are the steps shown of twelve, and cardRecipe is the run.
var cardSteps = []int{1, 2, 4, 5, 7, 8, 10, 12}

const cardRecipe = "m=digits&c=all&n=4&s=5&g=2&steps=12"

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
	weights, err := os.ReadFile(filepath.Join(root, "weights", "digits.safetensors"))
	if err != nil {
		return err
	}
	data, err := drawCard(weights)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, data, 0o666)
}

// drawCard runs the recipe and draws the card as a PNG.
func drawCard(weights []byte) ([]byte, error) {
	m, info, err := model.Open("digits", weights)
	if err != nil {
		return nil, err
	}
	recipe, err := recipe.Parse(cardRecipe)
	if err != nil {
		return nil, err
	}
	run, err := sampler.NewRun(recipe, info, m)
	if err != nil {
		return nil, err
	}
	if info.Channels != 1 {
		return nil, errors.New("the card is drawn in grey")
	}
	img := image.NewPaletted(image.Rect(0, 0, cardWidth, cardHeight), greys())
	side := cardScale*info.Width + cardPadding
	left := (cardWidth - side*len(cardSteps) + cardPadding) / 2
	top := (cardHeight - side*run.Images() + cardPadding) / 2
	pixels := make([]byte, info.Height*info.Width)
	for part := 0; run.Next(); part++ {
		column := slices.Index(cardSteps, part/run.Images()+1)
		if column < 0 {
			continue
		}
		picture.Pixels(pixels, run.X(run.Image()), 1, info.Height, info.Width)
		large := picture.Enlarge(pixels, 1, info.Height, info.Width, cardScale)
		for y := range cardScale * info.Height {
			row := large[y*cardScale*info.Width:][:cardScale*info.Width]
			at := img.PixOffset(left+column*side, top+run.Image()*side+y)
			for x, v := range row {
				img.Pix[at+x] = max(v, 1) // 0 is the stage's own colour
			}
		}
	}
	if run.Err() != nil {
		return nil, run.Err()
	}
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&buf, img)
	return buf.Bytes(), err
}

// greys are all greys but black, whose place the stage's colour takes.
func greys() color.Palette {
	palette := color.Palette{color.RGBA{0x0e, 0x10, 0x14, 255}}
	for v := 1; v < 256; v++ {
		palette = append(palette, color.Gray{uint8(v)})
	}
	return palette
}
