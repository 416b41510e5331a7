package derive

import "math"

// The pictures that all others are sums of, with factors that are numbers.
const (
	x0 = iota
	xPrev
	xt
	guess
	basis
)

// value is a number, the first of its factors, or a picture, the sum of the basis with its factors.
type value struct {
	of      [basis]wide
	picture bool
}

// number makes v a number.
func (v *value) number(x wide) { *v = value{of: [basis]wide{x}} }

// basic makes v one of the basis.
func (v *value) basic(i int) {
	*v = value{picture: true}
	v.of[i].hi = 1
}

// scale multiplies v by a number.
func (v *value) scale(f wide) {
	for i := range v.of {
		v.of[i] = v.of[i].mul(f)
		if !v.picture {
			break
		}
	}
}

// add adds w times a number to v. Both are of one kind, or one is a picture and the other 0.
func (v *value) add(w *value, f float64) {
	v.picture = v.picture || w.picture
	for i := range v.of {
		v.of[i] = v.of[i].add(w.of[i].mul(wide{hi: f}))
		if !v.picture {
			break
		}
	}
}

// finite reports whether a value has neither infinities nor NaNs.
func (v *value) finite() bool {
	sum := 0.0
	for _, f := range v.of {
		sum += f.hi - f.hi
	}
	return sum == 0
}

// step is a step of the chain, from a level to one with less noise.
type step struct {
	bar, barPrev wide  // ᾱ_t, ᾱ_{t−1}
	xt, xPrev    value // x_t, x_{t−1}
	// A symbol has one value in all formulas: values[i] where known[i]. Both: [symbols].
	known  []bool
	values []value
}

func newStep() *step {
	return &step{known: make([]bool, len(symbols)), values: make([]value, len(symbols))}
}

// evaluator computes the values of formulas at a step.
type evaluator struct {
	state   *State
	at      *step               // the state's, or in a sum that of a timestep
	gram    [basis * basis]wide // inner products of the basis
	epsilon value               // ε_0 of the state's step
	meaning []*node             // [symbols] their formulas, nil of those that were not needed
	edits   []Edit
	line    int    // to which the edits have to belong
	without Reason // what was needed and is not there
}

// newEvaluator computes what all formulas need of a state.
func newEvaluator(s *State) *evaluator {
	e := &evaluator{state: s, at: newStep(), meaning: make([]*node, len(symbols))}
	e.at.bar.hi, e.at.barPrev.hi = s.AlphaBar, s.AlphaBarPrev
	e.at.xt.basic(xt)
	e.at.xPrev.basic(xPrev)
	pictures := s.pictures()
	for i := range e.gram {
		x, y := pictures[i/basis], pictures[i%basis]
		for k := range min(len(x), len(y)) {
			e.gram[i] = e.gram[i].add(wide{hi: x[k]}.mul(wide{hi: y[k]}))
		}
	}
	e.symbol(&e.epsilon, lookUp("e0"))
	return e
}

// inner returns the inner product of two pictures.
func (e *evaluator) inner(v, w *value) wide {
	sum := wide{}
	for i, g := range e.gram {
		f := v.of[i/basis]
		if f.hi != 0 { // most pictures are sums of two
			sum = sum.add(f.mul(w.of[i%basis]).mul(g))
		}
	}
	return sum
}

// symbol makes v the value of a symbol.
func (e *evaluator) symbol(v *value, i int) {
	at := e.at
	if at.known[i] {
		*v = at.values[i]
		return
	}
	if symbols[i].formula == "" {
		e.given(v, i)
	} else {
		if e.meaning[i] == nil {
			p := &parser{rest: symbols[i].formula}
			e.meaning[i] = p.sum("")
		}
		e.eval(v, e.meaning[i])
	}
	at.values[i] = *v
	at.known[i] = v.finite() // of others, why is asked again
}

// bar is ᾱ of a timestep of the schedule, which counts from 1. That of 0 is 1.
func (e *evaluator) bar(t int) wide {
	switch {
	case len(e.state.Schedule) < 2:
		return e.missing(NoSchedule)
	case t == 0:
		return wide{hi: 1}
	}
	return wide{hi: e.state.Schedule[t-1]}
}

// missing is NaN, for a reason.
func (e *evaluator) missing(r Reason) wide {
	e.without = r
	return wide{hi: math.NaN()}
}

