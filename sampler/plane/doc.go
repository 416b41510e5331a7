// Package plane has the data of the lab: distributions of points in the plane, with classes.
//
// A distribution is a preset, a mixture of Gaussians, or a density that somebody painted: a Canvas,
// which has a short text, by a Brush or from a picture. Curves and cells lie in the square from −1
// to 1; Gaussians, and noise on the data, may leave it. Points come from the counter-based
// generator: point i of a draw depends on (seed, stream, draw, i) alone.
//
// Where the density is known, Exact returns it as a mixture, with its score and posterior mean at
// every noise level: for Gaussians, and for finite sets, whose posterior mean weighs the points by
// a softmax. Any distribution becomes a finite set by Options.Points.
package plane
