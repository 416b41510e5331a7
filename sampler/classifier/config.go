package classifier

import (
	"errors"
	"strconv"

	"tweedie/weights/json"
)

// ClassName is the _class_name of a classifier's config.
const ClassName = "NoisyClassifier"

// Config is the config.json of a classifier.
type Config struct {
	Height, Width    int   // sample_size
	InChannels       int   // in_channels
	Classes          int   // num_classes
	BlockOutChannels []int // block_out_channels: one level each, every one at half the size of that before
	LayersPerBlock   int   // layers_per_block: resnet blocks in a level
	TimeEmbeddingDim int   // time_embedding_dim: of the sinusoids and of both linear layers behind them
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

// IsConfig says whether a config.json describes a classifier.
func IsConfig(text []byte) bool {
	return json.ClassName(text) == ClassName
}

// ParseConfig reads config.json. Its errors name the option.
func ParseConfig(text []byte) (Config, error) {
	root, err := json.Parse(text)
	if err != nil {
		return Config{}, refuse("(the whole file)", "is not JSON: "+err.Error())
	}
	if root.Kind() != json.Object {
		return Config{}, refuse("(the whole file)", "is "+root.Kind().String()+", wanted an object")
	}
	c := Config{LayersPerBlock: 1, NormEps: 1e-5}
	for _, m := range root.Members() {
		if err := c.set(m.Key, m.Value); err != nil {
			return Config{}, err
		}
	}
	return c, c.check()
}

// set takes over one option.
func (c *Config) set(name string, v json.Value) error {
	ok := true
	switch name {
	case "_class_name":
		class, _ := v.Text()
		if class != ClassName {
			return refuse(name, "is "+strconv.Quote(class)+", and only "+ClassName+" is a classifier")
		}
	case "sample_size":
		c.Height, c.Width, ok = size(v)
	case "in_channels":
		c.InChannels, ok = v.Int()
	case "num_classes":
		c.Classes, ok = v.Int()
	case "layers_per_block":
		c.LayersPerBlock, ok = v.Int()
	case "time_embedding_dim":
		c.TimeEmbeddingDim, ok = v.Int()
	case "norm_num_groups":
		c.NormGroups, ok = v.Int()
	case "norm_eps":
		c.NormEps, ok = v.Float64()
	case "block_out_channels":
		ok = v.Kind() == json.Array
		for _, e := range v.Array() {
			n, whole := e.Int()
			ok = ok && whole
			c.BlockOutChannels = append(c.BlockOutChannels, n)
		}
	default:
		if name[:min(1, len(name))] != "_" { // notes of whoever wrote it
			return refuse(name, "is not one that a "+ClassName+" has")
		}
	}
	if !ok {
		return refuse(name, "is not a number, or a list of numbers, of the kind that it needs")
	}
	return nil
}

// size reads a number or [height, width].
func size(v json.Value) (h, w int, ok bool) {
	if n, whole := v.Int(); whole {
		return n, n, true
	}
	if a := v.Array(); len(a) == 2 {
		h, ok = a[0].Int()
		w, whole := a[1].Int()
		return h, w, ok && whole
	}
	return 0, 0, false
}

// check refuses what New cannot compile.
func (c *Config) check() error {
	blocks := len(c.BlockOutChannels)
	if err := between("block_out_channels (their number)", blocks, 1, maxBlocks); err != nil {
		return err
	}
	for _, e := range []struct {
		name        string
		n, from, to int
	}{
		{"in_channels", c.InChannels, 1, maxChannels},
		{"num_classes", c.Classes, 2, maxClasses},
		{"layers_per_block", c.LayersPerBlock, 1, maxLayers},
		{"time_embedding_dim", c.TimeEmbeddingDim, 2, maxChannels},
		{"norm_num_groups", c.NormGroups, 1, maxChannels},
		{"sample_size", c.Height, 1 << (blocks - 1), maxSide},
		{"sample_size", c.Width, 1 << (blocks - 1), maxSide},
	} {
		if err := between(e.name, e.n, e.from, e.to); err != nil {
			return err
		}
	}
	step := 1 << (blocks - 1)
	if c.Height%step != 0 || c.Width%step != 0 {
		return refuse("sample_size", "is no multiple of "+strconv.Itoa(step)+", and the pictures are halved "+strconv.Itoa(blocks-1)+" times")
	}
	if c.TimeEmbeddingDim%2 != 0 {
		return refuse("time_embedding_dim", "is odd, and as many sines as cosines are made")
	}
	if !(c.NormEps > 0 && c.NormEps < 1) {
		return refuse("norm_eps", "is not between 0 and 1")
	}
	for _, ch := range c.BlockOutChannels {
		if err := between("block_out_channels", ch, 1, maxChannels); err != nil {
			return err
		}
		if ch%c.NormGroups != 0 {
			return refuse("norm_num_groups", "is "+strconv.Itoa(c.NormGroups)+", which does not divide "+strconv.Itoa(ch)+" channels")
		}
	}
	return nil
}

func between(name string, n, from, to int) error {
	if n < from || n > to {
		return refuse(name, "is "+strconv.Itoa(n)+", wanted "+strconv.Itoa(from)+" to "+strconv.Itoa(to))
	}
	return nil
}

func refuse(option, reason string) error {
	return errors.New("classifier: config option " + option + " " + reason)
}
