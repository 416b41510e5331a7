package schedule

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/weights"
)

// parameters are those of a learned schedule as they are trained; nets makes some of any width by a
// formula.
type parameters struct {
	k1, b1     float64
	k2, b2, k3 []float64
	gamma      [2]float64
}

func nets(n int, wave float64) parameters {
	p := parameters{k1: 18.3, b1: -13.3, gamma: [2]float64{-13.3, 5}}
	for j := range n {
		a := float64(j) + wave
		p.k2 = append(p.k2, 0.3+0.3*math.Sin(1.7*a))
		p.b2 = append(p.b2, 4*math.Sin(0.9*a+1))
		p.k3 = append(p.k3, (1+math.Cos(2.3*a))/float64(n)*20)
	}
	return p
}

// transcribed is ω(u) by appendix H, in package math's functions.
func (p *parameters) transcribed(u float64) float64 {
	raw := func(u float64) float64 {
		h := p.k1*u + p.b1
		sum := h
		for j := range p.k2 {
			sum += p.k3[j] / (1 + math.Exp(-(p.k2[j]*h + p.b2[j])))
		}
		return sum
	}
	return p.gamma[0] + (p.gamma[1]-p.gamma[0])*(raw(u)-raw(0))/(raw(1)-raw(0))
}

var f64Tensor = fixture.NewTensor[float64]

// file returns the parameters as a weights file, with one tensor of a network.
func (p *parameters) file() *weights.File {
	n := len(p.k2)
	return &weights.File{Metadata: map[string]string{"title": "x"}, Tensors: []weights.Tensor{
		f64Tensor("conv_in.bias", []int{1}, 1),
		f64Tensor(learnedWeight1, []int{1, 1}, p.k1), f64Tensor(learnedBias1, []int{1}, p.b1),
		f64Tensor(learnedWeight2, []int{n, 1}, p.k2...), f64Tensor(learnedBias2, []int{n}, p.b2...),
		f64Tensor(learnedWeight3, []int{1, n}, p.k3...), f64Tensor(learnedBias3, []int{1}, 0.7),
		f64Tensor(learnedGamma, []int{2}, p.gamma[:]...),
	}}
}

func mustLearn(t testing.TB, p parameters) *LearnedSNR {
	t.Helper()
	f := p.file()
	l, rest, err := TakeLearnedSNR(f)
	if err != nil {
		t.Fatal(err)
	}
	if l == nil || len(rest.Tensors) != 1 || rest.Tensors[0].Name != "conv_in.bias" ||
		rest.Metadata["title"] != "x" || len(f.Tensors) != 8 {
		t.Fatalf("what is left of the file: %v", rest)
	}
	return l
}

// TestLearnedTranscription compares ω and the levels with the paper's formula at 201
// points.
func TestLearnedTranscription(t *testing.T) {
	for _, p := range []parameters{nets(1, 0.4), nets(8, 0), nets(1024, 0.1)} {
		l := mustLearn(t, p)
		for i := range 201 {
			u := float64(i) / 200
			want := p.transcribed(u)
			if got := l.Omega(u); !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
				t.Errorf("%d features: ω(%v) is %.17g, want %.17g", len(p.k2), u, got, want)
			}
			level := LevelOfLogSNR(-l.Omega(u))
			snr := math.Pow(level.Signal/level.Noise, 2)
			if !(math.Abs(snr/math.Exp(-want)-1) <= 1e-11) {
				t.Errorf("%d features: SNR(%v) is %v, want %v", len(p.k2), u, snr, math.Exp(-want))
			}
		}
		if l.Omega(-1) != p.gamma[0] || l.Omega(0) != p.gamma[0] || l.Omega(1) != p.gamma[1] ||
			l.Omega(2) != p.gamma[1] {
			t.Errorf("the ends are %v and %v", l.Omega(0), l.Omega(1))
		}
	}
}

// TestLearnedRises checks monotonicity finely, for parameters that include zeros.
func TestLearnedRises(t *testing.T) {
	p := nets(16, 0.2)
	for j := 0; j < 16; j += 3 {
		p.k2[j], p.k3[j] = 0, 0
	}
	l := mustLearn(t, p)
	previous := math.Inf(-1)
	for i := range 20001 {
		omega := l.Omega(float64(i) / 20000)
		if !(omega > previous) {
			t.Fatalf("ω does not rise at %v: %v after %v", float64(i)/20000, omega, previous)
		}
		previous = omega
	}
}

