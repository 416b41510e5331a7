package sampler

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/schedule"
)

// source is where a trajectory's network outputs and noise come from.
type source interface {
	// output writes the network's output at state x and training timestep t, after guidance, to out: [OutChannels, H, W]. l is the
	// level of x.
	output(out, x []float64, t float64, l schedule.Level)
	// normal fills dst with the unit noise of a draw: 0 for the first state, 1+i·d+j for draw j of the d of solver step i.
	normal(dst []float64, draw uint32)
}

// evaluation is one picture's access to its network: what the last evaluation said, in all the readings that solvers use.
type evaluation struct {
	source source
	own    schedule.Prediction // of the network
	kind   schedule.Prediction // that its answers are translated into
	bound  bound

	raw      []float64 // [OutChannels·H·W] the network's output
	variance []float64 // the second half of raw where the network predicts a variance, else nil
	x0       []float64 // [C·H·W] x̂0, bounded
	epsilon  []float64 // [C·H·W] ε̂ as predicted; a solver that derives it anew from the bounded x̂0 writes it here
	z        []float64 // [C·H·W] the last draw of noise; scratch of the bound before that
	input    []float64 // [C·H·W] what the network sees where that is not the state itself
	slope    bool      // the state is a flow's, so that its slope is ε̂ − x̂0
	draws    int       // draws of noise in a step of the trajectory, 1 or more
	offset   int       // from the number of a solver step to that of the step, whose draws it uses
	t        float64   // training timestep of the last evaluation; before the first, of that
	err      error
}

func newEvaluation(p *plan, s source, size, outSize int) evaluation {
	e := evaluation{source: s, own: p.own, kind: p.schedule.Config.PredictionType, bound: p.bound, t: p.start.t, slope: p.lens.native() == straight}
	e.raw = make([]float64, outSize)
	if outSize == 2*size {
		e.variance = e.raw[size:]
	}
	e.x0, e.epsilon, e.z = make([]float64, size), make([]float64, size), make([]float64, size)
	e.input, e.draws = make([]float64, size), max(p.start.draws, 1)
	if p.route.visits != nil { // and those of the known part and of a jump
		e.draws += 2
	}
	return e
}

// at evaluates the network at state x, which has noise level l, and timestep t, and fills x0, epsilon and variance.
func (e *evaluation) at(x []float64, t float64, l schedule.Level) {
	if !e.ask(x, t, l) {
		return
	}
	out := e.raw[:len(x)]
	l.X0(e.x0, x, out, e.kind)
	l.Epsilon(e.epsilon, x, out, e.kind)
	e.bound.apply(e.x0, e.z)
}

// ask evaluates the network at what it is to see, of level l. It is false, and err says why, where the output is not finite.
func (e *evaluation) ask(x []float64, t float64, l schedule.Level) bool {
	e.t = t
	e.source.output(e.raw, x, t, l)
	if i := notFinite(e.raw); i >= 0 && e.err == nil {
		e.err = errors.New("sampler: the network's output at timestep " + strconv.FormatFloat(t, 'g', -1, 64) +
			" is not finite (element " + strconv.Itoa(i) + "); the weights may be damaged or too large for float32")
		return false
	}
	e.translate(x, l)
	return true
}

// look is at for a state of any scale: it evaluates the network at a node and fills x0, epsilon and variance. Where x̂0 is bounded, ε̂
// is what the bounded one leaves of the state.
func (e *evaluation) look(x []float64, n *node) {
	seen, level := x, n.level
	if n.input != 1 {
		seen, level = e.input, schedule.Level{Signal: float64(n.input * level.Signal), Noise: float64(n.input * level.Noise)}
		for i, v := range x {
			seen[i] = float64(n.input * v)
		}
	}
	if !e.ask(seen, n.t, level) {
		return
	}
	signal, noise := n.level.Signal, n.level.Noise
	for i, v := range x {
		e.x0[i] = float64(n.x0.state*v) + float64(n.x0.output*e.raw[i])
		e.epsilon[i] = float64(n.eps.state*v) + float64(n.eps.output*e.raw[i])
		switch n.form {
		case fromNoise:
			e.x0[i] = (v - float64(noise*e.epsilon[i])) / signal
		case fromX0:
			e.epsilon[i] = (v - float64(signal*e.x0[i])) / noise
		}
	}
	if e.bound.dynamic || !math.IsInf(e.bound.limit, 1) {
		e.bound.apply(e.x0, e.z)
		for i, v := range x {
			e.epsilon[i] = (v - float64(signal*e.x0[i])) / noise
		}
	}
}

// read writes a reading of the last evaluation to dst.
func (e *evaluation) read(dst []float64, r reading) {
	switch {
	case r == readX0:
		copy(dst, e.x0)
	case r == readSlope && e.slope:
		for i := range dst {
			dst[i] = e.epsilon[i] - e.x0[i]
		}
	default:
		copy(dst, e.epsilon)
	}
}

// noise returns the unit noise of solver step i. It stays until the next call of noise, draw, at or look.
func (e *evaluation) noise(i int) []float64 { return e.draw(i, 0) }

// draw returns draw number j of solver step i, like noise.
func (e *evaluation) draw(i, j int) []float64 {
	e.source.normal(e.z, uint32((i+e.offset)*e.draws+j)+1)
	return e.z
}

// notFinite returns the index of the first infinite or NaN element, −1 if there is none.
func notFinite(x []float64) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
