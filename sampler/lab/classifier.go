package lab

import (
	"errors"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/portable"
	"tweedie/sampler/train"
)

// judge is a network that says of a noisy point which class it is of: the point and the embedding
// of the time, hidden layers as those of web, and an output for each class. It does not see
// octaves: what it is for is its gradient, which should be smooth.
type judge struct {
	program *train.Program
	x, time *train.Value // [axes], [timeWidth]
	out     *train.Value // [classes] logits
	chance  []float64    // [classes] of one point
}

func newJudge(c *Config, classes int, o train.Options) *judge {
	j := &judge{chance: make([]float64, classes)}
	j.program = train.Compile(o, func(t *train.Compiler) {
		j.x, j.time = t.InputWithGradient(len(axes)), t.Input(timeWidth)
		h := t.Hidden("", t.Concat(j.x, j.time), c.Units, c.Layers)
		j.out = t.Output(t.Linear("out", h, classes))
	})
	return j
}

// softmax fills chance for a row of the batch and returns −log of a class's.
func (j *judge) softmax(row, label int) float64 {
	logits := j.out.Row(row)
	most := float64(logits[0])
	for _, v := range logits {
		most = max(most, float64(v))
	}
	sum := 0.0
	for k, v := range logits {
		j.chance[k] = portable.Exp(float64(v) - most)
		sum += j.chance[k]
	}
	for k := range j.chance {
		j.chance[k] /= sum
	}
	return portable.Log(sum) - (float64(logits[label]) - most)
}

// Classifier is the training of a network of classifier guidance, p(class | x_t), on noisy points
// of the levels that the diffusion model learns (Dhariwal and Nichol, arXiv:2105.05233, section 4).
type Classifier struct {
	config  Config
	steps   int
	levels  levels
	judge   *judge
	learner *train.Optimiser
	times   []float32 // [levels][timeWidth]
	loss    float64

	x, epsilon, u []float64 // [batch][2], [batch][2], [batch]
	labels        []int     // [batch]
}

// NewClassifier prepares the training, in a number of steps, of the classifier beside the model of
// a configuration. Its data are not shared with the model's training.
func NewClassifier(c Config, steps int) (*Classifier, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s, _, err := c.table()
	if err != nil {
		return nil, err
	}
	classes := len(c.Data.Classes())
	if classes < 2 || steps < 1 {
		return nil, errors.New("lab: a classifier of " + strconv.Itoa(classes) + " classes and " +
			strconv.Itoa(steps) + " steps, and it needs two classes and one step or more")
	}
	if c.Kernels == nil {
		c.Kernels = kernels.Best()
	}
	if c.Rule.Steps > 0 {
		c.Rule.Steps = steps
	}
	t := &Classifier{config: c, steps: steps, levels: newLevels(&c, s),
		judge: newJudge(&c, classes, train.Options{Kernels: c.Kernels, Batch: c.Batch}),
		x:     make([]float64, 2*c.Batch), epsilon: make([]float64, 2*c.Batch),
		u: make([]float64, c.Batch), labels: make([]int, c.Batch)}
	t.times = make([]float32, len(t.levels.times)*timeWidth)
	for i, time := range t.levels.times {
		embed(time, t.times[i*timeWidth:(i+1)*timeWidth])
	}
	t.judge.program.Start(c.Seed, streamGuideWeights)
	t.learner = train.NewOptimiser(t.judge.program, c.Rule)
	return t, nil
}

// Follow takes the noise levels of a model that has learned them.
func (t *Classifier) Follow(model *Training) {
	t.levels.schedule = model.Schedule()
	t.levels.follow()
}

// Step takes one training step. It returns false, and does nothing, when all steps are done or one
// has failed; see Err. It allocates nothing.
func (t *Classifier) Step() bool {
	if t.learner.Err() != nil || t.Done() == t.steps {
		return false
	}
	t.draw()
	j, n := t.judge, t.config.Batch
	j.program.Forward(n)
	t.loss = 0
	for i, label := range t.labels {
		t.loss += j.softmax(i, label) / float64(n)
		grad := j.out.Grad[i*j.out.Stride:]
		for k, p := range j.chance {
			if k == label {
				p--
			}
			grad[k] = float32(p / float64(n))
		}
	}
	j.program.Backward(n)
	return t.learner.Step(j.program.Gradient, t.loss) == nil
}

