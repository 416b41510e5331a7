package protocol

import (
	"strconv"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/picture"
)

// run is the one request that is being worked on: a share of a recipe's
// pictures, or all of them.
type run struct {
	id       int
	settings sampler.Settings
	info     sampler.Info
	shares   int
	pictures []walk // of this share, in lockstep
	next     int    // which of them is worked on next
	step     int    // solver steps that all of them have done
	c, h, w  int
	views    views
	spent    float64 // milliseconds in the sampler
	paused   bool
	until    int      // solver step after which the run pauses by itself; 0 for never
	from, to int      // the steps that are sent
	part     bool     // the end is no picture of the recipe: there is nothing to certify
	history  *history // nil where nobody will ask for steps again
}

// walk is what a run takes pictures through: a trajectory, or a picture that is
// noised.
type walk interface {
	Step() bool
	Steps() int
	Image() int
	T() int
	AlphaBar() float64
	X() []float64
	X0() []float64
	Epsilon() []float64
	Err() error
}

// run begins a new run, after cancelling the one before.
func (s *Session) run(r Request) {
	s.cancel()
	recipe, model, err := s.find(r.Recipe)
	in := sampler.Inputs{Image: r.Image, Mask: r.Mask}
	forward := r.Type == TypeForward
	if err == nil && !forward {
		err = in.Name(&recipe)
	}
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	settings, err := sampler.Resolve(recipe, model.info)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	a := &run{id: r.ID, settings: settings, info: model.info, shares: min(max(r.Of, 1), settings.Images)}
	if r.Share < 0 || r.Share >= a.shares {
		s.fail(r.ID, "there is no share "+strconv.Itoa(r.Share)+" where "+strconv.Itoa(a.shares)+" make the pictures")
		return
	}
	for image := r.Share; image < settings.Images; image += a.shares {
		var way walk
		if forward {
			way, err = sampler.NewForward(recipe, model.info, model.model, image, r.Image)
		} else {
			way, err = sampler.NewTrajectoryFrom(recipe, model.info, model.model, image, in)
		}
		if err != nil {
			s.refuse(r.ID, err)
			return
		}
		a.pictures = append(a.pictures, way)
	}
	a.c, a.h, a.w = model.info.Channels, model.info.Height, model.info.Width
	a.from, a.to = 1, a.steps()
	if a.part = forward || r.From > 0; forward {
		s.past = nil
	} else if a.part {
		if r.From > r.To || r.To > a.to {
			s.fail(r.ID, "there are no steps "+strconv.Itoa(r.From)+" to "+strconv.Itoa(r.To)+" where "+strconv.Itoa(a.to)+" are made")
			return
		}
		a.from, a.to = r.From, r.To
		s.past.rewind(r, a, a.from-1)
	} else {
		s.past = nil
		if r.Keep > 0 && framePictures*settings.Images*a.c*a.h*a.w*a.to > r.Stored {
			a.history = newHistory(r, a)
			s.past = a.history
		}
	}
	a.views = newViews(a.pictures, a.c, a.h, a.w)
	s.active = a
	s.out.Send(Started{
		ID: a.id, Recipe: settings.Recipe().String(), Steps: a.steps(), Images: settings.Images,
		Channels: a.c, Height: a.h, Width: a.w, Columns: settings.Columns(), Shares: a.shares, Again: a.history != nil,
	})
}

// steps is how many solver steps there are: the recipe's, or what its sampler
// makes of them.
func (a *run) steps() int { return a.pictures[0].Steps() }

// steer acts on a request about the active run.
func (s *Session) steer(r Request) {
	a := s.active
	switch r.Type {
	case TypePause:
		if !a.paused {
			s.pause()
		}
	case TypeResume:
		a.paused, a.until = false, 0
	case TypeStep:
		// Each request adds a solver step, so that keys may be pressed faster
		// than the network answers. Where a run has several shares, which are
		// not at the same step, the page says which one is meant. One to a run
		// that is not paused lets it finish the step it is in.
		a.until = max(a.until, a.step) + 1
		if r.Until > 0 {
			a.until = max(r.Until, a.step+min(a.next, 1))
		}
		a.paused = false
		if a.until == a.step {
			s.pause()
		}
	case TypeCancel:
		s.cancel()
	}
}

// pause makes the active run wait.
func (s *Session) pause() {
	a := s.active
	a.paused, a.until = true, 0
	s.out.Send(Paused{ID: a.id, Step: a.step})
}

