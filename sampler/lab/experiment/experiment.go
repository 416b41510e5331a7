// Package experiment carries a lab's recipe out: it trains the model, draws points with a sampler,
// and hashes them. The command line and the page run the same.
package experiment

import (
	"encoding/binary"
	"math"

	"tweedie/sampler"
	"tweedie/sampler/kernels"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/picture"
	"tweedie/sampler/plane"
)

// Experiment is a recipe that is being carried out.
type Experiment struct {
	Settings keys.Settings
	Training *lab.Training
	data     *plane.Distribution // apart from the training's
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
	if e.Training, err = lab.New(c); err != nil {
		return nil, err
	}
	if e.data, err = s.Distribution(); err != nil {
		return nil, err
	}
	run, err := e.Draw()
	if err != nil {
		return nil, err
	}
	e.Settings.Adopt(run.Recipe())
	return e, nil
}

// Data returns the distribution that is learned.
func (e *Experiment) Data() *plane.Distribution { return e.data }

// Model returns the present model for the recipe's clouds.
func (e *Experiment) Model() *lab.Model { return e.Training.Model(e.Settings.Cloud()) }

// Draw returns a run of the recipe's sampler on the present model. Each of its pictures is a cloud
// of points, [1, points, 2]: one, or with c=all one for each class.
func (e *Experiment) Draw() (*sampler.Run, error) {
	r, err := e.Settings.Sampling()
	if err != nil {
		return nil, err
	}
	m := e.Model()
	return sampler.NewRun(r, m.Info(), m)
}

// Points returns the points of a run in the order of its clouds, [n][2], as float32.
func Points(run *sampler.Run) (x []float32) {
	for i := range run.Images() {
		for _, v := range run.X(i) {
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
