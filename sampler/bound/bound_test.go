package bound

import (
	"math"
	"strings"
	"testing"

	"tweedie/sampler/conditional"
	"tweedie/sampler/mixture"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// oracle is the exact denoiser of a mixture; with a variance its second half of the output is
// sin(3x)/2, or what log makes of it.
type oracle struct {
	*mixture.Model
	channels int
	log      bool
}

func (o *oracle) OutChannels() int { return o.channels }
func (o *oracle) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	halves := make([][]float64, len(out))
	for i := range out {
		halves[i] = out[i][:len(x)]
		for j := range out[i][len(x):] {
			v := 0.5 * portable.Sin(3*x[j])
			if o.log {
				v = -3 + v
			}
			out[i][len(x)+j] = v
		}
	}
	o.Model.PredictFloat64(halves, x, t, labels)
}

// components are of two classes over [1,1,2].
var components = []mixture.Component{
	{Weight: 1, Mean: []float64{0.4, -0.5}, StdDev: 0.2},
	{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.1, Class: 1},
}

func newOracle(t testing.TB, kind schedule.Prediction, variance schedule.Variance,
	steps int) (*oracle, *schedule.Schedule) {
	t.Helper()
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	c := schedule.Default()
	c.PredictionType, c.NumTrainTimesteps = kind, steps
	if steps < 100 { // betas that end in noise all the same
		c.BetaStart, c.BetaEnd = 0.002, 0.4
	}
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	model, err := mixture.NewModel(m, s, 1, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	o := &oracle{model, 1, variance != schedule.LearnedRange}
	if !fixed(variance) {
		o.channels = 2
	}
	return o, s
}

var picture = []float64{2*170.0/255 - 1, 2*70.0/255 - 1}

// all runs a bound to its end.
func all(t testing.TB, model conditional.Model, o Options) (*Bound, []Term) {
	t.Helper()
	b, err := New(picture, model, o)
	if err != nil {
		t.Fatal(err)
	}
	var terms []Term
	for b.Next() {
		terms = append(terms, b.Term())
	}
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	return b, terms
}

// everyVariance but Learned, whose network must predict positive numbers; see TestLearnedVariance.
var everyVariance = []schedule.Variance{
	schedule.FixedSmall, schedule.FixedSmallLog, schedule.FixedLarge, schedule.FixedLargeLog,
	LearnedLog, schedule.LearnedRange,
}

// transcription is the denoising term as in the textbook: means and variances of two Gaussians,
// then their divergence (Luo 86, 92).
func transcription(s *schedule.Schedule, o *Options, model *oracle, b *Bound, t int) float64 {
	z, x := make([]float64, 2), make([]float64, 2)
	b.keyed(z, t, 0, false)
	s.Forward(x, picture, z, t)
	out := [][]float64{make([]float64, model.channels*2)}
	model.PredictFloat64(out, x, float64(t), []int{o.Label})
	xt, predicted := s.MeanCoefficients(t, s.Config.PredictionType)
	p, nats := s.Posterior(t, t-1), 0.0
	if t == 0 {
		p = s.Posterior(1, 0)
	}
	for i := range x {
		variance := p.Variance
		if t == 0 && (o.Variance == schedule.FixedLarge || o.Variance == schedule.FixedLargeLog) {
			variance = s.Posterior(1, 0).Variance
		} else if o.Variance == schedule.FixedLarge || o.Variance == schedule.FixedLargeLog {
			variance = s.Betas[t]
		}
		switch o.Variance {
		case LearnedLog:
			variance = math.Exp(out[0][2+i])
		case schedule.LearnedRange:
			f := (out[0][2+i] + 1) / 2
			variance = math.Pow(s.Betas[t], f) * math.Pow(p.Variance, 1-f)
		}
		mean := xt*x[i] + predicted*out[0][i]
		if t == 0 {
			cdf := func(v float64) float64 { return 0.5 * math.Erfc(-v/math.Sqrt2) }
			nats -= math.Log(max(1e-12,
				cdf((picture[i]-mean+1.0/255)/math.Sqrt(variance))-cdf(
					(picture[i]-mean-1.0/255)/math.Sqrt(variance))))
			continue
		}
		q := p.X0*picture[i] + p.Xt*x[i]
		nats += 0.5 * (math.Log(variance/p.Variance) - 1 + p.Variance/variance +
			(mean-q)*(mean-q)/variance)
	}
	return nats / 2 / math.Ln2
}

// TestTranscription compares every reading and every variance with the textbook, and the readings
// with each other.
func TestTranscription(t *testing.T) {
	for _, variance := range everyVariance {
		var reference []Term
		for _, kind := range []schedule.Prediction{schedule.Epsilon, schedule.Sample,
			schedule.V, schedule.Score} {
			model, s := newOracle(t, kind, variance, 20)
			o := Standard(s)
			o.Variance, o.Clip, o.CDF, o.Label = variance, math.Inf(1), ErfCDF, 1
			b, terms := all(t, model, o)
			for i, term := range terms {
				want := transcription(s, &o, model, b, term.T)
				if !(distance(term.Bits, want, 1e-2) <= 1e-9) {
					t.Errorf("%s, %s, timestep %d: %.15g, want %.15g",
						kind, variance, term.T, term.Bits, want)
				}
				if reference != nil && !(distance(term.Bits, reference[i].Bits, 1e-2) <= 1e-12 &&
					distance(term.X0MSE, reference[i].X0MSE, 1e-3) <= 1e-12) {
					t.Errorf("%s, %s, timestep %d: %v, by another reading %v",
						kind, variance, term.T, term, reference[i])
				}
			}
			if reference == nil {
				reference = terms
			}
		}
	}
}

// positive predicts the variance itself instead of its logarithm.
type positive struct{ *oracle }

func (p positive) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	p.oracle.PredictFloat64(out, x, t, labels)
	for i := range out {
		for j := range out[i][len(x):] {
			out[i][len(x)+j] = portable.Exp(out[i][len(x)+j])
		}
	}
}

