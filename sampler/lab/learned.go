package lab

import (
	"encoding/binary"
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/kernels"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
	"tweedie/weights"
)

// Learned is the name of the noise schedule that is trained with its network.
const Learned = "learned"

// The ends of a learned schedule, −log SNR of the first timestep and of the last. They are fixed:
// the bound hardly depends on them once the one is nearly clean and the other nearly noise.
const (
	cleanest = -10.0
	noisiest = 8.0
)

// A learned schedule takes a step after every pace training steps, on the errors of parts parts of
// the timesteps, of which every step forgets a share.
const (
	pace     = 10
	parts    = 50
	features = 16
	keep     = 0.9
	// leastError is that of a part, in shares of the mean: parts with hardly an error would take
	// all of ω's rise.
	leastError = 0.02
)

// adaptive is a schedule ω(u) = −log SNR, the monotone network of schedule.LearnedSNR, that learns
// where noise levels should lie. The variational bound of many timesteps depends on the ends of ω
// only; what ω does between them is the variance of its estimate from random timesteps, and that is
// what is minimised (Kingma et al., arXiv:2107.00630, §5.1 and appendix I).
//
// With e(u), the mean square error of ε̂, the loss of a timestep is ½ω'(u)·e(u). The gradient of
// its mean square by ω is −½g'(u)·e(u) with g = ω'·e, as integration by parts shows. Here ∫ω'²·e du
// is minimised with e held fixed. Its gradient is −2g'(u), which leads to the same ω, that of the
// same loss at all timesteps, and needs no derivative of the denoiser by its noise.
type adaptive struct {
	program *train.Program
	u, raw  *train.Value // [1]
	learner *train.Optimiser
	good    []float32      // weights before the last step
	sums    [parts]float64 // of squares of errors
	counts  [parts]float64 // of points
	table   *schedule.Schedule
	err     error
}

// newAdaptive begins with a log SNR that falls evenly.
func newAdaptive(c *Config, base schedule.Config) *adaptive {
	a := &adaptive{table: &schedule.Schedule{Config: base, Betas: make([]float64, T),
		AlphaBar: make([]float64, T)}}
	set := c.Kernels
	if set == nil {
		set = kernels.Best()
	}
	a.program = train.Compile(train.Options{Kernels: set, Batch: T}, func(t *train.Compiler) {
		a.u = t.Input(1)
		line := t.Rising("schedule.l1", a.u, 1)
		bends := t.Sigmoid(t.Rising("schedule.l2", line, features))
		a.raw = t.Output(t.Add(line, t.Rising("schedule.l3", bends, 1)))
	})
	err := a.program.Load(func(name string) (values []float32) {
		switch name {
		case "schedule.l1.weight":
			return []float32{1}
		case "schedule.l1.bias", "schedule.l3.bias":
			return []float32{0}
		}
		for i := range features {
			switch name { // bends that are spread evenly
			case "schedule.l2.weight":
				values = append(values, steepness)
			case "schedule.l2.bias":
				values = append(values, -steepness*(float32(i)+0.5)/features)
			default:
				values = append(values, 1.0/features)
			}
		}
		return values
	})
	if err != nil {
		panic("lab: " + err.Error()) // the values above are of the network's shapes
	}
	rule := c.Rule
	rule.Warmup, rule.Steps, rule.Decay, rule.Average = rule.Warmup/pace, rule.Steps/pace, 0, 0
	a.learner = train.NewOptimiser(a.program, rule)
	a.good = make([]float32, len(a.program.Weights))
	a.refresh()
	return a
}

// steepness is that of a bend at first.
const steepness = 8

// evaluate returns ω̃ at rows places that are evenly spaced from 0 to 1: its start and its rise.
func (a *adaptive) evaluate(rows int) (start, rise float64) {
	for i := range rows {
		a.u.Row(i)[0] = float32(float64(i) / float64(rows-1))
	}
	a.program.Forward(rows)
	start = float64(a.raw.Row(0)[0])
	return start, float64(a.raw.Row(rows - 1)[0]) - start
}

