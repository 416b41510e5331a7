// Package graph runs networks whose architecture is data: a list of nodes in the
// metadata of their weights file. Families of networks that are not diffusers'
// UNet2DModel (package unet) are converted into such a list, so that the sampler
// has no code for any of them.
//
// # The text
//
// The metadata's config is a JSON object, here of a network that is too small to be of use:
//
//	{"_class_name": "Graph", "family": "improved-diffusion",
//	 "sample": [3, 32, 32], "classes": 10,
//	 "nodes": [
//	  {"name": "time", "op": "sinusoid", "width": 64, "cos_first": true},
//	  {"name": "time_embed.0", "op": "linear", "of": ["time"], "channels": 64,
//	   "tensor": "time_embed.0"},
//	  {"name": "label_emb", "op": "row", "rows": 10, "channels": 64, "tensor": "label_emb"},
//	  {"name": "embedding", "op": "add", "of": ["time_embed.0", "label_emb"]},
//	  {"name": "in.0", "op": "conv", "of": ["sample"], "channels": 64, "side": 3, "padding": 1,
//	   "tensor": "in.0"},
//	  {"name": "h", "op": "add", "of": ["in.0", "embedding"]},
//	  {"name": "out.2", "op": "conv", "of": ["h"], "channels": 3, "side": 3, "padding": 1,
//	   "tensor": "out.2"}]}
//
// Each node computes one value of the values before it: a picture of channels × height × width, or
// a vector, which is a picture of one pixel. The last node is the output. Two values are there from
// the beginning: sample, the noisy picture, and estimate, the x̂0 of the step before for networks
// that are conditioned on it. The members guided and tile are optional, see Graph. Tensors keep the
// names of their checkpoint: the layer of tensor "out.2" has out.2.weight and out.2.bias. See the
// types of the operations for what each does; operations lists their names.
package graph
