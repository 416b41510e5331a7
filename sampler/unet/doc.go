// Package unet is the network: diffusers' UNet2DModel, read from its config
// and state dict and compiled to a flat list of steps over buffers that are
// allocated once.
//
// Config says what the network is, compile turns it with the weights into a
// Network, and Network.Forward evaluates it without allocating. Model wraps a
// Network for the samplers of package sampler.
//
// Activations lie in memory as NHWC with channels padded to a multiple of
// kernels.Lanes. A tensor that the way up will need again is written by its
// producer straight into the buffer in which the two are concatenated, so
// nothing is ever copied together.
//
// Source of the architecture: DDPM (Ho et al., arXiv:2006.11239, appendix B)
// in the form of huggingface/diffusers, class UNet2DModel.
package unet
