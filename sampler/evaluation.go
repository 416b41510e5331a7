package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/schedule"
)

// source is where a trajectory's network outputs and noise come from.
type source interface {
	// output writes the network's output at state x and training timestep t, after guidance, to out: [OutChannels, H, W].
	output(out, x []float64, t float64)
	// normal fills dst with the unit noise of a draw: 0 for the first state, 1+i for solver step i.
	normal(dst []float64, draw uint32)
}

// evaluation is one picture's access to its network: what the last evaluation said, in all the readings that solvers use.
type evaluation struct {
	source source
	kind   schedule.Prediction
	bound  bound

	raw      []float64 // [OutChannels·H·W] the network's output
	variance []float64 // the second half of raw where the network predicts a variance, else nil
	x0       []float64 // [C·H·W] x̂0, bounded
	epsilon  []float64 // [C·H·W] ε̂ as predicted; a solver that derives it anew from the bounded x̂0 writes it here
	z        []float64 // [C·H·W] the last draw of noise; scratch of the bound before that
	t        float64   // training timestep of the last evaluation; before the first, of that
	err      error
}

func newEvaluation(p *plan, s source, size, outSize int) evaluation {
	e := evaluation{source: s, kind: p.schedule.Config.PredictionType, bound: p.bound, t: float64(p.timesteps[0])}
	e.raw = make([]float64, outSize)
	if outSize == 2*size {
		e.variance = e.raw[size:]
	}
	e.x0, e.epsilon, e.z = make([]float64, size), make([]float64, size), make([]float64, size)
	return e
}

// at evaluates the network at state x, which has noise level l, and timestep t, and fills x0, epsilon and variance.
func (e *evaluation) at(x []float64, t float64, l schedule.Level) {
	e.t = t
	e.source.output(e.raw, x, t)
	if i := notFinite(e.raw); i >= 0 && e.err == nil {
		e.err = errors.New("sampler: the network's output at timestep " + strconv.FormatFloat(t, 'g', -1, 64) +
			" is not finite (element " + strconv.Itoa(i) + "); the weights may be damaged or too large for float32")
		return
	}
	out := e.raw[:len(x)]
	l.X0(e.x0, x, out, e.kind)
	l.Epsilon(e.epsilon, x, out, e.kind)
	e.bound.apply(e.x0, e.z)
}

// noise returns the unit noise of solver step i. It stays until the next call of noise or at.
func (e *evaluation) noise(i int) []float64 {
	e.source.normal(e.z, uint32(i)+1)
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
