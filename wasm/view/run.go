package view

import (
	"errors"
	"strconv"
)

// The largest run that a State accepts. The limits bound what a message from
// the page can make the viewer allocate; the sampler's limits are narrower.
const (
	maxImages = 64
	maxSteps  = 100_000
	maxSide   = 1024
)

// Run is the shape of one generation: the number of steps, the number of
// pictures, and the size of a picture.
type Run struct {
	Steps  int // solver steps, numbered 1…Steps
	Images int // pictures made in lockstep, numbered 0…Images−1

	Channels int // 1 (grey) or 3 (RGB), interleaved
	Height   int // pixels
	Width    int // pixels

	Columns int // pictures in a row; 0 for the number that makes them largest
}

// PictureBytes is the length of one picture's pixels, [Height,Width,Channels]
// with 8 bits each.
func (r Run) PictureBytes() int { return r.Height * r.Width * r.Channels }

// stepBytes is the length of one step: a frame of every picture.
func (r Run) stepBytes() int { return planes * r.Images * r.PictureBytes() }

// check returns an error that says why a run cannot be shown.
func (r Run) check() error {
	switch {
	case r.Steps < 1 || r.Steps > maxSteps:
		return outside("steps", r.Steps, maxSteps)
	case r.Images < 1 || r.Images > maxImages:
		return outside("pictures", r.Images, maxImages)
	case r.Channels != 1 && r.Channels != 3:
		return errors.New("view: want 1 or 3 channels, got " + strconv.Itoa(r.Channels))
	case r.Height < 1 || r.Height > maxSide:
		return outside("rows", r.Height, maxSide)
	case r.Width < 1 || r.Width > maxSide:
		return outside("columns", r.Width, maxSide)
	case r.Columns < 0 || r.Columns > r.Images:
		return errors.New("view: want 0 to " + strconv.Itoa(r.Images) + " pictures in a row, got " +
			strconv.Itoa(r.Columns))
	}
	return nil
}

// outside is the error for a number that is not in 1…most.
func outside(what string, got, most int) error {
	return errors.New("view: want 1 to " + strconv.Itoa(most) + " " + what +
		", got " + strconv.Itoa(got))
}
