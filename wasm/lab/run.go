package main

import (
	"encoding/binary"
	"iter"
	"math"

	"tweedie/sampler/lab"
	"tweedie/sampler/lab/experiment"
	"tweedie/sampler/mixture"
	"tweedie/sampler/plane"
)

// How time is shared, in milliseconds. What is shown of a network while it learns takes a fifth of
// the time, however slow the device is.
const (
	unitTime    = 8    // of training, between two looks at the page's messages
	sayEvery    = 100  // between two messages of progress
	drawEvery   = 240  // between the beginnings of two drawings of a network that learns
	judgeAfter  = 2000 // from the beginning to the first judgement of it
	judgeEvery  = 1000 // between two of them
	tellAfter   = 1000 // a drawing of all points that takes longer is told of
	share       = 4    // training takes this many times what drawing takes
	judgesShare = 20   // and this many times what judging takes
)

// What a network that learns draws.
const (
	quickPoints = 1000
	quickSteps  = 20
)

// run is a recipe that is carried out.
type run struct {
	session *Session
	id      int
	e       *experiment.Experiment
	mixture *mixture.Mixture    // of the data, once it was asked for
	of      *plane.Distribution // that were the data then
	promise string              // h of the recipe

	waits bool // training does, until it is told to go on
	left  int  // steps until it waits again; 0 for no limit
	shown bool // what was learned has been drawn as the recipe says
	over  bool // the recipe came to its end

	losses []float32  // since the last message of progress
	told   int        // training steps of which that was
	spent  float64    // on them
	said   float64    // when that was
	hand   *drawing   // what is being drawn, or nil
	judge  *judgement // what is being judged after the end, or nil
	draws  float64    // when the next drawing may begin
	judges float64    // and the next judgement
}

// learns reports whether there are training steps to take now.
func (r *run) learns() bool {
	t := r.e.Training
	return !r.waits && t.Done() < t.Steps() && t.Err() == nil
}

// busy reports whether there is anything to do.
func (r *run) busy() bool {
	return r.learns() || r.hand != nil || !r.shown || r.judge != nil
}

// start says what is carried out.
func (r *run) start() {
	e := r.e
	m := Started{ID: r.id, Recipe: e.Settings.String(), Fields: e.Fields(),
		Classes: e.Data().Classes(), Parameters: e.Training.Parameters(), Step: e.Training.Done(),
		Steps: e.Training.Steps(), Encodes: e.EncoderSteps(), Exact: e.Data().Exact() != nil}
	r.judges, r.told = r.session.now()+judgeAfter, m.Step
	m.Sees, m.AlphaBar = e.View(1) != nil, alphaBar(e)
	r.session.out.Send(m)
	if r.waits {
		r.session.out.Send(Paused{r.id, m.Step})
	}
}

// alphaBar returns the present noise schedule, [lab.T], nothing of a model without one.
func alphaBar(e *experiment.Experiment) (list []byte) {
	v := e.View(1)
	if v == nil {
		return nil
	}
	if _, one := v.Model().Only(); one {
		return nil
	}
	for t := range lab.T {
		signal := v.Level(t).Signal
		list = append32(list, float32(signal*signal))
	}
	return list
}

// steer acts on a request that is about the training.
func (r *run) steer(request Request) {
	switch request := request.(type) {
	case Pause:
		if r.learns() {
			r.wait()
		}
	case Resume:
		r.waits, r.left = false, 0
	case Step:
		r.waits, r.left = false, max(1, request.Steps)
	}
	if r.learns() {
		r.shown = false
	}
}

// wait makes the training wait.
func (r *run) wait() {
	r.waits = true
	r.say()
	r.session.out.Send(Paused{r.id, r.e.Training.Done()})
}

// work does one unit of drawing and one of training.
func (r *run) work() {
	now := r.session.now()
	switch {
	case r.hand != nil && !r.hand.whole && !r.learns():
		r.hand = nil // the whole is drawn at once
	case r.hand != nil && r.hand.whole && r.learns():
		r.hand = nil
	}
	if r.hand == nil && !r.learns() && !r.shown {
		r.begin(true)
	} else if r.hand == nil && r.learns() && r.e.Training.Done() > 0 && now >= r.draws {
		r.begin(false)
	}
	if r.hand != nil {
		r.draw()
	}
	if r.learns() {
		r.forget() // what is judged would change
		r.learn()
	} else if r.judge != nil && !r.judge.unit() {
		r.judge = nil
	}
}

// forget ends a judgement.
func (r *run) forget() {
	if r.judge != nil {
		r.judge.stop()
		r.judge = nil
	}
}

