package protocol

import "tweedie/sampler/model"

// Open makes a model of a weights file: the Opener of the product. What it
// returns keeps file, which must not be changed.
func Open(name string, file []byte) (Opened, error) {
	if model.IsClassifier(file) {
		g, parameters, err := model.OpenClassifier(name, file)
		return Opened{Guide: &g, Parameters: parameters}, err
	}
	m, info, err := model.Open(name, file)
	if err != nil {
		return Opened{}, err
	}
	parameters, pictures := model.Size(m)
	return Opened{Model: m, Info: info, Parameters: parameters, Pictures: pictures}, nil
}
