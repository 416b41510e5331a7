package lab

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/kernels"
	"tweedie/sampler/plane"
	"tweedie/sampler/schedule"
	"tweedie/sampler/train"
)

// Loss names the weight of an error by its noise level.
type Loss string

// The losses. Each is a weight of the square error of what is predicted.
const (
	// Simple is DDPM's: the error of the prediction itself. For the score it is that of ε, because
	// the score of small noise would outweigh all else.
	Simple Loss = "simple"
	// Bound is the weight of the variational bound, ½(SNR(t−1) − SNR(t)) on x̂0 (Luo 108).
	Bound Loss = "bound"
	// MinSNR is min(SNR, 5) on x̂0 (Hang et al., arXiv:2303.09556).
	MinSNR Loss = "min-snr"
)

// Losses lists them.
func Losses() []string { return []string{string(Simple), string(Bound), string(MinSNR)} }

// families are the noise schedules, by their names in recipes and in package schedule.
var families = [][2]string{{"linear", "linear"}, {"cosine", "squaredcos_cap_v2"},
	{"sigmoid", "sigmoid"}}

// Straight is the schedule of a rectified flow, whose paths are straight lines: x = (1−σ)·x0 + σ·ε
// with σ = t/T, for networks that predict the flow's velocity ε − x0 (Liu et al., arXiv:2209.03003;
// Lipman et al., arXiv:2210.02747).
const Straight = "straight"

// Schedules lists the noise schedules.
func Schedules() (names []string) {
	for _, f := range families {
		names = append(names, f[0])
	}
	return append(names, Straight, Learned)
}

// clipRange is that of x̂0, beyond the square of the data: where there is hardly any signal, x̂0
// from a small error of ε is far away.
const clipRange = 1.5

// T is the number of training timesteps.
const T = 1000

// Config is everything that a trained model follows from.
type Config struct {
	Data       *plane.Distribution // not shared with another training
	Seed       uint64
	Prediction schedule.Prediction
	Loss       Loss
	Schedule   string // one of Schedules
	// Sigma is the one noise level σ that the network learns, as a network of the score that is for
	// Langevin dynamics at one level; 0 for all levels.
	Sigma   float64
	Units   int // of a hidden layer
	Layers  int // hidden ones
	Octaves int // of the point, that the network sees beside it
	Batch   int // points of a training step
	// Dropout is the share of the points that are shown without their class. With 1 the network has
	// no classes.
	Dropout float64
	Rule    train.Rule
	Steps   int
	// Reflow is the number of further training steps of a rectified flow, on pairs of noise and
	// where the flow that has been trained takes it, so that paths become straighter. A rate that
	// falls does so a second time.
	Reflow  int
	Kernels *kernels.Set // nil for the fastest
}

// Standard returns the configuration that people begin with, for some data.
func Standard(data *plane.Distribution) Config {
	c := Config{Data: data, Seed: 1, Prediction: schedule.V, Loss: Simple,
		Schedule: "cosine", Units: 64, Layers: 3, Octaves: 3, Batch: 512, Dropout: 1,
		Rule: train.Standard(), Steps: 2000}
	c.Rule.Rate, c.Rule.Average, c.Rule.Warmup = 0.02, 0.995, 50
	return c
}

// Noise returns the least and the most noise σ of a schedule, 0 and 0 where it has none that stays.
func Noise(name string) (least, most float64) {
	c := Config{Schedule: name, Prediction: schedule.V}
	s, a, err := c.table()
	if err != nil || name == Straight || a != nil {
		return 0, 0
	}
	return s.At(0).Sigma(), s.At(T - 1).Sigma()
}

// table returns the noise schedule; of a learned one, what it begins with.
func (c *Config) table() (*schedule.Schedule, *adaptive, error) {
	s := schedule.Default()
	s.NumTrainTimesteps, s.PredictionType = T, c.Prediction
	s.ClipSample, s.ClipSampleRange = true, clipRange
	switch c.Schedule {
	case Straight:
		s.Solver.Network, s.TimestepSpacing = schedule.Straight, schedule.Trailing
		table, err := schedule.New(s)
		return table, nil, err
	case Learned:
		if _, err := schedule.New(s); err != nil {
			return nil, nil, err
		}
		a := newAdaptive(c, s)
		return a.table, a, nil
	}
	i := slices.IndexFunc(families, func(f [2]string) bool { return f[0] == c.Schedule })
	if i < 0 {
		return nil, nil, errors.New("lab: there is no schedule " + strconv.Quote(c.Schedule) +
			"; there are " + strings.Join(Schedules(), ", "))
	}
	s.BetaSchedule = families[i][1]
	table, err := schedule.New(s)
	return table, nil, err
}

// check refuses what no network can be made of.
func (c *Config) check() error {
	switch {
	case c.Data == nil:
		return errors.New("lab: there are no data")
	case c.Units < 1 || c.Layers < 1 || c.Batch < 1 || c.Steps < 1 || c.Octaves < 0:
		return errors.New("lab: units, layers, batch and steps must be 1 or more")
	case !(c.Dropout >= 0 && c.Dropout <= 1):
		return errors.New("lab: the share of points without their class must be from 0 to 1")
	case !slices.Contains(Losses(), string(c.Loss)):
		return errors.New("lab: there is no loss " + strconv.Quote(string(c.Loss)) +
			"; there are " + strings.Join(Losses(), ", "))
	case c.Reflow < 0 || c.Reflow > 0 && c.Schedule != Straight:
		return errors.New("lab: only a rectified flow is trained on its own pairs")
	case c.Schedule == Straight && (c.Prediction != schedule.FlowVelocity || c.Loss != Simple):
		return errors.New("lab: a rectified flow predicts the flow's velocity with the simple loss")
	case c.Sigma != 0 && c.Loss != Simple:
		return errors.New("lab: one noise level leaves a loss nothing to weigh")
	}
	if least, most := Noise(c.Schedule); c.Sigma != 0 && !(c.Sigma >= least && c.Sigma <= most) {
		return errors.New("lab: the noise must be one of the schedule, from " + number(least) +
			" to " + number(most))
	}
	return nil
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
