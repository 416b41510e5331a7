// Package classifier is the network of classifier guidance: p(class | x_t, t)
// for noisy pictures, and the gradient of its logarithm with respect to x_t.
//
// The network is the way down of diffusers' UNet2DModel under its names,
// without attention, and a linear head on the mean over all pixels, as
// Dhariwal and Nichol took half of their U-Net (arXiv:2105.05233, §4).
// tools/train/classifier.py has it in PyTorch.
//
// Config says what the network is, and New compiles it with the weights by the
// kit of package layers, with its way back. Nothing is allocated after New.
package classifier
