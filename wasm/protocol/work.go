package protocol

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler"
	"tweedie/sampler/derive"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/working"
)

// mostTrail is how many bytes the states of a picture may take that is looked into.
const mostTrail = 8 << 20

// worked is a picture whose steps a person looks into.
type worked struct {
	id         int  // of the request that waits, 0 for none
	asked      Work // last
	info       recipe.Info
	model      network.Model
	parsed     recipe.Recipe
	trajectory *sampler.Trajectory
	recipe     string          // canonical
	trail      *history        // where the picture was after its steps
	levels     []sampler.Level // of its steps, once they were asked for
	step       int             // of last
	last       *sampler.Work
	// x_t, x_{t−1} and x̂0 of that step, as they are shown, and the finished picture, once that was
	// asked for
	before, after, guess, end []float64
}

// waits reports whether a request waits that has this id.
func (w *worked) waits(id int) bool { return w != nil && w.id == id }

// of reports whether a request is about this picture.
func (w *worked) of(r Work) bool {
	return w != nil && w.asked.Recipe == r.Recipe && w.asked.Picture == r.Picture &&
		bytes.Equal(w.asked.Image, r.Image) && bytes.Equal(w.asked.Mask, r.Mask)
}

// work begins to look into a step.
func (s *Session) work(r Work) {
	s.leaveWork()
	if !s.worked.of(r) {
		w, err := s.lookInto(r)
		if err != nil {
			s.refuse(r.ID, err)
			return
		}
		s.worked = w
	}
	w := s.worked
	c, h, width := w.info.Channels, w.info.Height, w.info.Width
	if picture.Latent(c) { // its channels are drawn side by side
		r.Channel, r.Column = r.Column/width, r.Column%width
	}
	switch {
	case r.Step < 1 || r.Step > w.trajectory.Steps():
		s.fail(r.ID, "there is no step "+strconv.Itoa(r.Step)+" where "+
			strconv.Itoa(w.trajectory.Steps())+" are made")
		return
	case r.Row < 0 || r.Row >= h || r.Column < 0 || r.Column >= width || r.Channel < 0 ||
		r.Channel >= c:
		s.fail(r.ID, "there is no pixel in row "+strconv.Itoa(r.Row)+" and column "+
			strconv.Itoa(r.Column)+", channel "+strconv.Itoa(r.Channel)+
			", of a picture of "+strconv.Itoa(h)+"×"+strconv.Itoa(width))
		return
	}
	w.id, w.asked = r.ID, r
	if w.step != r.Step {
		w.rewind(r.Step - 1)
	}
}

// leaveWork ends the request that waits, if one does.
func (s *Session) leaveWork() {
	if w := s.worked; w != nil && w.id > 0 {
		id := w.id
		w.id = 0
		s.out.Send(Cancelled{ID: id})
	}
}

// lookInto prepares a picture of a recipe.
func (s *Session) lookInto(r Work) (*worked, error) {
	asked, model, err := s.find(r.Recipe)
	in := recipe.Inputs{Image: r.Image, Mask: r.Mask}
	if err == nil {
		err = in.Name(&asked)
	}
	if err != nil {
		return nil, err
	}
	tr, err := sampler.NewTrajectoryFrom(asked, model.info, model.model, r.Picture, in)
	if err != nil {
		return nil, err
	}
	w := &worked{asked: r, info: model.info, model: model.model, parsed: asked, trajectory: tr,
		recipe: tr.Recipe().String(),
		trail:  &history{limit: mostTrail, stride: 1, pictures: make([][]sampler.Checkpoint, 1)}}
	w.trail.note(0, tr)
	return w, nil
}

// rewind brings the picture to the state nearest to a step, at it or before, that it was in.
func (w *worked) rewind(step int) {
	at := w.trajectory.Done()
	if at > step {
		at = -1
	}
	for _, c := range w.trail.pictures[0] {
		if d := c.Done(); d <= step && d > at {
			w.trajectory.Return(c)
			at = d
		}
	}
}

