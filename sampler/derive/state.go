package derive

import "math"

// State is what a running picture gives. x_{t−1} may be the noisy picture of any level with less
// noise than x_t; the package's documentation says how the paper's lines then read. ε, the score
// and v are not given: they follow from x_0 and x_t, and the network's from its guess and x_t.
type State struct {
	X0    []float64 // [n] x_0: the picture, or a network's x̂_0 in its place
	Xt    []float64 // [n] x_t
	XPrev []float64 // [n] x_{t−1}
	Guess []float64 // [n] x̂_θ(x_t,t) of a network beside x_0, or nil

	AlphaBar     float64 // ᾱ_t, from 0 to below AlphaBarPrev
	AlphaBarPrev float64 // ᾱ_{t−1}, 1 for the clean picture

	// Schedule is ᾱ of every timestep, [T], falling, as schedule.Schedule.AlphaBar, or nil. ∏ α_i
	// and the bound need it.
	Schedule []float64

	// Pixel is the element whose values the lines between pictures have.
	Pixel int
}

// pictures returns the basis.
func (s *State) pictures() [basis][]float64 {
	p := [basis][]float64{x0: s.X0, xPrev: s.XPrev, xt: s.Xt, guess: s.Guess}
	if len(s.Guess) == len(s.X0) && s.guessIsX0() {
		p[guess] = s.X0
	}
	return p
}

// check returns what is wrong with a state, "" for nothing.
func (s *State) check() string {
	n := len(s.X0)
	for i, x := range s.pictures() {
		if len(x) != n && (i != guess || x != nil) {
			return "the pictures have to be of one size"
		}
		for _, v := range x {
			if v-v != 0 {
				return "a picture has to consist of numbers"
			}
		}
	}
	if s.Pixel < 0 || s.Pixel >= n {
		return "the pixel has to be one of the picture"
	}
	if !(0 <= s.AlphaBar && s.AlphaBar < s.AlphaBarPrev && s.AlphaBarPrev <= 1) {
		return "ᾱ has to grow in a step, from 0 or more to 1 at most"
	}
	above := 1.0
	for _, bar := range s.Schedule {
		if !(0 <= bar && bar < above) {
			return "ᾱ of a schedule has to fall, from below 1 to 0 or more"
		}
		above = bar
	}
	return ""
}

// timestep returns that of x_t in the schedule, which counts from 1, and −1 if it has none.
func (s *State) timestep() int {
	for i, bar := range s.Schedule {
		if bar == s.AlphaBar {
			return i + 1
		}
	}
	return -1
}

// skips reports whether the step is another than one from a timestep to the one before it.
func (s *State) skips() bool {
	switch t := s.timestep(); t {
	case -1:
		return true
	case 1:
		return s.AlphaBarPrev != 1
	default:
		return s.AlphaBarPrev != s.Schedule[t-2]
	}
}

// guessIsX0 reports whether there is a guess and it is x_0, but for the rounding of float64: what
// lines say of such a difference is noise.
func (s *State) guessIsX0() bool {
	apart, size := 0.0, 0.0
	for i, v := range s.Guess {
		apart = max(apart, math.Abs(v-s.X0[i]))
		size = max(size, math.Abs(s.X0[i]))
	}
	return s.Guess != nil && apart <= 1e-14*size
}

// Reason says why a line has no values.
type Reason string

// The reasons.
const (
	Defined    Reason = ""         // the line has values
	Clean      Reason = "clean"    // x_{t−1} is the clean picture
	NoSignal   Reason = "noise"    // x_t is noise alone
	NoGuess    Reason = "guess"    // there is no guess
	SameGuess  Reason = "same"     // the guess is x_0
	NoSchedule Reason = "schedule" // there is no schedule of two timesteps or more
	NoTimestep Reason = "timestep" // the level of x_t is none of the schedule
	BadEdit    Reason = "edit"     // a coefficient was changed
)

// sentences are those of the reasons.
var sentences = [...]struct {
	of   Reason
	text string
}{
	{Clean, "The step ends at the clean picture. Its ᾱ is 1, so its noise, its density and its " +
		"signal-to-noise ratio are not defined."},
	{NoSignal, "x_t is noise alone. Its ᾱ is 0, so nothing of x_0 can be read from it."},
	{NoGuess, "There is no guess of a network beside x_0."},
	{SameGuess, "The guess is x_0. Both sides are 0, whatever the coefficients are."},
	{NoSchedule, "The levels of two timesteps or more are needed."},
	{NoTimestep, "The level of x_t is none of the schedule's timesteps."},
	{BadEdit, "With the changed coefficient a side has no value."},
}

// Sentence returns a reason as a sentence in English, "" for Defined.
func (r Reason) Sentence() string {
	for i := range sentences {
		if sentences[i].of == r {
			return sentences[i].text
		}
	}
	return ""
}
