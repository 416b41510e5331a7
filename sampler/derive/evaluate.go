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

// vector is a picture as the factors of the basis.
type vector [basis]wide

// value is a number, or a picture.
type value struct {
	scalar  wide
	of      vector
	picture bool
}

// picture returns one of the basis.
func picture(i int) value {
	v := value{picture: true}
	v.of[i] = exact(1)
	return v
}

// times returns a value times a number.
func (v value) times(f wide) value {
	if !v.picture {
		return value{scalar: v.scalar.mul(f)}
	}
	for i := range v.of {
		v.of[i] = v.of[i].mul(f)
	}
	return v
}

// plus returns the sum of two values of one kind, or of a picture and 0.
func (v value) plus(w value) value {
	if !v.picture && !w.picture {
		return value{scalar: v.scalar.add(w.scalar)}
	}
	for i := range v.of {
		v.of[i] = v.of[i].add(w.of[i])
	}
	v.picture = true
	return v
}

// finite reports whether a value has neither infinities nor NaNs.
func (v value) finite() bool {
	ok := v.scalar.finite()
	for _, f := range v.of {
		ok = ok && f.finite()
	}
	return ok
}

// step is a step of the chain, from a level to one with less noise.
type step struct {
	bar, barPrev wide // ᾱ_t, ᾱ_{t−1}
	xt, xPrev    vector
}

// evaluator computes the values of formulas at a step.
type evaluator struct {
	state   *State
	own     step               // the state's
	at      step               // the state's, or in a sum that of a timestep
	gram    [basis][basis]wide // inner products of the basis
	epsilon vector             // ε_0 of the state's step
	edits   []Edit             // of the line
	without Reason             // what was needed and is not there
}

// newEvaluator computes what all formulas need of a state.
func newEvaluator(s *State) *evaluator {
	e := &evaluator{state: s}
	e.own.bar, e.own.barPrev = exact(s.AlphaBar), exact(s.AlphaBarPrev)
	e.own.xt, e.own.xPrev = picture(xt).of, picture(xPrev).of
	e.at = e.own
	pictures := s.pictures()
	for i, x := range pictures {
		for j, y := range pictures[:i+1] {
			sum := wide{}
			for k := range min(len(x), len(y)) {
				sum = sum.add(exact(x[k]).mul(exact(y[k])))
			}
			e.gram[i][j], e.gram[j][i] = sum, sum
		}
	}
	e.epsilon = e.symbol("e0").of
	return e
}

// inner returns the inner product of two pictures.
func (e *evaluator) inner(v, w value) wide {
	sum := wide{}
	for i, f := range v.of {
		if f.hi == 0 {
			continue // most pictures are sums of two
		}
		for j, g := range w.of {
			sum = sum.add(f.mul(g).mul(e.gram[i][j]))
		}
	}
	return sum
}

// squares returns ‖v‖² of a picture.
func (e *evaluator) squares(v value) wide { return e.inner(v, v) }

// guess is the network's picture.
func (e *evaluator) guess() value {
	if e.state.Guess == nil {
		e.without = NoGuess
		return picture(guess).times(exact(math.NaN()))
	}
	return picture(guess)
}

// timesteps is T.
func (e *evaluator) timesteps() int { return len(e.state.Schedule) }

// bar is ᾱ of a timestep of the schedule, which counts from 1. That of 0 is 1.
func (e *evaluator) bar(t int) wide {
	switch {
	case e.timesteps() < 2:
		e.without = NoSchedule
		return exact(math.NaN())
	case t == 0:
		return exact(1)
	}
	return exact(e.state.Schedule[t-1])
}

// path is the noisy picture of a timestep with the ε of the state: √ᾱ·x_0 + √(1−ᾱ)·ε.
func (e *evaluator) path(t int) vector {
	bar := e.bar(t)
	v := value{of: e.epsilon, picture: true}.times(exact(1).sub(bar).sqrt())
	return v.plus(picture(x0).times(bar.sqrt())).of
}

// visit goes to the step from timestep t to the one before it.
func (e *evaluator) visit(t int) {
	e.at = step{e.bar(t), e.bar(t - 1), e.path(t), e.path(t - 1)}
}

// total is the sum of n over the timesteps 2…T.
func (e *evaluator) total(n *node) wide {
	if bar := e.bar(1); !bar.finite() {
		return bar
	}
	outside, sum := e.at, wide{}
	for t := 2; t <= e.timesteps(); t++ {
		e.visit(t)
		sum = sum.add(e.scalar(n))
	}
	e.at = outside
	return sum
}

// product is ∏ α_i up to the state's timestep.
func (e *evaluator) product() wide {
	t := e.state.timestep()
	if t < 0 {
		e.without = NoTimestep
		return exact(math.NaN())
	}
	all := exact(1)
	for i := 1; i <= t; i++ {
		all = all.mul(e.bar(i).div(e.bar(i - 1)))
	}
	return all
}

// eval returns the value of a node.
func (e *evaluator) eval(n *node) value {
	switch n.op {
	case symbol:
		return e.symbol(n.text)
	case integer:
		return value{scalar: whole(n.text)}
	case total:
		return value{scalar: e.total(n.args[0])}
	}
	v := e.eval(n.args[0])
	switch n.op {
	case plus:
		for _, arg := range n.args[1:] {
			v = v.plus(e.eval(arg))
		}
	case negative:
		v = v.times(exact(-1))
	case times:
		for _, arg := range n.args[1:] {
			v = e.times(v, e.eval(arg))
		}
	case fraction:
		v = v.times(exact(1).div(e.scalar(n.args[1])))
	case square, norm:
		v = e.times(v, v)
	case root:
		v.scalar = v.scalar.sqrt()
	case logarithm:
		v.scalar = v.scalar.log()
	case gaussian:
		v = value{scalar: e.density(v, e.eval(n.args[1]), e.scalar(n.args[2]))}
	case divergence:
		own, mean, other := e.scalar(n.args[1]), e.eval(n.args[2]), e.scalar(n.args[3])
		v = value{scalar: e.divergence(v, own, mean, other)}
	case coefficient:
		v.scalar = e.coefficient(n, v.scalar)
	}
	return v
}

// scalar returns the value of a node that is a number.
func (e *evaluator) scalar(n *node) wide { return e.eval(n).scalar }

// whole reads a whole number.
func whole(digits string) wide {
	x := 0.0
	for _, digit := range digits {
		x = float64(10*x) + float64(digit-'0')
	}
	return exact(x)
}

// times is the product of two values, of two pictures their inner product.
func (e *evaluator) times(v, w value) value {
	switch {
	case v.picture && w.picture:
		return value{scalar: e.inner(v, w)}
	case w.picture:
		return w.times(v.scalar)
	}
	return v.times(w.scalar)
}

// coefficient returns the value of a coefficient: as computed, or as an edit has it. In a sum an
// edit changes the values of all timesteps as it changes the first. An edit to the value that is
// shown changes nothing.
func (e *evaluator) coefficient(n *node, computed wide) wide {
	for _, edit := range e.edits {
		if edit.Index != n.index {
			continue
		}
		first := computed
		if n.summed {
			first = e.first(n)
		}
		if edit.Value == first.hi {
			return computed
		}
		if n.summed {
			return computed.mul(exact(edit.Value).div(first))
		}
		return exact(edit.Value)
	}
	return computed
}

// first returns the value of a coefficient without edits: in a sum that of its first timestep, 2.
func (e *evaluator) first(n *node) wide {
	outside := e.at
	if n.summed {
		e.visit(2)
	}
	v := e.scalar(n.args[0])
	e.at = outside
	return v
}