// advanceWork takes one step towards what is asked for, or answers.
func (s *Session) advanceWork() {
	w := s.worked
	defer s.recovered(w.id)
	r, tr := w.asked, w.trajectory
	moved := true
	switch {
	case w.step != r.Step && tr.Done() < r.Step-1:
		moved = tr.Step()
	case w.step != r.Step:
		w.before = slices.Clone(tr.X())
		w.last = tr.Work()
		if moved = w.last != nil; moved {
			w.step, w.after, w.guess = r.Step, slices.Clone(tr.X()), slices.Clone(tr.X0())
		}
	case r.Derivation != "" && w.end == nil && tr.Done() < tr.Steps():
		moved = tr.Step()
	default:
		if r.Derivation == "" {
			s.out.Send(w.answer())
		} else {
			s.derive()
		}
		w.id = 0
		return
	}
	if !moved {
		s.worked = nil
		s.refuse(w.id, tr.Err())
		return
	}
	if tr.Done() == tr.Steps() {
		w.end = slices.Clone(tr.X())
	}
	w.trail.note(0, tr)
}

// derive sends a derivation on the numbers of the step that was worked out. The finished picture is
// its x_0, and x̂0 the network's guess at it.
func (s *Session) derive() {
	w := s.worked
	r := w.asked
	levels, err := sampler.LevelsOf(w.parsed, w.info, w.model,
		recipe.Inputs{Image: r.Image, Mask: r.Mask})
	if err != nil {
		s.refuse(w.id, err)
		return
	}
	if w.info.Scheduler.Solver.Network == schedule.Straight {
		s.fail(w.id, "this network mixes picture and noise along a straight line, and the paper "+
			"does not; its derivations are not those of this run")
		return
	}
	c, h, width := w.info.Channels, w.info.Height, w.info.Width
	state := derive.State{X0: w.end, Xt: w.before, XPrev: w.after, Guess: w.guess,
		AlphaBar:     levels.Steps[r.Step-1].AlphaBar,
		AlphaBarPrev: levels.Steps[r.Step].AlphaBar,
		Pixel:        (min(r.Channel, c-1)*h+r.Row)*width + r.Column}
	if len(levels.Schedule) == w.info.Scheduler.NumTrainTimesteps {
		for _, l := range levels.Schedule {
			state.Schedule = append(state.Schedule, l.AlphaBar)
		}
	}
	got, err := derive.Evaluate(r.Derivation, &state, edits(r.Edits)...)
	if err != nil {
		s.fail(w.id, strings.TrimPrefix(err.Error(), "derive: "))
		return
	}
	m := Derived{ID: w.id, Derivation: got.Name, Names: derive.Names()}
	for i := range got.Lines {
		l := &got.Lines[i]
		to := DerivedLine{Equation: l.Equation, Left: l.Left, Right: l.Right,
			Continued: l.Continued, LeftValue: l.LeftValue, RightValue: l.RightValue,
			Picture: l.Picture, Difference: l.Difference, Holds: l.Holds, Undefined: l.Undefined}
		for _, c := range l.Coefficients {
			to.Coefficients = append(to.Coefficients, Coefficient{c.Index, c.Symbol, c.Value})
		}
		m.Lines = append(m.Lines, to)
	}
	s.out.Send(m)
}

// edits reads the coefficients that are changed. What cannot be read is refused as an edit of a
// line that is not there.
func edits(asked map[string]string) (all []derive.Edit) {
	for at, text := range asked {
		line, index, _ := strings.Cut(at, ".")
		e := derive.Edit{Line: -1}
		value, err := strconv.ParseFloat(text, 64)
		if n, bad := strconv.Atoi(line); bad == nil && err == nil {
			e.Line, e.Value = n, value
		}
		if n, bad := strconv.Atoi(index); bad == nil {
			e.Index = n
		} else {
			e.Line = -1
		}
		all = append(all, e)
	}
	return all
}

