// Package noise makes the Gaussian noise of a generation.
//
// Normal is the default generator. It is counter-based: every number is a function of (seed, image,
// draw, element), and never of call order, batch size or worker. Torch is PyTorch's CPU generator,
// for the noise of a torch.manual_seed; it is sequential, so each picture needs its own.
package noise
