// Package model opens a weights file: the network, what a recipe is resolved
// against, and the noise schedule that was learned with it, if one was.
package model

import (
	"tweedie/sampler"
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
