package vae

import (
	"tweedie/sampler/bound"
	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/portable"
	"tweedie/sampler/train"
)

// The streams of random numbers. Draw n of a stream is for training step n; level t of the latents
// has its own stream, streamLatents + t.
const (
	streamWeights uint32 = iota + 1<<30
	streamData
	streamPoints
	streamLatents
)

// Training is a model that learns.
type Training struct {
	config  Config
	web     *web
	learner *train.Optimiser
	step    int
	loss    float64

	x, noise []float64 // [batch] points or pictures, [batch][2]
	classes  []int     // [batch] of points
}

// New prepares a training.
func New(c Config) (*Training, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Kernels == nil {
		c.Kernels = kernels.Best()
	}
	t := &Training{config: c, x: make([]float64, c.width()*c.Batch),
		noise:   make([]float64, 2*c.Batch),
		classes: make([]int, c.Batch)}
	t.web = newWeb(&c, train.Options{Kernels: c.Kernels, Batch: c.Batch})
	t.web.program.Start(c.Seed, streamWeights)
	t.learner = train.NewOptimiser(t.web.program, c.Rule)
	return t, nil
}

// Step takes one training step. It returns false, and does nothing, when all steps are done or one
// has failed; see Err. It allocates nothing.
func (t *Training) Step() bool {
	if t.step == t.config.Steps || t.learner.Err() != nil {
		return false
	}
	t.draw()
	t.web.program.Forward(t.config.Batch)
	t.loss = t.measure()
	t.web.program.Backward(t.config.Batch)
	if t.learner.Step(t.web.program.Gradient, t.loss) != nil {
		return false
	}
	t.step++
	return true
}

// draw fills the network's inputs with a batch of points and the noise of their latents.
func (t *Training) draw() {
	seed, n := t.config.Seed, uint32(t.step)
	if t.config.pictures() {
		t.choose(n)
	} else {
		t.config.Data.Sample(t.x, t.classes, plane.Key{Seed: seed, Stream: streamData, Draw: n})
	}
	fill(t.web.x, t.x)
	for i := range t.web.levels {
		noise.Normal(t.noise, seed, streamLatents+uint32(i), n)
		fill(t.web.levels[i].noise, t.noise)
	}
}

// fill writes points or pictures to a value's rows.
func fill(v *train.Value, x []float64) {
	for i := range len(x) / v.Width {
		for j, value := range x[i*v.Width : (i+1)*v.Width] {
			v.Row(i)[j] = float32(value)
		}
	}
}

// measure returns the loss of the batch, the mean of −bound in nats, and writes its gradient to
// those of the outputs. It has the terms of bound.Evaluate.
func (t *Training) measure() float64 {
	sum, share := 0.0, 1/float64(t.config.Batch)
	for i := range t.web.levels {
		clear(t.web.levels[i].z.Grad)
	}
	for i := range t.web.levels {
		l, below := &t.web.levels[i], t.web.x
		if i > 0 {
			below = t.web.levels[i-1].z
		}
		for row := range t.config.Batch {
			if i == len(t.web.levels)-1 {
				sum += l.prior(row, share)
			} else {
				sum += l.entropy(row, share)
			}
			if l.spread == nil {
				sum += l.ink(below, row, share)
			} else {
				sum += l.likelihood(below, row, i+1, share)
			}
		}
	}
	return float64(sum * share)
}

// prior returns KL(q(z_T|z_{T−1}) ‖ N(0, I)) of a row and writes its gradient.
func (l *level) prior(row int, share float64) float64 {
	sum, at := 0.0, row*l.mean.Stride
	for j, m := range l.mean.Row(row) {
		mean, log := float64(m), logSigmoid(float64(l.logit.Row(row)[j]))
		sum += bound.NormalKL(-mean, float64(2*log), 0)
		l.mean.Grad[at+j] = float32(share * mean)
		slope := 1 - portable.Exp(log) // of log
		l.logit.Grad[at+j] = float32(share * slope * (portable.Exp(2*log) - 1))
	}
	return sum
}

// entropy returns E[log q(z_t|z_{t−1})] of a row and writes its gradient.
func (l *level) entropy(row int, share float64) float64 {
	sum, at := 0.0, row*l.mean.Stride
	for j, s := range l.logit.Row(row) {
		log := logSigmoid(float64(s))
		sum += bound.NormalLogDensity(0, float64(2*log)) - 0.5
		l.mean.Grad[at+j], l.logit.Grad[at+j] = 0, float32(share*(portable.Exp(log)-1))
	}
	return sum
}

// likelihood returns −log p(z_{t−1}|z_t) of a row and writes its gradient, also to z_{t−1}.
func (l *level) likelihood(below *train.Value, row, n int, share float64) float64 {
	log, slope := logVariance(float64(l.spread.Row(row)[0]), n)
	precision := portable.Exp(-log)
	sum, squares, at := 0.0, 0.0, row*l.decoded.Stride
	for j, m := range l.decoded.Row(row) {
		d := float64(below.Row(row)[j]) - float64(m)
		sum -= bound.NormalLogDensity(d, log)
		squares += float64(d * d)
		pull := float32(share * precision * d)
		l.decoded.Grad[at+j] = -pull
		if below.Grad != nil {
			below.Grad[at+j] += pull
		}
	}
	l.spread.Grad[row*l.spread.Stride] = float32(share * slope *
		(1 - float64(0.5*float64(squares*precision))))
	return sum
}

// Done returns the number of steps that have been taken, Steps their number in all.
func (t *Training) Done() int { return t.learner.Steps() }

// Steps returns the number of steps in all.
func (t *Training) Steps() int { return t.config.Steps }

// Loss returns the loss of the last batch: minus its bound, in nats for a point.
func (t *Training) Loss() float64 { return t.loss }

// Err returns why the training ended early, nil otherwise. The model is then that of the last good
// step.
func (t *Training) Err() error { return t.learner.Err() }

// Tensors returns the moving average of the weights.
func (t *Training) Tensors() []train.Tensor { return t.web.program.Tensors(t.learner.Average) }

// Parameters returns the number of weights.
func (t *Training) Parameters() int { return t.web.program.Parameters() }
