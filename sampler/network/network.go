// Package network says what a sampler needs of a network. It is a leaf: the networks implement it
// and the samplers ask it, and neither imports the other.
package network

// NoClass is the label of an unconditional evaluation.
const NoClass = -1

// Model is what a sampler needs of a network.
type Model interface {
	// Shape returns the shape of the state x: [channels, height, width].
	Shape() (channels, height, width int)
	// OutChannels is the number of channels of the output: those of x, or twice as many where the
	// network also predicts the variance.
	OutChannels() int
	// Classes is the number of classes without the null class, 0 for an unconditional network.
	Classes() int
	// Predict evaluates the network at (x, t) once per label: out[i], [OutChannels, H, W], is what
	// it says for labels[i], a class or NoClass. x: [C, H, W], row-major, float32, shared by all
	// labels, as is the training timestep t, so that a network can share work between guidance's
	// two passes. Nothing is allocated, and x is not changed.
	Predict(out [][]float32, x []float32, t float64, labels []int)
}

// Upscaler is a network that also sees a picture of lower resolution: the second stage of a
// cascade. It takes no labels.
type Upscaler interface {
	Model
	// Upscale evaluates the network at (x, t) beside low: out, [OutChannels, H, W]; x, low: [C, H,
	// W]. low is the small picture enlarged and noised to training timestep level, which the
	// network is told. Nothing is allocated, and x and low are not changed.
	Upscale(out, x, low []float32, t float64, level int)
	// Levels is the number of levels that the network can be told, from 0 up; 0 if any timestep
	// will do.
	Levels() int
}

// Classifier is what classifier guidance needs of a network.
type Classifier interface {
	// Shape returns the shape of the pictures x: [channels, height, width].
	Shape() (channels, height, width int)
	// Classes is the number of classes.
	Classes() int
	// Gradient writes ∇ₓ log p(label | x, t) to dst for a noisy picture x at training timestep t.
	// dst, x: [C, H, W], row-major. Nothing is allocated, and x is not changed.
	Gradient(dst, x []float32, t float64, label int)
}
