package derive

import (
	"encoding/xml"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// schedules of all families; those of 1000 timesteps have the smallest steps and the least signal.
func schedules(t testing.TB, timesteps int) []*schedule.Schedule {
	t.Helper()
	var all []*schedule.Schedule
	for _, family := range []string{
		"linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid", "laplace",
	} {
		c := schedule.Default()
		c.BetaSchedule, c.NumTrainTimesteps = family, timesteps
		s, err := schedule.New(c)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// random returns a state of a step between two timesteps, which count from 1; 0 is the clean
// picture.
func random(r *rand.Rand, s *schedule.Schedule, t, prev, n int) *State {
	x := &State{
		X0: make([]float64, n), Xt: make([]float64, n), XPrev: make([]float64, n),
		Guess: make([]float64, n), Schedule: s.AlphaBar, Pixel: r.IntN(n),
		AlphaBar: s.AlphaBar[t-1], AlphaBarPrev: 1,
	}
	if prev > 0 {
		x.AlphaBarPrev = s.AlphaBar[prev-1]
	}
	for i := range n {
		x.X0[i] = 2*r.Float64() - 1
		x.Guess[i] = x.X0[i] + 0.1*r.NormFloat64()
	}
	noise := func() []float64 {
		z := make([]float64, n)
		for i := range z {
			z[i] = r.NormFloat64()
		}
		return z
	}
	s.Forward(x.Xt, x.X0, noise(), t-1)
	copy(x.XPrev, x.X0)
	if prev > 0 {
		s.Forward(x.XPrev, x.X0, noise(), prev-1)
	}
	return x
}

// evaluate fails the test where Evaluate does.
func evaluate(t testing.TB, name string, s *State, edits ...Edit) *Result {
	t.Helper()
	r, err := Evaluate(name, s, edits...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// states calls f with states of all families: the last step but one of the chain, its first, the
// longest, and random ones between any two timesteps.
func states(t *testing.T, timesteps, more int, f func(*testing.T, *State)) {
	r := rand.New(rand.NewPCG(1, uint64(timesteps)))
	for _, s := range schedules(t, timesteps) {
		T := s.T()
		pairs := [][2]int{{2, 1}, {T, T - 1}, {T, 1}}
		for range more {
			prev := 1 + r.IntN(T-1)
			pairs = append(pairs, [2]int{prev + 1 + r.IntN(T-prev), prev})
		}
		for _, p := range pairs {
			name := s.Config.BetaSchedule + " " + strconv.Itoa(p[0]) + "→" + strconv.Itoa(p[1])
			t.Run(name, func(t *testing.T) { f(t, random(r, s, p[0], p[1], 1+r.IntN(40))) })
		}
	}
}

// TestEveryLineHolds: both sides of every line are equal.
func TestEveryLineHolds(t *testing.T) {
	count := 0
	holds := func(t *testing.T, s *State) {
		count++
		for _, name := range Names() {
			for i, l := range evaluate(t, name, s).Lines {
				if l.Undefined != Defined {
					t.Errorf("%s %d (%s): %s", name, i, l.Equation, l.Undefined.Sentence())
				} else if !l.Holds || !(l.Difference <= 1e-12) {
					t.Errorf("%s %d (%s): %v and %v differ by %v", name, i, l.Equation,
						l.LeftValue, l.RightValue, l.Difference)
				}
				gap := math.Abs(l.LeftValue-l.RightValue) /
					max(math.Abs(l.LeftValue), math.Abs(l.RightValue))
				if gap > 1e-12 && !l.Picture {
					t.Errorf("%s %d (%s): %v is not %v", name, i, l.Equation, l.LeftValue,
						l.RightValue)
				}
			}
		}
	}
	states(t, 50, 17, holds)
	states(t, 1000, 0, holds)
	if count < 100 {
		t.Errorf("there were %d states, and there are to be 100", count)
	}
}

// TestEveryChangeIsNoticed: a coefficient that is a hundredth larger makes its line fail, and no
// other line.
func TestEveryChangeIsNoticed(t *testing.T) {
	noticed := func(t *testing.T, s *State) {
		for _, name := range Names() {
			if name == Bound && s.AlphaBar > 1e-8 && len(s.Schedule) > 100 {
				continue // only with the least signal is a sum more than one of 20 timesteps
			}
			plain := evaluate(t, name, s)
			for index := 0; ; index++ {
				var edits []Edit
				for i, l := range plain.Lines {
					if index < len(l.Coefficients) {
						edits = append(edits, Edit{i, index, 1.01 * l.Coefficients[index].Value})
					}
				}
				if edits == nil {
					break
				}
				changed := map[int]bool{}
				lines := evaluate(t, name, s, edits...).Lines
				for _, edit := range edits {
					l := lines[edit.Line]
					changed[edit.Line] = true
					if c := l.Coefficients[index]; c.Value != edit.Value || c.Value == 0 {
						t.Errorf("%s %d (%s), coefficient %s: value %v, edited to %v", name,
							edit.Line, l.Equation, c.Symbol, c.Value, edit.Value)
					}
					if l.Undefined != BadEdit && l.Holds {
						t.Errorf("%s %d (%s): nothing shows that %s was changed (%v)", name,
							edit.Line, l.Equation, l.Coefficients[index].Symbol, l.Difference)
					}
				}
				for i, l := range lines {
					if !changed[i] && !l.Holds {
						t.Errorf("%s %d (%s) fails by changes of others", name, i, l.Equation)
					}
				}
			}
		}
	}
	states(t, 20, 3, noticed)
	states(t, 1000, 0, noticed)
}

// TestAChangeKeepsToItsLine: a line that continues a changed one starts from what it was.
func TestAChangeKeepsToItsLine(t *testing.T) {
	s := random(rand.New(rand.NewPCG(2, 2)), schedules(t, 20)[0], 12, 7, 9)
	plain := evaluate(t, Posterior, s)
	for i, l := range plain.Lines {
		if len(l.Coefficients) == 0 {
			continue
		}
		got := evaluate(t, Posterior, s, Edit{i, 0, 2 * l.Coefficients[0].Value}).Lines
		for j := range got {
			same := got[j].Difference == plain.Lines[j].Difference &&
				got[j].RightValue == plain.Lines[j].RightValue
			if same != (i != j) {
				t.Errorf("an edit of line %d: line %d is the same: %v", i, j, same)
			}
		}
	}
}

// TestShownValuesAreNoChange: an edit to the value that is shown leaves a line as it was, although
// that value has 16 of its digits.
func TestShownValuesAreNoChange(t *testing.T) {
	s := random(rand.New(rand.NewPCG(3, 3)), schedules(t, 20)[2], 20, 3, 9)
	for _, name := range Names() {
		plain := evaluate(t, name, s)
		var edits []Edit
		for i, l := range plain.Lines {
			for _, c := range l.Coefficients {
				edits = append(edits, Edit{i, c.Index, c.Value})
			}
		}
		for i, l := range evaluate(t, name, s, edits...).Lines {
			if l.Difference != plain.Lines[i].Difference {
				t.Errorf("%s %d: %v, want %v", name, i, l.Difference, plain.Lines[i].Difference)
			}
		}
	}
}

// indices reads MathML as XML and returns the indices of its coefficients.
func indices(t *testing.T, text string) (found []int) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	roots, depth := 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
				if token.Name.Local != "math" {
					t.Errorf("the element <%s> is no formula", token.Name.Local)
				}
			}
			depth++
			for _, a := range token.Attr {
				if a.Name.Local == "data-coefficient" {
					i, err := strconv.Atoi(a.Value)
					if err != nil {
						t.Error(err)
					}
					found = append(found, i)
				}
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth < 2 {
				t.Errorf("text outside of elements: %q", token)
			}
		}
	}
	if roots != 1 {
		t.Errorf("%d formulas: %s", roots, text)
	}
	return found
}

// children are those that an element of MathML has to have.
var children = map[string]int{
	"mfrac": 2, "msup": 2, "msub": 2, "mover": 2, "msubsup": 3, "munderover": 3,
}

// TestMathML: the sides of lines are well formed, and each coefficient is in one place.
func TestMathML(t *testing.T) {
	s := random(rand.New(rand.NewPCG(4, 4)), schedules(t, 20)[0], 12, 7, 3)
	for _, skips := range []bool{true, false} {
		if !skips {
			s.AlphaBarPrev = s.Schedule[10]
		}
		for _, name := range Names() {
			for i, l := range evaluate(t, name, s).Lines {
				left, right := indices(t, l.Left), indices(t, l.Right)
				if l.Continued && left != nil {
					t.Errorf("%s %d: the left side has indices", name, i)
				}
				all := append(left, right...)
				slices.Sort(all)
				for j := range max(len(all), len(l.Coefficients)) {
					if j >= len(all) || j >= len(l.Coefficients) || all[j] != j ||
						l.Coefficients[j].Index != j {
						t.Fatalf("%s %d: indices %v of %d coefficients", name, i, all,
							len(l.Coefficients))
					}
				}
				counts(t, l.Left)
				counts(t, l.Right)
			}
		}
		index := map[bool]string{
			true:  "<mi>s</mi>",
			false: "<mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow>",
		}
		left := evaluate(t, ClosedForm, s).Lines[1].Left
		want := `<math><msub><mi class="picture">x</mi>` + index[skips] + `</msub></math>`
		if left != want {
			t.Errorf("got %s, want %s", left, want)
		}
		sum := evaluate(t, Bound, s).Lines[12].Left
		if !strings.Contains(sum, index[false]) || strings.Contains(sum, index[true]) {
			t.Errorf("a sum over all timesteps skips some: %s", sum)
		}
	}
}

// counts checks that the elements of MathML have as many children as they need.
func counts(t *testing.T, text string) {
	t.Helper()
	type element struct {
		name string
		has  int
	}
	var open []element
	d := xml.NewDecoder(strings.NewReader(text))
	for token, err := d.Token(); err == nil; token, err = d.Token() {
		switch token := token.(type) {
		case xml.StartElement:
			if n := len(open); n > 0 {
				open[n-1].has++
			}
			open = append(open, element{name: token.Name.Local})
		case xml.EndElement:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			if want, ok := children[last.name]; ok && last.has != want {
				t.Errorf("<%s> has %d children, not %d: %s", last.name, last.has, want, text)
			}
		}
	}
}

// TestSymbols: every name that can be shown is in a line, and no coefficient holds another.
func TestSymbols(t *testing.T) {
	used := map[string]bool{}
	var walk func(n *node, in bool)
	walk = func(n *node, in bool) {
		if n.op == symbol {
			used[symbols[n.number].name] = true
		}
		if in && n.op == coefficient {
			t.Error("a coefficient holds another")
		}
		for _, arg := range n.args {
			walk(arg, in || n.op == coefficient)
		}
	}
	for _, d := range derivations {
		for _, f := range formulas(d.text) {
			walk(f.left, false)
			walk(f.right, false)
		}
	}
	for _, s := range symbols {
		if !used[s.name] {
			t.Errorf("no line has %s, which is shown as %s", s.name, s.shown)
		}
	}
}

// undefined returns the equations of the lines without values, and checks that all numbers are.
func undefined(t *testing.T, s *State) (all []string) {
	t.Helper()
	for _, name := range Names() {
		for i, l := range evaluate(t, name, s).Lines {
			numbers := []float64{l.LeftValue, l.RightValue, l.Difference}
			for _, c := range l.Coefficients {
				numbers = append(numbers, c.Value)
			}
			for _, v := range numbers {
				if v-v != 0 {
					t.Errorf("%s %d (%s) has the value %v", name, i, l.Equation, v)
				}
			}
			if l.Undefined == Defined {
				if !l.Holds {
					t.Errorf("%s %d (%s) differs by %v", name, i, l.Equation, l.Difference)
				}
				continue
			}
			if l.Undefined.Sentence() == "" || l.Holds || l.LeftValue != 0 || l.RightValue != 0 {
				t.Errorf("%s %d (%s) has no values for the reason %q: %+v", name, i, l.Equation,
					l.Undefined, l)
			}
			all = append(all, string(l.Undefined)+" "+l.Equation)
		}
	}
	return all
}

// numbers lists equations without values for one reason.
func numbers(reason Reason, list string) (all []string) {
	for _, one := range strings.Split(list, "; ") {
		all = append(all, string(reason)+" "+one)
	}
	return all
}

// TestEnds: the lines without values at both ends of a chain, with the reason.
func TestEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	c := schedule.Default()
	c.BetaSchedule, c.NumTrainTimesteps, c.RescaleBetasZeroSNR = "squaredcos_cap_v2", 50, true
	dark, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range schedules(t, 1000) {
		if got := undefined(t, random(r, s, 1000, 999, 5)); got != nil {
			t.Errorf("%s, its first step: %v", s.Config.BetaSchedule, got)
		}
	}
	const (
		clean = "60; 62; 63; 64; 73; 75; 76; 71; 72; 73; 74; 75; 76; 77; 78; 79; 80; 81; 82; " +
			"83; 84; 87; 88; 89; 90; 92; 96; 97; 98; 99; 101; 102; 103; 104; 105; 106; 107; 108; " +
			"110; 127; 128; 129; 130; 145; 146; 147; 148; 130, " + salimans + "; 46"
		noSignal = "115; 117; 118; 119; 120; 121; 122; 123; 124; 125; 127; 128; 129; 130; 133; " +
			"135; 136; 137; 138; 139; 140; 141; 142; 143; 145; 146; 147; 148; 149"
	)
	cosine := schedules(t, 50)[2]
	middle := func() *State { return random(r, cosine, 30, 20, 5) }
	withoutGuess, same, between, alone := middle(), middle(), middle(), middle()
	withoutGuess.Guess = nil
	same.Guess = slices.Clone(same.X0)
	between.AlphaBar += 1e-3
	alone.Schedule = nil
	for _, test := range []struct {
		what string
		s    *State
		want []string
	}{
		{"the last step", random(r, cosine, 1, 0, 5), numbers(Clean, clean)},
		{"one long step", random(r, cosine, 50, 0, 5), numbers(Clean, clean)},
		{"no signal", random(r, dark, 50, 49, 5), numbers(NoSignal, noSignal)},
		{"no guess", withoutGuess, numbers(NoGuess, "94; 87; 88; 89; 90; 92; 96; 97; 98; 99; 101; "+
			"102; 103; 104; 105; 106; 107; 108; 110; 125; 127; 128; 129; 130; 143; 145; 146; 147; "+
			"148; 125, "+salimans+"; 130, "+salimans+"; 32, 33, 94; 49; 50; 51; 52; 53; 54; 55; "+
			"56; 58, 92; 58, 99; 58, 110; 58, 110")},
		{"the guess is x_0", same, numbers(SameGuess, "87; 88; 89; 90; 92; 96; 97; 98; 99; 101; "+
			"102; 103; 104; 105; 106; 107; 108; 110; 127; 128; 129; 130; 145; 146; 147; 148; 130, "+
			salimans+"; 58, 92; 58, 99; 58, 110; 58, 110")},
		{"between timesteps", between, numbers(NoTimestep, "68")},
		{"no schedule", alone, append(numbers(NoTimestep, "68"), numbers(NoSchedule,
			"30, 31; 32, 33, 94; 49; 50; 51; 52; 53; 54; 55; 56; 58, 86; 58, 92; 58, 99; 58, 110; "+
				"58, 110")...)},
	} {
		if got := undefined(t, test.s); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %v\nwant %v", test.what, got, test.want)
		}
	}
}