// refresh computes ᾱ of every timestep. It reports whether it falls.
func (a *adaptive) refresh() bool {
	start, rise := a.evaluate(T)
	bar := a.table.AlphaBar
	falls := true
	for t := range bar {
		share := (float64(a.raw.Row(t)[0]) - start) / rise
		level := schedule.LevelOfLogSNR(-(cleanest + float64((noisiest-cleanest)*share)))
		bar[t] = float64(level.Signal * level.Signal)
		falls = falls && bar[t] < 1 && (t == 0 || bar[t] < bar[t-1])
	}
	return falls
}

// see takes the square error of ε̂ at a timestep.
func (a *adaptive) see(t int, square float64) {
	part := t * parts / T
	a.sums[part] += square
	a.counts[part]++
}

// step takes a step on the errors that were seen. It reports whether the table has changed.
func (a *adaptive) step() bool {
	mean := 0.0
	for i, n := range a.counts {
		if n == 0 {
			return false // a small batch has not been everywhere yet
		}
		mean += a.sums[i] / n / parts
	}
	_, rise := a.evaluate(parts + 1)
	clear(a.raw.Grad[:(parts+1)*a.raw.Stride])
	at := func(i int) *float32 { return &a.raw.Grad[i*a.raw.Stride] }
	loss, pull := 0.0, 0.0 // pull is that of the rise
	for i := range parts {
		// The slope of ω in this part, 1 where it is even, and its error as a share of the mean.
		slope := float64(parts*(float64(a.raw.Row(i + 1)[0])-float64(a.raw.Row(i)[0]))) / rise
		e := max(a.sums[i]/a.counts[i]/mean, leastError)
		loss += float64(e*float64(slope*slope)) / parts
		g := 2 * e * slope / rise
		*at(i + 1) += float32(g)
		*at(i) -= float32(g)
		pull += float64(g*slope) / parts
		a.sums[i], a.counts[i] = float64(keep*a.sums[i]), float64(keep*a.counts[i])
	}
	*at(parts) -= float32(pull)
	*at(0) += float32(pull)
	a.program.Backward(parts + 1)
	copy(a.good, a.program.Weights)
	if a.err = a.learner.Step(a.program.Gradient, loss); a.err == nil && !a.refresh() {
		copy(a.program.Weights, a.good)
		a.refresh()
		a.err = errors.New("lab: the learned schedule no longer tells one timestep from the next " +
			"in its step " + strconv.Itoa(a.learner.Steps()) + "; a lower learning rate may help")
	}
	return a.err == nil
}

// tensors returns the schedule as schedule.TakeLearnedSNR reads it: the weights as they act, none
// negative, and the ends.
func (a *adaptive) tensors() []train.Tensor {
	list := a.program.Tensors(a.program.Weights)
	for i := range list {
		if len(list[i].Shape) == 1 {
			continue
		}
		for j, v := range list[i].Values {
			list[i].Values[j] = max(v, -v)
		}
	}
	return append(list, train.Tensor{Name: "schedule.gamma", Shape: []int{2},
		Values: []float32{cleanest, noisiest}})
}

// fixed returns the present schedule, which does not change any more.
func (a *adaptive) fixed() *schedule.Schedule {
	var f weights.File
	for _, t := range a.tensors() {
		x := weights.Tensor{Name: t.Name, DType: weights.F32, Shape: t.Shape}
		for _, v := range t.Values {
			x.Data = binary.LittleEndian.AppendUint32(x.Data, math.Float32bits(v))
		}
		f.Tensors = append(f.Tensors, x)
	}
	l, _, err := schedule.TakeLearnedSNR(&f)
	if err == nil {
		var s *schedule.Schedule
		if s, err = l.Schedule(a.table.Config); err == nil {
			return s
		}
	}
	panic("lab: " + err.Error()) // step takes back what does not rise
}
