package plane

import (
	"errors"
	"slices"

	"tweedie/sampler/picture"
)

// ErrFlat is what a picture of one brightness gives.
var ErrFlat = errors.New("plane: the picture has one brightness everywhere; choose one with " +
	"contrast")

// Ink says what of a picture becomes paint.
type Ink int

// The inks.
const (
	FoundInk Ink = iota // what is dark in a picture with a light edge, else what is light
	DarkInk             // what is dark
	LightInk            // what is light
)

// CanvasOf returns the canvas of a picture in one colour, the first. grey:
// [CanvasSide][CanvasSide], as package fit brings a picture to this size. The cell with the least
// ink has no paint and the one with the most all levels; between them a cell has its share, with
// halves rounded up. A picture of one brightness is ErrFlat.
func CanvasOf(grey []byte, ink Ink) (*Canvas, error) {
	if len(grey) != CanvasSide*CanvasSide {
		return nil, errors.New("plane: the picture has not the size of a canvas")
	}
	grey = slices.Clone(grey)
	if ink == DarkInk || ink == FoundInk && picture.Light(grey, CanvasSide, CanvasSide) {
		picture.Invert(grey)
	}
	least := int(slices.Min(grey))
	most := int(slices.Max(grey)) - least
	if most == 0 {
		return nil, ErrFlat
	}
	c := new(Canvas)
	for i, v := range grey {
		c[i].Level = uint8((2*CanvasLevels*(int(v)-least) + most) / (2 * most))
	}
	return c, nil
}
