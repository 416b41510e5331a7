// Package langevin samples by the score: Langevin dynamics, annealed Langevin dynamics, and the
// reverse stochastic differential equation by Euler–Maruyama, reverse diffusion or
// predictor–corrector, from any model that a sampler can run.
//
// A walk goes down a ladder of noise levels. On each rung it takes some Langevin steps (the
// corrector) and then, if there is a predictor, one step of the reverse SDE to the next rung:
//
//	Langevin dynamics            one rung, Langevin steps only
//	annealed Langevin dynamics   many rungs, Langevin steps only (Song & Ermon,
//	                             arXiv:1907.05600, algorithm 1)
//	reverse SDE                  many rungs, no Langevin steps, a predictor (Song et al.,
//	                             arXiv:2011.13456, equation 6)
//	predictor–corrector          many rungs, both (algorithms 2 and 3 there)
//
// The state is in variance-exploding coordinates, x = x_0 + σ·ε, or in variance-preserving ones,
// x = √ᾱ·x_0 + √(1−ᾱ)·ε. A network of either kind serves both: it is evaluated at the level with
// the same ratio of signal to noise.
//
// The package is a library in float64. The samplers annealed, langevin, ve_pc and vp_pc of package
// solver are the same walks for recipes, and are tested against it.
package langevin
