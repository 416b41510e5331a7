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
// except the model, so several workers, each with its own model, can share the pictures.
type Trajectory struct {
	root       *course // of the whole recipe
	course     *course // of the current leg; the root, unless the recipe has forks
	solver     solver.Solver
	evaluation *solver.Evaluation
	image      int
	step       int              // steps done, without those of a first stage
	x          []float64        // [C·H·W] in the solver's scale
	shown      []float64        // [C·H·W] as the network sees it; x itself in the same scale
	still      []float64        // [C·H·W] the first state's noise, if keep uses it; else nil
	sources    [2]solver.Source // of the generation, and of the inversion before it
	lower      *lower           // the first stage of a cascade, else nil
	remembers  bool             // the network is shown the x̂0 of the evaluation before
	features   *features        // deep features that are used again, else nil
	parts      []part           // the legs of the run, of which there is one without forks
	leg        int              // number of the current one
	before     int              // steps done before it
	drawn      []float64        // [C·H·W] noise of a fork; nil without forks
}

// NewTrajectory prepares picture number image of a recipe. Its state is noise. Errors about the
// recipe are *solver.Error.
func NewTrajectory(
	r recipe.Recipe, info recipe.Info, m network.Model, image int,
) (*Trajectory, error) {
	return NewTrajectoryFrom(r, info, m, image, recipe.Inputs{})
}

// NewTrajectoryFrom is NewTrajectory for a recipe that begins with a picture. With invert the first
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

// trajectory returns the trajectory of picture number image.
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
	tr := &Trajectory{root: c, solver: c.fresh.Clone(size), image: image, x: make([]float64, size)}
	first := part{course: c, evaluation: c.evaluation(from),
		sources: [2]solver.Source{from, from}, solver: tr.solver}
	if c.route.back > 0 {
		first.sources[1] = plain(c.model, c.settings.InvertLabel, c.settings.Cache)
	}
	tr.parts = []part{first}
	tr.branch()
	tr.share()
	tr.use(0)
	from.Normal(tr.x, 0)
	tr.shown = tr.x
	if c.scaled() {
		tr.shown = make([]float64, size)
	}
	tr.begin()
	tr.show()
	return tr
}

// Step takes one step. It returns false, and does nothing, when all steps are done or one has
// failed; see Err. It allocates nothing.
func (tr *Trajectory) Step() bool {
	if tr.lower != nil && !tr.lower.over() {
		return tr.lower.next()
	}
	if tr.step >= tr.root.steps() || tr.evaluation.Err != nil {
		return false
	}
	tr.advance()
	if tr.evaluation.Err == nil {
		if i := solver.NotFinite(tr.x); i >= 0 {
			tr.evaluation.Err = errors.New("sampler: the state after step " +
				strconv.Itoa(tr.step+1) +
				" with timestep " + strconv.Itoa(tr.T()) + " is not finite (element " +
				strconv.Itoa(i) + "); try clip=1, less guidance or more steps")
		}
	}
	if tr.evaluation.Err != nil {
		return false
	}
	tr.step++
	tr.show()
	return true
}

// advance takes a step of the solver or of the inversion.
func (tr *Trajectory) advance() {
	if tr.over() {
		tr.cross()
	}
	e, k := tr.evaluation, tr.step-tr.before
	i := tr.course.route.visit(k)
	if i < 0 {
		e.Source = tr.sources[1]
		tr.course.edit.inverse.Step(k, tr.x, e)
		return
	}
	e.Source = tr.sources[0]
	tr.enter(k, i)
	tr.solver.Step(i, tr.x, e)
	if edit := tr.course.edit; edit != nil && edit.remade != nil && e.Err == nil {
		tr.keep(i)
	}
}

// scale returns the factor from the state to what is shown.
func (tr *Trajectory) scale() float64 {
	if s, ok := tr.solver.(solver.Scaled); ok && tr.step-tr.before > tr.course.route.back {
		return s.Scaled()
	}
	return tr.course.scale(tr.step - tr.before)
}

// show updates shown.
func (tr *Trajectory) show() {
	if !tr.root.scaled() {
		return
	}
	scale := tr.scale()
	for i, v := range tr.x {
		tr.shown[i] = float64(scale * v)
	}
}

// Restart sets the state before step number step, from 0, to x, [C,H,W], row-major, as X returns
// it. It forgets everything else, also an error. A solver with a memory of earlier steps begins
// without it. A fork with fresh noise at that very step takes the guess of the last evaluation. In
// the first stage of a cascade x is an enlarged small picture. In the second stage, the first stage
// is completed before if it was not. It panics if the length or the step does not fit.
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

// restart is Restart for a step of the solver, without those of a first stage.
func (tr *Trajectory) restart(step int, x []float64) {
	tr.step = step
	tr.useAt(step)
	tr.evaluation.Err = nil
	tr.forget()
	copy(tr.x, x)
	copy(tr.shown, x)
	if tr.course.start.Shown != nil {
		scale := tr.course.scale(step - tr.before)
		for i := range tr.x {
			tr.x[i] /= scale
		}
	}
}

// Steps returns the number of steps in all: the solver's steps, or the share of them that strength
// leaves; with the steps that resampling repeats, and the steps before them of an inversion or of a
// cascade's first stage.
func (tr *Trajectory) Steps() int {
	if tr.lower != nil {
		return tr.lower.Steps() + tr.root.steps()
	}
	return tr.root.steps()
}

// Done returns the number of steps done.
func (tr *Trajectory) Done() int {
	if tr.lower != nil {
		return tr.lower.Done() + tr.step
	}
	return tr.step
}

// below reports whether the first stage is shown.
func (tr *Trajectory) below() bool { return tr.lower != nil && tr.step == 0 }

// Recipe returns the canonical recipe of the picture.
func (tr *Trajectory) Recipe() recipe.Recipe { return tr.root.settings.Recipe() }

// Image returns the number of the picture in its recipe.
func (tr *Trajectory) Image() int { return tr.image }

// T returns the training timestep of the last evaluation; before the first, that of the first.
func (tr *Trajectory) T() int {
	if tr.below() {
		return tr.lower.T()
	}
	return int(math.Floor(tr.evaluation.T + 0.5))
}

// AlphaBar returns ᾱ of T.
func (tr *Trajectory) AlphaBar() float64 {
	if tr.below() {
		return tr.lower.AlphaBar()
	}
	return tr.course.AlphaBar(tr.T())
}

// X returns the state after the last step as the network sees it. X0 and Epsilon return the clean
// picture and the noise that the network predicted in that step. All: [C,H,W], row-major, not to be
// changed, valid until the next Step. Those of a cascade's first stage are enlarged.
func (tr *Trajectory) X() []float64 {
	if tr.below() {
		return tr.lower.x
	}
	return tr.shown
}

// X0 returns x̂0 of the last step, bounded as the recipe says; zero before the first step.
func (tr *Trajectory) X0() []float64 {
	if tr.below() {
		return tr.lower.x0
	}
	return tr.evaluation.X0
}

// Epsilon returns ε̂ of the last step as the solver used it; zero before the first step.
func (tr *Trajectory) Epsilon() []float64 {
	if tr.below() {
		return tr.lower.epsilon
	}
	return tr.evaluation.Epsilon
}

// Err returns why Step ended early, nil otherwise.
func (tr *Trajectory) Err() error {
	if tr.lower != nil && tr.lower.Err() != nil {
		return tr.lower.Err()
	}
	return tr.evaluation.Err
}
