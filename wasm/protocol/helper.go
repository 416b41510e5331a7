package protocol

import (
	"unsafe"

	"tweedie/sampler"
)

// helper is another worker as a run sees it: it makes one of the passes of a step meanwhile.
//
// A step that waits for it stands still in a goroutine, so that samplers and solvers need not know
// that networks may take their time. Nothing else is acted on until the step is done, except for
// what concerns the helper: a step stays one unit of work.
type helper struct {
	session *Session
	there   bool   // a worker makes passes
	of      string // what the pace is of: the names of the weights
	pace    pace
	taken   bool      // the step may ask
	asked   int       // passes of the step that might be the helper's
	waits   bool      // the step waits for an answer
	later   []Request // that came while it waited
	came    bool      // whether its answer is there
	answer  []byte
	turn    chan bool // lets the goroutine of the steps go on, or end if false
	more    chan bool // what it says when it stands still
}

// assist acts on a helper that comes or goes.
func (h *helper) assist(r Assist) {
	h.there = r.On
	if !r.On && !h.waits && h.turn != nil {
		h.turn <- false
		h.turn = nil
	}
}

// begin prepares for a run. It returns the number of passes of an evaluation that can be made at
// once, 0 for one.
func (h *helper) begin(a *run) (passes int) {
	if of := a.settings.Model + " " + a.settings.Classifier; of != h.of {
		h.of, h.pace = of, pace{}
	}
	if a.Assist(&sampler.Helper{Ask: h.ask, Answer: h.answerTo}) {
		return 2
	}
	return 0
}

// helps reports whether the next step is to be made with the helper.
func (h *helper) helps() bool { return h.there && h.pace.helps() }

// advance goes on with a step until it is done or waits. It returns whether there is more to do
// now, as Session.Advance does.
func (h *helper) advance() (more bool) {
	if h.turn == nil {
		h.turn, h.more = make(chan bool), make(chan bool)
		go h.steps()
	}
	if !h.waits {
		h.taken = true
	}
	h.turn <- true
	if more = <-h.more; h.waits {
		return false
	}
	for h.taken = false; len(h.later) > 0; more = true {
		r := h.later[0]
		h.later = h.later[1:]
		h.session.Receive(r)
	}
	return more
}

// steps takes a step in each turn.
func (h *helper) steps() {
	for turn := h.turn; <-turn; {
		h.more <- h.session.step()
	}
}

// end notes that a step took some milliseconds. It returns whether the helper had a part in it.
func (h *helper) end(ms float64) bool {
	if h.asked == 0 {
		return false
	}
	helped := h.taken && h.there
	if helped == h.taken { // or else it was lost meanwhile
		h.pace.note(helped, ms/float64(h.asked))
	}
	h.asked = 0
	return helped
}

// ask hands a pass to the helper, see sampler.Helper.
func (h *helper) ask(p *sampler.Pass) bool {
	h.asked++
	if !h.taken || !h.there {
		return false
	}
	h.came = false
	h.session.out.Send(Wanted{p.Of, bytesOf(p.X), p.T, p.Label})
	return true
}

// answerTo waits for the answer, see sampler.Helper.
func (h *helper) answerTo(out []float32) bool {
	for h.waits = true; !h.came && h.there; {
		h.more <- false
		<-h.turn
	}
	h.waits = false
	if !h.came || len(h.answer) != 4*len(out) {
		h.there = false
		return false
	}
	copy(bytesOf(out), h.answer)
	return true
}

// hear takes an answer.
func (h *helper) hear(r Passed) {
	h.came, h.answer = true, r.Values
}

// pass makes a pass of another worker's run. One that cannot be made is a fault, and so the page
// hears of it: it has given this worker the weights of that one.
func (s *Session) pass(r Pass) {
	of := sampler.Pass{Of: r.Of, X: numbers(r.X), T: r.T, Label: r.Label}
	s.out.Send(Answer{bytesOf(of.Make(s.models[r.Of].model, s.guides[r.Of]))})
}

// numbers copies what bytesOf returned.
func numbers(b []byte) []float32 {
	x := make([]float32, len(b)/4)
	copy(bytesOf(x), b)
	return x
}

// bytesOf returns the memory of numbers. Two workers of a page are on one machine, to which it
// means the same.
func bytesOf(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}
