package vae

import (
	"errors"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/plane"
	"tweedie/sampler/train"
)

// MaxLevels is the largest number of levels of latents.
const MaxLevels = 3

// Config is everything that a trained model follows from.
type Config struct {
	Data *plane.Distribution // of points, not shared with another training; nil with pictures
	// Pictures are learned in the place of points: [n][Pixels] of ink, from 0 to 1.
	Pictures []float32
	Pixels   int
	Seed     uint64
	Levels   int // of latents, 1 to MaxLevels
	Units    int // of a hidden layer
	Layers   int // hidden ones of each encoder and decoder
	Octaves  int // of a point, that the networks of points see beside it
	Batch    int // points of a training step
	Rule     train.Rule
	Steps    int
	Kernels  *kernels.Set // nil for the fastest
}

// pictures reports whether pictures are learned.
func (c *Config) pictures() bool { return c.Pictures != nil }

// width returns the number of values of a point or a picture.
func (c *Config) width() int {
	if c.pictures() {
		return c.Pixels
	}
	return 2
}

// check refuses what no network can be made of.
func (c *Config) check() error {
	switch {
	case (c.Data == nil) == (c.Pictures == nil):
		return errors.New("vae: the data must be points or pictures")
	case c.pictures() && (c.Pixels < 1 || len(c.Pictures)%c.Pixels != 0):
		return errors.New("vae: " + strconv.Itoa(len(c.Pictures)) +
			" values are no pictures of " + strconv.Itoa(c.Pixels) + " pixels")
	case c.pictures() && c.Levels != 1:
		return errors.New("vae: pictures have one level of latents")
	case c.Levels < 1 || c.Levels > MaxLevels:
		return errors.New("vae: the levels of latents must be from 1 to " +
			strconv.Itoa(MaxLevels) + ", not " + strconv.Itoa(c.Levels))
	case c.Units < 1 || c.Layers < 1 || c.Batch < 1 || c.Steps < 1 || c.Octaves < 0:
		return errors.New("vae: units, layers, batch and steps must be 1 or more")
	}
	return nil
}
