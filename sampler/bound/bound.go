package bound

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/conditional"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
)

// Term is what one timestep adds to the bound, the mean over its draws.
type Term struct {
	T          int     // timestep
	Bits       float64 // bits per dimension; at the chain's last timestep the reconstruction
	Variance   float64 // of Bits between draws, for one draw; NaN if there was only one
	X0MSE      float64 // mean square of x̂0 − x0
	EpsilonMSE float64 // mean square of ε̂ − ε, with ε̂ of the clipped x̂0: SNR(t)·X0MSE
}

// Bound is the variational bound of one picture, term by term from the noisiest timestep to the
// cleanest.
type Bound struct {
	options Options
	network *conditional.Network
	chain   []link
	x0      []float64 // [C·H·W] the picture
	xt      []float64 // [C·H·W] a noisy version of it
	back    []float64 // [C·H·W] consistency: one of two timesteps before
	hat     []float64 // [C·H·W] x̂0
	z       []float64 // [C·H·W] unit noise
	step    int
	term    Term
	prior   float64
	sum     float64 // of the terms
	error2  float64 // square of the standard error of sum
	err     error

	// normal fills dst with the unit noise of a timestep's draw, second for the cleaner of the
	// consistency form's two pictures.
	normal func(dst []float64, t, draw int, second bool)
}

// New prepares the bound of a picture, x0: [C,H,W], which is copied. It has the 256 values −1 +
// 2k/255 of 8-bit data or, with Density, any.
func New(x0 []float64, m conditional.Model, o Options) (*Bound, error) {
	n, err := conditional.New(m, o.Label, o.Guidance)
	if err != nil {
		return nil, err
	}
	n.Steer = o.Steer
	timesteps, err := o.check(n.Variance())
	if err != nil {
		return nil, err
	}
	if err := checkPicture(x0, n.Size(), o.Density); err != nil {
		return nil, err
	}
	scratch := func() []float64 { return make([]float64, len(x0)) }
	b := &Bound{
		options: o, network: n, chain: newChain(o.Schedule, timesteps, o.Variance, o.Density),
		x0: append([]float64(nil), x0...), xt: scratch(), back: scratch(),
		hat: scratch(), z: scratch(),
	}
	b.prior = b.priorBits()
	b.normal = b.keyed
	return b, nil
}

// secondDraw marks the draws of the cleaner of two noisy pictures.
const secondDraw = 1 << 31

// keyed fills dst with noise that depends only on the seed, the picture, the timestep and the draw,
// not on the chain or the number of draws.
func (b *Bound) keyed(dst []float64, t, draw int, second bool) {
	number := uint32(draw*b.options.Schedule.T() + t)
	if second {
		number |= secondDraw
	}
	noise.Normal(dst, b.options.Seed, b.options.Image, number)
}

// priorBits is the mean over dimensions of KL(q(x_T|x_0) ‖ N(0, I)) in bits. The consistency form
// compares the chain's last step: there it is the expectation of KL(q(x_T|x_{T−1}) ‖ N(0, I)) over
// x_{T−1}.
func (b *Bound) priorBits() float64 {
	first := &b.chain[0]
	bar, square := b.options.Schedule.AlphaBar[first.t], 0.0
	for _, v := range b.x0 {
		square += float64(v * v)
	}
	square /= float64(len(b.x0))
	// ½(ᾱ·x0² + (1−ᾱ) − 1 − log(1−ᾱ)) without the terms that cancel; the consistency form has β
	// under the logarithm.
	nats := 0.5 * (float64(bar*square) - bar - portable.Log1p(-bar))
	if b.options.Form == Consistency {
		nats = 0.5 * (float64(bar*square) - bar - first.logLarge)
	}
	return nats / math.Ln2
}

// Next does one timestep. It is false, and nothing is done, when all are done or one has failed;
// see Err. It allocates nothing.
func (b *Bound) Next() bool {
	if b.step >= len(b.chain) || b.err != nil {
		return false
	}
	c := &b.chain[b.step]
	sum, squares, mse := 0.0, 0.0, 0.0
	for draw := range b.options.Draws {
		bits, x0MSE, ok := b.draw(c, draw)
		if !ok {
			b.err = errors.New("bound: " + conditional.Sentence(float64(c.t)))
			return false
		}
		// Welford's update: the sum of squares about the mean so far.
		off := bits - sum/max(1, float64(draw))
		sum += bits
		if draw > 0 {
			squares += float64(off * (bits - sum/float64(draw+1)))
		}
		mse += x0MSE
	}
	draws := float64(b.options.Draws)
	snr := float64(c.level.Signal*c.level.Signal) / float64(c.level.Noise*c.level.Noise)
	term := Term{
		T: c.t, Bits: sum / draws, Variance: math.NaN(),
		X0MSE: mse / draws, EpsilonMSE: snr * mse / draws,
	}
	if b.options.Draws > 1 {
		term.Variance = squares / (draws - 1)
	}
	b.add(term)
	return true
}

