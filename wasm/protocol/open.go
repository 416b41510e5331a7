package protocol

import (
	"tweedie/sampler/model"
	"tweedie/sampler/picture"
	"tweedie/weights"
)

// Open makes a model of a weights file: the Opener of the product. What it
// returns keeps file, which must not be changed.
func Open(name string, file []byte, hash string) (Opened, error) {
	if hash == "" {
		hash = picture.Hash(file)
	}
	f, err := weights.Parse(file)
	if err != nil {
		return Opened{}, err
	}
	if model.IsClassifier(f) {
		g, parameters, err := model.OpenClassifier(name, f, hash)
		return Opened{Guide: &g, Parameters: parameters}, err
	}
	m, info, err := model.OpenFile(name, f, hash)
	if err != nil {
		return Opened{}, err
	}
	parameters, pictures := model.Size(m)
	return Opened{Model: m, Info: info, Parameters: parameters, Pictures: pictures}, nil
}
