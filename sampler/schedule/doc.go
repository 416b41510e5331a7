// Package schedule has the noise schedules of diffusion: betas and ᾱ, timestep spacing, the forward
// process, its posterior, and the translation between the four predictions of a network (x0, ε, v,
// the score).
//
// Numbers are float64 and tables are built once. t is a training index 0…T−1, as in checkpoints;
// Luo, "Understanding Diffusion Models" (arXiv:2208.11970), counts 1…T. Options have diffusers'
// names, so that a scheduler_config.json is read unchanged.
package schedule
