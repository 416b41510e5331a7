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
	Data    *plane.Distribution // not shared with another training
	Seed    uint64
	Levels  int // of latents, 1 to MaxLevels
	Units   int // of a hidden layer
	Layers  int // hidden ones of each encoder and decoder
	Octaves int // of a point, that the networks see beside it
	Batch   int // points of a training step
	Rule    train.Rule
	Steps   int
	Kernels *kernels.Set // nil for the fastest
}

// check refuses what no network can be made of.
func (c *Config) check() error {
	switch {
	case c.Data == nil:
		return errors.New("vae: there are no data")
	case c.Levels < 1 || c.Levels > MaxLevels:
		return errors.New("vae: the levels of latents must be from 1 to " +
			strconv.Itoa(MaxLevels) + ", not " + strconv.Itoa(c.Levels))
	case c.Units < 1 || c.Layers < 1 || c.Batch < 1 || c.Steps < 1 || c.Octaves < 0:
		return errors.New("vae: units, layers, batch and steps must be 1 or more")
	}
	return nil
}
