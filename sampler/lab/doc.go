// Package lab trains diffusion models of the plane. A Config describes one completely, and the same
// Config gives the same network to the bit on every platform.
//
//	training, err := lab.New(config)
//	for training.Step() {
//		show(training.Loss())
//	}
//	err = training.Err()
//	model := training.Model(2000)
//	run, err := sampler.NewRun(r, model.Info(), model)
//
// A Model is a network.Model whose picture is a cloud of points, so every sampler runs it
// unchanged. The cloud has the shape [1, points, 2]: point i is the elements 2i and 2i+1, and its
// noise does not depend on the number of points. Samplers whose rules look at a whole
// picture (adaptive steps, dynamic thresholding, Langevin steps by the ratio of norms) look at the
// whole cloud.
//
// Measures compare what was learned with held-out data and, where the data's density is known, with
// the exact score.
package lab
