package main

import "tweedie/sampler/lab/experiment"

// mostNumbers bounds the numbers of a snapshot: of more steps only some are shown.
const mostNumbers = 1 << 21

// drawing is a cloud of points on its way from noise, and the frames of it that are shown.
type drawing struct {
	d           experiment.Drawing
	whole       bool
	step        int     // of training
	began, said float64 // when it was begun, and told of
	spent       float64 // milliseconds

	every                  int // steps between two frames
	done                   int // steps
	frames                 int
	times, states, guesses []byte // see Snapshot
	alphaBar               []byte
}

func newDrawing(d experiment.Drawing, whole bool, step int, now float64) *drawing {
	h := &drawing{d: d, whole: whole, step: step, began: now, said: now}
	numbers := 0
	for i := range d.Images() {
		numbers += 2 * len(d.X(i))
	}
	frames := max(2, mostNumbers/max(1, numbers))
	h.every = max(1, (d.Steps()+frames-1)/frames)
	h.frame()
	return h
}

// frame keeps the present state.
func (h *drawing) frame() {
	h.frames++
	for i := range h.d.Images() {
		h.states = append(h.states, floats(h.d.X(i))...)
	}
}

// next takes one step of one cloud, and returns false at the end.
func (h *drawing) next() bool {
	if !h.d.Next() {
		return false
	}
	if h.d.Step() == h.done { // other clouds have to follow
		return true
	}
	if h.done%h.every == 0 { // the frame before this step was kept: so is what was seen in it
		h.times = append32(h.times, float32(h.d.T()))
		for i := range h.d.Images() {
			h.guesses = append(h.guesses, floats(h.d.X0(i))...)
		}
	}
	h.done = h.d.Step()
	if h.done%h.every == 0 && h.done < h.d.Steps() {
		h.frame()
	}
	return true
}

// snapshot ends the drawing.
func (h *drawing) snapshot(id int) Snapshot {
	h.frame()
	h.times = append32(h.times, 0)
	numbers := len(h.states) / h.frames
	h.guesses = append(h.guesses, h.states[len(h.states)-numbers:]...)
	return Snapshot{ID: id, Step: h.step, Whole: h.whole, Clouds: h.d.Images(),
		Points: numbers / 8, Times: h.times, States: h.states, Guesses: h.guesses,
		AlphaBar: h.alphaBar}
}
