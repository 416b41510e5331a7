package experiment

import (
	"slices"

	"tweedie/sampler"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/recipe"
)

// diffusion is m=diffusion: a network that predicts, and any sampler.
type diffusion struct{ *lab.Training }

func newDiffusion(c lab.Config) (diffusion, error) {
	t, err := lab.New(c)
	return diffusion{t}, err
}

func (d diffusion) draw(s *keys.Settings) (Drawing, recipe.Recipe, error) {
	r, err := s.Sampling()
	if err != nil {
		return nil, recipe.Recipe{}, err
	}
	m := d.Model(s.Cloud())
	run, err := sampler.NewRun(r, m.Info(), m)
	if err != nil {
		return nil, recipe.Recipe{}, err
	}
	if s.Start > 0 {
		begin(run, s.Start)
	}
	return run, run.Recipe(), nil
}

// begin moves the points of Langevin dynamics to where they start: noise of standard deviation
// start, in the place of the level's.
func begin(run *sampler.Run, start float64) {
	factor := start / run.Settings().Level
	for i := range run.Images() {
		x := slices.Clone(run.X(i))
		for j := range x {
			x[j] *= factor
		}
		run.Picture(i).(*sampler.Trajectory).Restart(0, x)
	}
}

// measured are the timesteps at which the score is compared with the exact one.
var measured = []float64{50, 200, 400, 600, 800}

// straightSteps are the steps along which a flow's paths are measured.
const straightSteps = 50

func (d diffusion) measures(e *Experiment, points []float64) []Measure {
	list := append(fromData(e, points), modes(e, points)...)
	n, seed := len(points)/2, e.Settings.Seed
	m := d.Model(n)
	if m.Flow() {
		list = append(list, Measure{Name: "straightness", At: -1,
			Doc:   "bend of the paths, mean ‖(Z1 − Z0) − dZ/dt‖²; 0 is straight",
			Value: lab.Straightness(m, seed, straightSteps), Real: none})
	}
	exact := e.data.Exact()
	if exact == nil || e.Settings.Reflow > 0 { // whose velocity does not follow from the score
		return list
	}
	held := lab.HeldOut(e.data, seed, n, 0)
	times := measured
	if t, one := m.Only(); one {
		times = []float64{t}
	}
	for _, t := range times {
		list = append(list,
			Measure{Name: "score", At: int(t),
				Doc:   "error against the exact score, as one of ε",
				Value: lab.ScoreError(m, exact, held, seed, t), Real: none},
			Measure{Name: "rare", At: int(t), Doc: "the same where data are rare",
				Value: lab.RareScoreError(m, exact, seed, t), Real: none})
	}
	return list
}