// total makes v the sum of n over the timesteps from one to another. The noisy picture of a level
// is √ᾱ·x_0 + √(1−ᾱ)·ε, with the ε of the state.
func (e *evaluator) total(v *value, n *node, from, to int) {
	outside, at, term := e.at, newStep(), value{}
	v.number(e.bar(0))
	if !v.finite() {
		return
	}
	v.number(wide{})
	e.at = at
	for t := from - 1; t <= to; t++ {
		at.barPrev, at.xPrev = at.bar, at.xt
		at.bar = e.bar(t)
		at.xt.basic(x0)
		at.xt.scale(at.bar.sqrt())
		term = e.epsilon
		term.scale(wide{hi: 1}.sub(at.bar).sqrt())
		at.xt.add(&term, 1)
		if t >= from {
			clear(at.known)
			e.eval(&term, n)
			v.add(&term, 1)
		}
	}
	e.at = outside
}

// eval makes v the value of a node.
func (e *evaluator) eval(v *value, n *node) {
	T := len(e.state.Schedule)
	a := n.args
	switch n.op {
	case symbol:
		e.symbol(v, n.number)
		return
	case integer:
		v.number(wide{hi: float64(n.number)})
		return
	case total:
		e.total(v, a[0], 2, T)
		return
	case first:
		e.total(v, a[0], 1, 1)
		return
	case last:
		e.total(v, a[0], T, T)
		return
	case gaussian:
		e.density(v, a[0], nil, a[1], a[2])
		return
	}
	var w value
	if n.op == divergence { // of log N(x; m, v·I) − log N(x; n, w·I) the average over the first
		e.density(v, a[0], a[1], a[0], a[1])
		e.density(&w, a[0], a[1], a[2], a[3])
		v.add(&w, -1)
		return
	}
	e.eval(v, a[0])
	x := &v.of[0]
	switch n.op {
	case negative:
		v.scale(wide{hi: -1})
	case square, norm:
		e.multiply(v, v)
	case root:
		*x = x.sqrt()
	case logarithm:
		*x = x.log()
	case coefficient:
		e.coefficient(v, n)
	}
	for _, arg := range a[1:] {
		e.eval(&w, arg)
		switch n.op {
		case plus:
			v.add(&w, 1)
		case times:
			e.multiply(v, &w)
		case fraction:
			v.scale(wide{hi: 1}.div(w.of[0]))
		}
	}
}

// multiply multiplies v by w, which is their inner product if both are pictures.
func (e *evaluator) multiply(v, w *value) {
	switch {
	case v.picture && w.picture:
		v.number(e.inner(v, w))
	case w.picture:
		f := v.of[0]
		*v = *w
		v.scale(f)
	default:
		v.scale(w.of[0])
	}
}

// density makes v log N(x; mean, variance·I). Where x has a variance of its own, spread, it is the
// average over x, since ‖x − mean‖² is d·spread larger on average.
func (e *evaluator) density(v *value, x, spread, mean, variance *node) {
	var w value
	d := wide{hi: float64(len(e.state.X0))}
	e.eval(v, x)
	e.eval(&w, mean)
	v.add(&w, -1)
	e.multiply(v, v)
	if spread != nil {
		e.eval(&w, spread)
		w.scale(d)
		v.add(&w, 1)
	}
	e.eval(&w, variance)
	volume := wide{hi: 2 * math.Pi}.mul(w.of[0]).log().mul(d)
	v.number(v.of[0].div(w.of[0]).add(volume).mul(wide{hi: -0.5}))
}

// coefficient changes v, the value of a coefficient, if an edit does. In a sum an edit changes the
// values of all timesteps as it changes the first. An edit to the value that is shown changes
// nothing.
func (e *evaluator) coefficient(v *value, n *node) {
	edit := e.edited(n)
	if edit == nil {
		return
	}
	shown := *v
	if n.summed {
		e.shown(&shown, n)
	}
	switch {
	case edit.Value == shown.of[0].hi:
	case n.summed:
		v.scale(wide{hi: edit.Value}.div(shown.of[0]))
	default:
		v.number(wide{hi: edit.Value})
	}
}

// edited returns the edit of a coefficient, or nil.
func (e *evaluator) edited(n *node) *Edit {
	for i := range e.edits {
		if edit := &e.edits[i]; edit.Line == e.line && edit.Index == n.number {
			return edit
		}
	}
	return nil
}

// shown makes v the value of a coefficient without edits, in a sum that of its first timestep, 2.
func (e *evaluator) shown(v *value, n *node) {
	if n.summed {
		e.total(v, n.args[0], 2, 2)
		return
	}
	e.eval(v, n.args[0])
}
