package sampler

import (
	"math"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/sampler/working"
)

// leg is the part of a forked run that begins at a fork. Its course has other settings, and begins
// with the solver step at route.first.
type leg struct {
	*course
	of     *recipe.Leg
	before int // steps of the run before it
	// whether the sampler and its options are those of the leg before, so that its solver goes on
	// with what it remembers
	same   bool
	stream uint32 // of the noise: another one for each further plan of steps
	// what is painted, [C·H·W], and 1 where nothing is; nil without paint
	painted, plain []float64
}

// streamFork is what a stream of noise is counted in, above the numbers of the pictures.
const streamFork = 1 << 16

// sameNoise is how far apart noise levels may be that are one, relative to σ.
const sameNoise = 1e-9

// forked sets the legs of a course whose recipe has forks.
func (c *course) forked(m network.Model) error {
	last, before, stream := c, 0, uint32(0)
	for i := range c.settings.Legs {
		l := &c.settings.Legs[i]
		done := l.Step - before // steps of the leg before this one
		if done >= last.taken() {
			return solver.Because("fork", solver.ForkLate, "fork is after step {value}, but a "+
				"step has to follow, and the run has {steps}", "value", strconv.Itoa(l.Step),
				"steps", strconv.Itoa(before+last.taken()))
		}
		of, err := prepare(&l.Settings, c.info, m, recipe.Inputs{})
		if err != nil {
			return err
		}
		at := last.route.first + done // the next step of the leg before
		same := of.Options == last.Options
		switch {
		case same:
			of.route.first = at
		case l.Step > 0: // before the first step a run begins as any other
			stream += streamFork
			first, ok := of.entry(last.level(at), at)
			if !ok {
				return of.early(l.Step, last, at)
			}
			of.route.first = first
		}
		next := leg{course: of, of: l, before: l.Step, same: same, stream: stream}
		next.paint()
		c.legs = append(c.legs, next)
		last, before = of, l.Step
	}
	return nil
}

// level returns the noise level of the state before solver step i, or after the last one, as it is
// shown.
func (c *course) level(i int) schedule.Level {
	if i < len(c.start.Marks) {
		return c.start.Marks[i].Level
	}
	return c.start.End
}

// entry returns the solver step that goes on from a state of a noise level: one that begins at that
// level, or else at the nearest one with more noise. Of several it is step `next`, if that is one
// of them, or else the first. It returns false if all begin with less noise.
func (c *course) entry(at schedule.Level, next int) (step int, ok bool) {
	noisier := func(i int, than float64) bool {
		return c.start.Marks[i].Level.Sigma() >= than*(1-sameNoise)
	}
	step = -1
	for i := range c.start.Marks {
		if noisier(i, at.Sigma()) {
			step = i
		}
	}
	if step < 0 {
		return 0, false
	}
	chosen := c.start.Marks[step].Level.Sigma()
	if next <= step && noisier(step, c.start.Marks[next].Level.Sigma()) {
		return next, true
	}
	for step > 0 && noisier(step, c.start.Marks[step-1].Level.Sigma()) &&
		noisier(step-1, chosen) {
		step--
	}
	return step, true
}

// early returns the error that the course begins with less noise than the state before solver step
// next of the leg before has, which is the state after `done` steps of the run.
func (c *course) early(done int, before *course, next int) error {
	for i := next + 1; i < before.start.Steps(); i++ {
		if _, ok := c.entry(before.level(i), i); ok {
			return solver.Because("fork", solver.ForkEarly, "fork is after step {value}, where "+
				"the picture has more noise than {sampler} begins with; choose step {steps} or a "+
				"later one, or more steps", "value", strconv.Itoa(done), "steps",
				strconv.Itoa(done+i-next), "sampler", c.Sampler)
		}
	}
	return solver.Because("fork", solver.ForkNever, "fork is after step {value}, where the "+
		"picture has more noise than {sampler} begins with; choose more steps or another sampler",
		"value", strconv.Itoa(done), "sampler", c.Sampler)
}

