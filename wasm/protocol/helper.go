package protocol

import (
	"encoding/binary"
	"iter"
	"math"
	"slices"

	"tweedie/sampler"
)

// helper is another worker as a run sees it: it makes one of the passes of a step meanwhile.
//
// A step that waits for it stands still in a coroutine, so that samplers and solvers need not know
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
	number  int       // of the last pass
	came    bool      // whether its answer is there
	answer  []byte
	bytes   [2][]byte // of the state and the estimate that are sent
	next    func() (more, ok bool)
	stop    func()
	yield   func(more bool) bool
}

// assist acts on a helper that comes or goes.
func (h *helper) assist(r Assist) {
	h.there = r.On
	if !r.On && !h.waits && h.next != nil {
		h.stop()
		h.next = nil
	}
}

// begin prepares for a run of weights of these names. It returns the number of passes of an
// evaluation that can be made at once.
func (h *helper) begin(a *run) (passes int) {
	if of := a.settings.Model + " " + a.settings.Classifier; of != h.of {
		h.of, h.pace = of, pace{}
	}
	if a.Assist(h) {
		return 2
	}
	return 1
}

// helps reports whether the next step is to be made with the helper.
func (h *helper) helps() bool { return h.there && h.pace.helps() }

// advance goes on with a step until it is done or waits. It returns whether there is more to do
// now, as Session.Advance does.
func (h *helper) advance() (more bool) {
	if h.next == nil {
		h.next, h.stop = iter.Pull(func(yield func(bool) bool) {
			h.yield = yield
			for yield(h.session.step()) {
			}
		})
	}
	if !h.waits {
		h.taken = true
	}
	more, _ = h.next()
	if h.waits {
		return false
	}
	for h.taken = false; len(h.later) > 0; more = true {
		r := h.later[0]
		h.later = h.later[1:]
		h.session.Receive(r)
	}
	return more
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

// Ask hands a pass to the helper, see sampler.Helper.
func (h *helper) Ask(p *sampler.Pass) bool {
	h.asked++
	if !h.taken || !h.there {
		return false
	}
	h.number++
	h.came = false
	h.bytes[0], h.bytes[1] = packed(h.bytes[0], p.X), packed(h.bytes[1], p.Estimate)
	h.session.out.Send(Asking{Number: h.number, Of: p.Of, X: h.bytes[0], Estimate: h.bytes[1],
		T: p.T, Label: p.Label, Patience: h.pace.patience()})
	return true
}

// Answer waits for the helper, see sampler.Helper.
func (h *helper) Answer(out []float32) bool {
	for h.waits = true; !h.came && h.there; {
		h.yield(false)
	}
	h.waits = false
	if !h.came || len(h.answer) != 4*len(out) {
		h.there = false
		return false
	}
	unpacked(out, h.answer)
	return true
}

// hear takes an answer.
func (h *helper) hear(r Passed) {
	if r.Number == h.number {
		h.came, h.answer = true, r.Values
	}
}

// passes is what a session needs to make passes of another one's run.
type passes struct {
	x, estimate, out []float32
	bytes            []byte
}

// pass makes a pass. Where it cannot, the answer has no values, and who asked makes it.
func (s *Session) pass(r Pass) {
	p := &s.passes
	answer := Answer{Number: r.Number}
	defer func() {
		if recover() != nil {
			answer.Values = nil
		}
		s.out.Send(answer)
	}()
	p.x, p.estimate = unpacked(p.x, r.X), unpacked(p.estimate, r.Estimate)
	of := sampler.Pass{Of: r.Of, X: p.x, T: r.T, Label: r.Label}
	if len(p.estimate) > 0 {
		of.Estimate = p.estimate
	}
	m, g := s.models[r.Of].model, s.guides[r.Of]
	var shape interface{ Shape() (int, int, int) } = m
	if m == nil {
		shape = g
	}
	channels, height, width := shape.Shape()
	if len(r.X) != 4*channels*height*width {
		return
	}
	if m != nil {
		channels = m.OutChannels()
	}
	size := channels * height * width
	p.out = slices.Grow(p.out[:0], size)[:size]
	if m != nil {
		of.Make(p.out, m)
	} else {
		g.Gradient(p.out, p.x, r.T, r.Label)
	}
	p.bytes = packed(p.bytes, p.out)
	answer.Values = p.bytes
}

// packed writes numbers to dst, which grows where it is too short: 4 bytes each, the lowest first.
func packed(dst []byte, x []float32) []byte {
	dst = dst[:0]
	for _, v := range x {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(v))
	}
	return dst
}

// unpacked reads what packed wrote to dst, which grows where it is too short.
func unpacked(dst []float32, b []byte) []float32 {
	dst = dst[:0]
	for ; len(b) >= 4; b = b[4:] {
		dst = append(dst, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return dst
}
