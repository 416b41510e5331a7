package experiment

import (
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
	return run, run.Recipe(), nil
}

// measured are the timesteps at which the score is compared with the exact one.
var measured = []int{50, 200, 400, 600, 800}

func (d diffusion) measures(e *Experiment, points []float64) []Measure {
	list := fromData(e, points)
	exact := e.data.Exact()
	if exact == nil {
		return list
	}
	n := len(points) / 2
	m, held := d.Model(n), lab.HeldOut(e.data, e.Settings.Seed, n, 0)
	for _, t := range measured {
		list = append(list, Measure{Name: "score", At: t,
			Doc:   "error against the exact score, as one of ε",
			Value: lab.ScoreError(m, exact, held, e.Settings.Seed, t), Real: none})
	}
	return list
}