// TestZeroCanBeEdited: also a coefficient that is 0 takes another value.
func TestZeroCanBeEdited(t *testing.T) {
	s := random(rand.New(rand.NewPCG(12, 12)), schedules(t, 20)[0], 9, 0, 3)
	edit := Edit{0, 1, 0.5} // μ_q := (√α_t(1−ᾱ_{t−1})x_t + …
	l := evaluate(t, Loss, s).Lines[0]
	if l.Coefficients[1].Value != 0 || !l.Holds {
		t.Errorf("at the clean picture: %+v", l)
	}
	l = evaluate(t, Loss, s, edit).Lines[0]
	near(t, "the difference", l.RightValue-l.LeftValue,
		0.5*math.Sqrt(s.AlphaBar)*s.Xt[s.Pixel]/(1-s.AlphaBar), 1e-12)
	if l.Holds || l.Undefined != Defined {
		t.Errorf("after the edit: %+v", l)
	}
}

// TestEditsWithoutValue: a line says that an edit takes its value.
func TestEditsWithoutValue(t *testing.T) {
	s := random(rand.New(rand.NewPCG(6, 6)), schedules(t, 20)[0], 2, 0, 3)
	r := evaluate(t, Predictions, s, Edit{0, 1, 0}) // x0 := (…)/√ᾱ_t
	if got := r.Lines[0].Undefined; got != BadEdit {
		t.Errorf("a division by 0 is undefined for the reason %q", got)
	}
}

