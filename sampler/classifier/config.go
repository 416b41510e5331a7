package classifier

import (
	"strconv"

	"tweedie/weights/json"
)

// ClassName is the _class_name of a classifier's config.
const ClassName = "NoisyClassifier"

// Config is the config.json of a classifier, as ParseConfig returns it.
type Config struct {
	Height, Width    int   // sample_size
	InChannels       int   // in_channels
	Classes          int   // num_classes
	BlockOutChannels []int // block_out_channels: of each level, half as large as the last
	LayersPerBlock   int   // layers_per_block: resnet blocks in a level
	TimeEmbeddingDim int   // time_embedding_dim: of the sinusoids and the linear layers behind them
	NormGroups       int   // norm_num_groups
	NormEps          float64
}

// Limits of what is compiled, as in package unet.
const (
	maxChannels = 1024
	maxSide     = 256
	maxBlocks   = 8
	maxLayers   = 8
	maxClasses  = 10000
)

// document is what errors call a config.
const document = "classifier: config"

// refuse is an error about an option. reason is the rest of a sentence that
// begins with its name.
func refuse(option, reason string) error {
	return &json.MemberError{Of: document, Key: option, Reason: reason}
}

// ParseConfig reads config.json. Its errors are [json.MemberError] values, which
// name the option.
func ParseConfig(text []byte) (Config, error) {
	r := json.ReadObject(text, document)
	class, c := "", Config{LayersPerBlock: 1, NormEps: 1e-5}
	r.Need("sample_size", "in_channels", "num_classes", "block_out_channels",
		"time_embedding_dim", "norm_num_groups")
	r.OneOf("_class_name", &class, ClassName)
	r.Pair("sample_size", &c.Height, &c.Width, 1, maxSide)
	r.IntIn("in_channels", &c.InChannels, 1, maxChannels)
	r.IntIn("num_classes", &c.Classes, 2, maxClasses)
	r.Ints("block_out_channels", &c.BlockOutChannels, 1, maxChannels)
	r.IntIn("layers_per_block", &c.LayersPerBlock, 1, maxLayers)
	r.IntIn("time_embedding_dim", &c.TimeEmbeddingDim, 2, maxChannels)
	r.IntIn("norm_num_groups", &c.NormGroups, 1, maxChannels)
	r.Float("norm_eps", &c.NormEps)
	if err := r.End(); err != nil {
		return Config{}, err
	}
	return c, c.check()
}

// check refuses, by the name of an option, what its other options contradict.
func (c *Config) check() error {
	blocks, number := len(c.BlockOutChannels), strconv.Itoa
	if blocks < 1 || blocks > maxBlocks {
		reason := "has " + number(blocks) + " entries, and must have from 1 to " + number(maxBlocks)
		return refuse("block_out_channels", reason)
	}
	if step := 1 << (blocks - 1); c.Height%step != 0 || c.Width%step != 0 {
		return refuse("sample_size", "must be a multiple of "+number(step)+
			", because the pictures are halved "+number(blocks-1)+" times")
	}
	if c.TimeEmbeddingDim%2 != 0 {
		return refuse("time_embedding_dim", "must be even: half of it are sines, half cosines")
	}
	if !(c.NormEps > 0 && c.NormEps < 1) {
		return refuse("norm_eps", "must be between 0 and 1")
	}
	for _, ch := range c.BlockOutChannels {
		if ch%c.NormGroups != 0 {
			return refuse("norm_num_groups", "is "+number(c.NormGroups)+
				", which does not divide "+number(ch)+" channels")
		}
	}
	return nil
}