// TestLearnedVariance checks that a variance and its logarithm give the same
// bound.
func TestLearnedVariance(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, LearnedLog, 20)
	o := Standard(s)
	o.Variance = LearnedLog
	_, want := all(t, model, o)
	o.Variance = schedule.Learned
	_, got := all(t, positive{model}, o)
	for i := range got {
		if !(distance(got[i].Bits, want[i].Bits, 1e-3) <= 1e-12) {
			t.Errorf("timestep %d: %v, want %v", got[i].T, got[i].Bits, want[i].Bits)
		}
	}
}

// TestOneTimestep is the bound of a variational autoencoder: −log p(x|z) + KL(q(z|x)‖p(z)) with z =
// x_T and a decoder that is the denoiser (Luo 19).
func TestOneTimestep(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, schedule.FixedSmall, 20)
	for _, step := range []int{0, 7, 19} {
		for _, form := range []Form{Denoising, Consistency} {
			o := Standard(s)
			o.Timesteps, o.Clip, o.CDF, o.Form = []int{step}, math.Inf(1), ErfCDF, form
			b, terms := all(t, model, o)
			l, bar := s.At(step), s.AlphaBar[step]
			z, latent, out := make([]float64, 2), make([]float64, 2),
				[][]float64{make([]float64, 2)}
			b.keyed(z, step, 0, false)
			kl, reconstruction := 0.0, 0.0
			for i, v := range picture {
				latent[i] = l.Signal*v + l.Noise*z[i]
				kl += 0.5 * (bar*v*v + (1 - bar) - 1 - math.Log(1-bar))
			}
			model.PredictFloat64(out, latent, float64(step), []int{-1})
			for i, v := range picture {
				decoded := (latent[i] - l.Noise*out[0][i]) / l.Signal
				at := func(x float64) float64 {
					return 0.5 *
						math.Erfc(-(x-decoded)/math.Sqrt(2*(1-bar)))
				}
				reconstruction -= math.Log(at(v+1.0/255) - at(v-1.0/255))
			}
			if len(terms) != 1 || !(distance(b.Prior(), kl/2/math.Ln2, 1) <= 1e-13) ||
				!(distance(terms[0].Bits, reconstruction/2/math.Ln2, 1) <= 1e-11) {
				t.Errorf("%s, timestep %d: prior %v and %v, want %v and %v",
					form, step, b.Prior(), terms, kl/2/math.Ln2, reconstruction/2/math.Ln2)
			}
			if b.Total() != b.Prior()+terms[0].Bits {
				t.Errorf("total %v of %v and %v", b.Total(), b.Prior(), terms[0].Bits)
			}
		}
	}
}

