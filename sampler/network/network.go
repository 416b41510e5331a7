// Package network declares what a sampler needs of a network. The networks implement its interfaces
// and the samplers use them; neither imports the other.
package network

// NoClass is the label of an unconditional evaluation.
const NoClass = -1

// Model is a network that a sampler can evaluate.
type Model interface {
	// Shape returns the shape of the state x: [channels, height, width].
	Shape() (channels, height, width int)
	// OutChannels returns the number of channels of the output: those of x, or twice as many where
	// the network also predicts the variance.
	OutChannels() int
	// Classes returns the number of classes without the null class, 0 for an unconditional network.
	Classes() int
	// Predict evaluates the network at state x and training timestep t, once for each label: it
	// writes the output for labels[i], a class or NoClass, to out[i], [OutChannels,H,W]. x:
	// [C,H,W], row-major. x and t are shared by all labels so that a network can share work between
	// the two evaluations of guidance. Predict allocates nothing and does not change x; out does
	// not overlap x.
	Predict(out [][]float32, x []float32, t float64, labels []int)
}

// SelfConditioned is a network that may be shown an estimate of the clean picture beside the state
// (Chen et al., arXiv:2208.04202).
type SelfConditioned interface {
	Model
	// TakesEstimate reports whether the network is shown one.
	TakesEstimate() bool
	// PredictFrom is Predict with an estimate, [C,H,W], row-major, for all labels: the x̂0 of the
	// evaluation before, zeros where there was none. Predict is PredictFrom with zeros. estimate is
	// not changed.
	PredictFrom(out [][]float32, x, estimate []float32, t float64, labels []int)
}

// Deep is a network with skip connections. What enters the last block on its way up, the deep
// features, changes slowly on a trajectory and can be used in more than one evaluation (Ma et al.,
// DeepCache, arXiv:2312.00858).
type Deep interface {
	Model
	// DeepSize returns the number of values of the deep features of one label, 0 for a network
	// that has none.
	DeepSize() int
	// PredictDeep is Predict, or PredictFrom for a network that is shown an estimate, which is nil
	// for others. It writes the deep features of labels[i] to deep[i], [DeepSize]. With again it
	// takes them from there, as an earlier call wrote them, and evaluates only the layers beside
	// them.
	PredictDeep(
		out [][]float32, x, estimate []float32, t float64, labels []int, deep [][]float32,
		again bool,
	)
}

// DeepSize returns the number of values of a model's deep features, 0 for a model that has none.
//
//go:noinline
func DeepSize(m Model) int {
	if d, ok := m.(Deep); ok {
		return d.DeepSize()
	}
	return 0
}

// PartlyGuided is a network of which classifier-free guidance changes some channels alone. The
// others are predicted with the class.
type PartlyGuided interface {
	Model
	// GuidedChannels returns how many channels of x guidance changes, the first ones.
	GuidedChannels() int
}

// Upscaler is a network that also sees a picture of lower resolution: the second stage of a
// cascade. It has no labels.
type Upscaler interface {
	Model
	// Upscale evaluates the network at state x and training timestep t, with low beside it, and
	// writes the output to out. out: [OutChannels,H,W]; x, low: [C,H,W], row-major. low is the
	// small picture, enlarged and noised to training timestep level, which the network is told.
	// Upscale allocates nothing and does not change x and low; out does not overlap them.
	Upscale(out, x, low []float32, t float64, level int)
	// Levels returns how many values of level the network can be told, counted from 0; 0 if it can
	// be told any timestep.
	Levels() int
}

// DeepUpscaler is an Upscaler with skip connections, see Deep.
type DeepUpscaler interface {
	Upscaler
	// DeepSize is as that of Deep.
	DeepSize() int
	// UpscaleDeep is Upscale that writes the deep features to deep, [DeepSize], or with again takes
	// them from there.
	UpscaleDeep(
		out, x, low []float32, t float64, level int, deep []float32, again bool,
	)
}

// Classifier is a network that classifier guidance can use.
type Classifier interface {
	// Shape returns the shape of the pictures x: [channels, height, width].
	Shape() (channels, height, width int)
	// Classes returns the number of classes.
	Classes() int
	// Gradient writes ∇ₓ log p(label | x, t) to dst, for a noisy picture x at training timestep t.
	// dst, x: [C,H,W], row-major, not overlapping. Gradient allocates nothing and does not change
	// x.
	Gradient(dst, x []float32, t float64, label int)
}
