package bound

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/conditional"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// Diverger is a model that knows the trace of ∂ε̂/∂x at state x, [C,H,W], and timestep t, as the
// exact denoiser of a mixture does.
type Diverger interface {
	EpsilonDivergence(x []float64, t float64, label int) float64
}

// FlowOptions say how the probability-flow ODE is followed.
type FlowOptions struct {
	Schedule *schedule.Schedule // its Config.PredictionType says what the network predicts
	Label    int                // a class, or conditional.NoClass
	Guidance float64            // 1 for the model as trained

	// Steps is the number of Heun steps, 1 to T−1, evenly spaced in log σ as far as timesteps
	// allow. Each step asks for two slopes.
	Steps int
	// Probes is the number of random directions that estimate the divergence (Hutchinson); 0 takes
	// the exact one of a Diverger.
	Probes int
	// ProbeStep is half the distance of the central differences, in √(1−ᾱ); 0 is 0.02, or 0.001 if
	// the model answers in float64.
	ProbeStep float64
	// Dequantise moves each value by uniform noise within its 8-bit bin, so that BitsPerDim bounds
	// the discrete likelihood.
	Dequantise bool
	// Steer adds to each answer, as classifier guidance does; nil adds nothing.
	Steer conditional.Steer

	Seed  uint64 // of the probes and of the noise of Dequantise
	Image uint32 // number of the picture in its noise
}

// probeDraws and dequantiseDraw keep a flow's noise apart from a Bound's.
const (
	probeDraws     = 3 << 30
	dequantiseDraw = probeDraws - 1
	maxProbes      = 1000
)

// Flow is the log likelihood of a picture by the probability-flow ODE, one solver step at a time
// from the cleanest timestep to the noisiest.
//
// In x̄ = x_t/√ᾱ_t and σ = √((1−ᾱ)/ᾱ) the ODE is dx̄/dσ = ε̂ (Karras et al., arXiv:2206.00364,
// equation 1 with s = 1), and along it d log p/dσ = −∇·ε̂ (Song et al., arXiv:2011.13456, equation
// 39): log p_0(x̄_0) = log N(x̄_T; 0, I/ᾱ_T) + ∫∇·ε̂ dσ. The picture is taken as x̄ at timestep 0,
// whose small noise is part of the density.
type Flow struct {
	options  FlowOptions
	network  *conditional.Network
	diverger Diverger
	nodes    []node
	x        []float64   // [C·H·W] x̄
	start    []float64   // [C·H·W] x̄ before the step
	slope    []float64   // [C·H·W] ε̂ at the start of the step
	moved    []float64   // [C·H·W] the state that the network sees
	ahead    []float64   // [C·H·W] ε̂ there, or one step of a probe ahead
	probes   [][]float64 // [Probes][C·H·W] ±1
	first    []float64   // [Probes or 1] divergences at the start of the step
	second   []float64   // and at its end
	gained   []float64   // [Probes or 1] ∫∇·ε̂ dσ so far
	step     int
	err      error
}

// node is a timestep that the solver visits.
type node struct {
	t     int
	level schedule.Level
	sigma float64
}

// nodes places steps+1 timesteps from 0 to T−1: as evenly in log σ as whole, distinct timesteps
// allow.
func nodes(s *schedule.Schedule, steps int) []node {
	last := s.T() - 1
	low, high := portable.Log(s.At(0).Sigma()), portable.Log(s.At(last).Sigma())
	placed := make([]node, steps+1)
	t := -1
	for i := range placed {
		log := low + float64((high-low)*(float64(i)/float64(steps)))
		near := int(math.Floor(s.Timestep(portable.Exp(log)) + 0.5))
		t = min(max(near, t+1), last-(steps-i))
		l := s.At(t)
		placed[i] = node{t, l, l.Sigma()}
	}
	return placed
}

