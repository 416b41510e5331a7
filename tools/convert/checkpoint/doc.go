// Package checkpoint finds and reads what people have of a trained network: a folder of diffusers,
// a training run, a file of PyTorch or Lightning, shards with their index. It looks for the state
// dictionaries in it and chooses one. What the tensors mean is for its callers: they name a tensor
// by which they know their networks (Mark).
//
// The way of a checkpoint is Locate, Source.Read, Find, Choose. Each returns notes, sentences about
// what was chosen among alternatives and what was passed over, and errors that say in one sentence
// what a file is and what to do about it.
package checkpoint
