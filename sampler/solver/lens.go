package solver

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// space is the scale in which a solver keeps its state, x = Signal·x0 + Noise·ε, as a function of
// the noise level σ.
type space uint8

const (
	// Signal = 1/√(1+σ²), Noise = σ/√(1+σ²): the variance is constant, as in training
	preserving space = iota
	exploding        // Signal = 1, Noise = σ
	straight         // Signal = 1−σ, Noise = σ: a rectified flow, σ from 0 to 1
)

// level returns the state's level for σ.
func (s space) level(sigma float64) schedule.Level {
	switch s {
	case exploding:
		return schedule.Level{Signal: 1, Noise: sigma}
	case straight:
		return schedule.Level{Signal: 1 - sigma, Noise: sigma}
	}
	signal := 1 / math.Sqrt(float64(sigma*sigma)+1)
	return schedule.Level{Signal: signal, Noise: float64(sigma * signal)}
}

// pair holds the weights of state·x + output·F, of the state x and the network's output F there.
type pair struct{ state, output float64 }

// node is one noise level at which the network is evaluated: the time that it is told, and how its
// output is read. Whatever a network was trained to predict, x̂0 and ε̂ are linear in the state and
// the output.
type node struct {
	t       float64        // the time that the network is told
	sigma   float64        // the noise level
	level   schedule.Level // of the solver's state
	input   float64        // the network sees input·x
	form    form
	x0, eps pair // how x̂0 and ε̂ follow from the state and the output
}

// form says which of x̂0 and ε̂ is computed from the other. Computing one from the other rounds
// less.
type form uint8

const (
	both      form = iota // each by its pair
	fromNoise             // ε̂ by its pair, x̂0 = (x − Noise·ε̂)/Signal
	fromX0                // x̂0 by its pair, ε̂ = (x − Signal·x̂0)/Noise
)

// lambdaOf returns λ = log(Signal/Noise), +Inf of a clean picture.
func lambdaOf(l schedule.Level) float64 {
	if l.Noise == 0 {
		return math.Inf(1)
	}
	return portable.Log(l.Signal) - portable.Log(l.Noise)
}

// lens says how a network is evaluated at a state of any scale.
type lens struct {
	network   schedule.Network
	kind      schedule.Prediction
	sigmaData float64 // EDM and consistency networks
	sigmaMin  float64 // consistency networks
	denoiser  bool    // the network returns E[x0 | x] for x = x0 + σ·ε
}

// native returns the space in which exponential integrators keep the state.
func (l *lens) native() space {
	switch {
	case l.network == schedule.Straight:
		return straight
	case l.denoiser || l.network == schedule.EDM || l.network == schedule.Consistency ||
		l.network == schedule.ScoreVE:
		return exploding
	}
	return preserving
}

// sloped returns the space in which solvers of dx/dσ keep the state.
func (l *lens) sloped() space {
	if l.network == schedule.Straight {
		return straight
	}
	return exploding
}

// node returns the node of a state in space s at noise level σ and network time t.
func (l *lens) node(s space, sigma, t float64) *node {
	return l.nodeAt(s.level(sigma), sigma, t)
}

// nodeAt is node for a state of any scale.
func (l *lens) nodeAt(level schedule.Level, sigma, t float64) *node {
	n := &node{}
	l.fill(n, level, sigma, t)
	return n
}

// fill makes n the node of a state's level.
func (l *lens) fill(n *node, level schedule.Level, sigma, t float64) {
	*n = node{t: t, sigma: sigma, level: level, input: 1}
	scale := level.Signal // the state is scale·(x0 + σ·ε)
	switch {
	case l.denoiser:
		n.input = 1 / scale
		n.form, n.x0 = fromX0, pair{0, 1}
	case l.network == schedule.EDM || l.network == schedule.Consistency:
		l.precondition(n, scale)
	case l.network == schedule.ScoreVE: // s = −ε/σ
		n.input = 1 / scale
		n.form, n.eps = fromNoise, pair{0, -sigma}
	default:
		l.trained(n)
	}
}

// precondition is equation 7 of Karras et al. (arXiv:2206.00364): D = c_skip·x + c_out·F(c_in·x).
// With a consistency network's coefficients D is x itself at the smallest σ (Song et al.,
// arXiv:2303.01469, appendix C).
func (l *lens) precondition(n *node, scale float64) {
	data2 := float64(l.sigmaData * l.sigmaData)
	total := float64(n.sigma*n.sigma) + data2
	n.input = 1 / (scale * math.Sqrt(total))
	skip, out := data2/total, float64(n.sigma*l.sigmaData)/math.Sqrt(total)
	if l.network == schedule.Consistency {
		d := n.sigma - l.sigmaMin
		skip, out = data2/(float64(d*d)+data2), float64(d*l.sigmaData)/math.Sqrt(total)
	}
	if l.kind == schedule.V {
		out = -out
	}
	n.form, n.x0 = fromX0, pair{skip / scale, out}
}

// trained sets how to read a network that was trained on a·x0 + b·ε with a² + b² = 1 or, if it
// predicts the velocity of a flow, with a + b = 1. See schedule.Level for what x̂0 and ε̂ are then.
func (l *lens) trained(n *node) {
	signal, noise := n.level.Signal, n.level.Noise
	norm := 1.0
	if l.kind == schedule.FlowVelocity {
		norm = signal + noise
	} else if r := float64(signal*signal) + float64(noise*noise); math.Abs(r-1) > 1e-12 {
		norm = math.Sqrt(r)
	}
	a, b := signal/norm, noise/norm
	n.input = 1 / norm
	switch l.kind {
	case schedule.Sample:
		n.form, n.x0 = fromX0, pair{0, 1}
	case schedule.V:
		n.x0, n.eps = pair{a / norm, -b}, pair{b / norm, a}
	case schedule.Score:
		n.form, n.eps = fromNoise, pair{0, -b}
	case schedule.FlowVelocity:
		n.x0, n.eps = pair{1 / norm, -b}, pair{1 / norm, a}
	default:
		n.form, n.eps = fromNoise, pair{0, 1}
	}
}
