package sampler

import (
	"errors"
	"math"
	"strconv"
)

// Trajectory is the generation of one picture. Trajectories of a run share nothing that changes but the model, so that several
// workers, each with a model of its own, can share out the pictures.
type Trajectory struct {
	plan       *plan
	fresh      solver // without memory of any step
	solver     solver
	evaluation evaluation
	image      int
	step       int
	x          []float64 // [C·H·W] in the solver's scale
	shown      []float64 // [C·H·W] as the network sees it; x itself where the scales agree
	still      []float64 // [C·H·W] the first state's noise, where a mask keeps it; else nil
	sources    [2]source // of generation and of the inversion before it, if there is one
	lower      *lower    // the first stage of a cascade, else nil
}

// NewTrajectory prepares picture number image of a recipe, with noise as its state.
func NewTrajectory(r Recipe, info Info, m Model, image int) (*Trajectory, error) {
	return NewTrajectoryFrom(r, info, m, image, Inputs{})
}

// NewTrajectoryFrom is NewTrajectory for a recipe that begins with a picture. With invert its first steps go from the picture to noise.
func NewTrajectoryFrom(r Recipe, info Info, m Model, image int, in Inputs) (*Trajectory, error) {
	s, err := Resolve(r, info)
	if err != nil {
		return nil, err
	}
	if image < 0 || image >= s.Images {
		return nil, errors.New("sampler: there is no picture " + strconv.Itoa(image) + " in a recipe of " + strconv.Itoa(s.Images))
	}
	p, solver, err := prepare(&s, info, m, in)
	if err != nil {
		return nil, err
	}
	return pictureOf(&s, &info, m, p, solver, image)
}

// pictureOf is the trajectory of one picture of a run.
func pictureOf(s *Settings, info *Info, m Model, p *plan, solver solver, image int) (*Trajectory, error) {
	if info.Cascade == nil {
		return newTrajectory(p, solver, newNetwork(m, s, image), m, image), nil
	}
	u := newUpscaling(m.(Upscaler), p, s, image)
	tr := newTrajectory(p, solver, u, m, image)
	var err error
	tr.lower, err = newLower(s, info, u, image)
	return tr, err
}

// prepare builds what all pictures of a run share.
func prepare(s *Settings, info Info, m Model, in Inputs) (*plan, solver, error) {
	c, h, w := m.Shape()
	classes := len(info.Classes)
	if _, ok := m.(Upscaler); ok && info.Cascade != nil {
		classes = 0 // they are the first stage's
	}
	if c != info.Channels || h != info.Height || w != info.Width || m.OutChannels() != info.OutChannels || m.Classes() != classes {
		return nil, nil, errors.New("sampler: the network is not the one that the information about " + strconv.Quote(info.Name) + " describes")
	}
	p, err := newPlan(s, info.Scheduler)
	if err != nil {
		return nil, nil, err
	}
	k := samplerNamed(s.Sampler)
	if k == nil {
		return nil, nil, &RecipeError{"k", "there is no sampler " + strconv.Quote(s.Sampler)}
	}
	solver, err := k.build(p)
	if err != nil {
		return nil, nil, err
	}
	p.start = p.beginningOf(solver)
	return p, solver, p.edited(s, info, in)
}

func newTrajectory(p *plan, s solver, from source, m Model, image int) *Trajectory {
	c, h, w := m.Shape()
	size := c * h * w
	tr := &Trajectory{plan: p, fresh: s, solver: s.clone(size), image: image, x: make([]float64, size)}
	tr.evaluation = newEvaluation(p, from, size, m.OutChannels()*h*w)
	tr.sources = [2]source{from, from}
	if p.route.back > 0 {
		tr.sources[1] = plain(m, p.edit.label)
	}
	from.normal(tr.x, 0)
	tr.shown = tr.x
	if p.start.shown != nil {
		tr.shown = make([]float64, size)
	}
	tr.begin()
	tr.show()
	return tr
}

// Step does one solver step. It is false, and nothing is done, when all steps are done or one has failed; see Err. It allocates
// nothing.
func (tr *Trajectory) Step() bool {
	if tr.lower != nil && !tr.lower.over() {
		return tr.lower.next()
	}
	if tr.step >= tr.plan.taken() || tr.evaluation.err != nil {
		return false
	}
	tr.advance()
	if tr.evaluation.err == nil {
		if i := notFinite(tr.x); i >= 0 {
			tr.evaluation.err = errors.New("sampler: step " + strconv.Itoa(tr.step+1) + " with timestep " + strconv.Itoa(tr.T()) +
				" left the range of numbers (element " + strconv.Itoa(i) + "); try clip=1, less guidance or more steps")
		}
	}
	if tr.evaluation.err != nil {
		return false
	}
	tr.step++
	tr.show()
	return true
}

// advance does the work of a step.
func (tr *Trajectory) advance() {
	e := &tr.evaluation
	i := tr.plan.route.visit(tr.step)
	if i < 0 {
		e.source = tr.sources[1]
		tr.plan.edit.inverse.step(tr.step, tr.x, e)
		return
	}
	e.source = tr.sources[0]
	tr.enter(tr.step, i)
	tr.solver.step(i, tr.x, e)
	if tr.plan.edit != nil && tr.plan.edit.anew != nil && e.err == nil {
		tr.keep(i)
	}
}

