package protocol

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/derive"
	"tweedie/sampler/solver"
)

// listener keeps what a session says.
type listener struct {
	started Started
	steps   []Step // with the pixels of x_t copied
	worked  []Worked
	failed  []Failed
	derived []Derived
	ended   []int // requests that were cancelled
}

func (l *listener) Send(m Message) {
	switch m := m.(type) {
	case Started:
		l.started = m
	case Step:
		m.Xt = append([]byte(nil), m.Xt...)
		l.steps = append(l.steps, m)
	case Worked:
		l.worked = append(l.worked, m)
	case Derived:
		l.derived = append(l.derived, m)
	case Failed:
		l.failed = append(l.failed, m)
	case Cancelled:
		l.ended = append(l.ended, m.ID)
	}
}

// opened returns a session with weights of the repository.
func opened(t *testing.T, names ...string) (*listener, *Session) {
	l := &listener{}
	s := NewSession(l, Open, func() float64 { return 0 })
	for _, name := range names {
		s.Receive(Load{Model: name,
			Bytes: Bytes(fixture.File(t, filepath.Join("..", "..", "weights",
				name+".safetensors")))})
	}
	return l, s
}

// drive sends a request and works until there is nothing to do.
func drive(s *Session, r Request) {
	s.Receive(r)
	for s.Advance() {
	}
}

// TestWorkingsEndInTheBytesOfTheStage draws a thousand places at random, of every sampler: the
// working of each ends in the byte that the stage shows there.
func TestWorkingsEndInTheBytesOfTheStage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tried := 0
	follow := func(l *listener, s *Session, recipe string, places int) {
		*l = listener{}
		drive(s, Run{ID: 1, Recipe: recipe})
		if len(l.failed) > 0 {
			if l.failed[0].Key != "k" && l.failed[0].Key != "final" {
				t.Errorf("%s: %s", recipe, l.failed[0].Message)
			}
			return // not for this network
		}
		c, h, width := l.started.Channels, l.started.Height, l.started.Width
		for id := range places {
			step := l.steps[random.IntN(len(l.steps))]
			r := Work{ID: 2 + id, Recipe: recipe, Step: step.Step, Picture: step.Image,
				Row: random.IntN(h), Column: random.IntN(width), Channel: random.IntN(c),
				Drawn: id == 0}
			drive(s, r)
			tried++
			if len(l.worked) != id+1 {
				t.Fatalf("%s: %+v was not answered: %+v", recipe, r, l.failed)
			}
			w := l.worked[id]
			last := w.Lines[len(w.Lines)-1]
			want := step.Xt[(r.Row*width+r.Column)*c+r.Channel]
			if w.ID != r.ID || last.Of != "byte" || last.Value != float64(want) {
				t.Fatalf("%s: step %d, row %d, column %d: the working ends in %v where %d is shown",
					recipe, step.Step, r.Row, r.Column, last, want)
			}
			if w.Row >= w.Height || w.Column >= w.Width || w.Channel >= w.Channels {
				t.Fatalf("%s: row %d, column %d is not in its pictures of %d×%d", recipe, w.Row,
					w.Column, w.Height, w.Width)
			}
			size := w.Channels * w.Height * w.Width
			if r.Drawn && len(w.Pictures) != size*(len(w.Lines)+len(w.Readings)) {
				t.Fatalf("%s: %d bytes of pictures of %d lines and %d readings", recipe,
					len(w.Pictures), len(w.Lines), len(w.Readings))
			}
			if r.Drawn && size == len(step.Xt) &&
				string(w.Pictures[(len(w.Lines)-1)*size:][:size]) != string(step.Xt) {
				t.Errorf("%s: the last line is not drawn as the stage draws it", recipe)
			}
		}
	}
	l, s := opened(t, "faces")
	for _, k := range solver.Samplers() {
		recipe := "m=faces&c=hat&steps=3&k=" + k.Name
		if k.Traits.Rule != "" {
			recipe += "&correct=1"
		}
		follow(l, s, recipe, 32)
	}
	follow(l, s, "m=faces&c=all&steps=4&n=3", 20)
	l, s = opened(t, "digits", "digits-classifier")
	follow(l, s, "m=digits&c=7&steps=3", 20)
	follow(l, s, "m=digits&c=5&steps=3&g=0&cg=6", 20)
	follow(l, s, "m=digits&c=5&steps=4&k=ddpm&fork=1,c:6,k:euler_a,steps:5~3,fresh:2", 30)
	l, s = opened(t, "digits-small", "digits-cascade")
	follow(l, s, "m=digits-cascade&c=4&steps=2&bsteps=3", 40)
	l, s = opened(t, "digits-learned")
	follow(l, s, "m=digits-learned&c=4&steps=3&k=heun", 20)
	if tried < 1000 {
		t.Errorf("%d places were tried", tried)
	}
}