// cancel ends what is under way, if anything is.
func (s *Session) cancel() {
	if a := s.active; a != nil {
		s.active = nil
		s.out.Send(Cancelled{ID: a.id, Step: a.step})
	}
	if b := s.bound; b != nil {
		s.bound = nil
		s.out.Send(Cancelled{ID: b.id, Step: b.of.Done()})
	}
}

// Advance does one unit of work, one solver step of one picture or one term of
// an estimate, and reports whether there is more to do now. A run that is over, paused or was never
// begun has nothing to do.
func (s *Session) Advance() (more bool) {
	if s.bound != nil {
		return s.advanceBound()
	}
	a := s.active
	if a == nil || a.paused {
		return false
	}
	defer s.recovered(a.id)
	trajectory := a.pictures[a.next]
	began := s.now()
	moved := trajectory.Step()
	took := s.now() - began
	a.spent += took
	if !moved {
		s.active = nil
		s.refuse(a.id, trajectory.Err())
		return false
	}
	s.show(trajectory, took)
	if a.history != nil {
		a.history.note(a.next, trajectory.(*sampler.Trajectory))
	}
	if a.next++; a.next == len(a.pictures) {
		a.next = 0
		a.step++
	}
	switch {
	case a.step == a.to:
		s.finish()
		return false
	case a.until > 0 && a.step >= a.until:
		s.pause()
		return false
	}
	return true
}

// show sends the picture that was just worked on.
func (s *Session) show(trajectory walk, took float64) {
	a := s.active
	t := trajectory.T()
	largest := a.views.take(a.next, trajectory)
	if a.step+1 < a.from {
		return
	}
	s.out.Send(Step{
		ID: a.id, Step: a.step + 1, Steps: a.steps(), Image: trajectory.Image(), Images: a.settings.Images,
		T: t, AlphaBar: trajectory.AlphaBar(), Milliseconds: took,
		Xt: a.views.xt, X0: a.views.x0, Epsilon: a.views.epsilon, Change: a.views.change, Largest: largest,
	})
}

// finish ends the active run, with its hash if all pictures are its own.
func (s *Session) finish() {
	a := s.active
	s.active = nil
	if a.shares > 1 || a.part {
		s.out.Send(Part{ID: a.id, Milliseconds: a.spent})
		return
	}
	size := a.c * a.h * a.w
	pixels := make([]byte, size*len(a.pictures))
	for i, trajectory := range a.pictures {
		picture.Pixels(pixels[i*size:(i+1)*size], trajectory.X(), a.c, a.h, a.w)
	}
	s.certify(a.id, a.settings, a.info, pixels, a.spent)
}

// combine ends a run whose shares were made apart.
func (s *Session) combine(r Request) {
	recipe, model, err := s.find(r.Recipe)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	settings, err := sampler.Resolve(recipe, model.info)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	want := settings.Images * model.info.Channels * model.info.Height * model.info.Width
	if len(r.Bytes) != want {
		s.fail(r.ID, "the pictures have "+strconv.Itoa(len(r.Bytes))+" bytes where the recipe makes "+strconv.Itoa(want))
		return
	}
	s.certify(r.ID, settings, model.info, r.Bytes, 0)
}

// certify says that a run is done, with the hash of its pictures' pixels.
func (s *Session) certify(id int, settings sampler.Settings, info sampler.Info, pixels []byte, spent float64) {
	sum := picture.Sum(pixels)
	hash := picture.Hex(sum[:])
	differs := settings.Differs(info, hash)
	settings.Origin, settings.Hash = info.Origin(), hash[:16]
	recipe := settings.Recipe()
	s.out.Send(Done{ID: id, Recipe: recipe.String(), Hash: hash, Milliseconds: spent, Differs: string(differs)})
}

// refuse ends a request with an error, naming the recipe's key at fault.
func (s *Session) refuse(id int, err error) {
	failed := Failed{ID: id, Message: strings.TrimPrefix(strings.TrimPrefix(err.Error(), "sampler: "), "bound: ")}
	// The sampler returns its errors as they are; errors.As would find them, and
	// cost the worker 10 KB.
	if wrong, ok := err.(*sampler.RecipeError); ok {
		failed.Key, failed.Message = wrong.Key, wrong.Message
	}
	if wants, ok := err.(*lacking); ok {
		failed.Needs = wants.names
	}
	s.out.Send(failed)
}
