package experiment

import (
	"tweedie/sampler"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/mixture"
	"tweedie/sampler/plane"
	"tweedie/sampler/schedule"
)

// denoiser is a kind whose network denoises points.
type denoiser interface {
	Model(points int) *lab.Model
	// run prepares a drawing.
	run(s *keys.Settings) (*sampler.Run, error)
}

// View is what a model says of noisy points at one moment of its training, beside the exact answer.
// It holds scratch memory, so that one value serves one goroutine.
type View struct {
	model  *lab.Model
	exact  *mixture.Mixture // nil where it is not known
	label  int
	x, out []float32   // [points][2]
	wide   []float64   // [points][2]
	rows   [][]float32 // out
	labels []int       // label
}

// View returns the present model for points points at a time. It is nil for a kind whose network
// does not denoise, and for points of all classes where it was shown none without its class.
func (e *Experiment) View(points int) *View {
	d, ok := e.kind.(denoiser)
	if !ok || e.Settings.Dropout == 0 && e.Settings.Label() < 0 {
		return nil
	}
	v := &View{model: d.Model(points), exact: e.Data().Exact(), label: e.Settings.Label(),
		x: make([]float32, 2*points), out: make([]float32, 2*points),
		wide: make([]float64, 2*points)}
	if v.label >= v.model.Classes() {
		v.label = -1 // of data with one class alone, which the network was not shown
	}
	v.rows, v.labels = [][]float32{v.out}, []int{v.label}
	return v
}

// Model returns the network.
func (v *View) Model() *lab.Model { return v.model }

// Level returns the noise level of a timestep: that of the network if it knows only one, and never
// none at all.
func (v *View) Level(t int) schedule.Level { return v.model.Level(v.time(t)) }

// time is what the network is told at a timestep.
func (v *View) time(t int) float64 {
	if one, only := v.model.Only(); only {
		return one
	}
	if v.model.Flow() {
		t = max(t, 1) // there is no noise at 0
	}
	return float64(t)
}

// Exact reports whether the exact answer is known.
func (v *View) Exact() bool { return v.exact != nil }

// Epsilon writes the model's ε̂ at timestep t to dst, [points][2], for the noisy points x, of the
// class that the recipe draws. Guidance is not in it. dst may alias x.
func (v *View) Epsilon(dst, x []float64, t int) { v.predict(dst, x, t, schedule.Epsilon) }

// predict writes what the model says of noisy points in a kind of prediction.
func (v *View) predict(dst, x []float64, t int, kind schedule.Prediction) {
	for i, value := range x {
		v.x[i] = float32(value)
	}
	v.model.Predict(v.rows, v.x, v.time(t), v.labels)
	for i, value := range v.out {
		v.wide[i] = float64(value)
	}
	v.Level(t).Convert(dst, x, v.wide, v.model.Schedule().Config.PredictionType, kind)
}

// ExactEpsilon writes the exact E[ε | x] to dst, see Epsilon; it may be called where Exact is true.
// dst may not alias x.
func (v *View) ExactEpsilon(dst, x []float64, t int) {
	var x0 [2]float64
	l := v.Level(t)
	for i := 0; i < len(x); i += 2 {
		v.exact.Denoise(x0[:], dst[i:i+2], x[i:i+2], l, v.label)
	}
}

// Density returns the density of the data: the exact one, or where it is not known one that is made
// of held-out points with a little spread.
func (e *Experiment) Density() (*mixture.Mixture, error) {
	if exact := e.Data().Exact(); exact != nil {
		return exact, nil
	}
	const points, spread = 1000, 0.03
	x, classes := make([]float64, 2*points), make([]int, points)
	e.Data().Sample(x, classes, plane.Key{Seed: e.Settings.Seed, Stream: plane.HeldOut})
	parts := make([]mixture.Component, points)
	for i := range parts {
		parts[i] = mixture.Component{Weight: 1, Mean: x[2*i : 2*i+2], StdDev: spread,
			Class: classes[i]}
	}
	return mixture.New(parts)
}
