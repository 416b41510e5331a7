package conversion

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/unet"
	"tweedie/tools/convert/family"
	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// Options say how a checkpoint is converted. The zero value takes everything from the checkpoint.
type Options struct {
	DType     weights.DType // of floating-point tensors; F16 in the zero value
	Mantissa  int           // bits that F16 keeps of a mantissa; 0 for all
	Config    string        // file that is read in place of config.json
	Scheduler string        // and of scheduler_config.json
	Key       string        // of the state dictionary, where there are several

	// Entries of the metadata, as texts.
	Title, Classes, Licence, Data, Provenance, Sampling, Cascade string

	Family   string // name of the network's family, "" to recognise it
	Settings family.Settings

	given []string // the names of all flags that were given
}

// storage are the types that -dtype names.
var storage = map[string]weights.DType{
	"f16": weights.F16, "bf16": weights.BF16, "f32": weights.F32, "int8": weights.I8,
}

// TypeName is what -dtype calls a type.
func TypeName(t weights.DType) string {
	for name, of := range storage {
		if of == t {
			return name
		}
	}
	return t.String()
}

// Flags adds the options to f, as the command line has them.
func (o *Options) Flags(f *flag.FlagSet) {
	o.DType = weights.F16
	o.text(f, &o.Config, "config",
		"read the network's configuration from `FILE` instead of config.json")
	o.text(f, &o.Scheduler, "scheduler",
		"read the noise schedule from `FILE` instead of scheduler_config.json")
	o.text(f, &o.Key, "key", "take the state dictionary `NAME` of a checkpoint that holds several")
	o.flag(f, "dtype", "store floating-point tensors as `f16, bf16, f32 or int8` (default f16); "+
		"int8 has a scale for each row, and vectors stay f16", func(text string) error {
		var ok bool
		if o.DType, ok = storage[text]; !ok {
			return errors.New("want f16, bf16, f32 or int8")
		}
		return nil
	})
	o.flag(f, "mantissa", "of the ten bits of a half's mantissa keep `N`, so that the file packs "+
		"better; only with -dtype f16", func(text string) error {
		var err error
		if o.Mantissa, err = strconv.Atoi(text); err != nil || o.Mantissa < 1 || o.Mantissa > 10 {
			return errors.New("want a whole number from 1 to 10")
		}
		return nil
	})
	o.metadata(f)
	o.family(f)
}

// flag adds one flag. That it was given is kept.
func (o *Options) flag(f *flag.FlagSet, name, usage string, set func(text string) error) {
	f.Func(name, usage, func(text string) error {
		o.given = append(o.given, name)
		return set(text)
	})
}

func (o *Options) text(f *flag.FlagSet, to *string, name, usage string) {
	o.flag(f, name, usage, func(text string) error {
		*to = text
		return nil
	})
}

func (o *Options) count(f *flag.FlagSet, to *int, name, usage string) {
	o.flag(f, name, usage, func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return errors.New("want a whole number from 1")
		}
		*to = n
		return nil
	})
}

// metadata adds what a checkpoint does not say of itself.
func (o *Options) metadata(f *flag.FlagSet) {
	o.text(f, &o.Title, "title", "the model's `name` for people")
	o.text(f, &o.Classes, "classes", "the class `names`, separated by commas or as a JSON array, "+
		"without the class that means none")
	o.text(f, &o.Licence, "licence", "the weights' licence, as `text`")
	o.text(f, &o.Data, "data", "what the model was trained on, as `text`")
	o.text(f, &o.Provenance, "provenance", "where the weights come from, as `text` (default: the "+
		"checkpoint's file name and SHA-256)")
	o.text(f, &o.Sampling, "sampling", "recipe defaults that suit the model, as a `JSON` object: "+
		"sampler, steps, guidance, eta, use_clipped_model_output")
	o.text(f, &o.Cascade, "cascade", "for the second stage of a cascade, a `JSON` object: base, "+
		"the name of the first stage's file; augmentation, the timestep of the noise on its "+
		"pictures; augmentation_limit, the largest one trained with")
}

// family adds what a network says that is no UNet2DModel.
func (o *Options) family(f *flag.FlagSet) {
	s := &o.Settings
	o.text(f, &o.Family, "family", "the `name` of the network's family, where it is not "+
		"recognised: "+strings.Join(family.Names(), ", "))
	o.flag(f, "size", "the pictures' `side`, or height×width as 32x48, where the file does not "+
		"say it", func(text string) error {
		height, width, ok := strings.Cut(text, "x")
		if !ok {
			width = height
		}
		var err error
		if s.Height, err = side(height); err == nil {
			s.Width, err = side(width)
		}
		return err
	})
	o.count(f, &s.Heads, "heads", "the `number` of heads of attention")
	o.count(f, &s.HeadsUp, "heads-up", "their `number` on the way up, where it is another")
	o.count(f, &s.HeadWidth, "head-width", "the `channels` of a head, in place of their number")
	o.text(f, &s.Order, "qkv",
		"the `order` of queries, keys and values in one tensor: heads or qkv")
	o.text(f, &s.Prediction, "prediction",
		"what the network predicts: `epsilon`, sample, v_prediction or flow")
	o.text(f, &s.Schedule, "schedule", "the `name` of the noise schedule: linear, cosine, …")
	o.count(f, &s.Timesteps, "timesteps", "the `number` of timesteps that it was trained for")
	o.flag(f, "range", "the smallest and largest value of the pictures of training, as `-1,1`, "+
		"where the family's scripts had others", func(text string) error {
		_, err := fmt.Sscanf(text, "%g,%g", &s.Low, &s.High)
		if err != nil || !(s.Low < s.High) || math.IsInf(s.High-s.Low, 0) {
			return errors.New("want two numbers that rise, as -1,1")
		}
		return nil
	})
	o.flag(f, "time-scale", "the `factor` by which the network is told the timestep",
		func(text string) error {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(v > 0) || math.IsInf(v, 0) {
				return errors.New("want a number above 0")
			}
			s.TimeScale = v
			return nil
		})
}

func side(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1024 {
		return 0, errors.New("want a side from 1 to 1024, or 32x48")
	}
	return n, nil
}

// familyFlags are the flags that some families read.
var familyFlags = []string{"size", "heads", "heads-up", "head-width", "qkv", "prediction",
	"schedule", "timesteps", "time-scale", "range"}

// unread refuses a flag that the networks of a family, or of none, do not read: what is given must
// not be ignored. Those of read have been.
func (o *Options) unread(f *family.Family, read ...string) error {
	for _, name := range o.given {
		known := f != nil && slices.ContainsFunc(f.Options,
			func(option family.Option) bool { return option.Flag == "-"+name })
		may := slices.Contains(familyFlags, name) || name == "config" && f != nil
		if known || slices.Contains(read, name) || !may {
			continue
		}
		of, says := unet.ClassName, "a network of {of}, whose config.json says everything"
		if f != nil {
			of, says = f.Name, "a network of the family {of}"
		}
		return reason.New("unread", "-{flag} says nothing to "+says+
			"; -families lists what each is asked for", "flag", name, "of", of)
	}
	return nil
}