// TestLearnedSchedule compares the tables with the definition, and with what New makes of the
// betas.
func TestLearnedSchedule(t *testing.T) {
	p := nets(64, 0.3)
	l := mustLearn(t, p)
	for _, T := range []int{2, 3, 50, 1000} {
		base := Default()
		base.NumTrainTimesteps, base.PredictionType, base.RescaleBetasZeroSNR = T, V, true
		s, err := l.Schedule(base)
		if err != nil {
			t.Fatal(err)
		}
		before := 1.0
		for i := range T {
			omega := p.transcribed(float64(i) / float64(T-1))
			if want := 1 / (1 + math.Exp(omega)); !(math.Abs(s.AlphaBar[i]/want-1) <= 1e-12) {
				t.Errorf("T %d: ᾱ of timestep %d is %.17g, want %.17g", T, i, s.AlphaBar[i], want)
			}
			if want := math.Exp(-omega); !(math.Abs(s.SNR(i)/want-1) <= 1e-9) {
				t.Errorf("T %d: SNR of timestep %d is %v, want %v", T, i, s.SNR(i), want)
			}
			if want := 1 - s.AlphaBar[i]/before; !(math.Abs(s.Betas[i]-want) <= 1e-15) {
				t.Errorf("T %d: β of timestep %d is %v, want %v", T, i, s.Betas[i], want)
			}
			before = s.AlphaBar[i]
		}
		if s.Config.PredictionType != V || s.Config.RescaleBetasZeroSNR || s.T() != T {
			t.Errorf("T %d: config %+v", T, s.Config)
		}
		again, err := New(s.Config)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "ᾱ from the config", again.AlphaBar, s.AlphaBar, 1e-12)
	}
}

// TestAuthorsCode writes out γ(u) = l1(u) + l3(2φ(l2(2u−1)) − 1)/n of the published code, where l3
// has no bias and kernels count by their absolute values, and maps its numbers to the tensors as
// LearnedSNR says.
func TestAuthorsCode(t *testing.T) {
	k := nets(12, 0.7)
	k.k2[3], k.k3[5] = -0.4, -9
	n := float64(len(k.k2))
	code := func(u float64) float64 {
		sum := 0.0
		for j := range k.k2 {
			sum += math.Abs(k.k3[j]) * (2/(1+math.Exp(-(math.Abs(k.k2[j])*(2*u-1)+k.b2[j]))) - 1)
		}
		return math.Abs(k.k1)*u + k.b1 + sum/n
	}
	p := parameters{k1: k.k1, b1: k.b1, gamma: [2]float64{code(0), code(1)}}
	for j := range k.k2 {
		w2 := 2 * math.Abs(k.k2[j]) / k.k1
		p.k2 = append(p.k2, w2)
		p.b2 = append(p.b2, k.b2[j]-math.Abs(k.k2[j])-w2*k.b1)
		p.k3 = append(p.k3, 2*math.Abs(k.k3[j])/n)
	}
	l := mustLearn(t, p)
	for i := range 101 {
		u := float64(i) / 100
		if got, want := l.Omega(u), code(u); !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
			t.Errorf("γ(%v) is %.17g, want %.17g", u, got, want)
		}
	}
}

