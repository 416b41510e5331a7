package solver

import (
	"math"
	"slices"

	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// Nearly every sampler is linear: the state after a step is a weighted sum of the state before it,
// the network's outputs so far and fresh noise. Such a sampler is a table of coefficients, made
// once for all pictures, and a tableau carries it out.

// quantity says what the terms of a row are multiplied with.
type quantity uint8

const (
	readX0    quantity = iota // x̂0
	readNoise                 // ε̂
	readV                     // Signal·ε̂ − Noise·x̂0
	readSlope                 // dx/dσ of the state: ε̂ where Signal is 1, ε̂ − x̂0 in a flow
)

// term is a weight for the output of the evaluation `back` evaluations ago; 0 is the newest.
type term struct {
	back   int
	weight float64
}

// row gives the next state: state·base + Σ weight·output + stdDev·z.
type row struct {
	state  float64
	terms  []term
	stdDev float64
}

// stage is one evaluation of the network and the change of the state after it.
type stage struct {
	at *node
	// Before the evaluation the state is multiplied by rescale, if rescale is not 0, and gets noise
	// of deviation stdDev.
	rescale, stdDev float64
	// noise level of the state before that; the zero value where it is the node's
	from schedule.Level
	// After the evaluation a row of correct computes the state again from the remembered state and
	// the noise that was added to it. The index is the number of outputs known before. nil leaves
	// the state as it is.
	correct []row
	// remember keeps the state for the rows of later stages. fromRemembered takes the remembered
	// state as base instead of the current one.
	remember, fromRemembered bool
	rows                     []row // index: number of outputs known before; the last for more
	draw                     int   // which of the step's draws of noise the rows use
}

// table holds a sampler's coefficients.
type table struct {
	space   space
	of      quantity // what the rows' terms are multiplied with
	stages  []*stage
	first   []int     // [steps+1] each step's first stage
	depth   int       // number of outputs that are kept
	draws   int       // draws of noise in a step
	initial float64   // the first state is initial times unit noise
	shown   []float64 // [steps+1] factors from the states to what is shown
	final   schedule.Level
}

// ask appends a stage and returns it: an evaluation at a node, and the rows for the state after it.
func (t *table) ask(at *node, rows ...row) *stage {
	s := &stage{at: at, rows: rows}
	t.stages = append(t.stages, s)
	return s
}

// again appends a stage whose row begins with the remembered state.
func (t *table) again(at *node, r row) *stage {
	s := t.ask(at, r)
	s.fromRemembered = true
	return s
}

// end ends a step.
func (t *table) end() {
	if t.first == nil {
		t.first = []int{0}
	}
	t.first = append(t.first, len(t.stages))
}

// finish returns the solver of the table. It works out how many outputs and draws of noise the
// table needs, and the factors of shown. The state after the last step has noise level `final`.
func (t *table) finish(final float64) *tableau {
	t.depth = 1
	for i := range t.stages {
		s := t.stages[i]
		for _, rows := range [][]row{s.rows, s.correct} {
			for _, r := range rows {
				for _, m := range r.terms {
					t.depth = max(t.depth, m.back+1)
				}
				if r.stdDev > 0 {
					t.draws = max(t.draws, s.draw+1)
				}
			}
		}
		if s.stdDev > 0 {
			t.draws = max(t.draws, 1)
		}
	}
	for _, k := range t.first[:len(t.first)-1] {
		t.shown = append(t.shown, shownAt(t.space, t.stages[k].at.sigma))
	}
	t.shown = append(t.shown, shownAt(t.space, final))
	t.final = t.space.level(final)
	return &tableau{table: t}
}

// shownAt returns the factor from a state to what is shown: the variance preserving state, or a
// rectified flow's own.
func shownAt(s space, sigma float64) float64 {
	if s != exploding {
		return 1
	}
	return 1 / math.Sqrt(float64(sigma*sigma)+1)
}

// tableau is the solver of a table for one picture.
type tableau struct {
	*table
	outputs    [][]float64 // [depth][C·H·W] ring of outputs
	newest     int         // index of the newest output
	known      int         // evaluations since the beginning
	remembered []float64   // [C·H·W]
	z          []float64   // [C·H·W] noise added to the remembered state
}

func (t *tableau) Clone(size int) Solver {
	c := &tableau{table: t.table, outputs: make([][]float64, t.depth),
		remembered: make([]float64, size), z: make([]float64, size)}
	for i := range c.outputs {
		c.outputs[i] = make([]float64, size)
	}
	return c
}

func (t *tableau) Start() Start {
	b := Start{T: t.stages[0].at.t, Scale: t.initial, Draws: t.draws, Shown: t.shown,
		End: t.final.Scaled(t.shown[len(t.shown)-1])}
	for i := range len(t.first) - 1 {
		s := t.stages[t.first[i]]
		level := s.from
		if level.Signal == 0 {
			level = s.at.level
		}
		b.Marks = append(b.Marks, Mark{s.at.t, level.Scaled(t.shown[i])})
	}
	return b
}

func (t *tableau) Forget() { t.known = 0 }

func (t *tableau) Step(i int, x []float64, e *Evaluation) {
	for k := t.first[i]; k < t.first[i+1] && e.Err == nil; k++ {
		t.stage(i, t.stages[k], x, e)
	}
}

// stage carries out one stage of step i.
func (t *tableau) stage(i int, s *stage, x []float64, e *Evaluation) {
	before := working.One
	if e.Working != nil && (s.rescale != 0 || s.stdDev > 0) {
		before = e.Working.State(x)
	}
	if s.rescale != 0 {
		for j := range x {
			x[j] *= s.rescale
		}
	}
	if s.stdDev > 0 {
		addNoise(x, e.Draw(i, 0), s.stdDev)
	}
	if before != working.One {
		factor := s.rescale
		if factor == 0 {
			factor = 1
		}
		e.workStep(x, factor, before, 0, working.One, s.stdDev)
	}
	e.look(x, s.at)
	known := t.known
	t.known++
	t.newest = (t.newest + 1) % t.depth
	e.read(t.outputs[t.newest], t.of, s.at.level)
	if s.correct != nil && known > 0 {
		t.apply(x, t.remembered, &s.correct[min(known, len(s.correct)-1)], e, 1)
	}
	if s.remember {
		copy(t.remembered, x)
	}
	base := x
	if s.fromRemembered && known > 0 { // a restart has forgotten it
		base = t.remembered
	}
	r := &s.rows[min(known, len(s.rows)-1)]
	if r.stdDev > 0 {
		copy(t.z, e.Draw(i, s.draw))
	}
	t.apply(x, base, r, e, 0)
}

// apply writes the row's new state to dst, which may be base. back is 1 where the noise z is that
// of an earlier step.
func (t *tableau) apply(dst, base []float64, r *row, e *Evaluation, back int) {
	var lines []int
	if e.Working != nil {
		lines = t.operands(base, r, e, back)
	}
	for j := range dst {
		dst[j] = float64(r.state * base[j])
	}
	for _, m := range r.terms {
		output := t.output(m.back)
		for j := range dst {
			dst[j] += float64(m.weight * output[j])
		}
	}
	if r.stdDev > 0 {
		addNoise(dst, t.z, r.stdDev)
	}
	if e.Working != nil {
		t.work(dst, r, e.Working, lines)
	}
}

// output returns the output of the evaluation `back` evaluations ago.
func (t *tableau) output(back int) []float64 {
	return t.outputs[(t.newest+t.depth-back)%t.depth]
}

// operands returns the lines of what a row adds up: base, the outputs and the noise.
func (t *tableau) operands(base []float64, r *row, e *Evaluation, back int) []int {
	lines := []int{e.Working.State(base)}
	for _, m := range r.terms {
		lines = append(lines, e.Working.Find(quantities[t.of], m.back, t.output(m.back)))
	}
	return append(lines, e.drawn(r.stdDev, back, t.z))
}

// work writes down a row's new state, of operands.
func (t *tableau) work(x []float64, r *row, w *working.Working, lines []int) {
	w.Sum(working.X, x)
	w.Times(r.state, lines[0])
	for i, m := range r.terms {
		w.Times(m.weight, lines[1+i])
	}
	w.Times(r.stdDev, lines[len(lines)-1])
}

// linear returns a row with weights for the outputs, the newest first. Weights of 0 are left out.
func linear(state, stdDev float64, weights ...float64) row {
	r := row{state: state, stdDev: stdDev}
	for back, w := range weights {
		if w != 0 {
			r.terms = append(r.terms, term{back, w})
		}
	}
	return r
}

func (t *tableau) Copied() Solver {
	c := *t
	c.outputs = copiedAll(t.outputs)
	c.remembered, c.z = slices.Clone(t.remembered), slices.Clone(t.z)
	return &c
}

func (t *tableau) Held() int { return (len(t.outputs) + 2) * len(t.z) }

func copiedAll(all [][]float64) [][]float64 {
	copies := make([][]float64, len(all))
	for i, x := range all {
		copies[i] = slices.Clone(x)
	}
	return copies
}
