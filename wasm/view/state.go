package view

import (
	"errors"
	"strconv"
)

// State holds the pictures of one run that have come, and the step that is
// shown.
//
// Memory is bounded: if all steps together are larger than the limit, only
// every stride-th step is kept. Steps are counted back from the last, so the
// finished pictures are always kept. The newest pictures are held as well, so
// following a run skips nothing.
type State struct {
	limit int
	run   Run

	stride int      // every stride-th step is kept
	first  int      // the lowest step that is kept, 1…stride
	kept   []byte   // [KeptSteps][Images][planes][PictureBytes]
	have   []uint64 // [KeptSteps]: bit i is set when picture i has come

	held     []byte // [Images][planes][PictureBytes] of a step that is not kept
	heldStep int    // 0 for none
	heldHave uint64 // as have

	live     []byte // [Images][planes][PictureBytes], the newest of each picture
	liveStep []int  // [Images], 0 while nothing has come

	latest int // the highest step of which a picture has come
	shown  int // the step that is shown, 0 to follow the newest

	from  int    // the step that fades into the shown one
	part  int    // of the shown step, up to whole
	mixed []byte // [PictureBytes], the mixture
}

// whole is the part at which only the shown step is left of a fade.
const whole = 256

// New makes a state that keeps at most limit bytes of earlier steps.
func New(limit int) *State { return &State{limit: limit} }

// Begin forgets the last run and prepares for r. It fails if r cannot be shown
// or if one step of it is larger than the limit; then the last run stays.
func (s *State) Begin(r Run) error {
	if err := r.check(); err != nil {
		return err
	}
	if r.stepBytes() > s.limit {
		return errors.New("view: one step takes " + strconv.Itoa(r.stepBytes()) +
			" bytes, more than the bound of " + strconv.Itoa(s.limit))
	}
	s.run = r
	s.stride = 1 + (r.Steps-1)/(s.limit/r.stepBytes())
	s.first = 1 + (r.Steps-1)%s.stride
	n := s.KeptSteps()
	s.kept = zeroed(s.kept, n*r.stepBytes())
	s.have = zeroed(s.have, n)
	s.live = zeroed(s.live, r.stepBytes())
	s.liveStep = zeroed(s.liveStep, r.Images)
	s.latest, s.shown = 0, 0
	s.mixed = zeroed(s.mixed, r.PictureBytes())
	s.heldStep, s.heldHave = 0, 0
	s.Fade(0, whole)
	return nil
}

// zeroed returns a slice of n zero values, in b's memory if that is enough.
func zeroed[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	b = b[:n]
	clear(b)
	return b
}

// Run is the run that was begun last.
func (s *State) Run() Run { return s.run }

// KeptSteps is the number of steps that are kept once the run is over.
func (s *State) KeptSteps() int {
	if s.run.Steps == 0 {
		return 0
	}
	return 1 + (s.run.Steps-s.first)/s.stride
}

// keptStep is the number of the j-th kept step.
func (s *State) keptStep(j int) int { return s.first + j*s.stride }

// Add takes one picture of one step and copies it. Steps may come again (a
// replay) and out of order; the newest picture is the one of the highest step.
func (s *State) Add(step, image int, f Frame) error {
	n := s.run.PictureBytes()
	switch {
	case step < 1 || step > s.run.Steps:
		return outside("as the step", step, s.run.Steps)
	case image < 0 || image >= s.run.Images:
		return errors.New("view: want a picture below " + strconv.Itoa(s.run.Images) + ", got " +
			strconv.Itoa(image))
	}
	for _, plane := range [planes][]byte{f.Xt, f.X0, f.Epsilon, f.Change} {
		if len(plane) != n {
			return errors.New("view: want " + strconv.Itoa(n) + " bytes a picture, got " +
				strconv.Itoa(len(plane)))
		}
	}
	if of, have := s.frames(step); of != nil {
		s.store(of, image, f)
		*have |= 1 << image
	}
	if step >= s.liveStep[image] {
		s.store(s.live, image, f)
		s.liveStep[image] = step
	}
	s.latest = max(s.latest, step)
	return nil
}

func (s *State) store(of []byte, image int, f Frame) {
	n := s.run.PictureBytes()
	for i, plane := range [planes][]byte{f.Xt, f.X0, f.Epsilon, f.Change} {
		copy(of[(planes*image+i)*n:], plane)
	}
}

// Latest is the highest step of which a picture has come, 0 before the first.
func (s *State) Latest() int { return s.latest }

// Following reports whether the newest step is shown as it comes.
func (s *State) Following() bool { return s.shown == 0 }

