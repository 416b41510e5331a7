package solver

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
)

// saying is a source whose network is an exact denoiser in float64 that predicts what the test asks
// for: x̂0, ε̂, v or the score.
type saying struct {
	mixture     *mixture.Mixture
	kind        schedule.Prediction
	x0, epsilon []float64
}

func (s *saying) Output(out, x []float64, _ float64, l schedule.Level) {
	s.mixture.Denoise(s.x0, s.epsilon, x, l, -1)
	for i := range x {
		switch s.kind {
		case schedule.Sample:
			out[i] = s.x0[i]
		case schedule.V:
			out[i] = l.Signal*s.epsilon[i] - l.Noise*s.x0[i]
		case schedule.Score:
			out[i] = -s.epsilon[i] / l.Noise
		default:
			out[i] = s.epsilon[i]
		}
	}
}

func (s *saying) Normal(dst []float64, draw uint32) { noise.Normal(dst, 12, 0, draw) }

// first sets x to the first state of a solver.
func (s *saying) first(x []float64, start *Start) {
	s.Normal(x, 0)
	for i := range x {
		x[i] *= start.Scale
	}
}

// TestFourReadingsInFloat64: networks that predict x̂0, ε̂, v and the score, each in all four
// readings, give the same trajectory within 1e-12, step by step, with every sampler, x̂0 bounded
// or not. PNDM and PLMS remember what the network predicts, so that a network of v has its own
// trajectory with them, which is that of all its readings.
func TestFourReadingsInFloat64(t *testing.T) {
	kinds := []schedule.Prediction{schedule.Epsilon, schedule.Sample, schedule.V, schedule.Score}
	compared, worst := 0, 0.0
	for _, k := range Samplers() {
		for _, clip := range []bool{false, true} {
			first := map[bool][][]float64{} // key: the history is of v
			for _, own := range kinds {
				ofV := own == schedule.V && (k.Name == "pndm" || k.Name == "plms")
				for _, reading := range readings {
					c := schedule.Default()
					c.PredictionType, c.ClipSample = own, clip
					states := ran(t, planFor(t, k.Name, 12, c, func(o *Options) {
						o.Reading = reading.name
					}))
					if first[ofV] == nil {
						first[ofV] = states
					}
					d := farthest(states, first[ofV])
					limit := 1e-12
					// its steps depend on a small difference of large numbers
					if k.Traits.Views {
						limit = 1e-9
					} else {
						compared, worst = compared+len(states)*modesDim, max(worst, d)
					}
					if !(d <= limit) {
						t.Fatalf("%s, clip %v: %s read as %s is %v away", k.Name, clip, own,
							reading.name, d)
					}
				}
			}
			if first[true] != nil && !(farthest(first[true], first[false]) > 1e-6) {
				t.Errorf("%s: the history of v makes no difference", k.Name)
			}
		}
	}
	t.Logf("%d values, largest difference %.1e", compared, worst)
}

// ran returns the states after each step of a plan's sampler with the exact denoiser.
func ran(t *testing.T, p *Plan) [][]float64 {
	t.Helper()
	built, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	start := built.Start()
	source := exactSource(t, p)
	e := NewEvaluation(p, &start, source, modesDim, modesDim)
	x, run := make([]float64, modesDim), built.Clone(modesDim)
	source.first(x, &start)
	var states [][]float64
	for i := range start.Steps() {
		run.Step(i, x, &e)
		states = append(states, slices.Clone(x))
	}
	if e.Err != nil {
		t.Fatal(e.Err)
	}
	return states
}

// exactSource returns the exact denoiser that predicts what a plan's network predicts.
func exactSource(t *testing.T, p *Plan) *saying {
	return &saying{mixture: twoModes(t), kind: p.own, x0: make([]float64, modesDim),
		epsilon: make([]float64, modesDim)}
}

// farthest returns the largest difference of two trajectories, relative to the largest value of the
// state, or to 1.
func farthest(a, b [][]float64) float64 {
	worst := 0.0
	for i, state := range a {
		size := 1.0 // of a state with large σ
		for _, v := range b[i] {
			size = max(size, math.Abs(v))
		}
		for j, v := range state {
			worst = max(worst, math.Abs(v-b[i][j])/size)
		}
	}
	return worst
}

