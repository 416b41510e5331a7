package model

import (
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/weights"
)

// Accompany opens another network that a recipe of the model needs, and sets it in info: a
// classifier, the first stage of a cascade, or a weaker version. name is one of info.Needs: that of
// its file, without extension. The network keeps file, which must not be changed.
func Accompany(info *recipe.Info, name string, file []byte) error {
	f, err := weights.Parse(file)
	if err != nil {
		return err
	}
	hash := picture.Hash(file)
	if IsClassifier(f) {
		g, _, err := OpenClassifier(name, f, hash)
		if err != nil {
			return err
		}
		return info.Accompany(g)
	}
	m, its, err := OpenFile(name, f, hash)
	switch {
	case err != nil:
		return err
	case info.Cascade != nil:
		return info.AccompanyBase(recipe.Stage{Info: its, Model: m})
	}
	return info.AccompanyWeaker(&its, m)
}
