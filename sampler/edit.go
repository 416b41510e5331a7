package sampler

import (
	"math"
	"strconv"

	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
)

// edit is what all pictures of a run do with the picture that they begin from.
type edit struct {
	known   []float64 // [C·H·W] the picture, in [−1, 1]
	anew    []bool    // [C·H·W] what is made anew; nil without a mask
	noised  bool      // the first state is the picture with noise, not noise alone
	inverse *inversion
	label   int // of the inversion
}

// route is the way through a solver's steps that is not simply one after another. The zero value is.
type route struct {
	back   int   // steps of inversion that come first
	first  int   // solver step that comes first after them
	visits []int // solver steps in order; nil for first, first+1, …
}

// edited works out the edit and the route of a plan whose beginning is known.
func (p *plan) edited(s *Settings, info Info, in Inputs) error {
	if err := in.Check(s, info); err != nil || s.Image == "" {
		return err
	}
	steps := p.start.steps
	kept := min(int(float64(steps)*s.Strength), steps) // as diffusers' img2img counts
	if kept == 0 {
		return &RecipeError{"strength", "strength is " + shortest(s.Strength) + " but with steps=" + strconv.Itoa(s.Steps) +
			" that leaves no step to do; choose more of either"}
	}
	p.route.first = steps - kept
	p.edit = &edit{known: make([]float64, len(in.Image)), noised: s.Mask == "" || kept < steps, label: s.invertLabel}
	picture.Values(p.edit.known, in.Image, info.Channels, info.Height, info.Width)
	if s.Invert != "" {
		return p.inverted()
	}
	if s.Mask == "" {
		return nil
	}
	if s.Sampler == "dpm_adaptive" {
		return &RecipeError{"k", "k is dpm_adaptive, whose noise levels are not known before; with a mask it must be another"}
	}
	for range info.Channels {
		for _, v := range in.Mask {
			p.edit.anew = append(p.edit.anew, v >= anew)
		}
	}
	if s.Resample > 1 {
		return p.resampled(kept, s.Resample, s.Jump)
	}
	return nil
}

// maxVisits bounds the steps of a recipe that resamples.
const maxVisits = 100_000

// resampled is the route of RePaint (Lugmayr et al., arXiv:2201.09865, appendix B): wherever `jump` steps are done, noise is added again to
// go back as far, until each stretch was gone over `times` times. It counts as diffusers' RePaintScheduler does.
func (p *plan) resampled(kept, times, jump int) error {
	if jump >= kept {
		return &RecipeError{"jump", "jump is " + strconv.Itoa(jump) + " but must be below the number of steps that are taken, " + strconv.Itoa(kept)}
	}
	stretches := (kept - 1) / jump // of those that end in a jump: at 1, 1 + jump, … steps before the end
	if total := kept + stretches*jump*(times-1); total > maxVisits {
		return &RecipeError{"resample", "resample is " + strconv.Itoa(times) + ", which makes " + strconv.Itoa(total) + " steps; " + strconv.Itoa(maxVisits) + " are allowed"}
	}
	left := make([]int, kept)
	for t := 0; t < kept-jump; t += jump {
		left[t] = times - 1
	}
	r := &p.route
	for t := kept - 1; t >= 0; { // t steps are to be done after the one that comes next
		r.visits = append(r.visits, p.start.steps-1-t)
		if t--; t >= 0 && left[t] > 0 {
			left[t]--
			t += jump
		}
	}
	return nil
}

// inverted is the way back from the picture to the level of the first step.
func (p *plan) inverted() error {
	if p.lens.network != schedule.Preserving {
		return &RecipeError{"invert", "a picture can be inverted only by a network with training timesteps, which this one does not have"}
	}
	if p.own == schedule.Sample {
		return &RecipeError{"invert", "a picture cannot be inverted by a network that predicts x̂0 alone"}
	}
	own := *p
	own.timesteps = nil
	if err := own.needTimesteps(); err != nil {
		return err
	}
	inverse, err := newInversion(&own)
	if err != nil {
		return err
	}
	s := inverse.(*inversion)
	to := p.start.marks[p.route.first].level
	n := 1
	for n < len(s.steps) && s.steps[n].next.Sigma() <= to.Sigma()*(1+1e-9) {
		n++
	}
	s.steps = s.steps[:n]
	s.steps[n-1].next = to
	p.edit.inverse, p.route.back = s, n
	return nil
}