// NewFlow prepares the flow of a picture, x0: [C,H,W] in [−1, 1], which is copied.
func NewFlow(x0 []float64, m conditional.Model, o FlowOptions) (*Flow, error) {
	n, err := conditional.New(m, o.Label, o.Guidance)
	if err != nil {
		return nil, err
	}
	if err := checkFamily(o.Schedule); err != nil {
		return nil, err
	}
	n.Steer = o.Steer
	f := &Flow{options: o, network: n}
	if o.Steer == nil { // which changes the divergence
		f.diverger, _ = m.(Diverger)
	}
	T := o.Schedule.T()
	switch {
	case len(x0) != n.Size():
		return nil, errors.New("bound: the picture has " + strconv.Itoa(len(x0)) +
			" values and the model's have " + strconv.Itoa(n.Size()))
	case o.Steps < 1 || o.Steps > T-1:
		return nil, errors.New("bound: the flow takes 1 to " + strconv.Itoa(T-1) + " steps, not " +
			strconv.Itoa(o.Steps))
	case o.Probes < 0 || o.Probes > maxProbes:
		return nil, errors.New("bound: probes must be from 0 to " + strconv.Itoa(maxProbes) +
			", not " + strconv.Itoa(o.Probes))
	case !(o.ProbeStep >= 0 && o.ProbeStep <= 1):
		return nil, errors.New("bound: the probe step must be from 0 to 1, not " +
			strconv.FormatFloat(o.ProbeStep, 'g', -1, 64))
	case o.Probes == 0 && f.diverger == nil:
		return nil, errors.New(
			"bound: this model does not know its divergence; estimate it with one probe or more")
	case o.Schedule.AlphaBar[T-1] == 0:
		return nil, errors.New(
			"bound: the last timestep has no signal left (rescale_betas_zero_snr), and the flow " +
				"has no σ for it")
	}
	if o.ProbeStep == 0 {
		f.options.ProbeStep = 0.02
		if n.Precise() && o.Steer == nil {
			f.options.ProbeStep = 0.001
		}
	}
	f.allocate(x0)
	return f, nil
}

func (f *Flow) allocate(x0 []float64) {
	o := &f.options
	f.nodes = nodes(o.Schedule, o.Steps)
	scratch := func() []float64 { return make([]float64, len(x0)) }
	f.x, f.start, f.slope, f.moved, f.ahead = scratch(), scratch(), scratch(), scratch(), scratch()
	copy(f.x, x0)
	if o.Dequantise {
		noise.Normal(f.moved, o.Seed, o.Image, dequantiseDraw)
		for i, z := range f.moved { // erf(z/√2) is uniform in (−1, 1)
			f.x[i] += float64(halfBin * portable.Erf(z/math.Sqrt2))
		}
	}
	estimates := max(o.Probes, 1)
	f.first, f.second = make([]float64, estimates), make([]float64, estimates)
	f.gained = make([]float64, estimates)
	for i := range o.Probes {
		v := scratch()
		noise.Normal(v, o.Seed, o.Image, probeDraws+uint32(i))
		for j, z := range v {
			v[j] = math.Copysign(1, z)
		}
		f.probes = append(f.probes, v)
	}
}

// Next does one step of Heun's method. It is false, and nothing is done, when all are done or one
// has failed; see Err. It allocates nothing.
func (f *Flow) Next() bool {
	if f.step >= f.options.Steps || f.err != nil {
		return false
	}
	from, to := &f.nodes[f.step], &f.nodes[f.step+1]
	h := to.sigma - from.sigma
	copy(f.start, f.x)
	if !f.slopes(f.slope, f.first, from) {
		return false
	}
	for i, e := range f.slope {
		f.x[i] += float64(h * e)
	}
	if !f.slopes(f.ahead, f.second, to) {
		return false
	}
	for i, e := range f.slope {
		f.x[i] = f.start[i] + float64(0.5*h*(e+f.ahead[i]))
	}
	first, second := quadrature(from.sigma, to.sigma)
	for i, d := range f.first {
		f.gained[i] += float64(first*d) + float64(second*f.second[i])
	}
	f.step++
	return true
}

// quadrature returns the weights of the divergences at two σ in the integral between them. They are
// exact for A/σ + B·σ, the divergence of a Gaussian where noise prevails and where it is nearly
// absent. So large steps do no harm: the last step of a cosine schedule multiplies σ by 30.
func quadrature(from, to float64) (first, second float64) {
	apart := portable.Log(to / from)
	rest := float64(apart * (float64(from*from) / (float64(to*to) - float64(from*from))))
	return from * (apart + rest - 0.5), to * (0.5 - rest)
}