// TestRefusals: states and edits that cannot be evaluated give errors.
func TestRefusals(t *testing.T) {
	good := func() *State {
		return random(rand.New(rand.NewPCG(7, 7)), schedules(t, 20)[0], 9, 4, 3)
	}
	const (
		size  = "derive: the pictures have to be of one size"
		pixel = "derive: the pixel has to be one of the picture"
		grow  = "derive: ᾱ has to grow in a step, from 0 or more to 1 at most"
	)
	for _, test := range []struct {
		name, want string
		edit       Edit
		change     func(*State)
	}{
		{"proof", "derive: there is no derivation proof", Edit{}, nil},
		{Loss, size, Edit{}, func(s *State) { s.Xt = s.Xt[:2] }},
		{Loss, size, Edit{}, func(s *State) { s.XPrev = nil }},
		{Loss, size, Edit{},
			func(s *State) { s.Guess = []float64{} }},
		{Loss, "derive: a picture has to consist of numbers", Edit{},
			func(s *State) { s.Guess[1] = math.NaN() }},
		{Loss, pixel, Edit{}, func(s *State) { s.Pixel = 3 }},
		{Loss, pixel, Edit{},
			func(s *State) { s.X0, s.Xt, s.XPrev, s.Guess, s.Pixel = nil, nil, nil, nil, 0 }},
		{Loss, grow, Edit{},
			func(s *State) { s.AlphaBarPrev = s.AlphaBar }},
		{Loss, grow, Edit{},
			func(s *State) { s.AlphaBar = math.NaN() }},
		{Loss, "derive: ᾱ of a schedule has to fall, from below 1 to 0 or more", Edit{},
			func(s *State) { s.Schedule = []float64{0.5, 0.5} }},
		{Loss, "derive: there is no line 21", Edit{21, 0, 1}, nil},
		{Loss, "derive: there is no line -1", Edit{-1, 0, 1}, nil},
		{Loss, "derive: there is no coefficient 5", Edit{0, 5, 1}, nil},
		{Loss, "derive: a coefficient has to be a number", Edit{0, 0, math.Inf(1)}, nil},
	} {
		s := good()
		if test.change != nil {
			test.change(s)
		}
		if _, err := Evaluate(test.name, s, test.edit); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// TestGolden holds a result of every derivation to its bits, which every platform must give.
func TestGolden(t *testing.T) {
	s := &State{
		X0: []float64{0.9, -0.2, 0.4}, Xt: []float64{0.3, -1.1, 0.8},
		XPrev: []float64{0.5, -0.7, 0.6}, Guess: []float64{0.8, -0.1, 0.5},
		AlphaBar: 0.36, AlphaBarPrev: 0.64, Schedule: []float64{0.9, 0.64, 0.36, 0.05},
	}
	var got []fixture.Line
	for _, name := range Names() {
		var values []float64
		for _, l := range evaluate(t, name, s).Lines {
			values = append(values, l.LeftValue, l.RightValue, l.Difference)
			for _, c := range l.Coefficients {
				values = append(values, c.Value)
			}
		}
		got = append(got, fixture.Line{Name: name, Value: fixture.Hash(values)})
	}
	fixture.Golden(t, "testdata/golden.txt", got)
}