// begin makes the first state of a trajectory whose x is unit noise.
func (tr *Trajectory) begin() {
	p := tr.plan
	e := p.edit
	first := p.route.first
	switch {
	case e != nil && e.inverse != nil:
		copy(tr.x, e.known)
		tr.evaluation.t = float64(e.inverse.steps[0].t)
		return
	case e != nil && e.anew != nil && p.route.visits == nil:
		tr.still = append([]float64(nil), tr.x...)
	}
	if first > 0 {
		tr.evaluation.t = p.start.marks[first].t
	}
	if e == nil || !e.noised {
		scaleBy(tr.x, p.start.scale)
		return
	}
	level := p.start.marks[first].level
	for i, v := range e.known {
		tr.x[i] = float64(level.Signal*v) + float64(level.Noise*tr.x[i])
	}
	if p.start.shown != nil {
		scaleBy(tr.x, 1/p.start.shown[first])
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

// enter brings the state to the beginning of solver step i, which is step k of the trajectory: after an inversion to the solver's scale, and
// after a jump to more noise.
func (tr *Trajectory) enter(k, i int) {
	p := tr.plan
	r := &p.route
	if k == r.back && k > 0 {
		if p.start.shown != nil {
			scaleBy(tr.x, 1/p.start.shown[i])
		}
		return
	}
	if r.visits == nil {
		return
	}
	tr.evaluation.offset = r.first + k - i // so that every visit draws noise of its own
	if k == 0 || r.visits[k-1]+1 == i {
		return
	}
	from, to := p.start.marks[r.visits[k-1]+1].level, p.start.marks[i].level
	// In what is shown x' = ratio·x + √(b'² − ratio²·b²)·z, the forward process from one level to the other.
	ratio := to.Signal / from.Signal
	added := math.Sqrt(max(float64(to.Noise*to.Noise)-float64(float64(ratio*ratio)*float64(from.Noise*from.Noise)), 0))
	if shown := p.start.shown; shown != nil {
		ratio *= shown[r.visits[k-1]+1] / shown[i]
		added /= shown[i]
	}
	z := tr.evaluation.draw(i, tr.evaluation.draws-1)
	for j := range tr.x {
		tr.x[j] = float64(ratio*tr.x[j]) + float64(added*z[j])
	}
	if f, ok := tr.solver.(forgetful); ok {
		f.forget()
	}
}

// forgetful is a solver that remembers earlier steps, and can begin anew.
type forgetful interface{ forget() }

// keep puts the known part of the picture, with the noise of the state's level, in the place of what solver step i made there: by
// replacement, as Song et al. (arXiv:2011.13456, appendix I.2) fill in pictures. Plain replacement always uses the noise of the first state, as
// diffusers does, and resampling fresh noise, as RePaint does.
func (tr *Trajectory) keep(i int) {
	p := tr.plan
	e := p.edit
	if i+1 == p.start.steps { // the picture itself
		scale := 1.0
		if p.start.shown != nil {
			scale = p.start.shown[i+1]
		}
		for j, v := range e.known {
			if !e.anew[j] {
				tr.x[j] = v / scale
			}
		}
		return
	}
	z := tr.still
	if z == nil {
		z = tr.evaluation.draw(i, tr.evaluation.draws-2)
	}
	level := p.start.marks[i+1].level
	if p.start.shown != nil {
		level = scaledBy(1/p.start.shown[i+1], level)
	}
	for j, v := range e.known {
		if !e.anew[j] {
			tr.x[j] = float64(level.Signal*v) + float64(level.Noise*z[j])
		}
	}
}
