package vae

import (
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
)

// Drawing draws points from p: z_T from N(0, I), and then one level after another down to the
// points. Step 1 goes from z_T to z_{T−1}.
type Drawing struct {
	model                *Model
	seed                 uint64
	step                 int
	x, x0                []float64 // [points][2]
	mean, logVar, normal []float64 // [points][2] scratch
}

// NewDrawing prepares a drawing of points points. Point i does not depend on their number.
func NewDrawing(m *Model, points int, seed uint64) *Drawing {
	scratch := func() []float64 { return make([]float64, 2*points) }
	d := &Drawing{model: m, seed: seed, x: scratch(), x0: scratch(), mean: scratch(),
		logVar: scratch(), normal: scratch()}
	noise.Normal(d.x, seed, streamPoints, uint32(m.Levels()))
	return d
}

// Next draws the next level. It returns false, and does nothing, when the points are drawn. It
// allocates nothing.
func (d *Drawing) Next() bool {
	t := d.model.Levels() - d.step
	if t == 0 {
		return false
	}
	d.model.Decode(d.mean, d.logVar, d.x, t)
	copy(d.x0, d.mean)
	noise.Normal(d.normal, d.seed, streamPoints, uint32(t-1))
	for i, m := range d.mean {
		d.x[i] = m + float64(portable.Exp(0.5*d.logVar[i])*d.normal[i])
	}
	for below := t - 1; below > 0; below-- {
		d.model.Decode(d.mean, d.logVar, d.x0, below)
		copy(d.x0, d.mean)
	}
	d.step++
	return true
}

// Steps returns the number of levels of latents, Step how many of them have been left.
func (d *Drawing) Steps() int { return d.model.Levels() }

// Step returns the number of steps that have been taken.
func (d *Drawing) Step() int { return d.step }

// Images returns 1: there is one cloud.
func (d *Drawing) Images() int { return 1 }

// Image returns 0.
func (d *Drawing) Image() int { return 0 }

// T returns the level that the last step came from: the number of levels at first, 1 in the end.
func (d *Drawing) T() int { return d.model.Levels() - max(d.step-1, 0) }

// X returns the cloud at its level, [points][2], valid until the next step.
func (d *Drawing) X(int) []float64 { return d.x }

// X0 returns where the last step's mean leads to without noise, [points][2]: the means of all
// decoders below it, valid until the next step.
func (d *Drawing) X0(int) []float64 { return d.x0 }

// Err returns nil.
func (d *Drawing) Err() error { return nil }
