package sampler

// NoClass is the label of an unconditional evaluation.
const NoClass = -1

// Model is what a sampler needs of a network.
type Model interface {
	// Shape returns the shape of the state x: [channels, height, width].
	Shape() (channels, height, width int)
	// OutChannels is the number of channels of the output: those of x, or twice as many where the network also predicts the
	// variance.
	OutChannels() int
	// Classes is the number of classes without the null class, 0 for an unconditional network.
	Classes() int
	// Predict evaluates the network at (x, t) once per label: out[i], [OutChannels, H, W], is what it says for labels[i], a
	// class or NoClass. x: [C, H, W], row-major, float32, shared by all labels, as is the training timestep t, so that a network
	// can share work between guidance's two passes. Nothing is allocated, and x is not changed.
	Predict(out [][]float32, x []float32, t float64, labels []int)
}