func TestWrongLearned(t *testing.T) {
	replace := func(f *weights.File, t weights.Tensor) {
		for i := range f.Tensors {
			if f.Tensors[i].Name == t.Name {
				f.Tensors[i] = t
				return
			}
		}
		f.Tensors = append(f.Tensors, t)
	}
	remove := func(f *weights.File, name string) {
		for i := range f.Tensors {
			if f.Tensors[i].Name == name {
				f.Tensors = append(f.Tensors[:i], f.Tensors[i+1:]...)
				return
			}
		}
	}
	cases := map[string]func(f *weights.File){
		"schedule.l1.weight must be above 0, or": func(f *weights.File) {
			replace(f, f64Tensor(learnedWeight1, []int{1, 1}, 0))
		},
		"schedule.l1.weight must be floating-point numbers of shape [1,1], " +
			"not F64 [1]": func(f *weights.File) {
			replace(f, f64Tensor(learnedWeight1, []int{1}, 1))
		},
		"no tensor schedule.l1.bias": func(f *weights.File) { remove(f, learnedBias1) },
		"schedule.l2.weight[1] must be finite and not negative, " +
			"for ω must rise, not -0.25": func(f *weights.File) {
			replace(f, f64Tensor(learnedWeight2, []int{3, 1}, 1, -0.25, 1))
		},
		"schedule.l2.weight must be floating-point numbers of shape [3,1], " +
			"not F64 [1,3]": func(f *weights.File) {
			replace(f, f64Tensor(learnedWeight2, []int{1, 3}, 1, 1, 1))
		},
		"schedule.l2.bias must have from 1": func(f *weights.File) { remove(f, learnedBias2) },
		"schedule.l2.bias[2] must be finite, not NaN": func(f *weights.File) {
			replace(f, f64Tensor(learnedBias2, []int{3}, 1, 1, math.NaN()))
		},
		"schedule.l3.weight[0] must be finite": func(f *weights.File) {
			replace(f, f64Tensor(learnedWeight3, []int{1, 3}, math.Inf(1), 1, 1))
		},
		"schedule.l3.bias must be floating-point": func(f *weights.File) {
			replace(f, f64Tensor(learnedBias3, []int{2}, 1, 1))
		},
		"schedule.gamma must be two rising numbers within ±30, " +
			"not 5 and -13": func(f *weights.File) {
			replace(f, f64Tensor(learnedGamma, []int{2}, 5, -13))
		},
		"schedule.gamma must be two rising numbers within ±30, " +
			"not -40 and 5": func(f *weights.File) {
			replace(f, f64Tensor(learnedGamma, []int{2}, -40, 5))
		},
		"no tensor schedule.gamma": func(f *weights.File) { remove(f, learnedGamma) },
		"there is no tensor schedule.l4.weight": func(f *weights.File) {
			replace(f, f64Tensor("schedule.l4.weight", []int{1}, 1))
		},
		"must rise; the weights may be damaged": func(f *weights.File) {
			replace(f, f64Tensor(learnedBias1, []int{1}, 1e308))
			replace(f, f64Tensor(learnedWeight1, []int{1, 1}, 1))
		},
	}
	for says, change := range cases {
		p := nets(3, 0)
		f := p.file()
		change(f)
		if _, _, err := TakeLearnedSNR(f); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
	}
	f := &weights.File{Tensors: []weights.Tensor{f64Tensor("conv_in.bias", []int{1}, 1)}}
	if l, rest, err := TakeLearnedSNR(f); l != nil || rest != f || err != nil {
		t.Errorf("a file without a schedule gives %v, %v, %v", l, rest, err)
	}
	// Too many timesteps between two nearly equal ends are not distinct; one timestep has no two
	// ends.
	p := nets(3, 0)
	p.gamma = [2]float64{-29, -28.999}
	base := Default()
	if _, err := mustLearn(t, p).Schedule(base); err == nil ||
		!strings.Contains(err.Error(), "does not tell timestep") {
		t.Errorf("error %v", err)
	}
	base.NumTrainTimesteps = 1
	if _, err := mustLearn(t, p).Schedule(base); err == nil ||
		!strings.Contains(err.Error(), "from 2 to") {
		t.Errorf("error %v", err)
	}
}

// FuzzTakeLearnedSNR checks that any schedule that is accepted rises from end to end.
func FuzzTakeLearnedSNR(f *testing.F) {
	for _, p := range []parameters{nets(1, 0), nets(3, 0.5)} {
		text, err := p.file().Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := weights.Parse(text)
		if err != nil {
			return
		}
		l, _, err := TakeLearnedSNR(file)
		if err != nil || l == nil {
			return
		}
		previous := math.Inf(-1)
		for i := range 21 {
			omega := l.Omega(float64(i) / 20)
			if !(omega >= previous-1e-9 && math.Abs(omega) <= maxGamma+1e-9) {
				t.Fatalf("ω(%v) is %v after %v", float64(i)/20, omega, previous)
			}
			previous = omega
		}
	})
}