// TestBoundIsABound compares with the probability of the picture's bin under the mixture. The bound
// must lie above it, and only slightly with a thousand timesteps, the exact denoiser and the
// variance β. With β̃, the right variance for data of single points, the first timesteps lose some
// tenths of a bit here.
func TestBoundIsABound(t *testing.T) {
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	density := m.LogDensity(picture, schedule.Level{Signal: 1}, -1)
	exact := (math.Log(127.5) - density/2) / math.Ln2
	for variance, loss := range map[schedule.Variance]float64{schedule.FixedLarge: 0.15,
		schedule.FixedSmall: 0.8} {
		model, s := newOracle(t, schedule.Epsilon, variance, 1000)
		o := Standard(s)
		o.Clip, o.Draws, o.Variance = math.Inf(1), 300, variance
		b, _ := all(t, model, o)
		t.Logf("%s: bound %.4f ± %.4f bits per dimension, exact %.4f",
			variance, b.Total(), b.StandardError(), exact)
		gap := b.Total() - exact
		if !(gap > -3*b.StandardError() && gap < loss+3*b.StandardError()) {
			t.Errorf("%s: the bound is %v ± %v bits per dimension, and the exact value %v",
				variance, b.Total(), b.StandardError(), exact)
		}
	}
}

func TestNextAllocatesNothing(t *testing.T) {
	for _, form := range []Form{Denoising, Consistency} {
		model, s := newOracle(t, schedule.V, schedule.FixedLarge, 1000)
		o := Standard(s)
		o.Form, o.Draws = form, 2
		b, err := New(picture, model, o)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(5, func() { b.Next() }); n > 1 { // the oracle's slice
			t.Errorf("%s: %v allocations", form, n)
		}
	}
}

// TestNoiseIsKeyed checks that the noise of a timestep depends neither on other timesteps nor on
// the number of draws.
func TestNoiseIsKeyed(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, schedule.FixedSmall, 20)
	o := Standard(s)
	_, full := all(t, model, o)
	o.Timesteps = []int{19, 12, 5, 0}
	_, some := all(t, model, o)
	for _, term := range some {
		if want := full[19-term.T]; term.X0MSE != want.X0MSE {
			t.Errorf("timestep %d: mse %v in a chain of four, %v in the whole",
				term.T, term.X0MSE, want.X0MSE)
		}
	}
	o.Timesteps, o.Draws = nil, 2
	_, two := all(t, model, o)
	for i, term := range two {
		if !math.IsNaN(full[i].Variance) || !(term.Variance >= 0) || term.Bits == full[i].Bits {
			t.Errorf("timestep %d: two draws give %v, one %v", term.T, term, full[i])
		}
		// The other draw is 2·mean − first, and half the squared difference is the variance.
		d := full[i].Bits - (2*term.Bits - full[i].Bits)
		if !(math.Abs(term.Variance-d*d/2) <= 1e-9*max(1, d*d)) {
			t.Errorf("timestep %d: variance %v, want %v", term.T, term.Variance, d*d/2)
		}
	}
}

// broken predicts NaN at one timestep.
type broken struct{ *oracle }

func (b broken) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	b.oracle.PredictFloat64(out, x, t, labels)
	if t == 5 {
		out[0][1] = math.NaN()
	}
}