// Current is the step that is shown, 0 before the first.
func (s *State) Current() int {
	if s.shown == 0 {
		return s.latest
	}
	return s.shown
}

// Hold makes room for a step that is not kept, in place of the one held before.
// Once all its pictures have come it can be shown as well.
func (s *State) Hold(step int) {
	s.held = zeroed(s.held, s.run.stepBytes())
	s.heldStep, s.heldHave = step, 0
}

// frames returns the pictures of a step, and which of them have come; nil if
// the step is neither kept nor held.
func (s *State) frames(step int) ([]byte, *uint64) {
	if j, ok := s.index(step); ok && j < len(s.have) {
		return s.kept[j*s.run.stepBytes():], &s.have[j]
	}
	if step > 0 && step == s.heldStep {
		return s.held, &s.heldHave
	}
	return nil, nil
}

// Show goes to the nearest kept step at or below step, or to the one that is
// held, and returns it. Zero, the newest step and any step above it follow the
// run again.
func (s *State) Show(step int) int {
	s.Fade(0, whole)
	s.shown = 0
	if step > 0 && step < s.latest {
		j := max(0, step-s.first) / s.stride
		s.shown = min(s.keptStep(j), s.latest)
		if step == s.heldStep && s.heldHave == 1<<s.run.Images-1 {
			s.shown = step
		}
	}
	return s.Current()
}

// Fade mixes the shown step with another kept one, from: part of 256 parts are
// the shown step's. It lasts until Show.
func (s *State) Fade(from, part int) { s.from, s.part = from, min(max(part, 0), whole) }

// Fading reports whether Picture returns a mixture of two steps.
func (s *State) Fading() bool { return s.part < whole }

// Picture returns what a view shows of picture image at the shown step, or nil
// if it has not come; [View.AppendRGBA] has the colours. The pixels belong to
// the state and are overwritten by Add, and by Picture while steps fade.
func (s *State) Picture(view View, image int) []byte {
	step := s.StepOf(image)
	if step == 0 || view < 0 || view >= Views {
		return nil
	}
	now := s.pixels(step, view, image)
	if _, have := s.frames(s.from); !s.Fading() || have == nil || *have>>image&1 == 0 {
		return now
	}
	before := s.pixels(s.from, view, image)
	for i := range s.mixed {
		s.mixed[i] = byte((int(before[i])*(whole-s.part) + int(now[i])*s.part + whole/2) / whole)
	}
	return s.mixed
}

// pixels returns the pixels of a step that is kept, held or the newest of its
// picture.
func (s *State) pixels(step int, view View, image int) []byte {
	n := s.run.PictureBytes()
	of := s.live
	if step != s.liveStep[image] {
		of, _ = s.frames(step)
	}
	at := (planes*image + view.plane()) * n
	return of[at : at+n : at+n]
}

// StepOf returns the step of which Picture returns picture image, 0 if it has
// not come. While a step is computed, its first pictures are one step ahead.
func (s *State) StepOf(image int) int {
	if image < 0 || image >= len(s.liveStep) {
		return 0
	}
	if _, have := s.frames(s.shown); have != nil && *have>>image&1 == 1 {
		return s.shown
	}
	return s.liveStep[image]
}

// index returns the place of a kept step, false if it is not kept.
func (s *State) index(step int) (int, bool) {
	j := step - s.first
	if step < 1 || j < 0 || j%s.stride != 0 {
		return 0, false
	}
	return j / s.stride, true
}

// Thumb returns x̂0 of the first picture at a kept step, for the film strip, or
// nil if it has not come.
func (s *State) Thumb(step int) []byte {
	j, ok := s.index(step)
	if !ok || j >= len(s.have) || s.have[j]&1 == 0 {
		return nil
	}
	n := s.run.PictureBytes()
	at := j*s.run.stepBytes() + X0.plane()*n
	return s.kept[at : at+n : at+n]
}

// Slots appends the steps that a film strip of n places shows: kept steps,
// evenly spread, with the last step always among them. It appends fewer if
// fewer are kept.
func (s *State) Slots(dst []int, n int) []int {
	m := s.KeptSteps()
	n = min(n, m)
	for i := range n {
		if n == 1 {
			return append(dst, s.keptStep(m-1))
		}
		dst = append(dst, s.keptStep(i*(m-1)/(n-1)))
	}
	return dst
}

// Mark returns the place in slots of the shown step: the last place at or
// before it, or −1.
func (s *State) Mark(slots []int) int {
	at := -1
	for i, step := range slots {
		if step <= s.Current() {
			at = i
		}
	}
	return at
}
