package solver

import (
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// The lines that an evaluation writes down where it has a Working: what its arithmetic in
// evaluation.go, clipping.go and reading.go computes.

// Answering is a source that can say how its last output came about. Work writes that down, of an
// output that is out, and the state x that was asked about.
type Answering interface {
	Work(w *working.Working, out []float64)
}

// workOutput writes down the network's answer for the state x of noise level l and timestep t.
func (e *Evaluation) workOutput(x []float64, t float64, l schedule.Level) {
	w, out := e.Working, e.raw[:len(x)]
	before := len(w.Lines)
	if s, ok := e.Source.(Answering); ok {
		s.Work(w, out)
	} else {
		w.Give(working.Output, out)
	}
	for i := before; i < len(w.Lines); i++ {
		w.Lines[i].T = t
	}
	w.Question = working.Question{Asked: true, Seen: e.seen, Answer: w.Last(working.Output),
		Signal: l.Signal, Noise: l.Noise}
	if e.variance != nil {
		w.Give(working.Variance, e.variance)
	}
}

// workSeen writes down that the network is shown seen, which is factor·x.
func (e *Evaluation) workSeen(x, seen []float64, factor float64) {
	e.state = e.Working.State(x)
	if e.seen = e.state; factor != 1 {
		e.seen = e.Working.Sum(working.Seen, seen)
		e.Working.Times(factor, e.state)
	}
}

// workSum writes down (a·one + b·other)/over.
func (e *Evaluation) workSum(
	of working.Quantity, values []float64, a float64, one int, b float64, other int, over float64,
) {
	e.Working.Write(of, working.Sum, over, values)
	e.Working.Times(a, one)
	e.Working.Times(b, other)
}

// last returns the last line of a quantity.
func (e *Evaluation) last(of working.Quantity) int { return e.Working.Last(of) }

// workRead writes down how a quantity follows from a line, of what its level is, and the network's
// last output.
func (e *Evaluation) workRead(of working.Quantity, values []float64, r schedule.Reading, x int) {
	e.workSum(of, values, r.State, x, r.Output, e.last(working.Output), r.Over)
}

// workTranslated writes down the reading of the output that the sampler works with.
func (e *Evaluation) workTranslated(x []float64, l schedule.Level, x0, epsilon float64) {
	e.workRead(working.X0, e.X0, l.ReadX0(e.own), e.seen)
	e.workRead(working.Epsilon, e.Epsilon, l.ReadEpsilon(e.own), e.seen)
	e.workSum(working.Output, e.raw[:len(x)], x0, e.last(working.X0), epsilon,
		e.last(working.Epsilon), 1)
}

// workNode writes down x̂0 and ε̂ as look computes them at a node.
func (e *Evaluation) workNode(n *node) {
	signal, noise := n.level.Signal, n.level.Noise
	if n.form != fromNoise {
		e.workRead(working.X0, e.X0, n.x0.reading(), e.state)
	}
	if n.form == fromX0 {
		e.workNoise(signal, noise)
		return
	}
	e.workRead(working.Epsilon, e.Epsilon, n.eps.reading(), e.state)
	if n.form == fromNoise {
		e.workSum(working.X0, e.X0, 1, e.state, -noise, e.last(working.Epsilon), signal)
	}
}

func (p pair) reading() schedule.Reading {
	return schedule.Reading{State: p.state, Output: p.output, Over: 1}
}

// workNoise writes down ε̂ as it follows from the state and x̂0.
func (e *Evaluation) workNoise(signal, noise float64) {
	e.workSum(working.Epsilon, e.Epsilon, 1, e.state, -signal, e.last(working.X0), noise)
}

// workBounded writes down x̂0 after it was bounded. limit is what it was clipped to.
func (e *Evaluation) workBounded(limit float64) {
	rule := working.Clip
	if e.clipping.dynamic {
		rule = working.Scale
	}
	before := e.last(working.X0)
	e.Working.Write(working.X0, rule, limit, e.X0)
	e.Working.Times(1, before)
}

// workStep writes down a state: a·one + b·other + stdDev·z, with the last draw of noise.
func (e *Evaluation) workStep(
	x []float64, a float64, one int, b float64, other int, stdDev float64,
) {
	e.workNoisyStep(x, a, one, b, other, stdDev, e.drawn(stdDev, 0, e.z))
}

// workNoisyStep is workStep with the noise of a line.
func (e *Evaluation) workNoisyStep(
	x []float64, a float64, one int, b float64, other int, stdDev float64, z int,
) {
	e.workSum(working.X, x, a, one, b, other, 1)
	e.Working.Times(stdDev, z)
}

// drawn returns the line of a draw of noise, z, where it is used. back is 1 where that may be of an
// earlier step.
func (e *Evaluation) drawn(stdDev float64, back int, z []float64) int {
	if stdDev == 0 {
		return working.One
	}
	return e.Working.Find(working.Z, back, z)
}

// workScored writes down the state x after a step along the score.
func (e *Evaluation) workScored(x []float64, state, drift, stdDev float64) {
	e.workStep(x, state, e.state, drift, e.last(working.Score), stdDev)
}

// quantities are what a row's terms stand for.
var quantities = [...]working.Quantity{readX0: working.X0, readNoise: working.Epsilon,
	readV: working.V, readSlope: working.Slope}

// workQuantity writes down what a table's rows take of the last evaluation.
func (e *Evaluation) workQuantity(values []float64, r quantity, l schedule.Level) {
	x0, epsilon := e.last(working.X0), e.last(working.Epsilon)
	switch {
	case r == readV:
		e.workSum(working.V, values, l.Signal, epsilon, -l.Noise, x0, 1)
	case r == readSlope && e.slope:
		e.workSum(working.Slope, values, 1, epsilon, -1, x0, 1)
	case r == readSlope:
		e.workSum(working.Slope, values, 1, epsilon, 0, x0, 1)
	}
}
