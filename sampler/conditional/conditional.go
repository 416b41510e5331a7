// Package conditional evaluates one network on one picture in float64: with a label, without, or
// under classifier-free guidance. The bound and Langevin dynamics share it.
package conditional

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
)

// NoClass is the label of an unconditional evaluation.
const NoClass = network.NoClass

// Model is what is evaluated.
type Model = network.Model

// Precise is a Model that can also answer in float64, as the exact denoiser of a mixture can. If it
// can, it is asked to.
type Precise interface {
	PredictFloat64(out [][]float64, x []float64, t float64, labels []int)
}

// Steer adds to a prediction after guidance, [OutChannels,H,W], at state x, [C,H,W], and timestep
// t, as classifier guidance does.
type Steer func(prediction []float64, x []float32, t float64)

// Network is a model with a label and a guidance scale.
type Network struct {
	Steer Steer // may be nil

	model    Model
	precise  Precise // the model, if it is one, or nil
	guidance float64
	labels   []int       // the evaluations of one call: [class], [NoClass], or both
	narrow   []float32   // [C·H·W] the state as the model sees it
	outs     [][]float32 // one [OutChannels·H·W] for each label
	wide     [][]float64 // the same in float64
	size     int         // C·H·W
}

// New prepares the evaluations of a network. With guidance g the prediction is ε̂_∅ + g·(ε̂_c −
// ε̂_∅) (Ho & Salimans, arXiv:2207.12598, with g = 1 + w; Luo 167): g = 0 needs only the
// unconditional evaluation, and g = 1 only the conditional one. The label is a class or NoClass.
func New(m Model, label int, guidance float64) (*Network, error) {
	channels, height, width := m.Shape()
	size, outSize := channels*height*width, m.OutChannels()*height*width
	switch {
	case label < NoClass || label >= m.Classes():
		return nil, errors.New("conditional: there is no class " + strconv.Itoa(label) +
			"; the network has " + strconv.Itoa(m.Classes()) + ", and −1 asks without one")
	case !(guidance >= 0 && guidance <= 100):
		return nil, errors.New("conditional: guidance must be from 0 to 100, not " +
			strconv.FormatFloat(guidance, 'g', -1, 64))
	case size < 1 || outSize != size && outSize != 2*size:
		return nil, errors.New("conditional: a network of " + strconv.Itoa(channels) +
			" channels must predict as many or twice as many, not " + strconv.Itoa(m.OutChannels()))
	}
	n := &Network{model: m, guidance: guidance, size: size, narrow: make([]float32, size)}
	n.precise, _ = m.(Precise)
	switch {
	case label == NoClass || guidance == 0:
		n.labels = []int{NoClass}
	case guidance == 1:
		n.labels = []int{label}
	default:
		n.labels = []int{label, NoClass}
	}
	for range n.labels {
		n.outs = append(n.outs, make([]float32, outSize))
		n.wide = append(n.wide, make([]float64, outSize))
	}
	return n, nil
}

// Size is the number of values of a picture, C·H·W.
func (n *Network) Size() int { return n.size }

// Variance reports whether the network also predicts a variance.
func (n *Network) Variance() bool { return len(n.outs[0]) == 2*n.size }

// Precise reports whether the network answers in float64.
func (n *Network) Precise() bool { return n.precise != nil }

// Label is the label of the conditional evaluation, or NoClass.
func (n *Network) Label() int { return n.labels[0] }

// Guided reports whether two evaluations are mixed.
func (n *Network) Guided() bool { return len(n.labels) > 1 }

// Evaluate evaluates the network at state x, [C,H,W], and timestep t. mean is the prediction,
// [C,H,W], after guidance; variance is the other half of the output with the label, or nil. Both
// stay valid until the next call and may be written to. Nothing is allocated. ok is false if an
// element is not finite, which Sentence puts into words.
func (n *Network) Evaluate(x []float64, t float64) (mean, variance []float64, ok bool) {
	if n.precise != nil {
		n.precise.PredictFloat64(n.wide, x, t, n.labels)
	} else {
		n.narrowed(x)
		n.model.Predict(n.outs, n.narrow, t, n.labels)
		for i, out := range n.outs {
			for j, v := range out {
				n.wide[i][j] = float64(v)
			}
		}
	}
	all := n.wide[0]
	mean, variance = all[:n.size], all[n.size:]
	if n.Guided() {
		for i, u := range n.wide[1][:n.size] {
			mean[i] = u + float64(n.guidance*(mean[i]-u))
		}
	}
	if n.Steer != nil {
		n.narrowed(x)
		n.Steer(all, n.narrow, t)
	}
	if len(variance) == 0 {
		variance = nil
	}
	return mean, variance, Finite(all)
}

// narrowed rounds the state to what the model sees.
func (n *Network) narrowed(x []float64) {
	for i, v := range x {
		n.narrow[i] = float32(v)
	}
}

// Sentence says that the network's output at a timestep is not finite.
func Sentence(t float64) string {
	return "the network's output at timestep " + strconv.FormatFloat(t, 'g', -1, 64) +
		" is not finite; the weights may be damaged or too large for float32"
}

// Finite reports whether all elements are finite.
func Finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}
