package lab

import (
	"slices"

	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
)

// chunk is how many points are evaluated together.
const chunk = 512

// Model is a trained network at one moment of its training, by the moving average of its weights.
// It satisfies network.Model. It holds scratch memory, so that one value serves one goroutine.
type Model struct {
	points, classes int
	names           []string
	levels          levels
	web             *web
	config          *Config
	steep           *web      // the same network with a gradient of x; nil until one is asked for
	time, scale     []float32 // [timeWidth], [1 + octaves]
}

// Model returns the present model for clouds of points points. Further training does not change it.
func (t *Training) Model(points int) *Model {
	w := newWeb(&t.config, t.classes, train.Options{Kernels: t.config.Kernels,
		Batch: min(chunk, points), Frozen: true}, false)
	copy(w.program.Weights, t.learner.Average)
	return &Model{points: points, classes: t.classes, names: t.config.Data.Classes()[:t.classes],
		levels: t.fixed(), web: w, config: &t.config, time: make([]float32, timeWidth),
		scale: make([]float32, 1+t.config.Octaves)}
}

// Shape returns [1, points, 2].
func (m *Model) Shape() (channels, height, width int) { return 1, m.points, 2 }

// OutChannels returns 1: no variance is predicted.
func (m *Model) OutChannels() int { return 1 }

// Classes returns the number of classes of the data.
func (m *Model) Classes() int { return m.classes }

// Schedule returns the noise schedule.
func (m *Model) Schedule() *schedule.Schedule { return m.levels.schedule }

// Level returns the noise level of a time, whole or not, that the network is told.
func (m *Model) Level(t float64) schedule.Level { return m.levels.at(t) }

// Only returns the one time that a network was trained at, and false for one of all levels.
func (m *Model) Only() (t float64, ok bool) { return m.levels.one() }

// Info returns what a recipe has to know of the model.
func (m *Model) Info() recipe.Info {
	d := recipe.StandardDefaults()
	d.Guidance = 1
	_, one := m.Only()
	d.Sampler = Sampler(m.Flow(), one)
	return recipe.Info{Name: "lab", Title: "lab", Classes: slices.Clone(m.names), Channels: 1,
		Height: m.points, Width: 2, OutChannels: 1, Scheduler: m.Schedule().Config, Defaults: d}
}

// Sampler returns the sampler that people begin with: the first of those that can run a rectified
// flow, a network of one noise level, or any other.
func Sampler(flow, one bool) string {
	switch {
	case one:
		return "langevin"
	case flow:
		return "euler"
	}
	return recipe.StandardDefaults().Sampler
}

// Predict evaluates the network, see network.Model.
func (m *Model) Predict(out [][]float32, x []float32, t float64, labels []int) {
	factor := m.at(t)
	for i, label := range labels {
		for from := 0; from < m.points; from += chunk {
			m.predict(out[i][2*from:], x[2*from:], label, min(chunk, m.points-from), factor)
		}
	}
}

// at prepares the network's inputs for a timestep, and returns the factor from its output to the
// prediction.
func (m *Model) at(t float64) (factor float32) {
	l := m.Level(t)
	embed(t, m.time)
	scales(l, m.scale)
	return reading(m.Schedule().Config.PredictionType, l)
}

// see fills row i of the network's inputs.
func (m *Model) see(w *web, i int, x, y float32, label int) {
	if label >= m.classes {
		panic("lab: a label that the model does not have")
	}
	w.see(i, x, y)
	copy(w.time.Row(i), m.time)
	copy(w.scale.Row(i), m.scale)
	if w.labels == nil {
		return
	}
	if label == network.NoClass {
		label = m.classes
	}
	w.labels[i] = label
}

// predict evaluates n points of one class.
func (m *Model) predict(out, x []float32, label, n int, factor float32) {
	w := m.web
	for i := range n {
		m.see(w, i, x[2*i], x[2*i+1], label)
	}
	w.program.Forward(n)
	for i := range n {
		row := w.out.Row(i)
		out[2*i], out[2*i+1] = row[0]*factor, row[1]*factor
	}
}
