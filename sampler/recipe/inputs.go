package recipe

import (
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/solver"
)

// Inputs are the pictures that a recipe names by their hash in the keys image and mask.
type Inputs struct {
	Image []byte // [H,W,C] of Info.Drawn, interleaved, 8 bits, as package picture has them, or nil
	Mask  []byte // [H,W]: pixels of 128 or more are drawn again, the others kept; nil for none
}

// MaskThreshold is the smallest value of a mask's pixel that is drawn again.
const MaskThreshold = 128

// imageHash returns the hash by which a recipe names the picture. It equals h of a recipe that
// makes this picture alone.
func (in *Inputs) imageHash() string { return picture.Hash(in.Image) }

// maskHash returns the hash by which a recipe names the mask: that of its pixels after each is set
// to 0 or 255.
func (in *Inputs) maskHash() string {
	plain := make([]byte, len(in.Mask))
	for i, v := range in.Mask {
		if v >= MaskThreshold {
			plain[i] = 255
		}
	}
	return picture.Hash(plain)
}

// Name sets image and mask of a recipe that does not have them to the hashes of the inputs.
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

// Check returns an error unless the inputs are the ones that the settings name and fit the model.
func (in *Inputs) Check(s *Settings, info Info) error {
	c, h, w := info.Drawn()
	size, shape := h*w, strconv.Itoa(w)+"×"+strconv.Itoa(h)
	if err := checkInput("image", s.Image, in.Image, size*c, in.imageHash,
		"a model of "+shape+" pixels with "+strconv.Itoa(c)+" channels"); err != nil {
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
	return solver.Refuse("mask", "the mask is empty: no pixel of it is white, so no pixel of the "+
		"picture would be drawn again")
}

// checkInput compares the hash that a recipe names with the picture that was given. want is the
// picture's size in bytes, and `of` says what has that size.
func checkInput(key, named string, given []byte, want int, hash func() string, of string) error {
	switch {
	case named == "" && given == nil:
		return nil
	case given == nil:
		return solver.Because(key, solver.NoPicture, "the recipe begins with the "+key+" "+named+
			", which has to be given with it")
	case len(given) != want:
		return solver.Because(key, solver.Size, "the "+key+" has "+strconv.Itoa(len(given))+
			" values but "+of+" needs "+strconv.Itoa(want))
	case named == "":
		return solver.Refuse(key, "a "+key+" was given that the recipe does not name; write "+key+
			"="+hash())
	case named != hash():
		return solver.Refuse(key, "the recipe begins with the "+key+" "+named+", and the one "+
			"that was given is "+hash())
	}
	return nil
}
