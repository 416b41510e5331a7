// Package model opens a weights file: the network, the information that a
// recipe is resolved against, and the learned noise schedule, if the file has
// one.
package model

import (
	"errors"

	"tweedie/sampler"
	"tweedie/sampler/classifier"
	"tweedie/sampler/oracle"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// Open makes the model of a weights file called name (without folder and
// extension): a network, or the exact denoiser of the pictures that the file
// holds (oracle.IsConfig). The model keeps file, which must not be changed.
// Where the file holds a learned schedule (schedule.TakeLearnedSNR) its T levels
// take the place of the betas that the scheduler's config names.
func Open(name string, file []byte) (sampler.Model, sampler.Info, error) {
	return OpenHashed(name, file, picture.Hash(file))
}

// OpenHashed is Open where picture.Hash(file) is known already.
func OpenHashed(name string, file []byte, hash string) (sampler.Model, sampler.Info, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	learned, rest, err := schedule.TakeLearnedSNR(parsed)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	m, err := open(rest, learned)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	info, err := sampler.NewInfo(name, parsed.Metadata, hash, m)
	if err != nil || learned == nil {
		return m, info, err
	}
	s, err := learned.Schedule(info.Scheduler)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	info.Scheduler = s.Config
	return m, info, nil
}

// open makes what answers for a file. An exact denoiser has to know the noise.
func open(f *weights.File, learned *schedule.LearnedSNR) (sampler.Model, error) {
	config := []byte(f.Metadata["config"])
	if classifier.IsConfig(config) {
		return nil, errors.New("model: this file holds a classifier, which draws nothing itself but guides the runs of another model; open that one, with the recipe key cg")
	}
	if !oracle.IsConfig(config) {
		return unet.Open(f)
	}
	c, err := schedule.Default(), error(nil)
	if text, ok := f.Metadata["scheduler"]; ok {
		c, err = schedule.ParseConfig([]byte(text))
	}
	var s *schedule.Schedule
	if err == nil && learned != nil {
		s, err = learned.Schedule(c)
	} else if err == nil {
		s, err = schedule.New(c)
	}
	if err != nil {
		return nil, err
	}
	return oracle.Open(f, s)
}

// Size says how large a model is: how many parameters a network has, or how many pictures an exact denoiser holds.
func Size(m sampler.Model) (parameters, pictures int) {
	switch m := m.(type) {
	case *unet.Model:
		return m.Parameters, 0
	case *oracle.Model:
		return 0, m.Pictures()
	}
	return 0, 0
}

// IsClassifier says whether a weights file holds a classifier, which guides the sampling of others, see OpenClassifier.
func IsClassifier(file []byte) bool {
	parsed, err := weights.Parse(file)
	return err == nil && classifier.IsConfig([]byte(parsed.Metadata["config"]))
}

// OpenClassifier makes the classifier of a weights file called name, whose picture.Hash is hash, and says how many parameters it has. It keeps
// file, which must not be changed.
func OpenClassifier(name string, file []byte, hash string) (sampler.Guide, int, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return sampler.Guide{}, 0, err
	}
	m, err := classifier.Open(parsed)
	if err != nil {
		return sampler.Guide{}, 0, err
	}
	g, err := sampler.NewGuide(name, parsed.Metadata, hash, m)
	return g, m.Parameters, err
}
