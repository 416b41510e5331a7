// Package model opens a weights file: the network, what a recipe is resolved
// against, and the noise schedule that was learned with it, if one was.
package model

import (
	"tweedie/sampler"
	"tweedie/sampler/classifier"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// Open makes the network of a weights file called name (without folder and
// extension). The model keeps file, which must not be changed. Where the file
// holds a learned schedule (schedule.TakeLearnedSNR) its T levels take the
// place of the betas that the scheduler's config names.
func Open(name string, file []byte) (*unet.Model, sampler.Info, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	learned, rest, err := schedule.TakeLearnedSNR(parsed)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	m, err := unet.Open(rest)
	if err != nil {
		return nil, sampler.Info{}, err
	}
	info, err := sampler.NewInfo(name, parsed.Metadata, picture.Hash(file), m)
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

// IsClassifier says whether a weights file holds a classifier, which guides the sampling of others, see OpenClassifier.
func IsClassifier(file []byte) bool {
	parsed, err := weights.Parse(file)
	return err == nil && classifier.IsConfig([]byte(parsed.Metadata["config"]))
}

// OpenClassifier makes the classifier of a weights file called name, and says how many parameters it has. It keeps file, which must not be
// changed.
func OpenClassifier(name string, file []byte) (sampler.Guide, int, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return sampler.Guide{}, 0, err
	}
	m, err := classifier.Open(parsed)
	if err != nil {
		return sampler.Guide{}, 0, err
	}
	g, err := sampler.NewGuide(name, parsed.Metadata, picture.Hash(file), m)
	return g, m.Parameters, err
}