// draw fills the network's inputs with a batch of noisy points.
func (t *Classifier) draw() {
	seed, n := t.config.Seed, uint32(t.Done())
	t.config.Data.Sample(t.x, t.labels, plane.Key{Seed: seed, Stream: streamGuideData, Draw: n})
	noise.Normal(t.epsilon, seed, streamGuideNoise, n)
	noise.Uniform(t.u, seed, streamGuideTimes, n)
	for i, u := range t.u {
		at := min(int(u*float64(len(t.levels.all))), len(t.levels.all)-1)
		l := t.levels.all[at]
		var x [2]float32
		for k := range x {
			x[k] = float32(float64(l.Signal*t.x[2*i+k]) + float64(l.Noise*t.epsilon[2*i+k]))
		}
		see(t.judge.x.Row(i), x[0], x[1])
		copy(t.judge.time.Row(i), t.times[at*timeWidth:])
	}
}

// Done returns the number of steps that have been taken, Steps their number in all.
func (t *Classifier) Done() int { return t.learner.Steps() }

// Steps returns the number of steps in all.
func (t *Classifier) Steps() int { return t.steps }

// Loss returns the loss of the last batch: the cross entropy, in nats.
func (t *Classifier) Loss() float64 { return t.loss }

// Err returns why the training ended early, nil otherwise.
func (t *Classifier) Err() error { return t.learner.Err() }

// Tensors returns the moving average of the weights.
func (t *Classifier) Tensors() []train.Tensor { return t.judge.program.Tensors(t.learner.Average) }

// Names returns the names of the classes.
func (t *Classifier) Names() []string { return t.config.Data.Classes() }

// Parameters returns the number of weights.
func (t *Classifier) Parameters() int { return t.judge.program.Parameters() }

// Judge is a trained classifier at one moment of its training. It satisfies network.Classifier for
// clouds of points, of which each has a class of its own. It holds scratch memory, so that one
// value serves one goroutine.
type Judge struct {
	points int
	judge  *judge
	time   []float32 // [timeWidth]
}

// Judge returns the present classifier for clouds of points points.
func (t *Classifier) Judge(points int) *Judge {
	j := newJudge(&t.config, len(t.config.Data.Classes()), train.Options{Kernels: t.config.Kernels,
		Batch: min(chunk, points)})
	copy(j.program.Weights, t.learner.Average)
	return &Judge{points: points, judge: j, time: make([]float32, timeWidth)}
}

// Shape returns [1, points, 2].
func (g *Judge) Shape() (channels, height, width int) { return 1, g.points, 2 }

// Classes returns the number of classes.
func (g *Judge) Classes() int { return len(g.judge.chance) }

// Gradient writes ∇ log p(label | x) of each point to dst, see network.Classifier.
func (g *Judge) Gradient(dst, x []float32, t float64, label int) {
	embed(t, g.time)
	j := g.judge
	for from := 0; from < g.points; from += chunk {
		n := min(chunk, g.points-from)
		for i := range n {
			see(j.x.Row(i), x[2*(from+i)], x[2*(from+i)+1])
			copy(j.time.Row(i), g.time)
		}
		j.program.Forward(n)
		for i := range n {
			j.softmax(i, label)
			grad := j.out.Grad[i*j.out.Stride:]
			for k, p := range j.chance {
				if k == label {
					p--
				}
				grad[k] = float32(-p)
			}
		}
		j.program.Backward(n)
		for i := range n {
			grad := j.x.Grad[i*j.x.Stride:]
			var sum [2]float32
			for k, d := range &axes {
				sum[0] += float32(d[0] * grad[k])
				sum[1] += float32(d[1] * grad[k])
			}
			copy(dst[2*(from+i):], sum[:])
		}
	}
}
