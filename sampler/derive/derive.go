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
	var all []formula
	for i := range derivations {
		if derivations[i].name == name {
			all = formulas(derivations[i].text)
		}
	}
	wrong := s.check()
	for _, edit := range edits {
		switch {
		case edit.Line < 0 || edit.Line >= len(all):
			wrong = "there is no line " + strconv.Itoa(edit.Line)
		case edit.Index < 0 || edit.Index >= len(all[edit.Line].coefficients):
			wrong = "there is no coefficient " + strconv.Itoa(edit.Index)
		case edit.Value-edit.Value != 0:
			wrong = "a coefficient has to be a number"
		}
	}
	if all == nil {
		wrong = "there is no derivation " + name
	}
	if wrong != "" {
		return nil, errors.New("derive: " + wrong)
	}
	e := newEvaluator(s)
	r := &Result{Name: name, Lines: make([]Line, len(all))}
	for i := range all {
		e.edits, e.line = edits, i
		e.evaluate(&r.Lines[i], &all[i])
	}
	return r, nil
}

// evaluate evaluates the evaluator's line.
func (e *evaluator) evaluate(out *Line, f *formula) {
	skips := e.state.skips()
	out.Equation, out.Continued = f.equation, f.continued
	out.Left = mathML(f.left, !f.continued, skips)
	out.Right = mathML(f.right, true, skips)

	var v, w value
	e.without = Defined
	e.eval(&w, f.right)
	for i, n := range f.coefficients {
		e.shown(&v, n)
		x := v.of[0].hi
		if edit := e.edited(n); edit != nil {
			x = edit.Value
		}
		if x-x != 0 {
			x = 0
		}
		out.Coefficients = append(out.Coefficients, Coefficient{i, words(n, skips), x})
	}
	if f.continued {
		e.edits = nil
	}
	e.eval(&v, f.left)
	e.edits = nil
	out.Picture = w.picture
	if v.finite() && w.finite() {
		e.compare(out, &v, &w)
	} else if out.Undefined = e.without; out.Undefined == Defined {
		e.eval(&v, f.left)
		e.eval(&w, f.right)
		switch {
		case v.finite() && w.finite():
			out.Undefined = BadEdit
		case e.state.AlphaBarPrev == 1:
			out.Undefined = Clean
		default:
			out.Undefined = NoSignal
		}
	}
}

// compare writes the values of a line's sides, and how much they differ.
func (e *evaluator) compare(out *Line, left, right *value) {
	larger := max(e.size(left), e.size(right))
	if larger < Rounding && e.state.guessIsX0() {
		out.Undefined = SameGuess
		return
	}
	out.LeftValue, out.RightValue = e.pixel(left), e.pixel(right)
	if larger > 0 {
		left.add(right, -1)
		out.Difference = e.size(left) / larger
	}
	out.Holds = out.Difference <= Rounding
}

// size is the absolute value of a number, and the norm of a picture.
func (e *evaluator) size(v *value) float64 {
	if v.picture {
		return math.Sqrt(max(e.inner(v, v).hi, 0))
	}
	return math.Abs(v.of[0].hi)
}

// pixel is a number, and of a picture the value at the state's pixel.
func (e *evaluator) pixel(v *value) float64 {
	if !v.picture {
		return v.of[0].hi
	}
	sum := wide{}
	for i, x := range e.state.pictures() {
		if x != nil {
			sum = sum.add(v.of[i].mul(wide{hi: x[e.state.Pixel]}))
		}
	}
	return sum.hi
}
