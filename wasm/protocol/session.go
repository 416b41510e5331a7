package protocol

import (
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
)

// Sender takes the messages of a session, in order, and returns before the
// session goes on.
type Sender interface {
	Send(Message)
}

// Opener reads a weights file. hash is the file's picture.Hash, or empty if the
// page did not say.
type Opener func(name string, file []byte, hash string) (Opened, error)

// Opened is what a weights file holds: a model, or the classifier that guides
// those of others.
type Opened struct {
	Model      network.Model
	Info       recipe.Info   // of the model
	Guide      *recipe.Guide // nil for a model
	Parameters int
	Pictures   int // that an exact denoiser holds; 0 for a network
}

// Session answers the page's requests. Create one with NewSession; its methods
// are to be called by one goroutine at a time.
type Session struct {
	out      Sender
	open     Opener
	now      func() float64 // milliseconds, from any origin
	models   map[string]loaded
	guides   map[string]recipe.Guide
	active   *run      // the run that is not over, or nil
	estimate *estimate // the estimate that is not over, or nil; not beside a run
	past     *history  // of the last run that asked for one, or nil
}

// loaded is a model that runs can use.
type loaded struct {
	model network.Model
	info  recipe.Info
}

// NewSession returns a session without models. now is the clock that steps are
// timed with, in milliseconds.
func NewSession(out Sender, open Opener, now func() float64) *Session {
	return &Session{out: out, open: open, now: now, models: map[string]loaded{}, guides: map[string]recipe.Guide{}}
}

// Receive acts on one request. Whatever it holds, the session stays usable.
func (s *Session) Receive(r Request) {
	defer s.recovered(r.ID)
	switch r.Type {
	case TypeLoad:
		s.load(r)
	case TypeDescribe, TypeRun, TypeForward, TypeCombine, TypeBound:
		switch {
		case r.ID <= 0:
			s.fail(0, "a message of type '"+r.Type+"' needs an id, a whole number from 1")
		case s.active != nil && s.active.id == r.ID:
			s.fail(0, "the id "+strconv.Itoa(r.ID)+" belongs to the picture that is being made; every request needs its own")
		case s.estimate != nil && s.estimate.id == r.ID:
			s.fail(0, "the id "+strconv.Itoa(r.ID)+" belongs to the estimate that is being made; every request needs its own")
		case r.Type == TypeDescribe:
			s.describe(r)
		case r.Type == TypeCombine:
			s.combine(r)
		case r.Type == TypeBound:
			s.measure(r)
		default:
			s.run(r)
		}
	case TypePause, TypeResume, TypeStep, TypeCancel:
		switch {
		case s.active != nil && s.active.id == r.ID:
			s.steer(r)
		case s.estimate != nil && s.estimate.id == r.ID:
			s.steerBound(r)
		}
	case "":
		s.fail(0, "a message has no type")
	default:
		s.fail(0, "there is no message type '"+r.Type+"'")
	}
}

// fail sends a failure that is only a sentence.
func (s *Session) fail(id int, sentence string) {
	s.out.Send(Failed{ID: id, Message: sentence})
}

// recovered, deferred, turns a panic into one failure of the request id, and of
// the active run if that is the one.
func (s *Session) recovered(id int) {
	p := recover()
	if p == nil {
		return
	}
	if s.active != nil && s.active.id == id {
		s.active = nil
	}
	if s.estimate != nil && s.estimate.id == id {
		s.estimate = nil
	}
	s.fail(id, "the sampler has a fault ("+faultText(p)+"); please report it with the recipe")
}

// faultText says what a panic was about.
func faultText(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "without a word"
}
