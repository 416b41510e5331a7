package recipe

import (
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/solver"
)

// Inputs are the pixels that a recipe names by their hash, in its keys image and mask.
type Inputs struct {
	Image []byte // [H,W,C], as package picture makes them; nil for none
	Mask  []byte // [H,W]: what has 128 or more is made anew, the rest is kept; nil for none
}

// MaskThreshold is the smallest value of a mask that asks for something new.
const MaskThreshold = 128

// imageHash is what a recipe calls a picture: the h of a recipe that makes this one alone.
func (in *Inputs) imageHash() string { return picture.Hash(in.Image) }

// maskHash is what a recipe calls a mask: the hash of its pixels after they were made 0 or 255.
func (in *Inputs) maskHash() string {
	plain := make([]byte, len(in.Mask))
	for i, v := range in.Mask {
		if v >= MaskThreshold {
			plain[i] = 255
		}
	}
	return picture.Hash(plain)
}

// Name writes the hashes of the pictures that are there into a recipe that does not have them.
func (in Inputs) Name(r *Recipe) error {
	if in.Image != nil && r.values[keyImage] == "" {
		if err := r.Set("image", in.imageHash()); err != nil {
			return err
		}
	}
	if in.Mask != nil && r.values[keyMask] == "" {
		return r.Set("mask", in.maskHash())
	}
	return nil
}

// Check refuses pictures that are not those of resolved settings, or do not fit the model.
func (in *Inputs) Check(s *Settings, info Info) error {
	size := info.Height * info.Width
	shape := strconv.Itoa(info.Width) + "×" + strconv.Itoa(info.Height)
	if err := checkInput("image", s.Image, in.Image, size*info.Channels, in.imageHash,
		"a model of "+shape+" pixels with "+strconv.Itoa(info.Channels)+" channels"); err != nil {
		return err
	}
	if err := checkInput("mask", s.Mask, in.Mask, size, in.maskHash, "a mask of "+shape+
		" pixels"); err != nil || in.Mask == nil {
		return err
	}
	for _, v := range in.Mask {
		if v >= MaskThreshold {
			return nil
		}
	}
	return solver.Refuse("mask", "the mask is empty: nothing in it is white, so that nothing "+
		"would be made anew")
}

// checkInput compares what a recipe names with what is there. want is its size in bytes, of what.
func checkInput(key, named string, given []byte, want int, hash func() string, of string) error {
	switch {
	case named == "" && given == nil:
		return nil
	case given == nil:
		return solver.Refuse(key, "the recipe begins with the "+key+" "+named+", which has to be "+
			"given with it")
	case len(given) != want:
		return solver.Refuse(key, "the "+key+" has "+strconv.Itoa(len(given))+" values but "+of+
			" needs "+strconv.Itoa(want))
	case named == "":
		return solver.Refuse(key, "a "+key+" was given that the recipe does not name; write "+key+
			"="+hash())
	case named != hash():
		return solver.Refuse(key, "the recipe begins with the "+key+" "+named+", and the one "+
			"that was given is "+hash())
	}
	return nil
}
