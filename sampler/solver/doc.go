// Package solver has every sampler's coefficients and its step.
//
// The catalogue is samplers.go. A sampler's builder makes a Solver from a Plan: the options of the
// recipe (options.go) on a noise schedule. Nearly all samplers are tables of coefficients
// (tableau.go), filled by one function each; DDPM, DDIM and its inversion, the predictor–corrector
// and the adaptive solver have rules of their own. A ladder has the noise levels of a run, a lens
// knows how a network of any kind is asked about a state of any scale, and an Evaluation is one
// picture's access to its network.
//
// The package knows neither recipes nor networks: it asks a Source.
package solver
