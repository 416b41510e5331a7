// Package unet is the network: diffusers' UNet2DModel, read from its config and
// state dict and compiled by the kit of package layers.
//
// Config says what the network is, New turns it with the weights into a
// Network, and Network.Forward evaluates it without allocating. Model wraps a
// Network for the samplers of package sampler.
//
// A tensor that the way up will need again is written by its producer straight
// into the plane in which the two are concatenated.
//
// What enters the last up block can be kept and used in another evaluation
// (Network.ForwardDeep).
//
// Source of the architecture: DDPM (Ho et al., arXiv:2006.11239, appendix B)
// in the form of huggingface/diffusers, class UNet2DModel.
package unet
