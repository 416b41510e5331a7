package sampler

import (
	"math"
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// edit is what all pictures of a run do with the picture that they begin from.
type edit struct {
	known   []float64     // [C·H·W] the picture, in [−1, 1]
	remade  []bool        // [C·H·W] what is not kept; nil without a mask
	noised  bool          // the first state is the picture with noise, not noise alone
	inverse solver.Solver // nil without an inversion
	from    float64       // the timestep of its first evaluation
}

// route is the way through a solver's steps that is not simply one after another. The zero value
// is.
type route struct {
	back   int   // steps of inversion that come first
	first  int   // solver step that comes first after them
	visits []int // solver steps in order; nil for first, first+1, …
}

// edited works out the edit and the route of a course whose start is known.
func (c *course) edited(in recipe.Inputs) error {
	s := &c.settings
	if err := in.Check(s, c.info); err != nil || s.Image == "" {
		return err
	}
	steps := c.start.Steps()
	kept := s.Taken(steps)
	if kept == 0 {
		return solver.Refuse("strength", "strength is "+solver.Number(s.Strength)+
			" but with steps="+strconv.Itoa(s.Steps)+
			" that leaves no step to do; choose more of either")
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
	if s.Sampler == "dpm_adaptive" {
		return solver.Refuse("k", "k is dpm_adaptive, whose noise levels are not known before; "+
			"with a mask it must be another")
	}
	for range c.info.Channels {
		for _, v := range in.Mask {
			c.edit.remade = append(c.edit.remade, v >= recipe.MaskThreshold)
		}
	}
	if s.Resample > 1 {
		return c.resampled(kept, s.Resample, s.Jump)
	}
	return nil
}

// maxVisits bounds the steps of a recipe that resamples.
const maxVisits = 100_000

// resampled is the route of RePaint (Lugmayr et al., arXiv:2201.09865, appendix B): wherever `jump`
// steps are done, noise is added again to go back as far, until each stretch was gone over `times`
// times. It counts as diffusers' RePaintScheduler does.
func (c *course) resampled(kept, times, jump int) error {
	if jump >= kept {
		return solver.Refuse("jump", "jump is "+strconv.Itoa(jump)+" but must be below the "+
			"number of steps that are taken, "+strconv.Itoa(kept))
	}
	// of those that end in a jump: at 1, 1 + jump, … steps before the end
	stretches := (kept - 1) / jump
	if total := kept + stretches*jump*(times-1); total > maxVisits {
		return solver.Refuse("resample", "resample is "+strconv.Itoa(times)+", which makes "+
			strconv.Itoa(total)+" steps; "+strconv.Itoa(maxVisits)+" are allowed")
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

// inverted is the way back from the picture to the level of the first step.
func (c *course) inverted() error {
	inverse, err := c.Inversion(c.start.Marks[c.route.first].Level)
	if err != nil {
		return err
	}
	back := inverse.Start()
	c.edit.inverse, c.edit.from, c.route.back = inverse, back.T, back.Steps()
	return nil
}

// begin makes the first state of a trajectory whose x is unit noise.
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

func scaleBy(x []float64, scale float64) {
	if scale == 1 {
		return
	}
	for i := range x {
		x[i] *= scale
	}
}

// visit is the solver step of step k of the trajectory, −1 for one of inversion.
func (r *route) visit(k int) int {
	switch k -= r.back; {
	case k < 0:
		return -1
	case r.visits != nil:
		return r.visits[k]
	}
	return r.first + k
}

// enter brings the state to the beginning of solver step i, which is step k of the trajectory:
// after an inversion to the solver's scale, and after a jump to more noise.
func (tr *Trajectory) enter(k, i int) {
	c := tr.course
	r := &c.route
	if k == r.back && k > 0 {
		if c.start.Shown != nil {
			scaleBy(tr.x, 1/c.start.Shown[i])
		}
		return
	}
	if r.visits == nil {
		return
	}
	tr.evaluation.Offset = r.first + k - i // so that every visit draws noise of its own
	if k == 0 || r.visits[k-1]+1 == i {
		return
	}
	from, to := c.start.Marks[r.visits[k-1]+1].Level, c.start.Marks[i].Level
	// In what is shown x' = ratio·x + stdDev·z, the forward process from one level to the other.
	ratio := to.Signal / from.Signal
	stdDev := math.Sqrt(max(float64(to.Noise*to.Noise)-
		float64(float64(ratio*ratio)*float64(from.Noise*from.Noise)), 0))
	if shown := c.start.Shown; shown != nil {
		ratio *= shown[r.visits[k-1]+1] / shown[i]
		stdDev /= shown[i]
	}
	z := tr.evaluation.Draw(i, tr.evaluation.Draws-1)
	for j := range tr.x {
		tr.x[j] = float64(ratio*tr.x[j]) + float64(stdDev*z[j])
	}
	if f, ok := tr.solver.(solver.Forgetful); ok {
		f.Forget()
	}
}

// keep puts the known part of the picture, with the noise of the state's level, in the place of
// what solver step i made there: by replacement, as Song et al. (arXiv:2011.13456, appendix I.2)
// fill in pictures. Plain replacement always uses the noise of the first state, as diffusers does,
// and resampling fresh noise, as RePaint does.
func (tr *Trajectory) keep(i int) {
	c := tr.course
	e := c.edit
	if i+1 == c.start.Steps() { // the picture itself
		scale := 1.0
		if c.start.Shown != nil {
			scale = c.start.Shown[i+1]
		}
		for j, v := range e.known {
			if !e.remade[j] {
				tr.x[j] = v / scale
			}
		}
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
}
