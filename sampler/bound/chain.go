package bound

import (
	"math"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// link is one step of the chain, from timestep t to the previous one, prev, which is −1 for the
// clean picture.
type link struct {
	t        int
	level    schedule.Level
	fromX0   float64 // mean of q(x_prev|x_t,x_0) = fromX0·x_0 + fromXt·x_t (Luo 84)
	fromXt   float64
	logSmall float64 // log β̃; at the chain's end, where β̃ is 0, that of the step before
	logLarge float64 // log β
	logFixed float64 // log of the variance of p(x_prev|x_t), of the fixed types
	beta     float64 // of the step: q(x_t|x_prev) has the mean √(1−β)·x_prev and this variance
	// For the consistency form: β of the step from prev to the timestep before it, its logarithm,
	// and the level there.
	ownBefore, logBefore float64
	backLevel            schedule.Level
}

// newChain computes the links of a chain of falling timesteps. Tables follow improved-diffusion, in
// its order of operations. With density the large variance is also that of the reconstruction.
func newChain(s *schedule.Schedule, timesteps []int, variance schedule.Variance,
	density bool) []link {
	chain := make([]link, len(timesteps))
	for i, t := range timesteps {
		bar, barPrev, prev := s.AlphaBar[t], 1.0, -1
		if i+1 < len(timesteps) {
			prev = timesteps[i+1]
			barPrev = s.AlphaBar[prev]
		}
		beta := 1 - bar/barPrev
		if prev == t-1 {
			beta = s.Betas[t] // without the division's rounding
		}
		small := beta * (1 - barPrev) / (1 - bar)
		chain[i] = link{
			t: t, level: s.At(t), beta: beta,
			fromX0:   beta * math.Sqrt(barPrev) / (1 - bar),
			fromXt:   (1 - barPrev) * math.Sqrt(1-beta) / (1 - bar),
			logSmall: portable.Log(small), logLarge: portable.Log(beta),
		}
	}
	last := len(chain) - 1
	chain[last].logSmall = chain[last].logLarge
	if last > 0 {
		chain[last].logSmall = chain[last-1].logSmall
	}
	for i := range chain {
		c := &chain[i]
		c.logFixed = c.logSmall
		large := variance == schedule.FixedLarge || variance == schedule.FixedLargeLog
		if large && (i < last || density) {
			c.logFixed = c.logLarge
		}
		c.backLevel = schedule.Level{Signal: 1}
		if i < last {
			c.ownBefore, c.logBefore = chain[i+1].beta, chain[i+1].logLarge
		}
		if i+1 < last {
			c.backLevel = chain[i+2].level
		}
	}
	return chain
}

// mean is that of one element of q(x_prev|x_t,x_0), and with x̂0 of p(x_prev|x_t).
func (c *link) mean(x0, xt float64) float64 {
	return float64(c.fromX0*x0) + float64(c.fromXt*xt)
}

// logVariance is the log of the variance of element i of p(x_prev|x_t), from what the network
// predicted.
func (c *link) logVariance(kind schedule.Variance, said []float64, i int) float64 {
	switch kind {
	case schedule.Learned:
		return portable.Log(said[i])
	case LearnedLog:
		return said[i]
	case schedule.LearnedRange:
		// From −1 for β̃ to 1 for β, between their logarithms (improved DDPM, arXiv:2102.09672,
		// equation 15).
		v := float64((said[i] + 1) / 2)
		return float64(v*c.logLarge) + float64((1-v)*c.logSmall)
	}
	return c.logFixed
}
