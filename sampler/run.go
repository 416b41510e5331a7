package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
)

// Run is one generation: the pictures of a recipe, all at the same step. Each call of Next takes
// one step of one picture.
type Run struct {
	course   *course
	pictures []Picture
	image    int // the picture of the last Next
	step     int // steps done by all pictures
	err      error
}

// Picture is one picture of a run: a Trajectory, or a Forward that noises a given picture.
type Picture interface {
	// Step takes one step. It returns false, and does nothing, when all steps are done or one has
	// failed; see Err.
	Step() bool
	// Steps returns the number of steps in all, Done the number of steps done.
	Steps() int
	Done() int
	// Image returns the number of the picture in its recipe.
	Image() int
	// T returns the training timestep of the last evaluation, AlphaBar its ᾱ.
	T() int
	AlphaBar() float64
	// X returns the state as the network sees it. X0 and Epsilon return the clean picture and the
	// noise that the network predicted in the last step. All: [C,H,W], row-major, not to be
	// changed, valid until the next step.
	X() []float64
	X0() []float64
	Epsilon() []float64
	// Err is why Step ended early, nil otherwise.
	Err() error
}

// Share says which pictures of a recipe a run makes: number Index, Index+Of, Index+2·Of, … The zero
// value means all.
type Share struct{ Index, Of int }

// NewRun resolves a recipe and prepares its pictures. Errors about the recipe are *solver.Error.
func NewRun(r recipe.Recipe, info recipe.Info, m network.Model) (*Run, error) {
	return NewRunFrom(r, info, m, recipe.Inputs{})
}

// NewRunFrom is NewRun for a recipe that begins with a picture. It refuses inputs that the recipe
// does not name.
func NewRunFrom(
	r recipe.Recipe, info recipe.Info, m network.Model, in recipe.Inputs,
) (*Run, error) {
	return NewShare(r, info, m, in, Share{})
}

// NewShare is NewRunFrom for a share of the recipe's pictures.
func NewShare(
	r recipe.Recipe, info recipe.Info, m network.Model, in recipe.Inputs, share Share,
) (*Run, error) {
	s, err := recipe.Resolve(r, info)
	if err != nil {
		return nil, err
	}
	c, err := prepare(&s, info, m, in)
	if err != nil {
		return nil, err
	}
	return c.run(share, func(image int) Picture { return c.trajectory(image) })
}

// run returns a run of a share of the pictures.
func (c *course) run(share Share, picture func(image int) Picture) (*Run, error) {
	of := max(share.Of, 1)
	if share.Index < 0 || share.Index >= min(of, c.settings.Images) {
		return nil, errors.New("sampler: there is no share " + strconv.Itoa(share.Index) +
			"; the pictures have " + strconv.Itoa(min(of, c.settings.Images)) +
			" shares, counted from 0")
	}
	r := &Run{course: c}
	for image := share.Index; image < c.settings.Images; image += of {
		r.pictures = append(r.pictures, picture(image))
	}
	r.image = len(r.pictures) - 1
	return r, nil
}

// Next takes one step of one picture: step 0 of picture 0, 1, …, then step 1, and so on. It returns
// false, and does nothing, when the run is over: every step is done, or one failed and Err returns
// why. It allocates nothing.
func (r *Run) Next() bool {
	if r.err != nil || r.step == r.Steps() {
		return false
	}
	r.image = (r.image + 1) % len(r.pictures)
	p := r.pictures[r.image]
	if !p.Step() {
		r.err = p.Err()
		return false
	}
	if r.image == len(r.pictures)-1 {
		r.step = p.Done()
	}
	return true
}

// Return takes every picture back to its checkpoint, [Images], all after the same number of steps.
func (r *Run) Return(all []Checkpoint) {
	for i, c := range all {
		r.pictures[i].(*Trajectory).Return(c)
		r.step = c.Done()
	}
	r.image, r.err = len(r.pictures)-1, nil
}

// Step returns the number of steps that all pictures have done.
func (r *Run) Step() int { return r.step }

// Steps returns the number of steps of each picture. It is the recipe's steps, except for dpm_fast,
// whose steps count evaluations, for recipes that begin with a picture, and for cascades.
func (r *Run) Steps() int { return r.pictures[0].Steps() }

// First returns the number of those steps that the first stage of a cascade takes, 0 without one.
func (r *Run) First() int {
	if tr, ok := r.pictures[0].(*Trajectory); ok && tr.lower != nil {
		return tr.lower.Steps()
	}
	return 0
}

// Image returns the picture of the run that the last Next worked on; before the first Next, the
// last picture.
func (r *Run) Image() int { return r.image }

// Images returns the number of pictures of the run.
func (r *Run) Images() int { return len(r.pictures) }

// Picture returns one of the run's pictures, 0…Images−1.
func (r *Run) Picture(image int) Picture { return r.pictures[image] }

// T returns the training timestep of the last evaluation.
func (r *Run) T() int { return r.pictures[r.image].T() }

// X returns a picture's state, see Picture.
func (r *Run) X(image int) []float64 { return r.pictures[image].X() }

// X0 returns the clean picture that the network predicted in a picture's last step, bounded as the
// recipe says; zero before the first step.
func (r *Run) X0(image int) []float64 { return r.pictures[image].X0() }

// Epsilon returns the noise that the solver used in a picture's last step; zero before the first
// step.
func (r *Run) Epsilon(image int) []float64 { return r.pictures[image].Epsilon() }

// Recipe returns the canonical recipe of the run.
func (r *Run) Recipe() recipe.Recipe { return r.course.settings.Recipe() }

// Settings returns the resolved recipe.
func (r *Run) Settings() recipe.Settings { return r.course.settings }

// Err returns why the run ended before its last step; nil otherwise.
func (r *Run) Err() error { return r.err }
