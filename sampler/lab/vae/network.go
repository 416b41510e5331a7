package vae

import (
	"tweedie/sampler/portable"
	"tweedie/sampler/train"
)

// web is the whole network of a training step: from a point through all encoders and back through
// each decoder.
type web struct {
	program *train.Program
	x       *train.Value // [2], or [Pixels] of pictures
	levels  []level
}

// level is one level of latents, with the encoder and the decoder below it.
type level struct {
	noise       *train.Value // [2] unit noise
	mean, logit *train.Value // [2] of q(z_t|z_{t−1}), see logSigmoid
	z           *train.Value // [2]
	decoded     *train.Value // [2] mean of p(z_{t−1}|z_t), or [Pixels] log odds of ink
	spread      *train.Value // [1] see logVariance; nil of pictures
}

func newWeb(c *Config, o train.Options) *web {
	w := new(web)
	w.program = train.Compile(o, func(t *train.Compiler) {
		w.x = t.Input(c.width())
		at := w.x
		for i := range c.Levels {
			var l level
			l.mean, l.logit = encoder(t, c, at, i+1)
			l.noise = t.Input(2)
			l.z = t.Output(t.Add(l.mean, t.Multiply(t.Sigmoid(l.logit), l.noise)))
			l.decoded, l.spread = decoder(t, c, l.z, i+1)
			w.levels = append(w.levels, l)
			at = l.z
		}
	})
	return w
}

// encoder adds the network of q(z_t|z_{t−1}). From a latent it begins near the latent itself.
func encoder(t *train.Compiler, c *Config, from *train.Value, n int) (mean, logit *train.Value) {
	if c.pictures() {
		return pictureEncoder(t, c, from)
	}
	out := stack(t, c, "encoder."+string(rune('0'+n))+".", from, 4)
	mean, logit = t.Slice(out, 0, 2), t.Slice(out, 2, 2)
	if n > 1 {
		mean = t.Add(from, mean)
	}
	return t.Output(mean), t.Output(logit)
}

// decoder adds the network of p(z_{t−1}|z_t), and the number that its variance follows from. To a
// latent it begins near z_t itself.
func decoder(t *train.Compiler, c *Config, from *train.Value, n int) (mean, spread *train.Value) {
	if c.pictures() {
		return pictureDecoder(t, c, from), nil
	}
	name := "decoder." + string(rune('0'+n)) + "."
	mean = stack(t, c, name, from, 2)
	if n > 1 {
		mean = t.Add(from, mean)
	}
	spread, _ = t.Table(name+"spread", 1, 1)
	return t.Output(mean), t.Output(spread)
}

// stack adds a network of a point and its octaves.
func stack(t *train.Compiler, c *Config, name string, from *train.Value, width int) *train.Value {
	scale := t.Input(1 + c.Octaves)
	for i := range scale.Data {
		scale.Data[i] = 1
	}
	h := t.Hidden(name, t.Octaves(from, scale, c.Octaves), c.Units, c.Layers)
	return t.Linear(name+"out", h, width)
}

// logSigmoid returns log(1/(1 + e⁻ˣ)), by which an encoder's network says the log of a standard
// deviation. None is above 1, that of p(z_T), where no level gains anything.
func logSigmoid(x float64) float64 {
	return min(x, 0) - portable.Log1p(portable.Exp(-max(x, -x)))
}

// leastVariance is added to the variance that a decoder learns. The density of data as thin as a
// line has no bound, and a decoder would follow it to variances that float32 cannot hold.
const leastVariance = 1e-4

// A decoder's standard deviation begins at about e^−begin. Of points it begins small, about 0.02,
// so that the latents are worth their divergence from the first step: from 1, a decoder learns one
// wide Gaussian and no latent is ever used (posterior collapse, Sønderby et al., arXiv:1602.02282).
const (
	beginPoints  = 4.0
	beginLatents = 2.0
)

// logVariance returns the log of the variance of p(z_{n−1}|z_n), e^(2(s − begin)) + leastVariance
// for the learned number s, and its derivative by s.
func logVariance(s float64, n int) (log, slope float64) {
	begin := beginLatents
	if n == 1 {
		begin = beginPoints
	}
	learned := portable.Exp(float64(2 * (s - begin)))
	variance := learned + leastVariance
	return portable.Log(variance), 2 * learned / variance
}
