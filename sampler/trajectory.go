package sampler

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// Trajectory is the generation of one picture. Trajectories of a run share nothing that changes
// but the model, so that several workers, each with its own model, can share the pictures.
type Trajectory struct {
	course     *course
	solver     solver.Solver
	evaluation solver.Evaluation
	image      int
	step       int
	x          []float64        // [C·H·W] in the solver's scale
	shown      []float64        // [C·H·W] as the network sees it; x itself where the scales agree
	still      []float64        // [C·H·W] the first state's noise, where a mask keeps it; else nil
	sources    [2]solver.Source // of generation and of the inversion before it, if there is one
	lower      *lower           // the first stage of a cascade, else nil
}

// NewTrajectory prepares picture number image of a recipe, with noise as its state.
func NewTrajectory(
	r recipe.Recipe, info recipe.Info, m network.Model, image int,
) (*Trajectory, error) {
	return NewTrajectoryFrom(r, info, m, image, recipe.Inputs{})
}

// NewTrajectoryFrom is NewTrajectory for a recipe that begins with a picture. With invert its first
// steps go from the picture to noise.
func NewTrajectoryFrom(
	r recipe.Recipe, info recipe.Info, m network.Model, image int, in recipe.Inputs,
) (*Trajectory, error) {
	s, err := recipe.Resolve(r, info)
	if err != nil {
		return nil, err
	}
	c, err := prepare(&s, info, m, in)
	if err != nil {
		return nil, err
	}
	if err := c.check(image); err != nil {
		return nil, err
	}
	return c.trajectory(image), nil
}

// trajectory is the generation of picture number image.
func (c *course) trajectory(image int) *Trajectory {
	if c.first == nil {
		return newTrajectory(c, newGuided(c.model, &c.settings, c.info.Scheduler.PredictionType,
			image), image)
	}
	u := newUpscaling(c.model.(network.Upscaler), c.Plan, &c.settings, image)
	tr := newTrajectory(c, u, image)
	tr.lower = newLower(c, u, image)
	return tr
}

func newTrajectory(c *course, from solver.Source, image int) *Trajectory {
	size := c.size()
	tr := &Trajectory{course: c, solver: c.fresh.Clone(size), image: image,
		x: make([]float64, size)}
	tr.evaluation = c.evaluation(from)
	tr.sources = [2]solver.Source{from, from}
	if c.route.back > 0 {
		tr.sources[1] = plain(c.model, c.settings.InvertLabel)
	}
	from.Normal(tr.x, 0)
	tr.shown = tr.x
	if c.start.Shown != nil {
		tr.shown = make([]float64, size)
	}
	tr.begin()
	tr.show()
	return tr
}

// Step does one solver step. It is false, and nothing is done, when all steps are done or one has
// failed; see Err. It allocates nothing.
func (tr *Trajectory) Step() bool {
	if tr.lower != nil && !tr.lower.over() {
		return tr.lower.next()
	}
	if tr.step >= tr.course.taken() || tr.evaluation.Err != nil {
		return false
	}
	tr.advance()
	if tr.evaluation.Err == nil {
		if i := solver.NotFinite(tr.x); i >= 0 {
			tr.evaluation.Err = errors.New("sampler: step " + strconv.Itoa(tr.step+1) +
				" with timestep " + strconv.Itoa(tr.T()) +
				" left the range of numbers (element " + strconv.Itoa(i) + "); try clip=1, less " +
				"guidance or more steps")
		}
	}
	if tr.evaluation.Err != nil {
		return false
	}
	tr.step++
	tr.show()
	return true
}

// advance does the work of a step.
func (tr *Trajectory) advance() {
	e := &tr.evaluation
	i := tr.course.route.visit(tr.step)
	if i < 0 {
		e.Source = tr.sources[1]
		tr.course.edit.inverse.Step(tr.step, tr.x, e)
		return
	}
	e.Source = tr.sources[0]
	tr.enter(tr.step, i)
	tr.solver.Step(i, tr.x, e)
	if edit := tr.course.edit; edit != nil && edit.remade != nil && e.Err == nil {
		tr.keep(i)
	}
}

// scale is the factor from the state to what is shown of it.
func (tr *Trajectory) scale() float64 {
	if s, ok := tr.solver.(solver.Scaled); ok && tr.step > tr.course.route.back {
		return s.Scaled()
	}
	return tr.course.scale(tr.step)
}

// show brings what is shown up to date.
func (tr *Trajectory) show() {
	if tr.course.start.Shown == nil {
		return
	}
	scale := tr.scale()
	for i, v := range tr.x {
		tr.shown[i] = float64(scale * v)
	}
}

// Restart makes x, [C,H,W], the state before step number step, 0 for the first, and forgets
// everything else, an error too. A solver that remembers earlier steps begins anew. Before the
// second stage of a cascade x is an enlarged small picture; what that stage sees of the first is
// computed if it was not. It panics if the length or the step does not fit.
func (tr *Trajectory) Restart(step int, x []float64) {
	if step < 0 || step > tr.Steps() || len(x) != len(tr.x) {
		panic("sampler: restart with a step or a state that does not fit the trajectory")
	}
	if tr.lower != nil {
		before := tr.lower.Steps()
		if step <= before {
			tr.lower.restart(step, x)
			tr.restart(0, x)
			tr.evaluation.Source.Normal(tr.x, 0)
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
	tr.step, tr.solver = step, tr.course.fresh.Clone(len(tr.x))
	tr.evaluation.Err = nil
	copy(tr.x, x)
	if tr.course.start.Shown != nil {
		copy(tr.shown, x)
		scale := tr.course.scale(step)
		for i := range tr.x {
			tr.x[i] /= scale
		}
	}
}

// Steps is the number of steps in all: the solver's, or as many of them as the recipe's strength
// leaves, with those that resampling repeats and those of an inversion before them, or of the first
// stage of a cascade.
func (tr *Trajectory) Steps() int {
	if tr.lower != nil {
		return tr.lower.Steps() + tr.course.taken()
	}
	return tr.course.taken()
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
	return int(math.Floor(tr.evaluation.T + 0.5))
}

// AlphaBar is ᾱ of T.
func (tr *Trajectory) AlphaBar() float64 {
	if tr.below() {
		return tr.lower.AlphaBar()
	}
	return tr.course.AlphaBar(tr.T())
}

// X is the state after the last step, in the scale in which the network sees it: [C,H,W],
// row-major. X0 and Epsilon are the clean picture and the noise that the network saw in the state
// before that step. They must not be changed and stay valid until the next Step. Those of a
// cascade's first stage are enlarged.
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
	return tr.evaluation.X0
}

// Epsilon is ε̂ of the last step as the solver used it; zero before the first.
func (tr *Trajectory) Epsilon() []float64 {
	if tr.below() {
		return tr.lower.epsilon
	}
	return tr.evaluation.Epsilon
}

// Err is why Step ended early, nil otherwise.
func (tr *Trajectory) Err() error {
	if tr.lower != nil && tr.lower.Err() != nil {
		return tr.lower.Err()
	}
	return tr.evaluation.Err
}
