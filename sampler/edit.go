package sampler

import (
	"math"
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// edit is what all pictures of a run share about the picture that they begin with.
type edit struct {
	known   []float64     // [C·H·W] the picture, in [−1, 1]
	remade  []bool        // [C·H·W] true where the mask is white; nil without a mask
	noised  bool          // the first state is the noised picture, not noise alone
	inverse solver.Solver // nil without an inversion
	from    float64       // timestep of the inversion's first evaluation
}

// route is the order in which a trajectory takes the solver's steps. The zero value takes each
// once, from first to last.
type route struct {
	back   int   // number of inversion steps, which come first
	first  int   // the first solver step after them
	visits []int // solver steps in order; nil for first, first+1, …
}

// edited sets the edit and the route of a course from its inputs. c.start must be set. Errors about
// the recipe are *solver.Error.
func (c *course) edited(in recipe.Inputs) error {
	s := &c.settings
	if err := in.Check(s, c.info); err != nil || s.Image == "" {
		return err
	}
	steps := c.start.Steps()
	kept := s.Taken(steps)
	if kept == 0 {
		return solver.Because("strength", solver.NoSteps, "strength is {value} but with "+
			"steps={steps} that leaves no step to do; choose a larger strength or more steps",
			"value", solver.Number(s.Strength), "steps", strconv.Itoa(s.Steps))
	}
	c.route.first = steps - kept
	c.edit = &edit{known: make([]float64, len(in.Image)), noised: s.Mask == "" || kept < steps}
	picture.Values(c.edit.known, in.Image, c.info.Channels, c.info.Height, c.info.Width)
	if s.Invert != "" {
		return c.inverted()
	}
	if s.Mask == "" {
		return nil
	}
	if solver.Named(s.Sampler).Traits.Views {
		return solver.Refuse("k", "k is "+s.Sampler+", whose noise levels are not known in "+
			"advance; with a mask choose another sampler")
	}
	for channel := range c.info.Channels {
		for i := range c.info.Height * c.info.Width {
			at := i // of the pixel that all channels share
			if picture.Latent(c.info.Channels) {
				at = picture.At(c.info.Channels, c.info.Width, channel, i)
			}
			c.edit.remade = append(c.edit.remade, in.Mask[at] >= recipe.MaskThreshold)
		}
	}
	if s.Resample > 1 {
		return c.resampled(kept, s.Resample, s.Jump)
	}
	return nil
}

// maxVisits bounds the number of steps of a recipe that resamples.
const maxVisits = 100_000

// resampled sets the route of RePaint (Lugmayr et al., arXiv:2201.09865, appendix B). After every
// `jump` steps, noise is added to go back by as many steps, until each stretch has been taken
// `times` times. It counts as diffusers' RePaintScheduler does. kept is the number of solver steps
// that are taken.
func (c *course) resampled(kept, times, jump int) error {
	if jump >= kept {
		return solver.Because("jump", solver.LongJump, "jump is {value} but must be below the "+
			"number of steps that are taken, {steps}",
			"value", strconv.Itoa(jump), "steps", strconv.Itoa(kept))
	}
	// of those that end in a jump: at 1, 1 + jump, … steps before the end
	stretches := (kept - 1) / jump
	if total := kept + stretches*jump*(times-1); total > maxVisits {
		return solver.Refuse("resample", "resample is "+strconv.Itoa(times)+", which makes "+
			strconv.Itoa(total)+" steps; "+strconv.Itoa(maxVisits)+" are allowed; choose a "+
			"smaller resample or fewer steps")
	}
	left := make([]int, kept)
	for t := 0; t < kept-jump; t += jump {
		left[t] = times - 1
	}
	for t := kept - 1; t >= 0; { // t steps are to be done after the one that comes next
		c.route.visits = append(c.route.visits, c.start.Steps()-1-t)
		if t--; t >= 0 && left[t] > 0 {
			left[t]--
			t += jump
		}
	}
	return nil
}

// inverted sets the edit's inversion: from the picture back to the noise level of the first step.
func (c *course) inverted() error {
	inverse, err := c.Inversion(c.start.Marks[c.route.first].Level)
	if err != nil {
		return err
	}
	back := inverse.Start()
	c.edit.inverse, c.edit.from, c.route.back = inverse, back.T, back.Steps()
	return nil
}

// begin computes the first state of a trajectory whose x is unit noise.
func (tr *Trajectory) begin() {
	c := tr.course
	e := c.edit
	first := c.route.first
	switch {
	case e != nil && e.inverse != nil:
		copy(tr.x, e.known)
		tr.evaluation.T = e.from
		return
	case e != nil && e.remade != nil && c.route.visits == nil:
		tr.still = append([]float64(nil), tr.x...)
	}
	if first > 0 {
		tr.evaluation.T = c.start.Marks[first].T
	}
	if e == nil || !e.noised {
		scaleBy(tr.x, c.start.Scale)
		return
	}
	level := c.start.Marks[first].Level
	for i, v := range e.known {
		tr.x[i] = float64(level.Signal*v) + float64(level.Noise*tr.x[i])
	}
	if c.start.Shown != nil {
		scaleBy(tr.x, 1/c.start.Shown[first])
	}
}

// scaleBy multiplies x by scale.
func scaleBy(x []float64, scale float64) {
	if scale == 1 {
		return
	}
	for i := range x {
		x[i] *= scale
	}
}

// visit returns the solver step of step k of the trajectory, −1 for a step of the inversion.
func (r *route) visit(k int) int {
	switch k -= r.back; {
	case k < 0:
		return -1
	case r.visits != nil:
		return r.visits[k]
	}
	return r.first + k
}

// enter prepares the state for solver step i, which is step k of the trajectory. After an inversion
// it changes to the solver's scale. Where resampling goes back it adds noise up to the level of
// step i.
func (tr *Trajectory) enter(k, i int) {
	c := tr.course
	r := &c.route
	if k == r.back && k > 0 {
		tr.forget()
		if c.start.Shown != nil {
			before := tr.workBefore()
			scaleBy(tr.x, 1/c.start.Shown[i])
			tr.workAfter(before, 1/c.start.Shown[i], 0, nil)
		}
		return
	}
	if r.visits == nil {
		return
	}
	tr.evaluation.Offset = r.first + k - i // every visit of a step draws different noise
	if k == 0 || r.visits[k-1]+1 == i {
		return
	}
	from, to := c.start.Marks[r.visits[k-1]+1].Level, c.start.Marks[i].Level
	// In terms of what is shown x' = ratio·x + stdDev·z: the forward process from one level to the
	// other.
	ratio := to.Signal / from.Signal
	stdDev := math.Sqrt(max(float64(to.Noise*to.Noise)-
		float64(float64(ratio*ratio)*float64(from.Noise*from.Noise)), 0))
	if shown := c.start.Shown; shown != nil {
		ratio *= shown[r.visits[k-1]+1] / shown[i]
		stdDev /= shown[i]
	}
	z := tr.evaluation.Draw(i, tr.evaluation.Draws-1)
	before := tr.workBefore()
	for j := range tr.x {
		tr.x[j] = float64(ratio*tr.x[j]) + float64(stdDev*z[j])
	}
	tr.workAfter(before, ratio, stdDev, z)
	if f, ok := tr.solver.(solver.Forgetful); ok {
		f.Forget()
	}
	tr.forget()
}

// keep replaces the kept part of the state after solver step i by the known picture with the noise
// of the state's level, as Song et al. (arXiv:2011.13456, appendix I.2) fill in pictures. Without
// resampling it is the noise of the first state, as in diffusers. With resampling it is fresh
// noise, as in RePaint.
func (tr *Trajectory) keep(i int) {
	c := tr.course
	e := c.edit
	if i+1 == c.start.Steps() { // after the last step: the picture itself
		scale := 1.0
		if c.start.Shown != nil {
			scale = c.start.Shown[i+1]
		}
		for j, v := range e.known {
			if !e.remade[j] {
				tr.x[j] = v / scale
			}
		}
		tr.workKept(1/scale, 0, nil)
		return
	}
	z := tr.still
	if z == nil {
		z = tr.evaluation.Draw(i, tr.evaluation.Draws-2)
	}
	level := c.start.Marks[i+1].Level
	if c.start.Shown != nil {
		level = level.Scaled(1 / c.start.Shown[i+1])
	}
	for j, v := range e.known {
		if !e.remade[j] {
			tr.x[j] = float64(level.Signal*v) + float64(level.Noise*z[j])
		}
	}
	tr.workKept(level.Signal, level.Noise, z)
}