// steps returns the number of steps of a run of the course with its legs.
func (c *course) steps() int {
	if n := len(c.legs); n > 0 {
		return c.legs[n-1].before + c.legs[n-1].taken()
	}
	return c.taken()
}

// scaled reports whether some state of a run is shown in another scale than its solver's.
func (c *course) scaled() bool {
	for i := range c.legs {
		if c.legs[i].start.Shown != nil {
			return true
		}
	}
	return c.start.Shown != nil
}

// part is what a trajectory has for a leg of its own. The first is that before any fork.
type part struct {
	course     *course
	before     int // steps of the trajectory before it
	evaluation solver.Evaluation
	sources    [2]solver.Source // of the generation, and of the inversion before it
	solver     solver.Solver    // without memory of any step, unless it is in use
}

// branch prepares the legs of a trajectory.
func (tr *Trajectory) branch() {
	for i := range tr.root.legs {
		l := &tr.root.legs[i]
		from := newGuided(l.model, &l.settings, l.info.Scheduler.PredictionType, tr.image)
		from.noise = draws(&l.settings, tr.image, l.stream, from.size)
		tr.parts = append(tr.parts, part{course: l.course, before: l.before,
			evaluation: l.evaluation(from), sources: [2]solver.Source{from, from},
			solver: l.fresh.Clone(from.size)})
		if i == 0 {
			tr.drawn = make([]float64, from.size)
		}
	}
}

// over reports whether the next step is the first of another leg.
func (tr *Trajectory) over() bool {
	return tr.leg+1 < len(tr.parts) && tr.step == tr.parts[tr.leg+1].before
}

// use makes a leg the one of the next steps, without changing the state.
func (tr *Trajectory) use(leg int) {
	p := &tr.parts[leg]
	tr.leg, tr.course, tr.before = leg, p.course, p.before
	tr.evaluation, tr.sources = &p.evaluation, p.sources
	tr.remember(p.sources[:]...)
}

// useAt is use of the leg that took the last of a number of steps. Its solver, and those after it,
// begin without a memory.
func (tr *Trajectory) useAt(step int) {
	leg := 0
	for leg+1 < len(tr.parts) && tr.parts[leg+1].before < step {
		leg++
	}
	tr.use(leg)
	for i := leg; i < len(tr.parts); i++ {
		p := &tr.parts[i]
		p.solver = p.course.fresh.Clone(len(tr.x))
	}
	tr.solver = tr.parts[leg].solver
}

// cross goes on to the next leg, from the same state.
func (tr *Trajectory) cross() {
	l := &tr.root.legs[tr.leg]
	level, scale, from, before := tr.noise(), tr.scale(), tr.sources[0], tr.evaluation
	tr.use(tr.leg + 1)
	e := tr.evaluation
	copy(e.X0, before.X0)
	copy(e.Epsilon, before.Epsilon)
	e.T, e.Err = before.T, nil
	e.Working, before.Working = before.Working, nil
	// the solver remembers nothing that holds for the new state
	forgets := !l.same || l.of.Fresh || l.painted != nil
	if forgets {
		tr.solver = tr.parts[tr.leg].solver
	}
	switch start := &tr.course.start; {
	case tr.step == 0 && forgets: // the first state of the leg's own recipe
		from.Normal(tr.drawn, 0)
		tr.freshen(l)
		tr.mix(0, 0, start.Scale)
	case l.of.Fresh:
		tr.freshen(l)
		to, shown := tr.course.entered()
		tr.mix(0, to.Signal/shown, to.Noise/shown)
	case forgets:
		tr.bring(level, scale)
	}
	if l.painted != nil {
		tr.paint(l)
	}
	if tr.step == 0 {
		e.T = tr.course.start.T
	}
	if forgets {
		tr.forget()
	}
}

// entered returns the noise level at which the course begins, as it is shown, and the factor from
// the state to what is shown.
func (c *course) entered() (at schedule.Level, shown float64) {
	first := c.route.first
	if c.start.Shown == nil {
		return c.level(first), 1
	}
	return c.level(first), c.start.Shown[first]
}

