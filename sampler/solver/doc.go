// Package solver computes every sampler's coefficients and takes its steps.
//
// samplers.go lists the samplers. A sampler's builder makes a Solver from a Plan: the options of
// the recipe (options.go) and a noise schedule. Nearly all samplers are tables of coefficients
// (tableau.go), each filled by one function. DDPM, DDIM and its inversion, the predictor–corrector
// samplers and the adaptive solver are not; each has a type with its own Step. A ladder holds the
// noise levels of a run, a lens says how a network of any kind is evaluated at a state of any
// scale, and an Evaluation evaluates the network for one picture.
//
// The package imports neither recipes nor networks: it asks a Source for outputs and noise.
package solver