// TestSinglestepSDE compares a block of two steps with diffusers' formulas
// (DPMSolverSinglestepScheduler, sde-dpmsolver++), written out.
func TestSinglestepSDE(t *testing.T) {
	for _, kind := range midpointOrHeun {
		c := schedule.Default()
		c.ClipSample, c.TimestepSpacing = false, schedule.Trailing
		p := planFor(t, "dpmpp_2s_sde", 6, c, func(s *Options) { s.Solver = kind })
		built, err := newDPMppSingleSDE(p)
		if err != nil {
			t.Fatal(err)
		}
		start := built.Start()
		z := []float64{0.3, -1.2}
		// always the same ε̂
		e := NewEvaluation(p, &start, &fixed{out: []float64{0.5, -0.25}, noise: z}, 2, 2)
		x := []float64{1.1, -0.6}
		run := built.Clone(2)
		var l [3]schedule.Level
		var lambda [3]float64
		for i := range l {
			l[i] = start.Marks[i].Level
			lambda[i] = math.Log(l[i].Signal) - math.Log(l[i].Noise)
		}
		clean := func(x float64, i, j int) float64 {
			return (x - l[i].Noise*[]float64{0.5, -0.25}[j]) / l[i].Signal
		}
		before := append([]float64(nil), x...)
		run.Step(0, x, &e)
		h := lambda[1] - lambda[0]
		var m0, m1 [2]float64
		for j, s := range before {
			m1[j] = clean(s, 0, j)
			want := l[1].Noise/l[0].Noise*math.Exp(-h)*s + l[1].Signal*(1-math.Exp(-2*h))*m1[j] +
				l[1].Noise*math.Sqrt(1-math.Exp(-2*h))*z[j]
			if !(math.Abs(x[j]-want) <= 1e-13) {
				t.Errorf("%s, first step: element %d is %v, want %v", kind, j, x[j], want)
			}
			m0[j] = clean(x[j], 1, j)
		}
		run.Step(1, x, &e)
		h = lambda[2] - lambda[0]
		r0 := (lambda[1] - lambda[0]) / h
		for j, s := range before {
			shrink := 1 - math.Exp(-2*h)
			d1 := (m0[j] - m1[j]) / r0
			second := 0.5 * l[2].Signal * shrink * d1
			if kind == "heun" {
				second = l[2].Signal * (shrink/(-2*h) + 1) * d1
			}
			want := l[2].Noise/l[0].Noise*math.Exp(-h)*s + l[2].Signal*shrink*m1[j] + second +
				l[2].Noise*math.Sqrt(shrink)*z[j]
			if !(math.Abs(x[j]-want) <= 1e-13) {
				t.Errorf("%s, second step: element %d is %v, want %v", kind, j, x[j], want)
			}
		}
	}
	config, err := schedule.ParseConfig(
		[]byte(
			`{"_class_name": "DPMSolverSinglestepScheduler", "algorithm_type": "sde-dpmsolver++"}`))
	if err != nil || !strings.HasSuffix(config.Solver.Sampler, "_sde") {
		t.Errorf("the scheduler's sampler is %q, %v", config.Solver.Sampler, err)
	}
}

// TestReadingIsInTheLoop: the solver gets the translated output.
func TestReadingIsInTheLoop(t *testing.T) {
	for _, reading := range readings {
		c := schedule.Default()
		c.ClipSample = false
		p := planFor(t, "ddim", 5, c, func(o *Options) { o.Reading = reading.name })
		built, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		start := built.Start()
		source := &saying{mixture: twoModes(t), kind: schedule.Epsilon,
			x0: make([]float64, modesDim), epsilon: make([]float64, modesDim)}
		e := NewEvaluation(p, &start, source, modesDim, modesDim)
		x, want := make([]float64, modesDim), make([]float64, modesDim)
		source.Normal(x, 0)
		seen := slices.Clone(x)
		built.Step(0, x, &e)
		p.At(int(start.T)).Convert(want, seen, e.X0, schedule.Sample, reading.kind)
		if !(fixture.Distance(e.raw, want) <= 1e-9) {
			t.Errorf("reading %s: the sampler was given %v, want %v", reading.name, e.raw, want)
		}
		if n := testing.AllocsPerRun(2, func() { built.Step(1, x, &e) }); n != 0 {
			t.Errorf("reading %s: a step allocates %v times", reading.name, n)
		}
	}
}
