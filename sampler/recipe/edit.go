package recipe

import "tweedie/sampler/solver"

// What a recipe that begins with a picture, or goes between two seeds, does where it does not say
// so.
const (
	standardBetween  = 8   // pictures
	standardStrength = 0.8 // diffusers' img2img
	standardJump     = 10  // RePaint
)

// adaptEdit fills in what goes with the picture, the mask or the second seed of a recipe.
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
		s.Eta = 0 // fresh noise would not lead back to the picture
	}
	if asked.Mask != "" {
		s.Resample = 1
	}
	if asked.Mask != "" && asked.Resample > 1 {
		s.Jump = max(1, min(standardJump, s.Steps/5))
	}
}

// checkEdit refuses what does not go together, and takes away what means nothing.
func (s *Settings) checkEdit(classes []string) error {
	switch {
	case s.Between && s.Images < 2:
		return solver.Refuse("to", "to is a second seed, so that n must be 2 or more: the first "+
			"picture is of one and the last of the other")
	case s.Mask != "" && s.Image == "":
		return solver.Refuse("mask", "mask needs image, the picture of which it says what is kept")
	case s.Invert != "" && s.Image == "":
		return solver.Refuse("invert", "invert needs image, the picture that is turned into noise")
	case s.Invert != "" && s.Mask != "":
		return solver.Refuse("invert", "invert does not go with mask, which begins with noise of "+
			"its own; leave one of them out")
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
