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
// noise does not depend on the number of points. Rules that look at a whole picture look at the
// whole cloud, so that with them a point depends on the others, and on how many there are: the
// steps of dpm_adaptive and rk45, Langevin steps by the ratio of norms (rule=snr, which vp_pc and
// ve_pc have; rule=scaled and rule=fixed do not look), dynamic thresholding, and projected or
// rescaled guidance.
//
// Measures compare what was learned with held-out data and, where the data's density is known, with
// the exact score. NewBound has the bound of the log likelihood in two forms, and
// FlowLikelihood follows the probability-flow ODE.
package lab
