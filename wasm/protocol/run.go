package protocol

import (
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
)

// run is the one request that is being worked on.
type run struct {
	id       int
	sampling *sampler.Run
	c, h, w  int
	views    views
	alphaBar []float64 // [T]
	spent    float64   // milliseconds in Next
	paused   bool
	until    int // solver step after which the run pauses by itself; 0 for never
}

// run begins a new run, after cancelling the one before.
func (s *Session) run(r Request) {
	s.cancel()
	recipe, model, err := s.find(r.Recipe)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	sampling, err := sampler.NewRun(recipe, model.info, model.model)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	noise, err := schedule.New(model.info.Scheduler)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	a := &run{id: r.ID, sampling: sampling, alphaBar: noise.AlphaBar}
	a.c, a.h, a.w = model.info.Channels, model.info.Height, model.info.Width
	a.views = newViews(sampling, a.c, a.h, a.w)
	s.active = a
	s.out.Send(Started{
		ID: a.id, Recipe: sampling.Recipe().String(), Steps: sampling.Steps(), Images: sampling.Images(),
		Channels: a.c, Height: a.h, Width: a.w,
	})
}

// steer acts on a request about the active run.
func (s *Session) steer(kind string) {
	a := s.active
	switch kind {
	case TypePause:
		if !a.paused {
			s.pause()
		}
	case TypeResume:
		a.paused, a.until = false, 0
	case TypeStep:
		// Each request adds a solver step, so that keys may be pressed faster
		// than the network answers. One to a run that is not paused lets it
		// finish the step it is in.
		a.paused, a.until = false, max(a.until, a.sampling.Step())+1
	case TypeCancel:
		s.cancel()
	}
}

// pause makes the active run wait.
func (s *Session) pause() {
	a := s.active
	a.paused, a.until = true, 0
	s.out.Send(Paused{ID: a.id, Step: a.sampling.Step()})
}

// cancel ends the active run, if there is one.
func (s *Session) cancel() {
	if a := s.active; a != nil {
		s.active = nil
		s.out.Send(Cancelled{ID: a.id, Step: a.sampling.Step()})
	}
}

// Advance does one unit of work, one solver step of one picture, and reports
// whether there is more to do now. A run that is over, paused or was never
// begun has nothing to do.
func (s *Session) Advance() (more bool) {
	a := s.active
	if a == nil || a.paused {
		return false
	}
	defer s.recovered(a.id)
	step := a.sampling.Step() + 1
	began := s.now()
	moved := a.sampling.Next()
	took := s.now() - began
	a.spent += took
	if !moved {
		s.finish()
		return false
	}
	s.show(step, took)
	switch {
	case a.sampling.Step() == a.sampling.Steps():
		s.finish()
		return false
	case a.until > 0 && a.sampling.Step() >= a.until:
		s.pause()
		return false
	}
	return true
}

// show sends the picture that was just worked on.
func (s *Session) show(step int, took float64) {
	a := s.active
	image, t := a.sampling.Image(), a.sampling.T()
	largest := a.views.take(a.sampling, image)
	s.out.Send(Step{
		ID: a.id, Step: step, Steps: a.sampling.Steps(), Image: image, Images: a.sampling.Images(),
		T: t, AlphaBar: a.alphaBar[max(0, min(t, len(a.alphaBar)-1))], Milliseconds: took,
		Xt: a.views.xt, X0: a.views.x0, Epsilon: a.views.epsilon, Change: a.views.change, Largest: largest,
	})
}

// finish ends the active run: with its hash, or with the reason for which the
// sampler stopped early.
func (s *Session) finish() {
	a := s.active
	s.active = nil
	if err := a.sampling.Err(); err != nil {
		s.refuse(a.id, err)
		return
	}
	pictures := make([][]byte, a.sampling.Images())
	for i := range pictures {
		pictures[i] = make([]byte, a.c*a.h*a.w)
		picture.Pixels(pictures[i], a.sampling.X(i), a.c, a.h, a.w)
	}
	sum := picture.Sum(pictures...)
	hash := picture.Hex(sum[:])
	recipe := a.sampling.Recipe()
	if err := recipe.Set("h", hash[:16]); err != nil {
		s.refuse(a.id, err)
		return
	}
	s.out.Send(Done{ID: a.id, Recipe: recipe.String(), Hash: hash, Milliseconds: a.spent})
}

// refuse ends a request with an error, naming the recipe's key at fault.
func (s *Session) refuse(id int, err error) {
	failed := Failed{ID: id, Message: strings.TrimPrefix(err.Error(), "sampler: ")}
	// The sampler returns its errors as they are; errors.As would find them, and
	// cost the worker 10 KB.
	if wrong, ok := err.(*sampler.RecipeError); ok {
		failed.Key, failed.Message = wrong.Key, wrong.Message
	}
	s.out.Send(failed)
}
