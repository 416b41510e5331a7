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

// Opener reads the weights file of a request.
type Opener func(Load) (Opened, error)

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
	worked   *worked   // the picture whose steps are looked into, or nil
	helper   helper    // what another worker does for this one
}

// loaded is a model that runs can use.
type loaded struct {
	model network.Model
	info  recipe.Info
}

// NewSession returns a session without models. now is the clock that steps are
// timed with, in milliseconds.
func NewSession(out Sender, open Opener, now func() float64) *Session {
	s := &Session{out: out, open: open, now: now, models: map[string]loaded{},
		guides: map[string]recipe.Guide{}}
	s.helper.session = s
	return s
}

// Unknown is a message of the page that is no request.
type Unknown struct {
	Name string // the type that it says it has
}

func (u Unknown) request() (kind string, id int, asks bool) { return u.Name, 0, false }

// Receive acts on one request. Whatever it holds, the session stays usable.
func (s *Session) Receive(r Request) {
	kind, id, asks := r.request()
	if s.helper.waits && kind != "assist" && kind != "passed" {
		s.helper.later = append(s.helper.later, r)
		return
	}
	defer s.recovered(id)
	if asks {
		if sentence := s.unusable(kind, id); sentence != "" {
			s.fail(0, sentence)
			return
		}
	}
	switch r := r.(type) {
	case Load:
		s.load(r)
	case Describe:
		s.describe(r)
	case Plot:
		s.plot(r)
	case Run:
		s.run(r)
	case Forward:
		s.forward(r)
	case Combine:
		s.combine(r)
	case Measure:
		s.measure(r)
	case Work:
		s.work(r)
	case Assist:
		s.helper.assist(r)
	case Pass:
		s.pass(r)
	case Passed:
		s.helper.hear(r)
	case Unknown:
		if kind == "" {
			s.fail(0, "a message has no type")
		} else {
			s.fail(0, "there is no message type '"+kind+"'")
		}
	default:
		switch {
		case s.active != nil && s.active.id == id:
			s.steer(r)
		case s.estimate != nil && s.estimate.id == id:
			s.steerEstimate(r)
		case s.worked.waits(id):
			if _, ok := r.(Cancel); ok {
				s.leaveWork()
			}
		}
	}
}

// unusable says why a request cannot have an id, or nothing if it can.
func (s *Session) unusable(kind string, id int) string {
	var of string
	switch {
	case id <= 0:
		return "a message of type '" + kind + "' needs an id, a whole number from 1"
	case s.active != nil && s.active.id == id:
		of = "picture"
	case s.estimate != nil && s.estimate.id == id:
		of = "estimate"
	case s.worked.waits(id):
		of = "working"
	default:
		return ""
	}
	return "the id " + strconv.Itoa(id) + " belongs to the " + of +
		" that is being made; every request needs its own"
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
	s.helper.there = false // it may answer a step that is no more
	if s.active != nil && s.active.id == id {
		s.active = nil
	}
	if s.estimate != nil && s.estimate.id == id {
		s.estimate = nil
	}
	if s.worked.waits(id) {
		s.worked = nil
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
