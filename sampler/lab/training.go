package lab

import (
	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
)

// The streams of random numbers, beyond the numbers of pictures, whose noise the samplers draw.
// Draw n of a stream is for training step n.
const (
	streamWeights uint32 = iota + 1<<30
	streamData
	streamNoise
	streamTimes
	streamLabels
	streamPairs
	streamGuideWeights
	streamGuideData
	streamGuideNoise
	streamGuideTimes
)

// Training is a model that learns.
type Training struct {
	config    Config
	classes   int
	levels    levels
	adaptive  *adaptive // nil unless the schedule is learned
	objective *objective
	web       *web
	learner   *train.Optimiser
	before    int // steps of learners before it
	step      int
	reflow    *reflow // nil without one
	loss      float64
	times     []float32 // [levels][timeWidth] embeddings of their times
	scales    []float32 // [levels][1 + octaves], see scales

	x0, epsilon []float64 // [batch][2]
	u           float64   // places the batch's levels, see level
	chances     []float64 // [batch]
	labels      []int     // [batch] the class, or classes for none
}

// New prepares a training.
func New(c Config) (*Training, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Kernels == nil {
		c.Kernels = kernels.Best()
	}
	s, a, err := c.table()
	if err != nil {
		return nil, err
	}
	classes := len(c.Data.Classes())
	if c.Dropout == 1 {
		classes = 0
	}
	all := newLevels(&c, s)
	t := &Training{config: c, classes: classes, levels: all, adaptive: a,
		times: make([]float32, len(all.times)*timeWidth),
		x0:    make([]float64, 2*c.Batch), epsilon: make([]float64, 2*c.Batch),
		chances: make([]float64, c.Batch), labels: make([]int, c.Batch)}
	if t.objective = newObjective(s, c.Loss); c.Sigma > 0 || all.straight() {
		t.objective = alone(c.Prediction, all.all)
	}
	t.scales = make([]float32, len(all.times)*(1+c.Octaves))
	for i, time := range all.times {
		embed(time, t.times[i*timeWidth:(i+1)*timeWidth])
	}
	t.rescale()
	t.web = newWeb(&c, t.classes, train.Options{Kernels: c.Kernels, Batch: c.Batch}, false)
	t.web.program.Start(c.Seed, streamWeights)
	t.learner = train.NewOptimiser(t.web.program, c.Rule)
	if c.Reflow > 0 {
		t.reflow = newReflow(t)
	}
	return t, nil
}

// rescale fills scales by the levels.
func (t *Training) rescale() {
	n := 1 + t.config.Octaves
	for i, l := range t.levels.all {
		scales(l, t.scales[i*n:(i+1)*n])
	}
}

// Step takes one training step. It returns false, and does nothing, when all steps are done or one
// has failed; see Err. It allocates nothing, but where a reflow begins.
func (t *Training) Step() bool {
	if t.step == t.Steps() || t.Err() != nil {
		return false
	}
	if t.step == t.config.Steps {
		t.reflow.begin(t)
	}
	t.draw()
	t.web.program.Forward(t.config.Batch)
	t.loss = t.measure()
	t.web.program.Backward(t.config.Batch)
	if t.learner.Step(t.web.program.Gradient, t.loss) != nil {
		return false
	}
	t.step++
	if a := t.adaptive; a != nil && t.step%pace == 0 && a.step() {
		t.levels.follow()
		t.objective.follow(t.levels.schedule)
		t.rescale()
	}
	return true
}

// level returns the number of that of point i of the batch: one from each part of the levels, moved
// together by a share u of a part.
func (t *Training) level(i int, u float64) int {
	n := len(t.levels.all)
	return min(int((float64(i)+u)/float64(t.config.Batch)*float64(n)), n-1)
}

