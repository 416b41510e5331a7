package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// course is what all pictures of a run share: the resolved recipe, the solver, and the route
// through its steps.
type course struct {
	*solver.Plan
	settings recipe.Settings
	info     recipe.Info
	model    network.Model
	fresh    solver.Solver // without memory of any step; each picture has a clone
	start    solver.Start
	route    route   // through the steps; the zero value without a given picture
	edit     *edit   // what is done with a given picture; nil without one
	first    *course // the first stage of a cascade, else nil
	legs     []leg   // the parts of the run after its forks
}

// prepare returns the course of a resolved recipe. Errors about the recipe are *solver.Error.
func prepare(
	s *recipe.Settings, info recipe.Info, m network.Model, in recipe.Inputs,
) (*course, error) {
	ch, h, w := m.Shape()
	classes := len(info.Classes)
	if _, ok := m.(network.Upscaler); ok && info.Cascade != nil {
		classes = 0 // the first stage has them
	}
	if ch != info.Channels || h != info.Height || w != info.Width ||
		m.OutChannels() != info.OutChannels || m.Classes() != classes ||
		s.Cache > 1 && network.DeepSize(m) == 0 {
		return nil, errors.New("sampler: the network is not the one that the information about " +
			strconv.Quote(info.Name) + " describes")
	}
	c := &course{settings: *s, info: info, model: m}
	err := c.checkDeep()
	if err != nil {
		return nil, err
	}
	if c.Plan, err = solver.NewPlan(s.Options, info.Scheduler); err != nil {
		return nil, err
	}
	if c.fresh, err = c.Build(); err != nil {
		return nil, err
	}
	c.start = c.fresh.Start()
	if err = c.edited(in); err != nil {
		return nil, err
	}
	if info.Cascade == nil {
		return c, c.forked(m)
	}
	base, err := recipe.Resolve(s.BaseRecipe(info), info.Stage.Info)
	if err != nil {
		return nil, err
	}
	c.first, err = prepare(&base, info.Stage.Info, info.Stage.Model, recipe.Inputs{})
	return c, err
}

// size returns the number of values of a picture, outSize that of the network's output.
func (c *course) size() int { return c.info.Channels * c.info.Height * c.info.Width }

func (c *course) outSize() int { return c.info.OutChannels * c.info.Height * c.info.Width }

// evaluation returns the evaluation of one picture, from a source.
func (c *course) evaluation(from solver.Source) solver.Evaluation {
	e := solver.NewEvaluation(c.Plan, &c.start, from, c.size(), c.outSize())
	if c.route.visits != nil { // two more draws: for the known part, and for a jump
		e.Draws += 2
	}
	return e
}

// taken returns the number of steps of the course.
func (c *course) taken() int {
	if c.route.visits != nil {
		return len(c.route.visits)
	}
	return c.route.back + c.start.Steps() - c.route.first
}

// scale returns the factor from the state after k steps of a trajectory to what is shown. For a
// solver.Scaled, which knows the factor only after the step, it is approximate.
func (c *course) scale(k int) float64 {
	switch r := &c.route; {
	// an inversion's states are shown unchanged
	case c.start.Shown == nil || r.back > 0 && k <= r.back:
		return 1
	case k == 0:
		return c.start.Shown[r.first]
	default:
		return c.start.Shown[r.visit(k-1)+1]
	}
}

// check returns an error unless the recipe has picture number image.
func (c *course) check(image int) error {
	if n := c.settings.Images; image < 0 || image >= n {
		return errors.New("sampler: there is no picture " + strconv.Itoa(image) +
			" in a recipe of " + strconv.Itoa(n))
	}
	return nil
}
