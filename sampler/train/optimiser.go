package train

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/portable"
)

// Rule says how weights follow from gradients: AdamW (Loshchilov and Hutter, arXiv:1711.05101,
// algorithm 2, with the decay times the learning rate as PyTorch has it), on gradients that are
// clipped by their norm, with a moving average.
type Rule struct {
	Rate         float64 // the largest learning rate, above 0
	Beta1, Beta2 float64 // shares that the means of the gradient and of its square keep, in [0, 1)
	Epsilon      float64 // added to the root of the mean square, above 0
	Decay        float64 // decoupled weight decay λ: a step takes away Rate·λ of each weight
	Clip         float64 // largest norm of the gradient; 0 for no limit
	// Average is the share that the moving average keeps in a step, in [0, 1). In step n, from 0,
	// it is at most (1+n)/(10+n), so that the average forgets where the weights began.
	Average float64
	Warmup  int // steps in which the rate rises from 0
	// Steps is the number of steps after which the rate has fallen to 0, by half a cosine
	// (Loshchilov and Hutter, arXiv:1608.03983); 0 for a rate that stays.
	Steps int
}

// Standard returns the rule that people begin with.
func Standard() Rule {
	return Rule{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Clip: 1, Average: 0.999}
}

// RateOf returns the learning rate of step n, counted from 0.
func (r *Rule) RateOf(n int) float64 {
	if n < r.Warmup {
		return r.Rate * float64(n+1) / float64(r.Warmup+1)
	}
	if r.Steps == 0 {
		return r.Rate
	}
	done := float64(n-r.Warmup) / float64(max(1, r.Steps-r.Warmup))
	return r.Rate * 0.5 * (1 + portable.Cos(float64(math.Pi*min(done, 1))))
}

// Optimiser changes the weights of a program. Its slices have the program's layout.
type Optimiser struct {
	Average []float32 // the moving average of the weights

	rule           Rule
	kernels        *kernels.Set
	training       *kernels.Training
	weights        []float32
	mean, square   []float32
	good           [4][]float32 // the state before the last step
	zero, sums     [kernels.Lanes]float32
	step           int
	power1, power2 float64 // Beta1 and Beta2 to the power of the number of steps
	err            error
}

// NewOptimiser begins with the program's present weights. It changes them in place.
func NewOptimiser(p *Program, r Rule) *Optimiser {
	if p.Gradient == nil {
		panic("train: a frozen program does not learn")
	}
	n := len(p.Weights)
	o := &Optimiser{rule: r, kernels: p.kernels, training: p.training, weights: p.Weights,
		power1: 1, power2: 1, Average: append([]float32(nil), p.Weights...),
		mean: make([]float32, n), square: make([]float32, n)}
	for i, s := range o.state() {
		o.good[i] = append([]float32(nil), s...)
	}
	return o
}

// state lists everything that a step changes.
func (o *Optimiser) state() [4][]float32 {
	return [4][]float32{o.weights, o.Average, o.mean, o.square}
}

// Steps returns the number of steps that have been taken.
func (o *Optimiser) Steps() int { return o.step }

// Err returns why the last Step failed, nil otherwise.
func (o *Optimiser) Err() error { return o.err }

// Step takes one step. gradient is that of the loss with respect to the weights, as Backward left
// it. If the loss or the gradient is not finite, the weights are already bad: Step takes back the
// step before, so that weights, average and moments are those that last gave a finite loss, and
// returns an error, as it does from then on. It allocates nothing else.
func (o *Optimiser) Step(gradient []float32, loss float64) error {
	if o.err != nil {
		return o.err
	}
	norm := o.norm(gradient)
	if loss-loss != 0 || norm-norm != 0 {
		for i, s := range o.state() {
			copy(s, o.good[i])
		}
		o.err = errors.New("train: the loss or its gradient is not finite in step " +
			strconv.Itoa(o.step+1) + "; a lower learning rate may help")
		o.step = max(o.step-1, 0)
		return o.err
	}
	for i, s := range o.state() {
		copy(o.good[i], s)
	}
	o.apply(gradient, norm)
	return nil
}

func (o *Optimiser) apply(gradient []float32, norm float64) {
	r := &o.rule
	o.power1, o.power2 = float64(o.power1*r.Beta1), float64(o.power2*r.Beta2)
	rate := r.RateOf(o.step)
	s := kernels.AdamStep{
		Scale: 1,
		Beta1: float32(r.Beta1), Fresh1: float32(1 - r.Beta1),
		Beta2: float32(r.Beta2), Fresh2: float32(1 - r.Beta2),
		Keep: float32(1 - float64(rate*r.Decay)), Rate: float32(rate / (1 - o.power1)),
		Root: float32(1 / math.Sqrt(1-o.power2)), Epsilon: float32(r.Epsilon),
	}
	if r.Clip > 0 && norm > r.Clip {
		s.Scale = float32(r.Clip / norm)
	}
	n := len(o.weights)
	o.training.Adam(o.weights, gradient, o.mean, o.square, n, s)
	keep := min(r.Average, float64(1+o.step)/float64(10+o.step))
	o.training.Follow(o.Average, o.weights, n, float32(1-keep))
	o.step++
}

// norm returns the Euclidean norm of the gradient, from the sums of squares of eight stripes.
func (o *Optimiser) norm(gradient []float32) float64 {
	const lanes = kernels.Lanes
	o.kernels.ChannelSums(gradient, lanes, len(gradient)/lanes, lanes, o.zero[:], o.sums[:])
	total := 0.0
	for _, v := range o.sums {
		total += float64(v)
	}
	return math.Sqrt(total)
}
