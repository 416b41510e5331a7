package experiment

import (
	"iter"

	"tweedie/sampler/bound"
	"tweedie/sampler/lab"
	"tweedie/sampler/lab/keys"
	"tweedie/sampler/lab/vae"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
)

// autoencoder is m=vae: encoders and decoders of one level of latents or more.
type autoencoder struct {
	*vae.Training
	own *plane.Distribution // the data, apart from the training's
}

func newVAE(s *keys.Settings, c lab.Config) (a autoencoder, err error) {
	if a.own, err = s.Distribution(); err != nil {
		return a, err
	}
	a.Training, err = vae.New(vae.Config{Data: c.Data, Seed: c.Seed, Levels: s.Levels,
		Units: c.Units, Layers: c.Layers, Octaves: c.Octaves, Batch: c.Batch, Rule: c.Rule,
		Steps: c.Steps, Kernels: c.Kernels})
	return a, err
}

func (a autoencoder) data() *plane.Distribution { return a.own }

func (a autoencoder) draw(s *keys.Settings) (Drawing, recipe.Recipe, error) {
	return vae.NewDrawing(a.Model(), s.Points, s.Seed), recipe.Recipe{}, nil
}

// streamLatents is the stream of held-out points' latents, one draw for each level.
const streamLatents = plane.HeldOut + 1

func (a autoencoder) judge(e *Experiment, _ []float32) iter.Seq[*Measure] {
	return func(yield func(*Measure) bool) {
		for _, m := range a.likelihood(e) {
			if !yield(&m) {
				return
			}
		}
	}
}

// likelihood returns the bound of held-out data, and its terms.
func (a autoencoder) likelihood(e *Experiment) []Measure {
	m, seed := a.Model(), e.Settings.Seed
	held := lab.HeldOut(a.own, seed, mostJudged, 0)
	z := make([][]float64, m.Levels())
	for i := range z {
		z[i] = make([]float64, len(held))
		noise.Normal(z[i], seed, streamLatents, uint32(i))
	}
	evidence := bound.Evaluate(m, held, 2, z)
	list := ofEvidence(evidence)
	list[0].Real, list[0].Beside = exactLikelihood(a.own, held), exactDensity
	return list
}

// ofEvidence returns a bound, and its terms.
func ofEvidence(evidence bound.Evidence) []Measure {
	measure := func(name string, at int, values []float64) Measure {
		mean, deviation := estimate(values)
		return Measure{Name: name, At: at, Value: mean, Error: deviation, Real: none}
	}
	list := []Measure{measure("bound", -1, evidence.Bound()),
		measure("reconstruction", -1, evidence.Reconstruction)}
	for i, level := range evidence.Levels {
		list = append(list, measure("divergence", i+1, level))
	}
	return list
}
