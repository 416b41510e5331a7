package recipe

import (
	"strconv"

	"tweedie/sampler/solver"
)

// Defaults of recipes that begin with a picture or go between seeds.
const (
	standardBetween  = 8   // pictures
	standardPlane    = 16  // pictures, where the recipe has no place in the plane
	standardStrength = 0.8 // diffusers' img2img
	standardJump     = 10  // RePaint
)

// adaptEdit sets the defaults that depend on the picture, the mask or the other seeds of the
// recipe.
func (s *Settings) adaptEdit(asked *Settings) {
	if asked.Between && s.Class != classAll && s.Word == "" {
		s.Images = standardBetween
	}
	if asked.Plane.Corners > 0 && !asked.Place.Given && s.Class != classAll && s.Word == "" {
		s.Images = standardPlane
	}
	if asked.Image == "" {
		return
	}
	if s.Strength = standardStrength; asked.Mask != "" || asked.Invert != "" {
		s.Strength = 1
	}
	if asked.Invert != "" && s.Sampler == "ddim" {
		s.Eta = 0 // with fresh noise the run would not come back to the picture
	}
	if asked.Mask != "" {
		s.Resample = 1
	}
	if asked.Mask != "" && asked.Resample > 1 {
		s.Jump = max(1, min(standardJump, s.Steps/5))
	}
}

// checkEdit refuses keys that cannot be used together, and clears options that have no effect.
func (s *Settings) checkEdit(classes []string) error {
	switch {
	case s.Between && s.Images < 2:
		return solver.Refuse("to", "to is a second seed, so n must be 2 or more: the first "+
			"picture has the noise of s and the last the noise of to")
	case s.Plane.Corners > 0 && s.Between:
		return solver.Because("plane", solver.TwoWays, "plane cannot be used with to, because "+
			"both say between which seeds the noise is; leave one of them out")
	case s.Place.Given && s.Plane.Corners == 0:
		return solver.Because("at", solver.NoPlane, "at needs plane, the seeds of the corners "+
			"between which it is a place")
	case s.Plane.repeats(s.Seed):
		return solver.Because("plane", solver.OneCorner, "plane and s name a seed twice, so "+
			"there is nothing between these corners; give each corner another seed")
	case s.Plane.Corners > 0 && !s.Place.Given && side(s.Images) < 2:
		return solver.Because("n", solver.NoGrid, "n is {value} but the pictures of a plane are a "+
			"square grid: n must be 4, 9, 16, 25, 36, 49 or 64, or at must say a place",
			"value", strconv.Itoa(s.Images))
	case s.Mask != "" && s.Image == "":
		return solver.Refuse("mask", "mask needs image, the picture that is kept where the mask "+
			"is black")
	case s.Invert != "" && s.Image == "":
		return solver.Refuse("invert", "invert needs image, the picture that is turned into noise")
	case s.Invert != "" && s.Mask != "":
		return solver.Refuse("invert", "invert cannot be used with mask, because both say what "+
			"the run begins with; leave one of them out")
	}
	if s.Image == "" {
		s.Strength = 0
	}
	if s.Mask == "" {
		s.Resample = 0
	}
	if s.Resample < 2 {
		s.Jump = 0
	}
	if s.Invert == "" {
		return nil
	}
	class, labels, err := resolveClass("invert", s.Invert, classes)
	if err != nil {
		return err
	}
	s.Invert, s.InvertLabel = class, labels[0]
	return nil
}
