package bound

import (
	"math"

	"tweedie/sampler/portable"
)

// drawTwo draws the cleaner picture, two timesteps before t (the clean one itself at the end), and
// from it the picture of t: q(x_t|x_back) = N(√(ᾱ_t/ᾱ_back)·x_back, (1 − ᾱ_t/ᾱ_back)·I).
func (b *Bound) drawTwo(c *link, draw int) {
	b.normal(b.z, c.t, draw, true)
	for i, v := range b.x0 {
		b.back[i] = float64(c.backLevel.Signal*v) + float64(c.backLevel.Noise*b.z[i])
	}
	b.normal(b.z, c.t, draw, false)
	keep := float64((1 - c.beta) * (1 - c.ownBefore))
	signal, added := math.Sqrt(keep), math.Sqrt(c.beta+float64((1-c.beta)*c.ownBefore))
	for i, v := range b.back {
		b.xt[i] = float64(signal*v) + float64(added*b.z[i])
	}
}

// consistency is E[log q(x_prev|x_back) − log p(x_prev|x_t)] over x_prev given both its neighbours.
//
// Luo 45 writes KL(q(x_prev|x_back) ‖ p(x_prev|x_t)) under the expectation over (x_back, x_t).
// Taken literally, that draws x_prev again, without regard to x_t, and adds up to a nat per
// dimension for each timestep. In the line before it (Luo 44) all three variables are drawn
// together. Here x_prev is integrated out given the other two, q(x_prev|x_back,x_t) being the
// Gaussian whose precision is 1/β_prev + α_t/β_t, so two variables remain to be drawn, and the sum
// over t is exactly that of the denoising form.
func (b *Bound) consistency(c *link, variance []float64) float64 {
	alpha, alphaBefore := 1-c.beta, 1-c.ownBefore
	v := c.ownBefore * c.beta / (c.beta + float64(alpha*c.ownBefore))
	fromBack, fromXt := v*math.Sqrt(alphaBefore)/c.ownBefore, v*math.Sqrt(alpha)/c.beta
	keep, logOwn := math.Sqrt(alphaBefore), c.logBefore
	sum := 0.0
	for i, back := range b.back {
		xt := b.xt[i]
		mean := float64(fromBack*back) + float64(fromXt*xt)
		own := mean - float64(keep*back)
		other := mean - c.mean(b.hat[i], xt)
		logP := c.logVariance(b.options.Variance, variance, i)
		sum += float64(0.5 * (logP - logOwn - (v+float64(own*own))/c.ownBefore +
			(v+float64(other*other))/portable.Exp(logP)))
	}
	return sum
}
