package lab

import (
	"tweedie/sampler/network"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/train"
)

// Sizes of a reflow: the batches of pairs that it makes, one in each of its first steps, and the
// steps of Heun's method from noise to a pair's end.
const (
	reflowBatches = 16
	reflowHeun    = 24
)

// reflow is the second training of a rectified flow (Liu et al., arXiv:2209.03003, section 2.1): on
// pairs of noise and where the first flow's ODE takes it, in the place of noise and data that were
// drawn apart. The paths between such pairs cross less, so the new flow is straighter.
type reflow struct {
	first          *web // the flow that makes the pairs
	levels         levels
	time, scale    []float32
	noise, ends    []float64 // [reflowBatches·batch][2]
	labels         []int     // [reflowBatches·batch]
	ahead          []float64 // [batch][2] of Heun's method
	slope, further []float64
}

func newReflow(t *Training) *reflow {
	c := &t.config
	n := reflowBatches * c.Batch
	wide := func(n int) []float64 { return make([]float64, 2*n) }
	o := train.Options{Kernels: c.Kernels, Batch: c.Batch, Frozen: true}
	return &reflow{levels: t.levels, time: make([]float32, timeWidth),
		first: newWeb(c, t.classes, o, false),
		scale: make([]float32, 1+c.Octaves), noise: wide(n), ends: wide(n), labels: make([]int, n),
		ahead: wide(c.Batch), slope: wide(c.Batch), further: wide(c.Batch)}
}

// begin makes the flow that has been trained the first one, and lets the second begin as it is.
func (r *reflow) begin(t *Training) {
	copy(r.first.program.Weights, t.learner.Average)
	copy(t.web.program.Weights, t.learner.Average)
	rule := t.config.Rule
	if rule.Steps > 0 {
		rule.Steps = t.config.Reflow
	}
	t.before = t.learner.Steps()
	t.learner = train.NewOptimiser(t.web.program, rule)
}

// pairs draws the batch of step n of the reflow: in the first steps a new one, then from all.
func (r *reflow) pairs(t *Training, n int) {
	batch := t.config.Batch
	if n < reflowBatches {
		from, to := n*batch, (n+1)*batch
		t.fresh()
		copy(r.noise[2*from:], t.epsilon)
		copy(r.labels[from:], t.labels)
		copy(t.x0, t.epsilon)
		r.follow(t.x0, t.labels)
		copy(r.ends[2*from:2*to], t.x0)
		return
	}
	noise.Uniform(t.chances, t.config.Seed, streamPairs, uint32(t.step))
	for i, u := range t.chances {
		k := min(int(u*float64(len(r.labels))), len(r.labels)-1)
		copy(t.epsilon[2*i:2*i+2], r.noise[2*k:])
		copy(t.x0[2*i:2*i+2], r.ends[2*k:])
		t.labels[i] = r.labels[k]
	}
}

// follow takes a batch of points from noise to where the first flow ends, by Heun's method in even
// steps of σ.
func (r *reflow) follow(x []float64, labels []int) {
	const h = 1.0 / reflowHeun
	for i := range reflowHeun {
		sigma := 1 - float64(float64(i)*h)
		r.velocity(r.slope, x, sigma, labels)
		for j, v := range r.slope {
			r.ahead[j] = x[j] - float64(h*v)
		}
		r.velocity(r.further, r.ahead, sigma-h, labels)
		for j, v := range r.further {
			x[j] -= float64(0.5 * h * (r.slope[j] + v))
		}
	}
}

// velocity writes the first flow's dx/dσ to dst.
func (r *reflow) velocity(dst, x []float64, sigma float64, labels []int) {
	t, w := float64(T*sigma), r.first
	embed(t, r.time)
	scales(r.levels.at(t), r.scale)
	for i, label := range labels {
		w.see(i, float32(x[2*i]), float32(x[2*i+1]))
		copy(w.time.Row(i), r.time)
		copy(w.scale.Row(i), r.scale)
		if w.labels != nil {
			w.labels[i] = label
		}
	}
	w.program.Forward(len(labels))
	for i := range labels {
		row := w.out.Row(i)
		dst[2*i], dst[2*i+1] = float64(row[0]), float64(row[1])
	}
}

// Flow reports whether the model is a rectified flow.
func (m *Model) Flow() bool { return m.levels.straight() }

// Straightness returns how far from straight the paths of a rectified flow are: S(Z) of Liu et al.
// (arXiv:2209.03003, section 2.2), the mean over points and times of ‖(Z1 − Z0) − dZ/dt‖², along
// steps of Euler's method from noise to the clean point. 0 are straight paths, which one step
// follows.
func Straightness(m *Model, seed uint64, steps int) float64 {
	n := 2 * m.points
	wide, x, v := make([]float64, n), make([]float32, n), make([]float32, n)
	noise.Normal(wide, seed, plane.HeldOut+3, 0)
	mean, square, all := make([]float64, n), 0.0, float64(steps)
	for i := range steps {
		for j := range x {
			x[j] = float32(wide[j])
		}
		m.Predict([][]float32{v}, x, float64(T*(1-float64(i)/all)), []int{network.NoClass})
		for j := range v {
			a := float64(v[j])
			wide[j] -= a / all
			mean[j] += a / all
			square += float64(a*a) / all
		}
	}
	for _, a := range mean { // Z1 − Z0 is the mean of all slopes, whose variance is wanted
		square -= float64(a * a)
	}
	return square / float64(m.points)
}
