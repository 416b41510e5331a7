package recipe

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/solver"
	"tweedie/weights/json"
)

// A cascade has two stages (Ho et al., arXiv:2106.15282). The first makes a small picture. The
// second is another network, which sees the small picture and makes a large one. A recipe belongs
// to the second stage's model, and both stages follow it.

// Cascade is what a model's file says about its cascade; the model is the second stage.
type Cascade struct {
	Base string // the first stage's model: its file's name without extension
	// training timestep of the noise that is added to the small picture (noise-conditioning
	// augmentation)
	Augmentation int
	Limit        int // largest such timestep that the network was trained with; 0 for no limit
}

// Stage is the first stage of a cascade.
type Stage struct {
	Info  Info
	Model network.Model
}

// parseCascade reads the metadata's `cascade`: a JSON object with base, and optionally augmentation
// and augmentation_limit. It returns nil for "".
func parseCascade(text string) (*Cascade, error) {
	if text == "" {
		return nil, nil
	}
	c := &Cascade{}
	r := json.ReadObject([]byte(text), "recipe: the file's cascade")
	fileNameIn(r, "base", &c.Base)
	r.IntIn("augmentation", &c.Augmentation, 0, maxSteps)
	r.IntIn("augmentation_limit", &c.Limit, 0, maxSteps)
	r.Need("base")
	return c, r.End()
}

// limit lowers Limit to the timesteps that the network can be told.
func (c *Cascade) limit(m network.Model) error {
	u, ok := m.(network.Upscaler)
	if !ok {
		return errors.New("recipe: the file's cascade needs a network that sees a small " +
			"picture, which this one does not")
	}
	n := u.Levels()
	if n == 1 {
		return errors.New("recipe: the network of the file's cascade is not told the noise " +
			"level of the small picture; give it a class embedding of type timestep")
	}
	if n > 0 && (c.Limit == 0 || c.Limit >= n) {
		c.Limit = n - 1
	}
	return nil
}

// AccompanyBase sets the first stage of a cascade. It returns an error unless the stage is the one
// that the file names, with the same classes and channels, and with a size that divides the second
// stage's by a whole number.
func (info *Info) AccompanyBase(s Stage) error {
	fail := func(reason string) error {
		return errors.New("recipe: the model " + strconv.Quote(s.Info.Name) + " " + reason +
			" the cascade " + strconv.Quote(info.Name))
	}
	b := &s.Info
	switch {
	case info.Cascade == nil || info.Cascade.Base != b.Name || b.Cascade != nil:
		return fail("is not the first stage of")
	case b.Channels != info.Channels || info.Height%b.Height != 0 ||
		info.Width != info.Height/b.Height*b.Width:
		return fail("makes pictures of another shape than those that begin")
	case len(b.Classes) != len(info.Classes):
		return fail("has other classes than")
	}
	for i, name := range info.Classes {
		if b.Classes[i] != name {
			return fail("has other classes than")
		}
	}
	info.Stage = &s
	return nil
}

// takeBase checks the options of a cascade, and resolves the recipe of its first stage.
func (s *Settings) takeBase(info Info) error {
	c := info.Cascade
	if c == nil {
		s.Augmentation, s.BaseSteps = -1, 0
		return nil
	}
	most := info.augmentations()
	switch {
	case info.Stage == nil:
		return solver.Refuse("m", "the model "+info.Name+" begins with a picture of the model "+
			strconv.Quote(c.Base)+", which is not loaded")
	case s.Image != "":
		return solver.Refuse("image", "image cannot be used with "+info.Name+", whose first "+
			"stage makes the picture that it begins with; leave image out")
	case s.Steering > 0 || autoguided(s):
		key := "cg"
		if s.Steering == 0 {
			key = "ag"
		}
		return solver.Refuse(key, key+" cannot be used with "+info.Name+", because its stages "+
			"have pictures of different sizes; leave it out")
	case s.Augmentation > most:
		return solver.Refuse("aug", "aug is "+strconv.Itoa(s.Augmentation)+" but the model "+
			info.Name+" knows timesteps up to "+strconv.Itoa(most))
	}
	if s.BaseSteps == 0 {
		s.BaseSteps = s.Steps
	}
	s.standard[keyBaseSteps] = strconv.Itoa(s.Steps)
	_, err := Resolve(s.BaseRecipe(info), info.Stage.Info)
	return err
}

// augmentations returns the largest timestep of the noise on the small picture of a cascade.
func (info *Info) augmentations() int {
	most := info.Scheduler.NumTrainTimesteps - 1
	if info.Cascade.Limit > 0 {
		most = min(most, info.Cascade.Limit)
	}
	return most
}

// BaseRecipe returns the recipe of a cascade's first stage. It has every key written out, so that
// no default of the first stage's file is used.
func (s *Settings) BaseRecipe(info Info) Recipe {
	name := info.Cascade.Base
	r := Recipe{values: s.texts()}
	r.values[keyModel], r.values[keySteps] = name, strconv.Itoa(s.BaseSteps)
	r.values[keyAugmentation], r.values[keyBaseSteps], r.values[keyHash] = "", "", ""
	if s.Reading == s.standard[keyReading] { // each stage has its own default
		r.values[keyReading] = ""
	}
	return r
}