// learn takes training steps for some time.
func (r *run) learn() {
	began, now := r.session.now(), 0.0
	for r.learns() && r.e.Training.Step() {
		r.losses = append(r.losses, float32(r.e.Training.Loss()))
		now = r.session.now()
		if r.left > 0 {
			if r.left--; r.left == 0 {
				r.spent += now - began
				r.wait()
				return
			}
		}
		if now-began >= unitTime {
			break
		}
	}
	r.spent += max(now, began) - began
	if now-r.said >= sayEvery || !r.learns() {
		r.said = now
		r.say()
	}
}

// say reports the training steps since the last report.
func (r *run) say() {
	if len(r.losses) == 0 {
		return
	}
	m := Progress{ID: r.id, Step: r.e.Training.Done(), Milliseconds: r.spent}
	// Where training diverged, the last step was taken back.
	for _, v := range r.losses[:min(max(m.Step-r.told, 0), len(r.losses))] {
		m.Losses = append32(m.Losses, v)
	}
	r.losses, r.spent, r.told = r.losses[:0], 0, m.Step
	r.session.out.Send(m)
}

// begin begins a drawing. What cannot be drawn quickly is not shown before it is whole.
func (r *run) begin(whole bool) {
	e := *r.e
	if !whole {
		e.Settings.Points = min(e.Settings.Points, quickPoints)
		e.Settings.SolverSteps = min(e.Settings.SolverSteps, quickSteps)
	}
	d, err := e.Draw()
	if err != nil {
		r.draws = math.Inf(1)
		if whole {
			r.shown, r.over = true, true
			r.session.refuse(r.id, err)
		}
		return
	}
	r.hand = newDrawing(d, whole, r.e.Training.Done(), r.session.now())
	if e.Settings.Schedule == lab.Learned {
		r.hand.alphaBar = alphaBar(&e)
	}
}

// draw takes one step of the drawing, and shows it at its end.
func (r *run) draw() {
	h, s := r.hand, r.session
	began := s.now()
	more := h.next()
	now := s.now()
	h.spent += now - began
	if more {
		if h.whole && now-h.said >= tellAfter {
			h.said = now
			s.out.Send(Drawing{r.id, h.d.Step(), h.d.Steps()})
		}
		return
	}
	r.hand = nil
	r.draws = max(h.began+drawEvery, now+share*h.spent)
	if err := h.d.Err(); err != nil {
		if h.whole {
			r.shown, r.over = true, !r.waits
			s.out.Send(Failed{ID: r.id, Key: "lr", Message: err.Error(), Blank: true})
		}
		return
	}
	s.out.Send(h.snapshot(r.id))
	points := experiment.Points(h.d)
	if h.whole {
		r.end(points)
		r.judge = newJudgement(r, h, points)
	} else if now >= r.judges {
		r.session.out.Send(Measured{r.id, h.step, false, measures(r.e.OfPoints(points))})
		r.judges = now + max(judgeEvery, judgesShare*(s.now()-now))
	}
}

// judgement says what all points and their network are worth, a unit at a time.
type judgement struct {
	r    *run
	next func() (*experiment.Measure, bool)
	stop func()
	m    Measured
}

func newJudgement(r *run, h *drawing, points []float32) *judgement {
	j := &judgement{r: r, m: Measured{ID: r.id, Step: h.step, Whole: true}}
	j.next, j.stop = iter.Pull(r.e.Judge(points))
	return j
}

// unit does one unit. At the end it says what came out, and returns false.
func (j *judgement) unit() bool {
	began := j.r.session.now()
	for j.r.session.now()-began < unitTime {
		one, more := j.next()
		if !more {
			j.r.session.out.Send(j.m)
			return false
		}
		if one != nil {
			j.m.Measures = append(j.m.Measures, measures([]experiment.Measure{*one})...)
		}
	}
	return true
}

func measures(all []experiment.Measure) (list []Measure) {
	for _, m := range all {
		list = append(list, Measure{m.Name, m.At, m.Of, m.Value, m.Real})
	}
	return list
}

// end is what follows once all points were drawn: the end of the recipe, unless training waits.
func (r *run) end(points []float32) {
	r.shown = true
	t := r.e.Training
	if t.Err() != nil {
		r.over = true
		r.session.out.Send(Failed{ID: r.id, Key: "lr", Message: t.Err().Error(), Diverged: true})
		return
	}
	if t.Done() < t.Steps() {
		return
	}
	r.over = true
	hash := experiment.Hash(points)
	done := r.e.Settings
	done.Hash = hash[:16]
	r.session.out.Send(Done{r.id, done.String(), hash, r.promise != "" && r.promise != hash[:16]})
}

// append32 appends a number as a little-endian float32.
func append32(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// floats are numbers as little-endian float32.
func floats(x []float64) []byte {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = append32(b, float32(v))
	}
	return b
}
