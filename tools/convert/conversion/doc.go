// Package conversion turns a trained checkpoint into a weights file: one safetensors file with the
// network's tensors in the wanted type and everything that the sampler must know as metadata.
//
// Open finds the checkpoint and chooses a state dictionary (package checkpoint). Convert maps it as
// its kind wants it: networks of diffusers' UNet2DModel keep their config.json (diffusers.go),
// those of package family become a list of nodes (families.go). FactsOf says what a weights file
// is.
//
// Nothing here knows an operating system. The command line (tools/convert) and the page
// (wasm/converter) give the files and take the sentences.
package conversion
