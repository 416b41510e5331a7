package protocol

import (
	"tweedie/sampler"
	"tweedie/sampler/model"
)

// Open makes a network of a weights file: the Opener of the product. The model
// keeps file, which must not be changed.
func Open(name string, file []byte) (sampler.Model, sampler.Info, int, error) {
	m, info, err := model.Open(name, file)
	if err != nil {
		return nil, sampler.Info{}, 0, err
	}
	return m, info, m.Parameters, nil
}