// draw fills the network's inputs with a batch of noisy points.
func (t *Training) draw() {
	n := uint32(t.step)
	noise.Uniform(t.chances, t.config.Seed, streamTimes, n)
	t.u = t.chances[0]
	if t.step < t.config.Steps {
		t.fresh()
	} else {
		t.reflow.pairs(t, t.step-t.config.Steps)
	}
	for i := range t.config.Batch {
		at := t.level(i, t.u)
		l := t.objective.levels[at]
		var x [2]float32
		for j := range x {
			x[j] = float32(float64(l.Signal*t.x0[2*i+j]) + float64(l.Noise*t.epsilon[2*i+j]))
		}
		t.web.see(i, x[0], x[1])
		copy(t.web.time.Row(i), t.times[at*timeWidth:])
		copy(t.web.scale.Row(i), t.scales[at*(1+t.config.Octaves):])
		if t.classes > 0 {
			t.web.labels[i] = t.labels[i]
		}
	}
}

// fresh draws data with their labels, of which some are dropped, and noise.
func (t *Training) fresh() {
	seed, n := t.config.Seed, uint32(t.step)
	t.config.Data.Sample(t.x0, t.labels, plane.Key{Seed: seed, Stream: streamData, Draw: n})
	noise.Normal(t.epsilon, seed, streamNoise, n)
	noise.Uniform(t.chances, seed, streamLabels, n)
	for i, u := range t.chances {
		if u <= t.config.Dropout {
			t.labels[i] = t.classes // the row of no class
		}
	}
}

// measure returns the loss of the batch and writes its gradient to that of the outputs.
func (t *Training) measure() float64 {
	sum, share := 0.0, 1/float64(t.config.Batch)
	for i := range t.config.Batch {
		at := t.level(i, t.u)
		l, w := t.objective.levels[at], float64(t.objective.weight[at]*share)
		grad, square := t.web.out.Grad[i*t.web.out.Stride:], 0.0
		for j, v := range t.web.out.Row(i) {
			d := float64(v) - t.objective.target(t.x0[2*i+j], t.epsilon[2*i+j], l)
			square += float64(d * d)
			sum += float64(float64(0.5*w) * float64(d*d))
			grad[j] = float32(w * d)
		}
		if t.adaptive != nil {
			t.adaptive.see(at, float64(square*asEpsilon(t.objective.kind, l)))
		}
	}
	return sum
}

// Done returns the number of steps that have been taken, Steps their number in all.
func (t *Training) Done() int { return t.before + t.learner.Steps() }

// Steps returns the number of steps in all.
func (t *Training) Steps() int { return t.config.Steps + t.config.Reflow }

// Loss returns the loss of the last batch: the weighted square error of a coordinate.
func (t *Training) Loss() float64 { return t.loss }

// Err returns why the training ended early, nil otherwise. The model is then that of the last good
// step.
func (t *Training) Err() error {
	if t.adaptive != nil && t.adaptive.err != nil {
		return t.adaptive.err
	}
	return t.learner.Err()
}

// Schedule returns the noise schedule; of a learned one, the present one, which further training
// does not change.
func (t *Training) Schedule() *schedule.Schedule {
	if t.adaptive != nil {
		return t.adaptive.fixed()
	}
	return t.levels.schedule
}

// fixed returns the present levels, which further training does not change.
func (t *Training) fixed() levels {
	n := t.levels
	n.schedule, n.all = t.Schedule(), nil
	return n
}

// LogSNR writes log SNR of every training timestep at this moment to dst, [T].
func (t *Training) LogSNR(dst []float64) {
	for i := range dst[:T] {
		dst[i] = portable.Log(t.levels.schedule.SNR(i))
	}
}

// Tensors returns the moving average of the weights, and the present weights of a learned schedule,
// as schedule.TakeLearnedSNR reads them.
func (t *Training) Tensors() []train.Tensor {
	list := t.web.program.Tensors(t.learner.Average)
	if t.adaptive != nil {
		list = append(list, t.adaptive.tensors()...)
	}
	return list
}

// Parameters returns the number of weights.
func (t *Training) Parameters() int {
	n := t.web.program.Parameters()
	if t.adaptive != nil {
		n += t.adaptive.program.Parameters()
	}
	return n
}
