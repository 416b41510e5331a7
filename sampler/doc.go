// Package sampler carries a recipe out: from a recipe and a network to pictures, step by step.
//
// The text of a recipe is package recipe's, the rule of a step package solver's, and what is asked
// of a network package network's. Here they come together. A Run takes all pictures of a recipe
// through the steps: every call of Next does one picture's part of one step. The same recipe gives
// the same bits on every platform: noise is keyed by (seed, image, draw, element), each picture is
// independent of the others, and nothing here calls a function whose result differs between
// architectures. The state is float64 and the network sees it rounded to float32.
//
// What all pictures of a run share is a course (course.go): the plan and its solver, and the way
// through the steps, which is longer or shorter where a recipe begins with a picture (edit.go). A
// trajectory is one picture's way. Its source is a network under guidance (guided.go, guidance.go,
// steer.go), or the second stage of a cascade (cascade.go), with the picture's noise
// (interpolation.go, torch.go).
package sampler