// TestWorkingIsAskedBesideARun: a run goes on, a newer question takes the place of an older one,
// and whatever is wrong is said in a sentence.
func TestWorkingIsAskedBesideARun(t *testing.T) {
	l, s := opened(t, "faces")
	const recipe = "m=faces&steps=5"
	s.Receive(Run{ID: 1, Recipe: recipe})
	s.Advance()
	s.Receive(Work{ID: 2, Recipe: recipe, Step: 5})
	s.Receive(Work{ID: 3, Recipe: recipe, Step: 2})
	s.Receive(Work{ID: 3, Recipe: recipe, Step: 2}) // its id is taken
	for s.Advance() {
	}
	if len(l.steps) != 5 || len(l.worked) != 1 || l.worked[0].ID != 3 || l.worked[0].Step != 2 ||
		len(l.ended) != 1 || l.ended[0] != 2 || len(l.failed) != 1 {
		t.Errorf("%d steps, workings %+v, ended %v, failed %+v", len(l.steps), l.worked, l.ended,
			l.failed)
	}
	s.Receive(Work{ID: 4, Recipe: recipe, Step: 5})
	s.Receive(Cancel{ID: 4})
	for s.Advance() {
	}
	if len(l.ended) != 2 || len(l.worked) != 1 {
		t.Errorf("a question that was withdrawn ends with %v, %d answers", l.ended, len(l.worked))
	}
	for _, r := range []Work{
		{Recipe: recipe, Step: 0}, {Recipe: recipe, Step: 6}, {Recipe: recipe, Step: 1, Row: 16},
		{Recipe: recipe, Step: 1, Column: -1}, {Recipe: recipe, Step: 1, Channel: 3},
		{Recipe: recipe, Step: 1, Picture: 1}, {Recipe: "m=faces&steps=x", Step: 1},
		{Recipe: recipe, Step: 1, Image: make([]byte, 7)},
	} {
		r.ID = 5
		l.failed = nil
		if drive(s, r); len(l.failed) != 1 || l.failed[0].ID != 5 || l.failed[0].Message == "" {
			t.Errorf("%+v is answered with %+v", r, l.failed)
		}
	}
	if drive(s, Work{ID: 6, Recipe: recipe, Step: 5}); len(l.worked) != 2 {
		t.Error("after what is wrong, nothing is answered")
	}
}

// TestWorkingKeepsLittle bounds the memory of a long look: the states that it keeps.
func TestWorkingKeepsLittle(t *testing.T) {
	l, s := opened(t, "faces")
	drive(s, Work{ID: 1, Recipe: "m=faces&steps=200&g=1", Step: 200})
	if len(l.worked) != 1 || s.worked.trail.held > mostTrail {
		t.Fatalf("%d answers; %d bytes are held", len(l.worked), s.worked.trail.held)
	}
	size := binary.Size(make([]float64, 3*16*16))
	if held := s.worked.trail.held; held < 100*size {
		t.Errorf("only %d bytes are held of 200 states of %d", held, size)
	}
}

