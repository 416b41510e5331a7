package experiment

import (
	"tweedie/sampler"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
)

// Way is how one sampler carries a point from noise to data.
type Way struct {
	Sampler string
	Fresh   bool // it takes fresh noise on its way
	// [clouds][steps+1][2], the noise first: one cloud, or with c=all one for each class. A way
	// that came to no number ends before it.
	Points [][]float64
}

// Ways carries one point through every sampler that the recipe can be drawn by, all from the same
// noise, with the same number of steps and with the network of the moment at which it was made.
type Ways struct {
	settings keys.Settings
	model    *lab.Model
	info     recipe.Info
	names    []string // of the samplers that are to come

	view *View      // nil once the noise is known
	x    [2]float64 // the point on its way to noise, then the noise
	t    int        // its timestep

	run *sampler.Run // of the last of done, or nil
	all []Way
}

// Ways returns the ways of the point that is at x, y at timestep t. Before the last timestep its
// noise is what the flow leads there. It is nil where View is.
func (e *Experiment) Ways(x, y float64, t int) (*Ways, error) {
	d, ok := e.kind.(diffusion)
	view := e.View(1)
	if !ok || view == nil {
		return nil, nil
	}
	w := &Ways{settings: e.Settings, names: e.Settings.Samplers(), view: view,
		x: [2]float64{x, y}, t: t}
	if _, one := view.model.Only(); one {
		w.t = lab.T - 1
	}
	w.settings.Points = 1
	var err error
	w.model, w.info, err = d.prepare(1)
	return w, err
}

// Next takes one step of one sampler. It returns false, and does nothing, after the last.
func (w *Ways) Next() bool {
	if w.view != nil {
		w.rise()
		return true
	}
	if w.run == nil {
		return w.begin()
	}
	way := &w.all[len(w.all)-1]
	if !w.run.Next() {
		for i, points := range way.Points { // where it came to no number one may be a step ahead
			way.Points[i] = points[:2*(w.run.Step()+1)]
		}
		w.run = nil
		return true
	}
	i := w.run.Image()
	way.Points[i] = append(way.Points[i], w.run.X(i)...)
	return true
}

// All returns the ways that are known so far.
func (w *Ways) All() []Way { return w.all }

// riseSteps bounds the steps from a point to its noise.
const riseSteps = 100

// rise takes a step from the point to its noise: of DDIM without fresh noise, backwards.
func (w *Ways) rise() {
	if w.t >= lab.T-1 {
		w.view = nil
		return
	}
	next := min(w.t+(lab.T+riseSteps-1)/riseSteps, lab.T-1)
	x, from, to := w.x[:], w.view.Level(w.t), w.view.Level(next)
	var e, x0 [2]float64
	w.view.Epsilon(e[:], x, w.t)
	from.X0(x0[:], x, e[:], schedule.Epsilon)
	for i := range x {
		x[i] = float64(to.Signal*x0[i]) + float64(to.Noise*e[i])
	}
	w.t = next
}

// begin begins with the next sampler. One that the network's levels do not suit is left out.
func (w *Ways) begin() bool {
	for len(w.names) > 0 {
		name := w.names[0]
		w.names = w.names[1:]
		s, err := w.settings.By(name)
		if err != nil {
			continue
		}
		run, err := drawn(&s, w.info, w.model)
		if err != nil {
			continue
		}
		way := Way{Sampler: name, Fresh: fresh(run), Points: make([][]float64, run.Images())}
		for i := range run.Images() {
			run.Picture(i).(*sampler.Trajectory).Restart(0, w.x[:])
			way.Points[i] = append(way.Points[i], w.x[:]...)
		}
		w.run, w.all = run, append(w.all, way)
		return true
	}
	return false
}

// fresh reports whether a run takes noise in its steps, so that its ways depend on the seed.
func fresh(run *sampler.Run) bool {
	s := run.Settings()
	k := solver.Named(s.Sampler)
	return s.Eta > 0 || s.Churn > 0 || k.Traits.Rule != "" || k.Traits.Variance
}
