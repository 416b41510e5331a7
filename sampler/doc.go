// Package sampler is the reverse process: from a recipe and a network to pictures, step by step.
//
// A Recipe is the text form of one generation. Resolved against a model's Info it becomes Settings, and a Run carries them out:
// every call of Next does one picture's part of one solver step. The state is float64 and the network sees it rounded to
// float32. The same recipe gives the same bits on every platform: noise is keyed by (seed, image, draw, element), each picture
// is independent of the others, and nothing here calls a function whose result differs between architectures.
//
// Nearly all samplers are tables of coefficients (tableau.go), filled by a function each; DDPM, DDIM, the predictor–corrector and the
// adaptive solver have rules of their own. A ladder (ladder.go) has the noise levels, a lens (lens.go) knows how a network of any family is
// asked about a state of any scale.
//
// A recipe may begin with a picture: with noise added, masked or inverted (edit.go). It names the picture and the mask by their hashes, and
// NewRunFrom takes their pixels as Inputs.
//
// The package imports no network and no platform; sampler/unet implements Model.
package sampler
