package bound

import (
	"math"

	"tweedie/sampler/conditional"
	"tweedie/sampler/portable"
)

// Hierarchy is a Markovian hierarchical VAE (Luo, §3): pictures z_0, latents z_1…z_T of their size,
// encoders q(z_t|z_{t−1}) and decoders p(z_{t−1}|z_t), Gaussians with a diagonal covariance, and
// p(z_T) = N(0, I). With one level it is a VAE (Kingma and Welling, arXiv:1312.6114).
type Hierarchy interface {
	// Levels returns T.
	Levels() int
	// Encode writes the mean and the log variance of q(z_t|z_{t−1}) for z_{t−1} in from, t from 1
	// to T. All hold any number of pictures and have the same length.
	Encode(mean, logVariance, from []float64, t int)
	// Decode writes those of p(z_{t−1}|z_t) for z_t in from.
	Decode(mean, logVariance, from []float64, t int)
}

// Evidence is an estimate of the bound of pictures, term by term and in nats: log p(x) is at least
// the expectation of Reconstruction minus all Levels.
type Evidence struct {
	Reconstruction []float64 // [pictures] log p(x|z_1)
	// Levels has log q(z_t|z_{t−1}) − log p(z_t|z_{t+1}) of each level, [T][pictures], the first
	// level first; p of the last is N(0, I). Their sum estimates the divergence of q from p, which
	// is not negative; one level's may be, for z_{t+1} was drawn from z_t.
	Levels [][]float64
}

// Bound returns the sum of the terms of each picture, [pictures].
func (e *Evidence) Bound() []float64 {
	sum := append([]float64(nil), e.Reconstruction...)
	for _, level := range e.Levels {
		for i, v := range level {
			sum[i] -= v
		}
	}
	return sum
}

// Evaluate estimates the bound of each picture from one draw of its latents. x: [pictures][size]. z
// is the unit noise of each level, [T][pictures][size].
//
// What is known in closed form is not drawn: E[log q(z_t|z_{t−1})] given z_{t−1}, and the last
// level's divergence.
func Evaluate(h Hierarchy, x []float64, size int, z [][]float64) Evidence {
	n, last := len(x)/size, h.Levels()
	e := Evidence{Reconstruction: make([]float64, n), Levels: make([][]float64, last)}
	mean, logVariance := make([]float64, len(x)), make([]float64, len(x))
	before := x
	for t := 1; t <= last; t++ {
		h.Encode(mean, logVariance, before, t)
		e.Levels[t-1] = make([]float64, n)
		latent := make([]float64, len(x))
		for i, m := range mean {
			v := logVariance[i]
			latent[i] = m + float64(portable.Exp(0.5*v)*z[t-1][i])
			if t == last {
				e.Levels[t-1][i/size] += NormalKL(-m, v, 0)
			} else {
				e.Levels[t-1][i/size] += NormalLogDensity(0, v) - 0.5
			}
		}
		h.Decode(mean, logVariance, latent, t)
		for i, m := range mean {
			log := NormalLogDensity(before[i]-m, logVariance[i])
			if t == 1 {
				e.Reconstruction[i/size] += log
			} else {
				e.Levels[t-2][i/size] -= log
			}
		}
		before = latent
	}
	return e
}

// diffusion is a diffusion model as the hierarchical VAE that it is (Luo, §4): encoders that only
// scale and add noise, q(x_t|x_{t−1}) = N(√α_t·x_{t−1}, (1−α_t)·I), and decoders that are
// q(x_{t−1}|x_t,x_0) with x̂0 for x_0.
type diffusion struct {
	options Options
	network *conditional.Network
	chain   []link
	hat     []float64 // [C·H·W]
}

// NewHierarchy returns a diffusion model as a hierarchical VAE, a level for each timestep of the
// chain, with the denoiser, the variances and the clipping that a Bound of these options has. Where
// the network's answer is not finite, neither is the bound.
func NewHierarchy(m conditional.Model, o Options) (Hierarchy, error) {
	n, err := conditional.New(m, o.Label, o.Guidance)
	if err != nil {
		return nil, err
	}
	n.Steer = o.Steer
	timesteps, err := o.check(n.Variance())
	if err != nil {
		return nil, err
	}
	return &diffusion{o, n, newChain(o.Schedule, timesteps, o.Variance, o.Density),
		make([]float64, n.Size())}, nil
}

// Levels returns the number of timesteps.
func (d *diffusion) Levels() int { return len(d.chain) }

// link returns that of a level: the chain has the noisiest first.
func (d *diffusion) link(t int) *link { return &d.chain[len(d.chain)-t] }

func (d *diffusion) Encode(mean, logVariance, from []float64, t int) {
	c := d.link(t)
	keep := math.Sqrt(1 - c.beta)
	for i, v := range from {
		mean[i], logVariance[i] = float64(keep*v), c.logLarge
	}
}

func (d *diffusion) Decode(mean, logVariance, from []float64, t int) {
	c := d.link(t)
	for at := 0; at < len(from); at += len(d.hat) {
		xt := from[at : at+len(d.hat)]
		variance, _ := d.options.clean(d.hat, xt, d.network, c)
		for i, v := range xt {
			mean[at+i] = c.mean(d.hat[i], v)
			logVariance[at+i] = c.logVariance(d.options.Variance, variance, i)
		}
	}
}