// mix makes the state the sum of itself, the guess of the last step and the noise that was drawn,
// each times a factor.
func (tr *Trajectory) mix(ofX, ofX0, ofZ float64) {
	before, w, x0 := tr.workBefore(), tr.evaluation.Working, tr.evaluation.X0
	for i := range tr.x {
		tr.x[i] = float64(ofX*tr.x[i]) + float64(ofX0*x0[i]) + float64(ofZ*tr.drawn[i])
	}
	if w == nil {
		return
	}
	guess, z := working.One, working.One
	if ofX0 != 0 {
		guess = w.Find(working.X0, 0, x0)
	}
	if ofZ != 0 {
		z = w.Find(working.Z, 0, tr.drawn)
	}
	w.Sum(working.X, tr.x)
	w.Times(ofX, before)
	w.Times(ofX0, guess)
	w.Times(ofZ, z)
}

// noise returns the noise level of the state as it is shown.
func (tr *Trajectory) noise() schedule.Level {
	if _, ok := tr.solver.(solver.Scaled); ok && tr.step > tr.before {
		scale := tr.scale() // √(1/(1+σ²))
		return schedule.Level{Signal: scale,
			Noise: math.Sqrt(max(1-float64(scale*scale), 0))}
	}
	return tr.course.level(tr.course.route.first + tr.step - tr.before)
}

// paint sets what the fork paints.
func (l *leg) paint() {
	if l.of.Paint == nil {
		return
	}
	c, h, w := l.info.Channels, l.info.Height, l.info.Width
	bytes := make([]byte, c*h*w)
	l.painted, l.plain = make([]float64, c*h*w), make([]float64, c*h*w)
	for i := range l.plain {
		l.plain[i] = 1
		for d := range l.of.Paint {
			dab := &l.of.Paint[d]
			if pixel := i % (h * w); dab.Covers(pixel%w, pixel/w) {
				bytes[picture.At(c, w, i/(h*w), pixel)] = dab.Colour[i/(h*w)]
				l.plain[i] = 0
			}
		}
	}
	picture.Values(l.painted, bytes, c, h, w)
}

// paint puts the paint in the place of the guess of the last step, with the noise that is there.
func (tr *Trajectory) paint(l *leg) {
	to, shown := tr.course.entered()
	signal := to.Signal / shown
	before, w, x0 := tr.workBefore(), tr.evaluation.Working, tr.evaluation.X0
	for i := range tr.x {
		if l.plain[i] == 0 {
			tr.x[i] += float64(signal*l.painted[i]) - float64(signal*x0[i])
		}
	}
	if w == nil {
		return
	}
	known, guess := w.Give(working.Known, l.painted), w.Find(working.X0, 0, x0)
	mask := w.Give(working.Mask, l.plain)
	w.Lines[w.Sum(working.X, tr.x)].Except = mask
	w.Times(1, before)
	w.Times(signal, known)
	w.Times(-signal, guess)
}

// freshen draws the noise of the fork's own seed, where it has one.
func (tr *Trajectory) freshen(l *leg) {
	if !l.of.Fresh {
		return
	}
	s := &l.settings
	image := uint32(tr.image)
	if s.Between || s.Plane.Corners > 0 && !s.Place.Given {
		image = 0 // so that the pictures change as smoothly as before
	}
	seeded(s, l.of.Noise, image, len(tr.drawn))(tr.drawn, 0)
}

// bring takes the state, which is shown with noise level from and multiplied by scale, to the level
// at which the leg goes on, by the forward process (as enter does for a jump), and to the scale of
// its solver.
func (tr *Trajectory) bring(from schedule.Level, scale float64) {
	to, shown := tr.course.entered()
	ratio := to.Signal / from.Signal
	stdDev := math.Sqrt(max(float64(to.Noise*to.Noise)-
		float64(float64(ratio*ratio)*float64(from.Noise*from.Noise)), 0))
	if math.Abs(to.Sigma()-from.Sigma()) <= sameNoise*from.Sigma() {
		stdDev = 0 // what is left is rounding
	}
	if stdDev > 0 {
		tr.sources[0].Normal(tr.drawn, 0)
	}
	tr.mix(ratio*scale/shown, 0, stdDev/shown)
}
