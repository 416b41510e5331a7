// Package sampler carries a recipe out: from a recipe and a network it makes pictures, step by
// step.
//
// Package recipe reads a recipe's text, package solver takes a sampler's steps, and package network
// says what a network must offer. This package connects them. A Run takes all pictures of a recipe
// through the steps: every call of Next takes one step of one picture. The same recipe gives the
// same bits on every platform. Noise is keyed by (seed, image, draw, element), no picture depends
// on another, and no function is called whose result differs between architectures. The state is
// float64; the network sees it rounded to float32.
//
// All pictures of a run share a course (course.go): the plan, the solver, and the route through the
// steps, which differs from the plain one where a recipe begins with a picture (edit.go). A
// trajectory takes one picture along the course. Its source of outputs is a network with guidance
// (guided.go, steer.go), to which its own estimate may be shown (estimate.go), or the second stage
// of a cascade (cascade.go). The next evaluations may use the deep features of one again (deep.go).
// The source also gives the picture's noise (interpolation.go, torch.go).
package sampler
