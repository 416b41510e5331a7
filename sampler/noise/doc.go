// Package noise makes the Gaussian noise of a generation.
//
// Normal is the product's generator: a counter-based one, so that every number is a function of
// (seed, image, draw, element) and never of call order, batch size or worker. Torch is PyTorch's
// CPU generator, for those who want the noise of a torch.manual_seed; it is sequential, so one
// picture needs one generator.
package noise
