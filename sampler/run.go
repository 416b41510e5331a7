package sampler

import (
	"errors"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
)

// Run is one generation: pictures of a recipe in lockstep, one picture's part of one solver step
// at a time.
type Run struct {
	course   *course
	pictures []Picture
	image    int // the picture that the last Next worked on
	step     int // solver steps done by all pictures
	err      error
}

// Picture is one picture of a run: a Trajectory, or a Forward that noises a given picture.
type Picture interface {
	// Step does one step. It is false, and nothing is done, when all steps are done or one has
	// failed; see Err.
	Step() bool
	// Steps is the number of steps in all, and Done the number of those done.
	Steps() int
	Done() int
	// Image is the number of the picture in its recipe.
	Image() int
	// T is the training timestep of the last evaluation, and AlphaBar its ᾱ.
	T() int
	AlphaBar() float64
	// X is the state as the network sees it, X0 and Epsilon what the network saw in the state
	// before the last step: [C,H,W], not to be changed, valid until the next step.
	X() []float64
	X0() []float64
	Epsilon() []float64
	// Err is why Step ended early, nil otherwise.
	Err() error
}

// Share says which pictures of a recipe a run makes: number Index, Index+Of, Index+2·Of, … The zero
// value means all.
type Share struct{ Index, Of int }

// NewRun resolves a recipe and prepares its pictures. Errors about the recipe are *Error.
func NewRun(r recipe.Recipe, info recipe.Info, m network.Model) (*Run, error) {
	return NewRunFrom(r, info, m, recipe.Inputs{})
}

// NewRunFrom is NewRun for a recipe that begins with a picture. It refuses pictures that are not
// the ones that the recipe names.
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

// run is a run of a share of the pictures.
func (c *course) run(share Share, picture func(image int) Picture) (*Run, error) {
	of := max(share.Of, 1)
	if share.Index < 0 || share.Index >= min(of, c.settings.Images) {
		return nil, errors.New("sampler: there is no share " + strconv.Itoa(share.Index) +
			" where " +
			strconv.Itoa(min(of, c.settings.Images)) + " make the pictures")
	}
	r := &Run{course: c}
	for image := share.Index; image < c.settings.Images; image += of {
		r.pictures = append(r.pictures, picture(image))
	}
	r.image = len(r.pictures) - 1
	return r, nil
}

// Next does one picture's part of one step: picture 0, 1, … of step 0, then of step 1, and so on.
// It is false, and nothing is done, when the run is over: every step is done, or one failed and Err
// says why. It allocates nothing.
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

// Return takes every picture back to a checkpoint, [Images], all after the same number of steps.
func (r *Run) Return(all []Checkpoint) {
	for i, c := range all {
		r.pictures[i].(*Trajectory).Return(c)
		r.step = c.Done()
	}
	r.image, r.err = len(r.pictures)-1, nil
}

// Step is the number of steps that all pictures have done, and Steps the number of steps of each.
// Steps is the recipe's but for dpm_fast, whose steps count evaluations, and for recipes that begin
// with a picture.
func (r *Run) Step() int { return r.step }

// Steps is described at Step.
func (r *Run) Steps() int { return r.pictures[0].Steps() }

// Image is the picture of the run that the last Next worked on; before the first Next, the last.
func (r *Run) Image() int { return r.image }

// Images is the number of pictures of the run.
func (r *Run) Images() int { return len(r.pictures) }

// Picture is one of the run's pictures, 0…Images−1.
func (r *Run) Picture(image int) Picture { return r.pictures[image] }

// T is the training timestep of the last evaluation.
func (r *Run) T() int { return r.pictures[r.image].T() }

// X is a picture's state, see Picture.
func (r *Run) X(image int) []float64 { return r.pictures[image].X() }

// X0 is the clean picture that the network saw in a picture's state before its last step, bounded
// as the recipe says; zero before the first.
func (r *Run) X0(image int) []float64 { return r.pictures[image].X0() }

// Epsilon is the noise that the solver took to be in a picture's state before its last step; zero
// before the first.
func (r *Run) Epsilon(image int) []float64 { return r.pictures[image].Epsilon() }

// Recipe is the canonical recipe of the run.
func (r *Run) Recipe() recipe.Recipe { return r.course.settings.Recipe() }

// Settings is the recipe as resolved.
func (r *Run) Settings() recipe.Settings { return r.course.settings }

// Err says why the run ended before its last step; nil otherwise.
func (r *Run) Err() error { return r.err }