func TestErrors(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, schedule.FixedSmall, 20)
	cases := []struct {
		says string
		set  func(o *Options)
	}{
		{"the form must be", func(o *Options) { o.Form = "" }},
		{"the distribution function must be", func(o *Options) { o.CDF = "sin" }},
		{`no variance type "large"`, func(o *Options) { o.Variance = "large" }},
		{"needs a network that predicts it",
			func(o *Options) { o.Variance = schedule.LearnedRange }},
		{"the clip range must be above 0", func(o *Options) { o.Clip = 0 }},
		{"draws must be from 1", func(o *Options) { o.Draws = 0 }},
		{"no class 2", func(o *Options) { o.Label = 2 }},
		{"guidance must be from 0", func(o *Options) { o.Guidance = -1 }},
		{"one timestep or more", func(o *Options) { o.Timesteps = []int{} }},
		{"timestep 5, number 1, must be below 5", func(o *Options) { o.Timesteps = []int{5, 5} }},
		{"timestep 20, number 0, must be below 20", func(o *Options) { o.Timesteps = []int{20} }},
		{"timestep -1", func(o *Options) { o.Timesteps = []int{3, -1} }},
	}
	for _, c := range cases {
		o := Standard(s)
		c.set(&o)
		if _, err := New(picture, model, o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	for says, x := range map[string][]float64{
		"the picture has 1 values": {0}, "element 1 is 0.5": {1, 0.5},
		"element 0 is NaN": {math.NaN(), 1}, "element 1 is 1.0078": {1, 1 + 2.0/255},
	} {
		if _, err := New(x, model, Standard(s)); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
	}
	other := s.Config
	solver := &other.Solver
	solver.Network, solver.SigmaMin = schedule.EDM, 0.002
	solver.SigmaMax, solver.SigmaData = 80, 0.5
	edm, err := schedule.New(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(picture, model, Standard(edm)); err == nil ||
		!strings.Contains(err.Error(), "a network of the family edm") {
		t.Errorf("error %v", err)
	}
	_, err = NewFlow(picture, model, FlowOptions{Schedule: edm, Guidance: 1, Steps: 5})
	if err == nil || !strings.Contains(err.Error(), "a network of the family edm") {
		t.Errorf("error %v", err)
	}
	b, err := New(picture, broken{model}, Standard(s))
	if err != nil {
		t.Fatal(err)
	}
	for b.Next() {
	}
	if b.Done() != 14 || b.Err() == nil ||
		!strings.Contains(b.Err().Error(), "at timestep 5 is not finite") {
		t.Errorf("%d timesteps done, error %v", b.Done(), b.Err())
	}
}

// TestQuantise checks that the result is accepted as a picture and that no value moves by more than
// half a bin.
func TestQuantise(t *testing.T) {
	x, dst := []float64{-2, -1, -0.9999, 0, 0.3, 0.99, 1, 7}, make([]float64, 8)
	Quantise(dst, x)
	if err := checkPicture(dst, 8, false); err != nil {
		t.Error(err)
	}
	for i, v := range x {
		if d := math.Abs(dst[i] - min(max(v, -1), 1)); !(d <= 1.0/255+1e-15) {
			t.Errorf("%v becomes %v", v, dst[i])
		}
	}
}

// TestResume interrupts a bound at every timestep: continued from its terms, it is the same to the
// bit.
func TestResume(t *testing.T) {
	model, s := newOracle(t, schedule.Epsilon, schedule.FixedSmall, 12)
	for _, form := range []Form{Denoising, Consistency} {
		o := Standard(s)
		o.Form, o.Draws = form, 3
		whole, terms := all(t, model, o)
		for left := range len(terms) + 1 {
			b, err := New(picture, model, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Resume(terms[:left]); err != nil {
				t.Fatal(err)
			}
			for i := left; b.Next(); i++ {
				if b.Term() != terms[i] {
					t.Errorf("%s, left after %d: term %d is %v, want %v",
						form, left, i, b.Term(), terms[i])
				}
			}
			if b.Done() != len(terms) || b.Total() != whole.Total() ||
				b.StandardError() != whole.StandardError() {
				t.Errorf("%s, left after %d: total %v ± %v, want %v ± %v",
					form, left, b.Total(), b.StandardError(), whole.Total(), whole.StandardError())
			}
		}
		b, err := New(picture, model, o)
		if err != nil {
			t.Fatal(err)
		}
		for says, wrong := range map[string][]Term{"term 0 to go on from is of timestep 10, and " +
			"timestep 11": terms[1:], "13 terms to go on from where 12": append(terms, Term{})} {
			if err := b.Resume(wrong); err == nil || !strings.Contains(err.Error(), says) ||
				b.Done() != 0 {
				t.Errorf("%s: error %v after %d terms, want %q", form, err, b.Done(), says)
			}
		}
	}
}