// add adds a timestep's term to the sums.
func (b *Bound) add(term Term) {
	b.term = term
	b.sum += term.Bits
	b.error2 += term.Variance / float64(b.options.Draws)
	b.step++
}

// Resume continues an earlier Bound of the same picture, model and options after its terms, given
// in order: the next call of Next does the timestep after them, and the sums are those of an
// uninterrupted Bound. It fails, and changes nothing, if the terms are not of the timesteps that
// come next.
func (b *Bound) Resume(terms []Term) error {
	if left := len(b.chain) - b.step; len(terms) > left {
		return errors.New("bound: there are " + strconv.Itoa(len(terms)) +
			" terms to go on from where " + strconv.Itoa(left) + " timesteps are left")
	}
	for i, term := range terms {
		if want := b.chain[b.step+i].t; term.T != want {
			return errors.New("bound: term " + strconv.Itoa(i) + " to go on from is of timestep " +
				strconv.Itoa(term.T) + ", and timestep " + strconv.Itoa(want) + " comes there")
		}
	}
	for _, term := range terms {
		b.add(term)
	}
	return nil
}

// draw estimates the term of a link, in bits per dimension, from one draw of the noisy pictures.
func (b *Bound) draw(c *link, draw int) (bits, x0MSE float64, ok bool) {
	end := b.step == len(b.chain)-1
	if b.options.Form == Denoising || end {
		b.normal(b.z, c.t, draw, false)
		for i, v := range b.x0 {
			b.xt[i] = float64(c.level.Signal*v) + float64(c.level.Noise*b.z[i])
		}
	} else {
		b.drawTwo(c, draw)
	}
	variance, ok := b.options.clean(b.hat, b.xt, b.network, c)
	if !ok {
		return 0, 0, false
	}
	nats := 0.0
	switch {
	case end:
		nats = b.reconstruction(c, variance)
	case b.options.Form == Denoising:
		nats = b.denoising(c, variance)
	default:
		nats = b.consistency(c, variance)
	}
	square := 0.0
	for i, v := range b.hat {
		d := v - b.x0[i]
		square += float64(d * d)
	}
	n := float64(len(b.x0))
	return nats / n / math.Ln2, square / n, nats-nats == 0
}

// clean writes x̂0 of the network at xt, the state of a link, to hat, both [C·H·W], and returns the
// other half of its answer. ok is false if the answer is not finite.
func (o *Options) clean(hat, xt []float64, n *conditional.Network, c *link) (variance []float64,
	ok bool) {
	said, variance, ok := n.Evaluate(xt, float64(c.t))
	c.level.X0(hat, xt, said, o.Schedule.Config.PredictionType)
	if !math.IsInf(o.Clip, 1) {
		for i, v := range hat {
			hat[i] = min(max(v, -o.Clip), o.Clip)
		}
	}
	return variance, ok
}

// reconstruction is −log p(x0|x_1), of the discretised Gaussian or of the density.
func (b *Bound) reconstruction(c *link, variance []float64) float64 {
	sum := 0.0
	for i, v := range b.x0 {
		mean, log := c.mean(b.hat[i], b.xt[i]), c.logVariance(b.options.Variance, variance, i)
		if b.options.Density {
			sum -= NormalLogDensity(v-mean, log)
		} else {
			sum -= DiscretisedLogLikelihood(v, mean, 0.5*log, b.options.CDF)
		}
	}
	return sum
}

// denoising is KL(q(x_prev|x_t,x_0) ‖ p(x_prev|x_t)). The two means have the same multiple of x_t,
// so they differ by fromX0·(x_0 − x̂0) (Luo 99).
func (b *Bound) denoising(c *link, variance []float64) float64 {
	sum := 0.0
	for i, v := range b.x0 {
		sum += NormalKL(float64(c.fromX0*(v-b.hat[i])), c.logSmall,
			c.logVariance(b.options.Variance, variance, i))
	}
	return sum
}

// Term is the result of the last Next.
func (b *Bound) Term() Term { return b.term }

// Prior is the prior term in bits per dimension. It is known from the start and has no variance.
func (b *Bound) Prior() float64 { return b.prior }

// Total is the sum of the prior term and all terms so far, in bits per dimension: the bound, once
// all steps are done.
func (b *Bound) Total() float64 { return b.prior + b.sum }

// StandardError is that of Total, from the differences between draws; NaN with one draw for each
// timestep.
func (b *Bound) StandardError() float64 { return math.Sqrt(b.error2) }

// Done is the number of finished timesteps.
func (b *Bound) Done() int { return b.step }

// Steps is the number of timesteps in all.
func (b *Bound) Steps() int { return len(b.chain) }

// Err is why Next ended early, nil otherwise.
func (b *Bound) Err() error { return b.err }
