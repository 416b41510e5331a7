package derive

import (
	"errors"
	"math"
	"strconv"
)

// Edit gives a coefficient of a line another value.
type Edit struct {
	Line  int     // index in Result.Lines
	Index int     // index in Line.Coefficients
	Value float64 // neither infinite nor NaN
}

// Coefficient is a factor, a variance or another number of a line that can be changed.
type Coefficient struct {
	Index  int
	Symbol string // as text: √α_t
	// Value is what the line is evaluated with, 0 where that has no value. In a sum it is the value
	// at the first timestep, 2; an edit changes the values at all timesteps in proportion.
	Value float64
}

// Line is a line of a derivation: the claim that two sides are equal.
type Line struct {
	Equation string // its number in Luo's paper, or another source
	// Left and Right are MathML. The element of a coefficient has the attribute data-coefficient,
	// its index. Continued says that Left is the right side of a line before; its coefficients have
	// no index here.
	Left, Right string
	Continued   bool

	// LeftValue and RightValue are the values of the sides, of pictures at the state's pixel.
	LeftValue, RightValue float64
	Picture               bool // the sides are pictures
	// Difference is |left − right| / max(|left|, |right|), of pictures with their Euclidean norms,
	// and 0 where both sides are 0. Holds reports whether it is at most Rounding.
	Difference float64
	Holds      bool

	Coefficients []Coefficient
	Undefined    Reason // unless Defined, the line has no values and no difference
}

// Rounding is the largest Difference that rounding explains. Lines are computed with 31 digits, of
// which those that subtract nearly equal numbers lose some: the worst one known, 58 at the last
// timestep of a cosine schedule, differs by 4·10⁻²³.
const Rounding = 1e-18

// Result is a derivation at a state.
type Result struct {
	Name  string
	Lines []Line
}

// Evaluate computes the lines of a derivation at a state. An edit acts on its line alone: a line
// that continues it starts from the right side without the edit.
func Evaluate(name string, s *State, edits ...Edit) (*Result, error) {
	all := lines(text(name))
	if len(all) == 0 {
		return nil, errors.New("derive: there is no derivation " + name)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	for _, edit := range edits {
		if edit.Line < 0 || edit.Line >= len(all) {
			return nil, errors.New("derive: line " + strconv.Itoa(edit.Line) + " of " +
				strconv.Itoa(len(all)) + " cannot be edited")
		}
	}
	e := newEvaluator(s)
	r := &Result{Name: name, Lines: make([]Line, len(all))}
	var before *node // the right side that a line continues
	for i, l := range all {
		e.edits = nil
		for _, edit := range edits {
			if edit.Line == i {
				e.edits = append(e.edits, edit)
			}
		}
		left, right, coefficients := l.parse(before)
		if !l.apart {
			before = right
		}
		for _, edit := range e.edits {
			if edit.Index < 0 || edit.Index >= len(coefficients) {
				return nil, errors.New("derive: coefficient " + strconv.Itoa(edit.Index) + " of " +
					strconv.Itoa(len(coefficients)) + " cannot be edited")
			}
			if edit.Value-edit.Value != 0 {
				return nil, errors.New("derive: a coefficient has to be a number")
			}
		}
		r.Lines[i] = e.line(l, left, right, coefficients)
	}
	return r, nil
}

// parse reads the sides of a line and its coefficients.
func (l *line) parse(before *node) (left, right *node, coefficients []*node) {
	left = before
	if l.left != "" {
		left, coefficients = parse(l.left, nil)
	}
	right, coefficients = parse(l.right, coefficients)
	return left, right, coefficients
}

// line evaluates one line.
func (e *evaluator) line(l line, left, right *node, coefficients []*node) Line {
	skips := e.state.skips()
	out := Line{Equation: l.equation, Continued: l.left == ""}
	out.Left = mathML(left, !out.Continued, skips)
	out.Right = mathML(right, true, skips)

	e.without = Defined
	edits := e.edits
	rightValue := e.eval(right)
	if out.Continued {
		e.edits = nil
	}
	leftValue := e.eval(left)
	e.edits = nil
	out.Picture = rightValue.picture
	switch {
	case leftValue.finite() && rightValue.finite():
		e.compare(&out, leftValue, rightValue)
	case e.without != Defined:
		out.Undefined = e.without
	case len(edits) > 0 && e.eval(left).finite() && e.eval(right).finite():
		out.Undefined = BadEdit
	case e.state.AlphaBarPrev == 1:
		out.Undefined = Clean
	default:
		out.Undefined = NoSignal
	}
	for i, n := range coefficients {
		c := Coefficient{i, words(n, skips), e.first(n).hi}
		for _, edit := range edits {
			if edit.Index == i {
				c.Value = edit.Value
			}
		}
		if c.Value-c.Value != 0 {
			c.Value = 0
		}
		out.Coefficients = append(out.Coefficients, c)
	}
	return out
}

// compare writes the values of a line's sides, and how much they differ.
func (e *evaluator) compare(out *Line, left, right value) {
	larger := max(e.size(left), e.size(right))
	if larger < Rounding && e.state.guessIsX0() {
		out.Undefined = SameGuess
		return
	}
	if larger > 0 {
		out.Difference = e.size(left.plus(right.times(exact(-1)))) / larger
	}
	out.Holds = out.Difference <= Rounding
	out.LeftValue, out.RightValue = e.shown(left), e.shown(right)
}

// size is the absolute value of a number, and the norm of a picture.
func (e *evaluator) size(v value) float64 {
	if v.picture {
		return math.Sqrt(max(e.squares(v).hi, 0))
	}
	return math.Abs(v.scalar.hi)
}

// shown is the number that is shown of a value.
func (e *evaluator) shown(v value) float64 {
	if !v.picture {
		return v.scalar.hi
	}
	sum := wide{}
	for i, x := range e.state.pictures() {
		if x != nil {
			sum = sum.add(v.of[i].mul(exact(x[e.state.Pixel])))
		}
	}
	return sum.hi
}
