package solver

import (
	"errors"
	"strconv"

	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// Source gives a solver the network's outputs and the noise.
type Source interface {
	// Output writes the network's output at state x, [C,H,W], row-major, and training timestep t,
	// after guidance, to out: [OutChannels,H,W]. l is the noise level of x. out and x do not
	// overlap.
	Output(out, x []float64, t float64, l schedule.Level)
	// Normal fills dst, [C·H·W], with the unit noise of a draw. Draw 0 is for the first state; draw
	// j of solver step i, which has d draws, is 1+i·d+j.
	Normal(dst []float64, draw uint32)
}

// Evaluation evaluates the network for one picture and holds what the last evaluation gave, in all
// readings that solvers use.
type Evaluation struct {
	Source Source
	T      float64 // training timestep of the last evaluation, or before it of the first
	Err    error
	// X0 is x̂0, bounded. Epsilon is ε̂ as predicted; a solver that derives it from the bounded
	// x̂0 writes it here. Both: [C·H·W].
	X0, Epsilon []float64
	Draws       int // draws of noise in a step of the trajectory, 1 or more
	Offset      int // added to a solver step's number to choose its draws of noise
	// Working is where the arithmetic is written down; nil where nobody asks for it.
	Working *working.Working
	state   int // there, the line of the state that was evaluated
	seen    int // there, the line of what the network saw of it

	own      schedule.Prediction // what the network predicts
	kind     schedule.Prediction // what its output is translated into
	clipping clipping
	slope    bool      // the state is a rectified flow's, so that dx/dσ is ε̂ − x̂0
	raw      []float64 // [OutChannels·H·W] the network's output
	variance []float64 // the second half of raw where the network predicts a variance, else nil
	z        []float64 // [C·H·W] the last draw of noise; before it, scratch of the clipping
	input    []float64 // [C·H·W] what the network sees, where it is not the state itself
}

// NewEvaluation returns the evaluation for states of size values, [C·H·W], and outputs of outSize
// values: size, or 2·size with a predicted variance.
func NewEvaluation(p *Plan, start *Start, from Source, size, outSize int) Evaluation {
	e := Evaluation{Source: from, T: start.T, Draws: max(start.Draws, 1)}
	e.own, e.kind, e.clipping = p.own, p.schedule.Config.PredictionType, p.clipping
	e.slope = p.lens.native() == straight
	e.raw = make([]float64, outSize)
	if outSize == 2*size {
		e.variance = e.raw[size:]
	}
	e.X0, e.Epsilon = make([]float64, size), make([]float64, size)
	e.z, e.input = make([]float64, size), make([]float64, size)
	return e
}

// See evaluates the network at x, a state as it is shown, of m's noise level and timestep.
func (e *Evaluation) See(p *Plan, x []float64, m Mark) {
	e.look(x, p.lens.nodeAt(m.Level, m.Level.Sigma(), m.T))
}

// at evaluates the network at state x, which has noise level l, and timestep t. It fills X0,
// Epsilon and variance.
func (e *Evaluation) at(x []float64, t float64, l schedule.Level) {
	w := e.Working
	if w != nil {
		e.workSeen(x, x, 1)
	}
	if !e.ask(x, t, l) {
		return
	}
	out := e.raw[:len(x)]
	l.X0(e.X0, x, out, e.kind)
	l.Epsilon(e.Epsilon, x, out, e.kind)
	if w != nil {
		e.workRead(working.X0, e.X0, l.ReadX0(e.kind), e.state)
		e.workRead(working.Epsilon, e.Epsilon, l.ReadEpsilon(e.kind), e.state)
	}
	e.bound()
}

// bound keeps x̂0 in the range of pictures.
func (e *Evaluation) bound() {
	if !e.clipping.acts() {
		return
	}
	limit := e.clipping.apply(e.X0, e.z)
	if e.Working != nil {
		e.workBounded(limit)
	}
}

// rederive computes ε̂ again from the state x of noise level l and the bounded x̂0.
func (e *Evaluation) rederive(x []float64, l schedule.Level) {
	for i, v := range x {
		e.Epsilon[i] = (v - float64(l.Signal*e.X0[i])) / l.Noise
	}
	if e.Working != nil {
		e.workNoise(l.Signal, l.Noise)
	}
}

// ask evaluates the network at x, its input, which has noise level l. It returns false, and sets
// Err, where the output is not finite.
func (e *Evaluation) ask(x []float64, t float64, l schedule.Level) bool {
	e.T = t
	e.Source.Output(e.raw, x, t, l)
	if i := NotFinite(e.raw); i >= 0 && e.Err == nil {
		e.Err = errors.New("solver: the network's output at timestep " +
			strconv.FormatFloat(t, 'g', -1, 64) +
			" is not finite (element " + strconv.Itoa(i) + "); the weights may be damaged or too " +
			"large for float32")
		return false
	}
	if e.Working != nil {
		e.workOutput(x, t, l)
	}
	e.translate(x, l)
	return true
}

// look is at for a state of any scale: it evaluates the network at a node and fills X0, Epsilon and
// variance. Where x̂0 is bounded, ε̂ is computed again from the state and the bounded x̂0.
func (e *Evaluation) look(x []float64, n *node) {
	seen, level := x, n.level
	if n.input != 1 {
		seen, level = e.input, schedule.Level{Signal: float64(n.input * level.Signal),
			Noise: float64(n.input * level.Noise)}
		for i, v := range x {
			seen[i] = float64(n.input * v)
		}
	}
	if e.Working != nil {
		e.workSeen(x, seen, n.input)
	}
	if !e.ask(seen, n.t, level) {
		return
	}
	signal, noise := n.level.Signal, n.level.Noise
	for i, v := range x {
		e.X0[i] = float64(n.x0.state*v) + float64(n.x0.output*e.raw[i])
		e.Epsilon[i] = float64(n.eps.state*v) + float64(n.eps.output*e.raw[i])
		switch n.form {
		case fromNoise:
			e.X0[i] = (v - float64(noise*e.Epsilon[i])) / signal
		case fromX0:
			e.Epsilon[i] = (v - float64(signal*e.X0[i])) / noise
		}
	}
	if e.Working != nil {
		e.workNode(n)
	}
	if e.clipping.acts() {
		e.bound()
		e.rederive(x, n.level)
	}
}

// read writes what a row's terms stand for, of the last evaluation, to dst. l is the level of the
// state.
func (e *Evaluation) read(dst []float64, r quantity, l schedule.Level) {
	switch {
	case r == readX0:
		copy(dst, e.X0)
	case r == readV:
		for i := range dst {
			dst[i] = float64(l.Signal*e.Epsilon[i]) - float64(l.Noise*e.X0[i])
		}
	case r == readSlope && e.slope:
		for i := range dst {
			dst[i] = e.Epsilon[i] - e.X0[i]
		}
	default:
		copy(dst, e.Epsilon)
	}
	if e.Working != nil {
		e.workQuantity(dst, r, l)
	}
}

// Draw returns the unit noise of draw j of solver step i, [C·H·W]. It is valid until the next draw
// or evaluation.
func (e *Evaluation) Draw(i, j int) []float64 {
	e.Source.Normal(e.z, uint32((i+e.Offset)*e.Draws+j)+1)
	return e.z
}

// NotFinite returns the index of the first infinite or NaN element, or −1.
func NotFinite(x []float64) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
