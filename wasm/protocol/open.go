package protocol

import (
	"tweedie/sampler"
	"tweedie/sampler/picture"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// Open makes a network of a weights file: the Opener of the product. The model
// keeps file, which must not be changed.
func Open(name string, file []byte) (sampler.Model, sampler.Info, int, error) {
	parsed, err := weights.Parse(file)
	if err != nil {
		return nil, sampler.Info{}, 0, err
	}
	model, err := unet.Open(parsed)
	if err != nil {
		return nil, sampler.Info{}, 0, err
	}
	info, err := sampler.NewInfo(name, parsed.Metadata, picture.Hash(file), model)
	if err != nil {
		return nil, sampler.Info{}, 0, err
	}
	parameters := 0
	for i := range parsed.Tensors {
		parameters += parsed.Tensors[i].Len()
	}
	return model, info, parameters, nil
}