// slopes writes ε̂ at x to dst and the divergences with respect to x̄, one for each probe, to
// divergence.
func (f *Flow) slopes(dst, divergence []float64, at *node) bool {
	a := at.level.Signal
	if f.options.Probes == 0 {
		for i, v := range f.x {
			f.moved[i] = float64(a * v)
		}
		d := f.diverger.EpsilonDivergence(f.moved, float64(at.t), f.network.Label())
		if f.network.Guided() {
			u := f.diverger.EpsilonDivergence(f.moved, float64(at.t), conditional.NoClass)
			d = u + float64(f.options.Guidance*(d-u))
		}
		divergence[0] = float64(a * d)
	}
	h := float64(f.options.ProbeStep * at.level.Noise) // ε̂ can change as fast as its noise is wide
	for k, v := range f.probes {
		sum := 0.0
		for _, side := range [2]float64{1, -1} {
			if !f.epsilon(f.ahead, at, v, side*h) {
				return false
			}
			for i, e := range f.ahead {
				sum += float64(side * float64(v[i]*e))
			}
		}
		divergence[k] = float64(a*sum) / (2 * h)
	}
	return f.epsilon(dst, at, nil, 0)
}

// epsilon writes ε̂ at √ᾱ·x̄ + by·direction to dst; a nil direction leaves the state.
func (f *Flow) epsilon(dst []float64, at *node, direction []float64, by float64) bool {
	for i, v := range f.x {
		f.moved[i] = float64(at.level.Signal * v)
		if direction != nil {
			f.moved[i] += float64(by * direction[i])
		}
	}
	said, _, ok := f.network.Evaluate(f.moved, float64(at.t))
	if !ok {
		f.err = errors.New("bound: " + conditional.Sentence(float64(at.t)))
		return false
	}
	at.level.Epsilon(dst, f.moved, said, f.options.Schedule.Config.PredictionType)
	return true
}

// State is what Resume needs beside the options and the number of finished steps: the picture's
// state and, for each probe, its integral so far.
func (f *Flow) State() []float64 { return append(append([]float64(nil), f.x...), f.gained...) }

// Resume continues an earlier flow of the same picture and options from its State after the given
// number of steps. What follows is the same to the last bit.
func (f *Flow) Resume(steps int, state []float64) error {
	switch {
	case steps < 0 || steps > f.options.Steps:
		return errors.New("bound: a flow of " + strconv.Itoa(f.options.Steps) +
			" steps cannot go on after " + strconv.Itoa(steps))
	case len(state) != len(f.x)+len(f.gained) || !conditional.Finite(state):
		return errors.New("bound: the flow goes on from " + strconv.Itoa(len(f.x)+len(f.gained)) +
			" finite numbers, not from " + strconv.Itoa(len(state)) + " such")
	}
	f.step = steps
	copy(f.x, state)
	copy(f.gained, state[len(f.x):])
	return nil
}

// LogDensity is log p of the picture in nats once all steps are done; before that, it takes the
// current state as the noise.
func (f *Flow) LogDensity() float64 {
	level, square, gained := f.nodes[f.step].level, 0.0, 0.0
	for _, v := range f.x {
		square += float64(v * v)
	}
	for _, g := range f.gained {
		gained += g
	}
	bar := float64(level.Signal * level.Signal)
	n := float64(len(f.x))
	return gained/float64(len(f.gained)) - float64(0.5*n*portable.Log(2*math.Pi/bar)) -
		float64(0.5*bar*square)
}

// BitsPerDim is −log₂ of the picture's probability per dimension, with the density taken to be
// constant over the bins of 8-bit data, of width 2/255 in each dimension. With Dequantise its mean
// over seeds is at least the true one (Theis et al., arXiv:1511.01844, §3.1).
func (f *Flow) BitsPerDim() float64 {
	return (portable.Log(127.5) - f.LogDensity()/float64(len(f.x))) / math.Ln2
}

// StandardError is that of LogDensity due to the probes, in nats; NaN with a single one, 0 with the
// exact divergence.
func (f *Flow) StandardError() float64 {
	k := float64(f.options.Probes)
	if k == 0 {
		return 0
	}
	mean, square := 0.0, 0.0
	for _, g := range f.gained {
		mean += g / k
	}
	for _, g := range f.gained {
		square += float64((g - mean) * (g - mean))
	}
	return math.Sqrt(square / (k - 1) / k)
}

// X is x̄ at the current timestep: [C,H,W], not to be changed, valid until the next Next.
func (f *Flow) X() []float64 { return f.x }

// T is the current timestep.
func (f *Flow) T() int { return f.nodes[f.step].t }

// Done is the number of finished solver steps.
func (f *Flow) Done() int { return f.step }

// Steps is the number of solver steps.
func (f *Flow) Steps() int { return f.options.Steps }

// Err is why Next ended early, nil otherwise.
func (f *Flow) Err() error { return f.err }
