package recipe

import "tweedie/sampler/solver"

// Defaults of recipes that begin with a picture or go between two seeds.
const (
	standardBetween  = 8   // pictures
	standardStrength = 0.8 // diffusers' img2img
	standardJump     = 10  // RePaint
)

// adaptEdit sets the defaults that depend on the picture, the mask or the second seed of the
// recipe.
func (s *Settings) adaptEdit(asked *Settings) {
	if asked.Between && s.Class != classAll && s.Word == "" {
		s.Images = standardBetween
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