// TestDerivations: every line of every derivation holds on the numbers of a run, at whatever step,
// and a changed coefficient is told from rounding. What has no value says why.
func TestDerivations(t *testing.T) {
	l, s := opened(t, "faces")
	for _, recipe := range []string{"m=faces&c=hat&steps=6", "m=faces&steps=5&k=ddpm",
		"m=faces&steps=5&k=heun&sigmas=karras"} {
		for _, step := range []int{5, 1, 3} { // also back
			for _, name := range derive.Names() {
				*l = listener{}
				r := Work{ID: 1, Recipe: recipe, Step: step, Row: 5, Column: 6, Channel: 1,
					Derivation: name}
				drive(s, r)
				if len(l.derived) != 1 || len(l.derived[0].Names) != 5 {
					t.Fatalf("%s: %s is answered with %+v", recipe, name, l.failed)
				}
				held, edited := 0, false
				for i, line := range l.derived[0].Lines {
					if line.Undefined != "" {
						continue
					}
					held++
					if !line.Holds {
						t.Errorf("%s: step %d: %s, line %s differs by %v", recipe, step, name,
							line.Equation, line.Difference)
					}
					// at the end of a run many are multiplied by 0
					if edited || step == 5 || len(line.Coefficients) == 0 {
						continue
					}
					edited = true
					c := line.Coefficients[0]
					at := strconv.Itoa(i) + "." + strconv.Itoa(c.Index)
					r.Edits = map[string]string{at: strconv.FormatFloat(1.01*c.Value, 'g', -1, 64)}
					drive(s, r)
					if got := l.derived[len(l.derived)-1]; got.Lines[i].Holds ||
						got.Lines[i].Coefficients[0].Value == c.Value {
						t.Errorf("%s: a changed coefficient of %s, line %s, goes unnoticed",
							recipe, name, line.Equation)
					}
				}
				// levels between timesteps have no place in the schedule
				if held < 3 && name != derive.Bound && step < 5 {
					t.Errorf("%s: step %d: %s has %d lines with values", recipe, step, name, held)
				}
			}
		}
	}
	for _, r := range []Work{{Derivation: "none"},
		{Derivation: derive.Posterior, Edits: map[string]string{"x": "1"}},
		{Derivation: derive.Posterior, Edits: map[string]string{"0.99": "1"}},
		{Derivation: derive.Posterior, Edits: map[string]string{"0.0": "one"}},
	} {
		*l = listener{}
		r.ID, r.Recipe, r.Step = 1, "m=faces&steps=5", 2
		if drive(s, r); len(l.failed) != 1 || l.failed[0].ID != 1 {
			t.Errorf("%+v is answered with %+v", r, l.failed)
		}
	}
}

// The answer of a step is read as every prediction; what each costs in the bound is what the step
// gains of the SNR, and nothing in a step that ends in the picture.
func TestWorkReads(t *testing.T) {
	file := fixture.File(t, filepath.Join("..", "..", "weights", "digits-learned.safetensors"))
	for _, step := range []int{2, 4} {
		c := &collector{}
		s := NewSession(c, Open, func() float64 { return 0 })
		s.Receive(Load{Model: "digits-learned", Bytes: Bytes(file)})
		s.Receive(Work{ID: 1, Recipe: "m=digits-learned&c=3&k=ddpm&steps=4", Step: step, Row: 3,
			Column: 5, Drawn: true})
		for s.Advance() {
		}
		got, ok := c.all[len(c.all)-1].(Worked)
		if !ok || len(got.Readings) != 5 {
			t.Fatalf("step %d: got %+v", step, c.all[len(c.all)-1])
		}
		size := got.Channels * got.Height * got.Width
		if n := size * (len(got.Lines) + 5); n != len(got.Pictures) {
			t.Errorf("step %d: %d bytes of pictures, want %d", step, len(got.Pictures), n)
		}
		clean, x := got.Readings[0], got.Lines[got.Seen].Value
		for _, r := range got.Readings {
			if d := math.Abs((r.State*x+r.Output*r.Value)/r.Over - clean.Value); d > 1e-9 {
				t.Errorf("step %d: as %s the guess is %v apart", step, r.Kind, d)
			}
			of := r.Output / r.Over
			if want := clean.Weight * of * of; math.Abs(r.Weight-want) > 1e-12*want ||
				(r.Weight > 0) != (step < 4) {
				t.Errorf("step %d: an error as %s weighs %v, want %v", step, r.Kind, r.Weight, want)
			}
		}
	}
}
