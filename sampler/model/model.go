// Package model opens a weights file: the network, the information that a
// recipe is resolved against, and the learned noise schedule, if the file has
// one.
package model

import (
	"errors"

	"tweedie/sampler/classifier"
	"tweedie/sampler/graph"
	"tweedie/sampler/network"
	"tweedie/sampler/oracle"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/unet"
	"tweedie/weights"
	"tweedie/weights/json"
)

// Open returns the model of a weights file called name (without folder and extension): a network,
// or the exact denoiser of the pictures that the file holds (package oracle). The model keeps file,
// which must not be changed. If the file holds a learned schedule (schedule.TakeLearnedSNR), its T
// noise levels replace the betas of the scheduler config.
func Open(name string, file []byte) (network.Model, recipe.Info, error) {
	f, err := weights.Parse(file)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	return OpenFile(name, f, picture.Hash(file))
}

// OpenFile is Open for a file that has been parsed. hash is its picture.Hash.
func OpenFile(name string, f *weights.File, hash string) (network.Model, recipe.Info, error) {
	return openFile(name, f, hash, false)
}

// Measure is OpenFile for a model that never runs: what it would take is known before it is taken,
// see NeedOf.
func Measure(name string, f *weights.File, hash string) (network.Model, recipe.Info, error) {
	return openFile(name, f, hash, true)
}

// Need is what a model takes.
type Need struct {
	Bytes        int // of packed weights and buffers
	MultiplyAdds int // of one evaluation
}

// NeedOf returns what a network takes. An exact denoiser works on the file itself and takes nothing
// more.
func NeedOf(m network.Model) Need {
	switch m := m.(type) {
	case *unet.Model:
		return Need{m.Bytes, m.MultiplyAdds()}
	case *graph.Model:
		return Need{m.Bytes, m.MultiplyAdds()}
	}
	return Need{}
}

func openFile(
	name string, f *weights.File, hash string, measure bool,
) (network.Model, recipe.Info, error) {
	learned, rest, err := schedule.TakeLearnedSNR(f)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	m, err := open(rest, learned, measure)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	info, err := recipe.NewInfo(name, f.Metadata, hash, m)
	if err != nil || learned == nil {
		return m, info, err
	}
	s, err := learned.Schedule(info.Scheduler)
	if err != nil {
		return nil, recipe.Info{}, err
	}
	info.Scheduler = s.Config
	return m, info, nil
}

// open returns the network or exact denoiser of a file.
func open(f *weights.File, learned *schedule.LearnedSNR, measure bool) (network.Model, error) {
	switch class(f) {
	case classifier.ClassName:
		return nil, errors.New("model: this file holds a classifier, which draws nothing itself " +
			"but guides the runs of another model; open that one, with the recipe key cg")
	case oracle.ClassName:
		return openOracle(f, learned)
	case graph.ClassName:
		if measure {
			return graph.Measure(f)
		}
		return graph.Open(f)
	}
	if measure {
		return unet.Measure(f)
	}
	return unet.Open(f)
}

// class returns the _class_name of a file's config.
func class(f *weights.File) string { return json.ClassName([]byte(f.Metadata["config"])) }

// openOracle returns an exact denoiser, which needs the noise schedule.
func openOracle(f *weights.File, learned *schedule.LearnedSNR) (network.Model, error) {
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

// Size returns how large a model is: the number of a network's parameters, or the number of
// pictures of an exact denoiser.
func Size(m network.Model) (parameters, pictures int) {
	switch m := m.(type) {
	case *unet.Model:
		return m.Parameters, 0
	case *graph.Model:
		return m.Parameters, 0
	case *oracle.Model:
		return 0, m.Pictures()
	}
	return 0, 0
}

// IsClassifier reports whether a weights file holds a classifier for classifier guidance; see
// OpenClassifier.
func IsClassifier(f *weights.File) bool { return class(f) == classifier.ClassName }

// OpenClassifier returns the classifier of a weights file called name, whose picture.Hash is hash,
// and the number of its parameters. It keeps the file's bytes, which must not be changed.
func OpenClassifier(name string, f *weights.File, hash string) (recipe.Guide, int, error) {
	m, err := classifier.Open(f)
	if err != nil {
		return recipe.Guide{}, 0, err
	}
	g, err := recipe.NewGuide(name, f.Metadata, hash, m)
	return g, m.Parameters, err
}
