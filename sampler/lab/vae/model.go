package vae

import (
	"slices"

	"tweedie/sampler/train"
)

// chunk is how many points are evaluated together.
const chunk = 512

// Model is a trained network at one moment of its training, by the moving average of its weights.
// It satisfies bound.Hierarchy. It holds scratch memory, so that one value serves one goroutine.
type Model struct {
	encoders, decoders []step
}

// step is an encoder or a decoder on its own. Of pictures what it says of them is [Pixels].
type step struct {
	program *train.Program
	from    *train.Value // [2]
	mean    *train.Value // [2]
	logit   *train.Value // [2] of an encoder, else nil
	log     float64      // of a decoder's variance
}

// Model returns the present model. Further training does not change it.
func (t *Training) Model() *Model {
	tensors := t.Tensors()
	weight := func(name string) []float32 {
		i := slices.IndexFunc(tensors, func(x train.Tensor) bool { return x.Name == name })
		return tensors[i].Values
	}
	o := train.Options{Kernels: t.config.Kernels, Batch: chunk, Frozen: true}
	m := new(Model)
	for n := 1; n <= t.config.Levels; n++ {
		var e, d step
		var spread *train.Value
		e.program = train.Compile(o, func(c *train.Compiler) {
			e.from = c.Input(t.config.width())
			e.mean, e.logit = encoder(c, &t.config, e.from, n)
		})
		d.program = train.Compile(o, func(c *train.Compiler) {
			d.from = c.Input(2)
			d.mean, spread = decoder(c, &t.config, d.from, n)
		})
		for _, s := range []*step{&e, &d} {
			if err := s.program.Load(weight); err != nil {
				panic("vae: " + err.Error()) // the optimiser keeps the weights finite
			}
		}
		if spread != nil {
			d.program.Forward(1)
			d.log, _ = logVariance(float64(spread.Row(0)[0]), n)
		}
		m.encoders, m.decoders = append(m.encoders, e), append(m.decoders, d)
	}
	return m
}

// Levels returns the number of levels of latents.
func (m *Model) Levels() int { return len(m.encoders) }

// Encode writes the mean and the log variance of q(z_t|z_{t−1}), see bound.Hierarchy. Points are
// two numbers each, pictures as many as they have pixels.
func (m *Model) Encode(mean, logVariance, from []float64, t int) {
	m.encoders[t-1].evaluate(mean, logVariance, from)
}

// Decode writes those of p(z_{t−1}|z_t); of pictures it writes the log odds of their ink to mean.
func (m *Model) Decode(mean, logVariance, from []float64, t int) {
	m.decoders[t-1].evaluate(mean, logVariance, from)
}

func (s *step) evaluate(mean, logVariance, from []float64) {
	for len(from) > 0 {
		n := min(chunk, len(from)/s.from.Width)
		fill(s.from, from[:s.from.Width*n])
		s.program.Forward(n)
		for i := range n {
			for j, v := range s.mean.Row(i) {
				mean[s.mean.Width*i+j], logVariance[s.mean.Width*i+j] = float64(v), s.log
				if s.logit != nil {
					logVariance[2*i+j] = float64(2 * logSigmoid(float64(s.logit.Row(i)[j])))
				}
			}
		}
		mean, logVariance = mean[s.mean.Width*n:], logVariance[s.mean.Width*n:]
		from = from[s.from.Width*n:]
	}
}