// scaled is a solver whose state after a step has a level that is not known before.
type scaled interface{ scaled() float64 }

// scale is the factor from the state to what is shown of it.
func (tr *Trajectory) scale() float64 {
	if s, ok := tr.solver.(scaled); ok && tr.step > tr.plan.route.back {
		return s.scaled()
	}
	return tr.plan.scale(tr.step)
}

// scale is the factor from the state after k steps of a trajectory to what is shown of it, as far as that is known before.
func (p *plan) scale(k int) float64 {
	switch r := &p.route; {
	case p.start.shown == nil || r.back > 0 && k <= r.back: // an inversion works on what is shown
		return 1
	case k == 0:
		return p.start.shown[r.first]
	default:
		return p.start.shown[r.visit(k-1)+1]
	}
}

// show brings what is shown up to date.
func (tr *Trajectory) show() {
	if tr.plan.start.shown == nil {
		return
	}
	scale := tr.scale()
	for i, v := range tr.x {
		tr.shown[i] = float64(scale * v)
	}
}

// Restart makes x, [C,H,W], the state before step number step, 0 for the first, and forgets everything else, an error too. A
// solver that remembers earlier steps begins anew. Before the second stage of a cascade x is an enlarged small picture; what that stage sees
// of the first is computed if it was not. It panics if the length or the step does not fit.
func (tr *Trajectory) Restart(step int, x []float64) {
	if step < 0 || step > tr.Steps() || len(x) != len(tr.x) {
		panic("sampler: restart with a step or a state that does not fit the trajectory")
	}
	if tr.lower != nil {
		before := tr.lower.Steps()
		if step <= before {
			tr.lower.restart(step, x)
			tr.restart(0, x)
			tr.evaluation.source.normal(tr.x, 0)
			tr.begin()
			tr.show()
			return
		}
		for tr.lower.next() {
		}
		step -= before
	}
	tr.restart(step, x)
}

// restart is Restart of the last stage, step being one of its own.
func (tr *Trajectory) restart(step int, x []float64) {
	tr.step, tr.solver = step, tr.fresh.clone(len(tr.x))
	tr.evaluation.err = nil
	copy(tr.x, x)
	if tr.plan.start.shown != nil {
		copy(tr.shown, x)
		scale := tr.plan.scale(step)
		for i := range tr.x {
			tr.x[i] /= scale
		}
	}
}

// Steps is the number of steps in all: the solver's, or as many of them as the recipe's strength leaves, with those that resampling repeats
// and those of an inversion before them, or of the first stage of a cascade.
func (tr *Trajectory) Steps() int {
	if tr.lower != nil {
		return tr.lower.Steps() + tr.plan.taken()
	}
	return tr.plan.taken()
}

// taken is the number of steps of the plan.
func (p *plan) taken() int {
	if p.route.visits != nil {
		return len(p.route.visits)
	}
	return p.route.back + p.start.steps - p.route.first
}

// Done is the number of steps done.
func (tr *Trajectory) Done() int {
	if tr.lower != nil {
		return tr.lower.Done() + tr.step
	}
	return tr.step
}

// below says that what there is to see is the first stage's.
func (tr *Trajectory) below() bool { return tr.lower != nil && tr.step == 0 }

// Image is the number of the picture in its recipe.
func (tr *Trajectory) Image() int { return tr.image }

// T is the training timestep of the last evaluation; before the first one, of the one to come.
func (tr *Trajectory) T() int {
	if tr.below() {
		return tr.lower.T()
	}
	return int(math.Floor(tr.evaluation.t + 0.5))
}

// AlphaBar is ᾱ of T.
func (tr *Trajectory) AlphaBar() float64 {
	if tr.below() {
		return tr.lower.AlphaBar()
	}
	levels := tr.plan.schedule.AlphaBar
	return levels[max(0, min(tr.T(), len(levels)-1))]
}

// X is the state after the last step, in the scale in which the network sees it: [C,H,W], row-major. X0 and Epsilon are the clean picture and the noise that the network saw
// in the state before that step. They must not be changed and stay valid until the next Step. Those of a cascade's first stage are enlarged.
func (tr *Trajectory) X() []float64 {
	if tr.below() {
		return tr.lower.x
	}
	return tr.shown
}

// X0 is x̂0 of the last step, bounded as the recipe says; zero before the first.
func (tr *Trajectory) X0() []float64 {
	if tr.below() {
		return tr.lower.x0
	}
	return tr.evaluation.x0
}

// Epsilon is ε̂ of the last step as the solver used it; zero before the first.
func (tr *Trajectory) Epsilon() []float64 {
	if tr.below() {
		return tr.lower.epsilon
	}
	return tr.evaluation.epsilon
}

// Err is why Step ended early, nil otherwise.
func (tr *Trajectory) Err() error {
	if tr.lower != nil && tr.lower.Err() != nil {
		return tr.lower.Err()
	}
	return tr.evaluation.err
}
