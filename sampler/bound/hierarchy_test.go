package bound

import (
	"math"
	"testing"

	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
)

// place is data of a density, not of 8-bit values.
var place = []float64{0.35, -0.41}

// continuous returns a model and the options of its bound as a density.
func continuous(t testing.TB, variance schedule.Variance, steps int) (*oracle, Options) {
	t.Helper()
	model, s := newOracle(t, schedule.V, variance, steps)
	o := Standard(s)
	o.Variance, o.Density, o.Clip = variance, true, 0.9
	return model, o
}

// total runs a bound of place to its end.
func total(t testing.TB, model *oracle, o Options) (b *Bound, terms []Term) {
	t.Helper()
	b, err := New(place, model, o)
	if err != nil {
		t.Fatal(err)
	}
	for b.Next() {
		terms = append(terms, b.Term())
	}
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	return b, terms
}

// nats are those of a number of bits per dimension.
func nats(bits float64) float64 { return bits * 2 * math.Ln2 }

// TestOneTimestepIsAVAE: with T = 1 the sum of the denoising terms is empty, and the bound of the
// diffusion model is that of the VAE whose encoder adds the noise and whose decoder is the
// denoiser: reconstruction − KL(q(x_1|x_0)‖p(x_1)), for the same network and the same noise, in
// both forms.
func TestOneTimestepIsAVAE(t *testing.T) {
	for _, variance := range []schedule.Variance{schedule.FixedSmall, schedule.FixedLarge,
		LearnedLog} {
		for _, step := range []int{0, 9, 19} {
			for _, form := range []Form{Denoising, Consistency} {
				model, o := continuous(t, variance, 20)
				o.Timesteps, o.Form = []int{step}, form
				b, terms := total(t, model, o)
				h, err := NewHierarchy(model, o)
				if err != nil {
					t.Fatal(err)
				}
				z := make([]float64, 2)
				b.keyed(z, step, 0, false)
				e := Evaluate(h, place, 2, [][]float64{z})
				for _, c := range [][2]float64{{e.Reconstruction[0], -nats(terms[0].Bits)},
					{e.Levels[0][0], nats(b.Prior())}, {e.Bound()[0], -nats(b.Total())}} {
					if h.Levels() != 1 || !(distance(c[0], c[1], 1e-3) <= 1e-9) {
						t.Errorf("%s, %s, timestep %d: as a VAE %v, as diffusion %v", variance,
							form, step, c[0], c[1])
					}
				}
			}
		}
	}
}

// TestDiffusionIsAHierarchy: the bound of the hierarchical VAE whose encoders are the forward
// process has, timestep by timestep, the denoising terms of the diffusion model's, for the same
// noise. The VAE draws x_prev between x_0 and x_t and the diffusion's term has it integrated out; a
// square in it is integrated exactly by Gauss and Hermite's rule of two nodes, ±1.
func TestDiffusionIsAHierarchy(t *testing.T) {
	for _, variance := range []schedule.Variance{schedule.FixedSmall, schedule.FixedLarge,
		LearnedLog} {
		model, o := continuous(t, variance, 20)
		b, terms := total(t, model, o)
		h, err := NewHierarchy(model, o)
		if err != nil {
			t.Fatal(err)
		}
		s := o.Schedule
		z, xt := make([]float64, 2), make([]float64, 2)
		mean, logVar := make([]float64, 2), make([]float64, 2)
		for _, term := range terms {
			b.keyed(z, term.T, 0, false)
			s.Forward(xt, place, z, term.T)
			level, got := term.T+1, 0.0
			h.Decode(mean, logVar, xt, level)
			if term.T == 0 {
				for i, v := range place {
					got -= NormalLogDensity(v-mean[i], logVar[i])
				}
			} else {
				got = denoisingOfHierarchy(h, s, xt, mean, logVar, term.T)
			}
			if want := nats(term.Bits); !(distance(got, want, 1e-2) <= 1e-9) {
				t.Errorf("%s, timestep %d: as a hierarchy %v, as diffusion %v", variance, term.T,
					got, want)
			}
		}
	}
}

// denoisingOfHierarchy is E[log q(x_prev|x_t,x_0) − log p(x_prev|x_t)] by the encoders: by Bayes,
// q(x_prev|x_t,x_0) = q(x_t|x_prev)·q(x_prev|x_0)/q(x_t|x_0). mean and logVar are those of p.
func denoisingOfHierarchy(h Hierarchy, s *schedule.Schedule, xt, mean, logVar []float64,
	t int) float64 {
	marginal := func(x float64, i, t int) float64 { // log q(x_t|x_0)
		l := s.At(t)
		return NormalLogDensity(x-l.Signal*place[i], 2*math.Log(l.Noise))
	}
	p, sum := s.Posterior(t, t-1), 0.0
	own, ownLog := make([]float64, 2), make([]float64, 2)
	for _, node := range []float64{-1, 1} {
		previous := make([]float64, 2)
		p.Mean(previous, xt, place)
		for i := range previous {
			previous[i] += node * math.Sqrt(p.Variance)
		}
		h.Encode(own, ownLog, previous, t+1)
		for i, v := range previous {
			log := NormalLogDensity(xt[i]-own[i], ownLog[i]) + marginal(v, i, t-1) -
				marginal(xt[i], i, t)
			sum += (log - NormalLogDensity(v-mean[i], logVar[i])) / 2
		}
	}
	return sum
}

// TestHierarchyAgrees: drawn along the chain of encoders, the bound has the mean of both forms.
func TestHierarchyAgrees(t *testing.T) {
	const draws = 4000
	model, o := continuous(t, schedule.FixedLarge, 20)
	h, err := NewHierarchy(model, o)
	if err != nil {
		t.Fatal(err)
	}
	var x []float64
	for range draws {
		x = append(x, place...)
	}
	z := make([][]float64, h.Levels())
	for i := range z {
		z[i] = make([]float64, len(x))
		noise.Normal(z[i], 1, 2, uint32(i))
	}
	e := Evaluate(h, x, 2, z)
	mean, square := 0.0, 0.0
	for _, v := range e.Bound() {
		mean += v / draws
	}
	for _, v := range e.Bound() {
		square += (v - mean) * (v - mean) / draws / (draws - 1)
	}
	for _, form := range []Form{Denoising, Consistency} {
		o.Form, o.Draws = form, 1000
		b, _ := total(t, model, o)
		want, deviation := -nats(b.Total()), nats(b.StandardError())
		t.Logf("%s: %.4f ± %.4f nats; drawn along the chain %.4f ± %.4f", form, want, deviation,
			mean, math.Sqrt(square))
		if !(math.Abs(mean-want) <= 4*math.Hypot(deviation, math.Sqrt(square))) {
			t.Errorf("%s: %v ± %v nats, and drawn along the chain %v ± %v", form, want, deviation,
				mean, math.Sqrt(square))
		}
	}
}

// TestDensity: the bound of a density lies below the exact one, and not far.
func TestDensity(t *testing.T) {
	model, o := continuous(t, schedule.FixedLarge, 1000)
	o.Draws, o.Clip = 100, math.Inf(1)
	b, _ := total(t, model, o)
	got, deviation := -nats(b.Total()), nats(b.StandardError())
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	exact := m.LogDensity(place, schedule.Level{Signal: 1}, -1)
	if gap := exact - got; !(gap > -3*deviation && gap < 0.3+3*deviation) {
		t.Errorf("the bound is %v ± %v nats and the log density %v", got, deviation, exact)
	}
	if _, err := New([]float64{math.Inf(1), 0}, model, o); err == nil {
		t.Error("an infinite point is accepted")
	}
}
