package graph

import (
	"slices"
	"strconv"
)

// kind is an operation's name in a config, and a new one with the defaults of its options.
type kind struct {
	name string
	make func() operation
}

// kinds are all operations.
var kinds = []kind{
	{"sinusoid", func() operation { return &sinusoid{Scale: 1} }},
	{"learned_sinusoid", func() operation { return &learnedSinusoid{} }},
	{"time", func() operation { return &timeValue{Scale: 1} }},
	{"row", func() operation { return &row{} }},
	{"one_hot", func() operation { return &oneHot{Value: 1} }},
	{"linear", func() operation { return &linear{} }},
	{"conv", func() operation { return &conv{filter{Stride: 1}} }},
	{"transposed", func() operation { return &transposed{filter{Stride: 1}} }},
	{"group_norm", func() operation { return &groupNorm{Eps: 1e-5} }},
	{"layer_norm", func() operation { return &layerNorm{Eps: 1e-5} }},
	{"batch_norm", func() operation { return &batchNorm{Eps: 1e-5} }},
	{"rms_norm", func() operation { return &rmsNorm{} }},
	{"activation", func() operation { return &activation{} }},
	{"add", func() operation { return &add{} }},
	{"multiply", func() operation { return &multiply{} }},
	{"scale", func() operation { return &scale{By: 1} }},
	{"concat", func() operation { return &concat{} }},
	{"resample", func() operation { return &resample{} }},
	{"pool", func() operation { return &pool{} }},
	{"position", func() operation { return &position{Scale: 1} }},
	{"unpatchify", func() operation { return &unpatchify{} }},
	{"space_to_depth", func() operation { return &spaceToDepth{Side: 2} }},
	{"attention", func() operation { return &attention{Heads: 1} }},
	{"linear_attention", func() operation { return &attention{Heads: 1, linear: true} }},
}

// operations are the names of all operations.
func operations() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// newOperation returns the operation of a name, which is one of operations.
func newOperation(name string) operation {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	return kinds[i].make()
}

// counted says what is wrong with the number of inputs, "" if nothing is.
func counted(in []Shape, wanted int) string {
	if len(in) != wanted {
		return "takes " + strconv.Itoa(wanted) + " values, not " + strconv.Itoa(len(in))
	}
	return ""
}
