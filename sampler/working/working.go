// Package working holds the working of a step: every line of the arithmetic that leads from x_t to
// x_{t−1} for one picture, with the numbers of all its pixels. A person can follow any one of them
// to the byte on the screen.
//
// Who computes writes the lines (sampler/solver, sampler); this package only keeps them. A line
// refers to lines before it, so a working is read from top to bottom.
package working

import "slices"

// Quantity is what a line computes, in the field's terms.
type Quantity uint8

// The quantities.
const (
	X        Quantity = iota // x_t, the state, in the sampler's own scale
	Seen                     // x_t as the network sees it
	Class                    // the network's output with the class
	NoClass                  // the network's output without it
	Gradient                 // ∇ log p(y|x_t) of a classifier
	Output                   // the network's output after guidance
	X0                       // x̂0
	Epsilon                  // ε̂
	V                        // v̂
	Score                    // ∇ log p(x_t)
	Slope                    // dx/dσ
	Z                        // fresh unit noise
	Known                    // a picture that was given
	Mask                     // 1 for values that lines leave out, else 0
	Variance                 // what the network predicts of the variance
	LogVar                   // the logarithm of the variance
	StdDev                   // its root
	Shown                    // the state as it is shown
	Byte                     // the byte on the screen
)

var names = [...]string{"x", "seen", "class", "without", "gradient", "output", "x0", "epsilon",
	"v", "score", "slope", "z", "known", "mask", "variance", "logvar", "deviation", "shown",
	"byte"}

func (q Quantity) String() string { return names[q] }

// Rule says how a line's values follow from its sum.
type Rule uint8

// The rules.
const (
	Given      Rule = iota // they do not: the step was given them, or the network answered them
	Sum                    // they are Σ factor·value, divided by Over
	Clip                   // the sum is clipped to ±Over
	Scale                  // the sum is clipped to ±Over and then divided by it
	HalfExp                // exp of half the sum
	SquareRoot             // the root of the sum
	Round                  // the sum is rounded to a whole number from 0 to 255
)

var rules = [...]string{"given", "sum", "clip", "scale", "exp", "root", "round"}

func (r Rule) String() string { return rules[r] }

// One in place of a line stands for the number 1.
const One = -1

// Term is a factor times the values of an earlier line, and times those of another if By is not
// One.
type Term struct {
	Factor   float64
	Line, By int
}

// Line is one line of a working.
type Line struct {
	Of     Quantity
	Rule   Rule
	Terms  []Term // none of what is given
	Over   float64
	Back   int       // of an output that an earlier step asked for: how many evaluations ago
	T      float64   // of a network's output: the timestep that it was told
	Deep   int       // of one: how many evaluations before it its deep features were worked out
	Except int       // the line of a mask of the values that this line leaves alone; else One
	Values []float64 // [C·H·W]
}

// Working is the working of a step.
type Working struct {
	Lines    []Line
	Question Question // the last one to the network
}

// Question is what a network was asked, and what it answered.
type Question struct {
	Asked         bool
	Seen, Answer  int     // lines: of what it saw, and of its answer after guidance
	Signal, Noise float64 // the noise level of what it saw
}

// Write adds a line with a copy of the values that were computed for it, and returns its number.
// Its terms follow, by Times.
//
// It and Product are called in many places, and would make a program larger in each.
//
//go:noinline
func (w *Working) Write(of Quantity, rule Rule, over float64, values []float64) int {
	w.Lines = append(w.Lines, Line{})
	l := &w.Lines[len(w.Lines)-1]
	l.Of, l.Rule, l.Over, l.Except, l.Values = of, rule, over, One, slices.Clone(values)
	return len(w.Lines) - 1
}

// Sum is Write of a plain sum.
func (w *Working) Sum(of Quantity, values []float64) int { return w.Write(of, Sum, 1, values) }

// Times adds a term to the last line, unless its factor is 0: a factor times the values of another
// line, or One.
func (w *Working) Times(factor float64, line int) { w.Product(factor, line, One) }

// Product is Times with the values of two lines.
//
//go:noinline
func (w *Working) Product(factor float64, line, by int) {
	if factor == 0 {
		return
	}
	l := &w.Lines[len(w.Lines)-1]
	l.Terms = append(l.Terms, Term{factor, line, by})
}

// Give adds a quantity that the step does not compute.
func (w *Working) Give(of Quantity, values []float64) int { return w.Write(of, Given, 1, values) }

// Find returns the last line of a quantity with these values. Values without a line come from an
// earlier step, `back` evaluations ago: Find adds them as given.
func (w *Working) Find(of Quantity, back int, values []float64) int {
	for i := len(w.Lines) - 1; i >= 0; i-- {
		if l := &w.Lines[i]; l.Of == of && slices.Equal(l.Values, values) {
			return i
		}
	}
	i := w.Give(of, values)
	w.Lines[i].Back = back
	return i
}

// State returns the line of the state x: the first of a step is x_t, and one that the step has not
// computed is of an earlier step.
//
//go:noinline
func (w *Working) State(x []float64) int {
	back := 1
	if w.Last(X) == One {
		back = 0
	}
	return w.Find(X, back, x)
}

// Last returns the last line of a quantity, or One.
//
//go:noinline
func (w *Working) Last(of Quantity) int {
	for i := len(w.Lines) - 1; i >= 0; i-- {
		if w.Lines[i].Of == of {
			return i
		}
	}
	return One
}
