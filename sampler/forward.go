package sampler

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Forward shows the forward process of one picture, q(x_t | x_0) (Luo 70). Its states are the
// picture itself and then the picture at the noise levels of a recipe's steps, from the last step
// to the first, all with the noise that the recipe's run begins with. For each state it shows what
// the network predicts. State k+1 is the state from which a run begins that takes k steps of that
// recipe from that picture. They differ by rounding, for solvers that keep their state in another
// scale.
type Forward struct {
	course     *course
	evaluation solver.Evaluation
	image      int
	step       int
	known, z   []float64 // [C·H·W] the picture and the noise
	x          []float64
	draw       func(z []float64, number uint32) // of the picture's noise
	chain      bool                             // whether each state is made from the one before
	level      schedule.Level                   // of x
}

// NewForward returns a run whose pictures are Forwards of one picture, each with the noise of one
// of the recipe's pictures. Forks, cache, and keys about a picture to begin with, are ignored.
// pixels: [H,W,C], interleaved, 8 bits. Errors about the recipe are *solver.Error.
func NewForward(
	r recipe.Recipe, info recipe.Info, m network.Model, pixels []byte, share Share,
) (*Run, error) {
	return forwards(r, info, m, pixels, share, false)
}

// NewChain is NewForward but for the pictures after the first. Their states follow from each other,
// q(x_t | x_{t−1}) (Luo 31), each with fresh noise; the steps from one of the recipe's levels to
// the next are taken at once. So the first picture jumps to levels that the others come to step by
// step, and all have the same distribution there.
func NewChain(
	r recipe.Recipe, info recipe.Info, m network.Model, pixels []byte, share Share,
) (*Run, error) {
	return forwards(r, info, m, pixels, share, true)
}

func forwards(
	r recipe.Recipe, info recipe.Info, m network.Model, pixels []byte, share Share, chain bool,
) (*Run, error) {
	s, err := recipe.Resolve(r.Generated().Unforked(), info)
	if err != nil {
		return nil, err
	}
	if info.Cascade != nil {
		return nil, solver.Refuse("m", "m is "+info.Name+
			", which makes its pictures in two stages;"+
			" choose a model with one stage to noise a picture")
	}
	c, err := prepare(&s, info, m, recipe.Inputs{})
	if err != nil {
		return nil, err
	}
	if len(pixels) != c.size() {
		return nil, errors.New("sampler: the picture has " + strconv.Itoa(len(pixels)) +
			" bytes but the model " + info.Name + " makes pictures of " + strconv.Itoa(c.size()))
	}
	return c.run(share, func(image int) Picture {
		f := newForward(c, image, pixels)
		f.chain = chain && image > 0
		return f
	})
}

func newForward(c *course, image int, pixels []byte) *Forward {
	from := newGuided(c.model, &c.settings, c.info.Scheduler.PredictionType, image)
	f := &Forward{course: c, image: image, evaluation: c.evaluation(from)}
	size := c.size()
	f.known, f.z, f.x = make([]float64, size), make([]float64, size), make([]float64, size)
	picture.Values(f.known, pixels, c.info.Channels, c.info.Height, c.info.Width)
	copy(f.x, f.known)
	f.draw, f.level = from.Normal, schedule.Level{Signal: 1}
	from.Normal(f.z, 0)
	return f
}

// Step goes to the next state. It returns false, and does nothing, when all states were shown or an
// evaluation has failed; see Err. It allocates nothing but a small node of the solver.
func (f *Forward) Step() bool {
	e := &f.evaluation
	if f.step == f.Steps() || e.Err != nil {
		return false
	}
	if f.step == 0 {
		copy(e.X0, f.known)
		f.step++
		return true
	}
	at := f.course.start.Marks[f.Steps()-1-f.step]
	from, keep, add := f.known, at.Level.Signal, at.Level.Noise
	if f.chain {
		from, keep = f.x, 0
		if f.level.Signal > 0 { // or else nothing of the picture is left to keep
			keep = at.Level.Signal / f.level.Signal
		}
		kept := keep * f.level.Noise
		add = math.Sqrt(max(0, float64(add*add)-float64(kept*kept)))
		f.draw(f.z, uint32(f.step))
	}
	for i, v := range from {
		f.x[i] = float64(keep*v) + float64(add*f.z[i])
	}
	f.level = at.Level
	e.See(f.course.Plan, f.x, at)
	if e.Err != nil {
		return false
	}
	f.step++
	return true
}

// Steps returns the number of states: one for each step of the recipe, and one for the picture
// itself.
func (f *Forward) Steps() int { return len(f.course.start.Marks) + 1 }

// Done returns the number of states shown.
func (f *Forward) Done() int { return f.step }

// Image returns the number of the picture in its recipe.
func (f *Forward) Image() int { return f.image }

// T returns the training timestep of the state, −1 for the picture itself.
func (f *Forward) T() int {
	if f.step < 2 {
		return -1
	}
	return int(f.course.start.Marks[f.Steps()-f.step].T + 0.5)
}

// AlphaBar returns ᾱ of the state, 1 for the picture itself.
func (f *Forward) AlphaBar() float64 {
	if f.step < 2 {
		return 1
	}
	return f.course.AlphaBar(f.T())
}

// Moments returns the mean of the noise in the state and its standard deviation: of what is left
// where the picture, as far as it is kept, is taken away.
func (f *Forward) Moments() (mean, stdDev float64) {
	sum, squares, n := 0.0, 0.0, float64(len(f.x))
	for i, v := range f.x {
		left := v - float64(f.level.Signal*f.known[i])
		sum += left
		squares += float64(left * left)
	}
	mean = sum / n
	return mean, math.Sqrt(max(0, squares/n-float64(mean*mean)))
}

// X returns the state as the network sees it, [C,H,W], row-major. X0 and Epsilon return the clean
// picture and the noise that the network predicts from it; for the picture itself they are the
// picture and zero. They must not be changed and are valid until the next Step.
func (f *Forward) X() []float64       { return f.x }
func (f *Forward) X0() []float64      { return f.evaluation.X0 }
func (f *Forward) Epsilon() []float64 { return f.evaluation.Epsilon }

// Err returns why Step ended early, nil otherwise.
func (f *Forward) Err() error { return f.evaluation.Err }
