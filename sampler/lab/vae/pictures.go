package vae

import (
	"tweedie/sampler/bound"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/train"
)

// A picture's pixel is the probability of ink. What a decoder learns is the likelihood of pictures
// whose pixels are ink or paper, drawn with these probabilities: their mean is taken, not one draw,
// so that nothing is rounded (Kingma and Welling, arXiv:1312.6114, appendix C.1).

// pictureEncoder is the encoder of pictures. The variance of a latent is the same along both axes,
// so that the latents of all pictures are a mixture of Gaussians that package mixture knows.
func pictureEncoder(t *train.Compiler, c *Config, from *train.Value) (mean, logit *train.Value) {
	const name = "encoder.1."
	out := t.Linear(name+"out", t.Hidden(name, from, c.Units, c.Layers), 3)
	both := t.Slice(out, 2, 1)
	return t.Output(t.Slice(out, 0, 2)), t.Output(t.Concat(both, both))
}

// pictureDecoder gives the log odds of a picture's ink.
func pictureDecoder(t *train.Compiler, c *Config, from *train.Value) *train.Value {
	const name = "decoder.1."
	return t.Output(t.Linear(name+"out", t.Hidden(name, from, c.Units, c.Layers), c.Pixels))
}

// choose fills x with pictures, each as likely as another.
func (t *Training) choose(draw uint32) {
	width, all := t.config.Pixels, t.config.Pictures
	n := len(all) / width
	noise.Uniform(t.noise[:t.config.Batch], t.config.Seed, streamData, draw)
	for i, u := range t.noise[:t.config.Batch] {
		for j, v := range all[min(int(u*float64(n)), n-1)*width:][:width] {
			t.x[i*width+j] = float64(v)
		}
	}
}

// logInk adds up log p(x|z) of a picture, pixel by pixel: Σ (x·o − max(o, 0)) − log Π (1 + e^−|o|)
// for ink x and log odds o. The product of a block takes one logarithm.
type logInk struct{ sum, product float64 }

// block is a number of pixels whose product float64 holds: each factor is 2 at most.
const block = 512

// add adds the pixel i, and returns the probability of its ink.
func (l *logInk) add(i int, ink, odds float64) (probability float64) {
	if i%block == 0 {
		l.sum, l.product = l.total(), 1
	}
	e := portable.Exp(-max(odds, -odds))
	l.sum += float64(ink*odds) - max(odds, 0)
	l.product *= 1 + e
	if odds < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

func (l *logInk) total() float64 {
	if l.product == 0 {
		return 0
	}
	return l.sum - portable.Log(l.product)
}

// ink returns −log p(x|z) of a row and writes its gradient.
func (l *level) ink(x *train.Value, row int, share float64) float64 {
	var log logInk
	grad := l.decoded.Grad[row*l.decoded.Stride:]
	for j, v := range x.Row(row) {
		ink := float64(v)
		p := log.add(j, ink, float64(l.decoded.Row(row)[j]))
		grad[j] = float32(share * (p - ink))
	}
	return -log.total()
}

// Ink writes to dst, [n][Pixels], the probability of ink in the pictures that latents, [n][2],
// decode to.
func (m *Model) Ink(dst, latents []float64) {
	m.Decode(dst, make([]float64, len(dst)), latents, 1)
	for i, odds := range dst {
		dst[i] = portable.Exp(logSigmoid(odds))
	}
}

// Evidence estimates the bound of pictures, [n][Pixels], as bound.Evaluate does that of points. z
// is the unit noise of their latents, [n][2].
func (m *Model) Evidence(pictures, z []float64) bound.Evidence {
	n := len(z) / 2
	e := bound.Evidence{Reconstruction: make([]float64, n), Levels: [][]float64{make([]float64, n)}}
	latent, logVariance := make([]float64, 2*n), make([]float64, 2*n)
	m.Encode(latent, logVariance, pictures, 1)
	for i, mean := range latent {
		e.Levels[0][i/2] += bound.NormalKL(-mean, logVariance[i], 0)
		latent[i] = mean + float64(portable.Exp(0.5*logVariance[i])*z[i])
	}
	odds := make([]float64, len(pictures))
	m.Decode(odds, make([]float64, len(pictures)), latent, 1)
	width := len(pictures) / n
	for i := range e.Reconstruction {
		var log logInk
		for j, ink := range pictures[i*width : (i+1)*width] {
			log.add(j, ink, odds[i*width+j])
		}
		e.Reconstruction[i] = log.total()
	}
	return e
}
