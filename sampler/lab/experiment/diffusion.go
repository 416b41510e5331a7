package experiment

import (
	"iter"
	"slices"

	"tweedie/sampler"
	"tweedie/sampler/bound"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
	"tweedie/sampler/train"
)

// diffusion is m=diffusion: a network that predicts, then the classifier that steers it if there is
// one, and any sampler.
type diffusion struct {
	*lab.Training
	guide *lab.Classifier     // nil without classifier guidance
	own   *plane.Distribution // the data, apart from the training's
}

// newDiffusion prepares a diffusion of the data that each call of data returns.
func newDiffusion(s *keys.Settings, c lab.Config, data func() (*plane.Distribution, error),
) (d diffusion, err error) {
	if d.own, err = data(); err != nil {
		return d, err
	}
	if c.Data, err = data(); err != nil {
		return d, err
	}
	if d.Training, err = lab.New(c); err != nil || s.GuideSteps == 0 {
		return d, err
	}
	if c.Data, err = data(); err != nil {
		return d, err
	}
	d.guide, err = lab.NewClassifier(c, s.GuideSteps)
	return d, err
}

func (d diffusion) Step() bool {
	if d.Training.Step() {
		return true
	}
	if d.guide == nil || d.Training.Err() != nil {
		return false
	}
	if d.guide.Done() == 0 {
		d.guide.Follow(d.Training)
	}
	return d.guide.Step()
}

func (d diffusion) Steps() int {
	if d.guide == nil {
		return d.Training.Steps()
	}
	return d.Training.Steps() + d.guide.Steps()
}

func (d diffusion) Done() int {
	if d.guide == nil {
		return d.Training.Done()
	}
	return d.Training.Done() + d.guide.Done()
}

func (d diffusion) Loss() float64 {
	if d.guide != nil && d.guide.Done() > 0 {
		return d.guide.Loss()
	}
	return d.Training.Loss()
}

func (d diffusion) Err() error {
	if err := d.Training.Err(); err != nil || d.guide == nil {
		return err
	}
	return d.guide.Err()
}

func (d diffusion) Tensors() []train.Tensor {
	list := d.Training.Tensors()
	if d.guide != nil {
		for _, x := range d.guide.Tensors() {
			x.Name = "classifier." + x.Name
			list = append(list, x)
		}
	}
	return list
}

func (d diffusion) Parameters() int {
	if d.guide == nil {
		return d.Training.Parameters()
	}
	return d.Training.Parameters() + d.guide.Parameters()
}

func (d diffusion) data() *plane.Distribution { return d.own }

func (d diffusion) draw(s *keys.Settings) (Drawing, recipe.Recipe, error) {
	run, err := d.run(s)
	if err != nil {
		return nil, recipe.Recipe{}, err
	}
	return run, run.Recipe(), nil
}

func (d diffusion) run(s *keys.Settings) (*sampler.Run, error) {
	m, info, err := d.prepare(s.Cloud())
	if err != nil {
		return nil, err
	}
	return drawn(s, info, m)
}

// prepare returns the present network for points points, and what a recipe has to know of it.
func (d diffusion) prepare(points int) (*lab.Model, recipe.Info, error) {
	m := d.Model(points)
	info := m.Info()
	if d.guide == nil {
		return m, info, nil
	}
	return m, info, info.Accompany(recipe.Guide{Classifier: d.guide.Judge(points),
		Name: info.Name + "-classifier", Names: d.guide.Names(), Scheduler: info.Scheduler,
	})
}

// drawn prepares a drawing with a network.
func drawn(s *keys.Settings, info recipe.Info, m *lab.Model) (*sampler.Run, error) {
	r, err := s.Sampling()
	if err != nil {
		return nil, err
	}
	run, err := sampler.NewRun(r, info, m)
	if err != nil {
		return nil, err
	}
	if s.Start > 0 {
		begin(run, s.Start)
	}
	return run, nil
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

// straightSteps is how many steps a flow's paths are followed for.
const straightSteps = 50

func (d diffusion) judge(e *Experiment, points []float32) iter.Seq[*Measure] {
	return func(yield func(*Measure) bool) {
		if e.Settings.Dropout == 0 {
			return // the network knows nothing of points without a class
		}
		m := d.Model(min(len(points)/2, mostJudged))
		if _, one := m.Only(); m.Flow() {
			bend := Measure{Name: "straightness", At: -1,
				Value: lab.Straightness(m, e.Settings.Seed, straightSteps), Real: none}
			if !yield(&bend) {
				return
			}
		} else if !one && e.Settings.Unconditional() && !d.likelihoods(e, yield) {
			return
		}
		d.scores(e, m, yield)
	}
}

// scores compares the score with the exact one, where that is known.
func (d diffusion) scores(e *Experiment, m *lab.Model, yield func(*Measure) bool) {
	exact, seed := e.Data().Exact(), e.Settings.Seed
	if exact == nil || e.Settings.Reflow > 0 { // whose velocity does not follow from the score
		return
	}
	_, n, _ := m.Shape()
	held := lab.HeldOut(e.Data(), seed, n, 0)
	times := measured
	if t, one := m.Only(); one {
		times = []float64{t}
	}
	for _, t := range times {
		score := Measure{Name: "score", At: int(t), Real: none,
			Value: lab.ScoreError(m, exact, held, seed, t)}
		if !yield(&score) {
			return
		}
		rare := Measure{Name: "rare", At: int(t), Real: none,
			Value: lab.RareScoreError(m, exact, seed, t)}
		if !yield(&rare) {
			return
		}
	}
}

// bounded is the number of held-out points whose bound is estimated, draws how often for each
// timestep, boundUnit of how many timesteps at once, and flowSteps the number of steps of the
// probability-flow ODE.
const (
	bounded   = 64
	draws     = 2
	boundUnit = 20
	flowSteps = 50
)

// likelihoods estimates the log likelihood of held-out data by the bound in both forms and by the
// flow. A network's answers that are not finite give none. It returns false where yield did.
func (d diffusion) likelihoods(e *Experiment, yield func(*Measure) bool) bool {
	held := lab.HeldOut(e.Data(), e.Settings.Seed, bounded, 0)
	m, exact := d.Model(bounded), exactLikelihood(e.Data(), held)
	for _, form := range []bound.Form{bound.Denoising, bound.Consistency} {
		b, err := lab.NewBound(m, held, form, draws, e.Settings.Seed)
		if err != nil {
			continue
		}
		for b.Next() {
			if b.Done()%boundUnit == 0 && !yield(nil) {
				return false
			}
		}
		if b.Err() != nil {
			continue
		}
		nats, deviation := lab.Nats(b)
		if !yield(&Measure{Name: string(form), At: -1, Value: nats, Error: deviation,
			Real: exact, Beside: exactDensity}) {
			return false
		}
	}
	nats, err := lab.FlowLikelihood(m, held, flowSteps)
	return err != nil || yield(&Measure{Name: "flow", At: -1, Value: nats,
		Real: exact, Beside: exactDensity})
}
