package sampler

import (
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// Work is the working of a step of one picture, down to the bytes that are shown.
type Work struct {
	working.Working
	Predicts                schedule.Prediction // what the network was trained to predict
	Channels, Height, Width int                 // of the values; of the stage that took the step
}

// Work takes a step as Step does, and writes down its arithmetic. It returns nil where Step returns
// false. In the first stage of a cascade the values are those of the small picture.
func (tr *Trajectory) Work() *Work {
	at := tr
	if tr.lower != nil && !tr.lower.over() {
		at = tr.lower.Trajectory
	}
	info := &at.course.info
	w := &Work{Predicts: info.Scheduler.PredictionType, Channels: info.Channels,
		Height: info.Height, Width: info.Width}
	at.evaluation.Working = &w.Working
	taken := tr.Step()
	at.evaluation.Working = nil
	if !taken {
		return nil
	}
	at.workShown(&w.Working)
	return w
}

// workShown writes down what is shown of the state, and its bytes.
func (tr *Trajectory) workShown(w *working.Working) {
	line := w.State(tr.x)
	if scale := tr.scale(); scale != 1 {
		state := line
		line = w.Sum(working.Shown, tr.shown)
		w.Times(scale, state)
	}
	info := &tr.course.info
	c, size := info.Channels, info.Height*info.Width
	pixels, values := make([]byte, c*size), make([]float64, c*size)
	picture.Pixels(pixels, tr.shown, c, info.Height, info.Width)
	for channel := range c {
		for i := range size {
			values[channel*size+i] = float64(pixels[picture.At(c, info.Width, channel, i)])
		}
	}
	const half = 127.5
	w.Write(working.Byte, working.Round, 1, values)
	w.Times(half/picture.White(c), line)
	w.Times(half, working.One)
}

// workBefore returns the line of the state, where a working is written.
func (tr *Trajectory) workBefore() int {
	if w := tr.evaluation.Working; w != nil {
		return w.State(tr.x)
	}
	return working.One
}

// workAfter writes down that the state became ratio times the line before, with noise.
func (tr *Trajectory) workAfter(before int, ratio, stdDev float64, z []float64) {
	w := tr.evaluation.Working
	if w == nil {
		return
	}
	noise := working.One
	if stdDev > 0 {
		noise = w.Find(working.Z, 0, z)
	}
	w.Sum(working.X, tr.x)
	w.Times(ratio, before)
	w.Times(stdDev, noise)
}

// workKept writes down that what is not made again became signal times the known picture, with
// noise z.
func (tr *Trajectory) workKept(signal, noise float64, z []float64) {
	w := tr.evaluation.Working
	if w == nil {
		return
	}
	e := tr.course.edit
	remade := make([]float64, len(e.remade))
	for i, again := range e.remade {
		if again {
			remade[i] = 1
		}
	}
	known, mask, drawn := w.Give(working.Known, e.known), w.Give(working.Mask, remade), working.One
	if z != nil {
		drawn = w.Find(working.Z, 1, z)
	}
	w.Lines[w.Sum(working.X, tr.x)].Except = mask
	w.Times(signal, known)
	w.Times(noise, drawn)
}

// Work writes down how guidance made the last output of the network's answers.
func (n *guided) Work(w *working.Working, out []float64) {
	of := working.Class
	if n.asked[0] == network.NoClass {
		of = working.NoClass
	}
	answer, deep := widened(n.outs[0][:n.size]), n.features.reused()
	class, without, steered := w.Give(of, answer), working.One, working.One
	w.Lines[class].Deep = deep
	onClass, onWithout, onSlope := 1.0, 0.0, 0.0
	if len(n.asked) == 2 {
		without = w.Give(working.NoClass, widened(n.outs[1][:n.size]))
		w.Lines[without].Deep = deep
		onClass, onWithout = n.guidance.Weights(answer[:n.mixed], n.outs[1][:n.mixed])
	}
	if n.steered {
		steered, onSlope = w.Give(working.Gradient, widened(n.steering.slope)), n.steering.weight
	}
	mask := working.One
	if onWithout != 0 && n.mixed < n.size { // the other channels are as with the class
		plain := make([]float64, n.size)
		for i := n.mixed; i < n.size; i++ {
			plain[i] = 1
		}
		w.Sum(working.Output, answer)
		w.Times(1, class)
		mask = w.Give(working.Mask, plain)
	}
	w.Lines[w.Sum(working.Output, out)].Except = mask
	w.Times(onClass, class)
	w.Times(onWithout, without)
	w.Times(onSlope, steered)
}

// Work writes down the last output of the network.
func (u *upscaling) Work(w *working.Working, out []float64) {
	w.Lines[w.Give(working.Output, out)].Deep = u.features.reused()
}

// widened returns values in float64.
//
//go:noinline
func widened(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, v := range values {
		wide[i] = float64(v)
	}
	return wide
}