// answer is the working that was asked for.
func (w *worked) answer() Worked {
	r, l := w.asked, w.last
	m := Worked{ID: w.id, Recipe: w.recipe, Picture: r.Picture, Step: w.step,
		Steps: w.trajectory.Steps(), Predicts: string(l.Predicts)}
	factor := w.info.Height / l.Height
	m.Row, m.Column, m.Channel = r.Row/factor, r.Column/factor, min(r.Channel, l.Channels-1)
	at := (m.Channel*l.Height+m.Row)*l.Width + m.Column
	m.Channels, m.Height, m.Width = picture.Drawn(l.Channels, l.Height, l.Width)
	if picture.Latent(l.Channels) { // its channels are drawn side by side
		m.Column, m.Channel = m.Channel*l.Width+m.Column, 0
	}
	size := l.Channels * l.Height * l.Width
	readings, seen := l.Readings()
	m.Seen = seen
	if r.Drawn {
		m.Pictures = make([]byte, size*(len(l.Lines)+len(readings)))
	}
	for i := range l.Lines {
		from := &l.Lines[i]
		to := WorkLine{Of: from.Of.String(), Rule: from.Rule.String(), Value: from.Values[at],
			Over: from.Over, Back: from.Back, T: from.T, Deep: from.Deep,
			Most: most(from, l.Channels)}
		to.Left = from.Except != working.One && l.Lines[from.Except].Values[at] == 1
		for _, t := range from.Terms {
			to.Terms = append(to.Terms, Product{t.Factor, t.Line, t.By})
		}
		m.Lines = append(m.Lines, to)
		if r.Drawn {
			w.draw(m.Pictures[i*size:][:size], from, to.Most)
		}
	}
	weight := w.weight()
	for i := range readings {
		from := &readings[i]
		of := from.X0.Output / from.X0.Over // how an error of it becomes one of x̂0
		to := WorkReading{Kind: string(from.Kind), State: from.X0.State, Output: from.X0.Output,
			Over: from.X0.Over, Value: from.Values[at], Apart: from.Apart,
			Weight: weight * float64(of*of)}
		line := working.Line{Of: quantityOf(from.Kind), Values: from.Values}
		to.Most = most(&line, l.Channels)
		m.Readings = append(m.Readings, to)
		if r.Drawn {
			w.draw(m.Pictures[(len(l.Lines)+i)*size:][:size], &line, to.Most)
		}
	}
	return m
}

// quantityOf is what a prediction is in a working.
func quantityOf(kind schedule.Prediction) working.Quantity {
	switch kind {
	case schedule.Sample:
		return working.X0
	case schedule.Score:
		return working.Score
	case schedule.V:
		return working.V
	case schedule.FlowVelocity:
		return working.Slope
	}
	return working.Epsilon
}

// weight is what a squared error of x̂0 costs in the bound's term of the step, half of what the SNR
// gains (Luo 110); 0 where the step ends in the picture, or does not lead towards it.
func (w *worked) weight() float64 {
	if w.levels == nil {
		all, err := sampler.LevelsOf(w.parsed, w.info, w.model,
			recipe.Inputs{Image: w.asked.Image, Mask: w.asked.Mask})
		if err != nil {
			return 0
		}
		w.levels = all.Steps
	}
	if w.step >= len(w.levels) {
		return 0
	}
	now, next := w.levels[w.step-1].Sigma, w.levels[w.step].Sigma
	if next == 0 || next >= now {
		return 0
	}
	return (1/float64(next*next) - 1/float64(now*now)) / 2
}

// draw makes a picture of a line.
func (w *worked) draw(dst []byte, l *working.Line, most float64) {
	c, h, width := w.last.Channels, w.last.Height, w.last.Width
	values := l.Values
	if l.Of == working.Byte {
		values = make([]float64, len(l.Values))
		for i, v := range l.Values {
			values[i] = (v/127.5 - 1) * most
		}
	}
	picture.Signed(dst, values, c, h, width, most)
}

// most returns the value of a line that is drawn white. Pictures and states are drawn as on the
// stage, and so is noise; others by their largest value.
func most(l *working.Line, channels int) float64 {
	switch l.Of {
	case working.X, working.Seen, working.Shown, working.X0, working.Known, working.Byte:
		return picture.White(channels)
	case working.Epsilon, working.Z:
		return noiseRange
	}
	largest := 0.0
	for _, v := range l.Values {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 1
	}
	return largest
}
