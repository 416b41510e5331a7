package protocol

import (
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/likelihood"
)

// estimate is the request to say how likely a picture is that is being worked
// on.
type estimate struct {
	id     int
	form   string
	of     *likelihood.Estimate
	spent  float64 // milliseconds
	paused bool
	until  int // term after which it pauses by itself; 0 for never
}

// measure begins an estimate, after cancelling what is under way.
func (s *Session) measure(r Measure) {
	s.cancel()
	asked, model, err := s.find(r.Recipe)
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	forms := likelihood.Forms()
	if r.Form == "" {
		r.Form = forms[0]
	}
	if !slices.Contains(forms, r.Form) {
		s.fail(r.ID, "there is no estimate "+strconv.Quote(r.Form)+"; there are "+strings.Join(
			forms, ", "))
		return
	}
	of, err := likelihood.New(asked, model.info, model.model, r.Image,
		likelihood.Options{Form: r.Form, Draws: r.Draws})
	if err != nil {
		s.refuse(r.ID, err)
		return
	}
	s.estimate = &estimate{id: r.ID, form: r.Form, of: of}
	s.out.Send(Measuring{ID: r.ID, Recipe: of.Recipe().String(), Form: r.Form, Terms: of.Steps(),
		Prior: of.Prior(), Total: of.Total()})
}

// steerEstimate acts on a request about the estimate.
func (s *Session) steerEstimate(r Request) {
	b := s.estimate
	switch r.(type) {
	case Pause:
		if !b.paused {
			s.pauseEstimate()
		}
	case Resume:
		b.paused, b.until = false, 0
	case Next: // each adds a term, as it adds a step to a run
		b.paused, b.until = false, max(b.until, b.of.Done())+1
	case Cancel:
		s.cancel()
	}
}

// pauseEstimate makes the estimate wait.
func (s *Session) pauseEstimate() {
	b := s.estimate
	b.paused, b.until = true, 0
	s.out.Send(Paused{ID: b.id, Step: b.of.Done()})
}

// advanceEstimate works out one term.
func (s *Session) advanceEstimate() (more bool) {
	b := s.estimate
	if b.paused {
		return false
	}
	defer s.recovered(b.id)
	began := s.now()
	moved := b.of.Next()
	took := s.now() - began
	b.spent += took
	if !moved {
		s.estimate = nil
		s.refuse(b.id, b.of.Err())
		return false
	}
	t := b.of.Term()
	s.out.Send(Term{
		ID: b.id, Term: b.of.Done(), Terms: b.of.Steps(), T: t.T, AlphaBar: b.of.AlphaBar(),
		Bits: t.Bits, Variance: t.Variance, X0MSE: t.X0MSE, EpsilonMSE: t.EpsilonMSE,
		Total: b.of.Total(), StandardError: b.of.StandardError(), Milliseconds: took,
	})
	switch {
	case b.of.Done() == b.of.Steps():
		s.estimate = nil
		s.out.Send(Measured{
			ID: b.id, Recipe: b.of.Recipe().String(), Form: b.form, Bits: b.of.Total(),
			StandardError: b.of.StandardError(), Milliseconds: b.spent,
		})
		return false
	case b.until > 0 && b.of.Done() >= b.until:
		s.pauseEstimate()
		return false
	}
	return true
}
