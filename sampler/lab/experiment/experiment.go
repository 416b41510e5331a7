// Package experiment carries a lab's recipe out: it trains the model, draws points with it, says
// what it is worth, and hashes the points. The command line and the page run the same.
package experiment

import (
	"encoding/binary"
	"iter"
	"math"

	"tweedie/sampler/kernels"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/picture"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/train"
)

// Learner is a model that learns. *lab.Training is one.
type Learner interface {
	// Step takes one training step. It returns false, and does nothing, when all steps are done or
	// one has failed; see Err. It allocates nothing, but where another stage of
	// the training begins.
	Step() bool
	// Steps returns the number of steps in all, Done the number of steps done.
	Steps() int
	Done() int
	// Loss returns the loss of the last batch.
	Loss() float64
	// Err returns why the training ended early, nil otherwise. The model is then that of the last
	// good step.
	Err() error
	// Tensors returns the moving average of the weights, Parameters their number.
	Tensors() []train.Tensor
	Parameters() int
}

// Drawing draws clouds of points, all in as many steps. *sampler.Run is one.
type Drawing interface {
	// Next takes one step of one cloud. It returns false, and does nothing, when the last is done
	// or one failed; see Err.
	Next() bool
	// Steps returns the number of steps of each cloud, Step how many all have done.
	Steps() int
	Step() int
	// Images returns the number of clouds, Image the one that the last Next worked on: one, or with
	// c=all one for each class.
	Images() int
	Image() int
	// T returns the training timestep of the last step, or the level of latents that it came from.
	T() int
	// X returns the points of a cloud, and X0 the clean points that the model saw in the last step:
	// [points][2], valid until the next step.
	X(cloud int) []float64
	X0(cloud int) []float64
	// Err returns why Next ended early, nil otherwise.
	Err() error
}

// kind is what a recipe trains, by its key m.
type kind interface {
	Learner
	// draw prepares a drawing with the present model, and returns the sampler's keys that have an
	// effect on it.
	draw(s *keys.Settings) (Drawing, recipe.Recipe, error)
	// judge measures the model, of which points were drawn; see Experiment.Judge.
	judge(e *Experiment, points []float32) iter.Seq[*Measure]
	// data returns the points that are learned, apart from the training's.
	data() *plane.Distribution
}

// Experiment is a recipe that is being carried out.
type Experiment struct {
	Settings keys.Settings
	Training Learner
	kind     kind
}

// New prepares the experiment of a recipe. It refuses what the sampler will refuse, before anything
// has been trained. With k nil the fastest kernels are used.
func New(s keys.Settings, k *kernels.Set) (*Experiment, error) {
	c, err := s.Config()
	if err != nil {
		return nil, err
	}
	c.Kernels = k
	e := &Experiment{Settings: s}
	switch s.Model {
	case keys.VAE:
		e.kind, err = newVAE(&s, c)
	case keys.Latent:
		e.kind, err = newLatent(s, c)
	default:
		e.kind, err = newDiffusion(&s, c, s.Distribution)
	}
	if err != nil {
		return nil, err
	}
	e.Training = e.kind
	_, own, err := e.kind.draw(&e.Settings)
	if err != nil {
		return nil, err
	}
	e.Settings.Adopt(own)
	return e, nil
}

// Data returns the distribution of points that is learned. Of digits these are their latents, and
// another distribution after each step of the autoencoder.
func (e *Experiment) Data() *plane.Distribution { return e.kind.data() }

// Draw returns a drawing by the recipe with the present model, from its beginning.
func (e *Experiment) Draw() (Drawing, error) {
	d, _, err := e.kind.draw(&e.Settings)
	return d, err
}

// Points returns the points of a drawing in the order of its clouds, [n][2], as float32.
func Points(d Drawing) (x []float32) {
	for i := range d.Images() {
		for _, v := range d.X(i) {
			x = append(x, float32(v))
		}
	}
	return x
}

// Hash returns the SHA-256 of numbers as little-endian float32, in hexadecimal. h of a recipe is
// the first 16 digits of that of the points.
func Hash(x []float32) string {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	sum := picture.Sum(b)
	return picture.Hex(sum[:])
}
