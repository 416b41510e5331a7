// Package bound computes how likely a picture is under a diffusion model, in bits per dimension: by
// the variational bound, one timestep at a time, and by the probability-flow ODE.
//
// The bound (Luo, arXiv:2208.11970) is −log p(x) ≤ prior + Σ_t denoising_t + reconstruction. A
// Bound reports each term as it is computed. It has a denoising form (Luo 58), whose terms compare
// q(x_{t−1}|x_t,x_0) with p(x_{t−1}|x_t), and a consistency form (Luo 45), whose terms compare
// q(x_t|x_{t−1}) with p(x_t|x_{t+1}). Both estimate the same number. The second draws two noisy
// pictures for each term, the first one, and so the second varies more.
//
// A Hierarchy is any chain of encoders and decoders, and Evaluate its bound. A diffusion model is
// one whose encoders are fixed, see NewHierarchy; with one timestep it is a VAE.
//
// A Flow carries the picture along the probability-flow ODE to noise and integrates the contraction
// of space (Song et al., arXiv:2011.13456, §4.3 and appendix D.2). Timesteps are those of package
// schedule, 0…T−1.
package bound
