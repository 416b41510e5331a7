package langevin

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/conditional"
	"tweedie/sampler/mixture"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// recorded is a run of diffusers; see testdata/README.md.
type recorded struct {
	Config struct {
		SNR      float64 `json:"snr"`
		SigmaMin float64 `json:"sigma_min"`
		SigmaMax float64 `json:"sigma_max"`
		Least    float64 `json:"sampling_eps"`
		Correct  int     `json:"correct_steps"`
	} `json:"config"`
	Levels  int `json:"num_inference_steps"`
	Problem struct {
		Mu [][]float64 `json:"mu"`
		S  []float64   `json:"s"`
		W  []float64   `json:"w"`
	} `json:"problem"`
	Sigmas    []float64 `json:"sigmas"`
	Discrete  []float64 `json:"discrete_sigmas"`
	NoiseInit []float64 `json:"noise_init"`
	Init      []float64 `json:"x_init"`
	Final     []float64 `json:"x_final"`
	Trace     []struct {
		Correct []half    `json:"correct"`
		Mean    []float64 `json:"x_mean"`
		half
	} `json:"steps"`
}

// half is a corrector's or a predictor's step.
type half struct {
	Score []float64 `json:"score"`
	Noise []float64 `json:"noise"`
	Next  []float64 `json:"x_next"`
}

// items is a model of two pictures side by side in one state.
type items struct {
	conditional.Model
	each conditional.Precise
}

func (m items) Shape() (c, h, w int) { return 2, 3, 4 }
func (m items) OutChannels() int     { return 2 }
func (m items) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	n := len(x) / 2
	m.each.PredictFloat64([][]float64{out[0][:n]}, x[:n], t, labels)
	m.each.PredictFloat64([][]float64{out[0][n:]}, x[n:], t, labels)
}

// TestScoreSDE walks diffusers' ladder with the exact score, each step from the recorded state and
// then the whole from the start.
func TestScoreSDE(t *testing.T) {
	var r recorded
	fixture.JSON(t, "testdata/score_sde_ve_pc.json.gz", &r)
	var components []mixture.Component
	for k, mu := range r.Problem.Mu {
		components = append(components,
			mixture.Component{Weight: r.Problem.W[k], Mean: mu, StdDev: r.Problem.S[k]})
	}
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	wide := schedule.Default()
	wide.BetaStart = 5e-5 // so that the recorded levels are within the schedule's
	s, err := schedule.New(wide)
	if err != nil {
		t.Fatal(err)
	}
	preserving, err := mixture.NewModel(m, s, 1, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	r.compare(t, s, preserving, preserving)
	wide.Solver.Network, wide.Solver.SigmaMin, wide.Solver.SigmaMax = schedule.ScoreVE,
		r.Config.SigmaMin, r.Config.SigmaMax
	if s, err = schedule.New(wide); err != nil {
		t.Fatal(err)
	}
	r.compare(t, s, preserving, toldSigma{m})
}

// toldSigma is a network of the family ScoreVE: the score of x0 + σ·ε, told σ.
type toldSigma struct{ *mixture.Mixture }

func (n toldSigma) PredictFloat64(out [][]float64, x []float64, sigma float64, _ []int) {
	n.Score(out[0], x, schedule.Level{Signal: 1, Noise: sigma}, -1)
}

// compare walks the recorded run with a network that answers for each item as `each` does.
func (r *recorded) compare(t *testing.T, s *schedule.Schedule, model conditional.Model,
	each conditional.Precise) {
	ladder, err := ScoreSDE(s, r.Config.SigmaMax, r.Config.SigmaMin, r.Config.Least, r.Levels)
	if err != nil {
		t.Fatal(err)
	}
	for i, rung := range ladder {
		off := func(got, want float64) bool {
			return !(fixture.Distance([]float64{got}, []float64{want}) <= 1e-13)
		}
		if off(rung.Level.Noise, r.Sigmas[i]) {
			t.Errorf("level %d: σ %.17g, want %.17g", i, rung.Level.Noise, r.Sigmas[i])
		}
		if off(rung.From.Noise, r.Discrete[r.Levels-1-i]) {
			t.Errorf("level %d: the predictor's σ is %.17g, want %.17g",
				i, rung.From.Noise, r.Discrete[r.Levels-1-i])
		}
	}
	o := Options{
		Schedule: s, Space: VE, Ladder: ladder, Langevin: r.Config.Correct, Rule: SignalToNoise,
		Size: r.Config.SNR, Predictor: ReverseDiffusion,
		Denoise: true, Clip: math.Inf(1), Label: conditional.NoClass, Guidance: 1,
	}
	var halves []half
	for _, step := range r.Trace {
		halves = append(halves, step.Correct[0], step.half)
	}
	halves[len(halves)-1].Next = r.Final
	// The norm of the recorded noise was taken in float32, so snr·‖z‖ is a float32 whose last units
	// depend on PyTorch's order of summation. units says by how many units the recorded number
	// differs from the rounded one: the best of five for all 24 values.
	units := make([]int, len(halves))
	step := 0
	w, err := New(items{model, each}, o)
	if err != nil {
		t.Fatal(err)
	}
	w.normal = func(dst []float64, draw uint32) {
		if draw == 0 {
			copy(dst, r.NoiseInit)
			return
		}
		copy(dst, halves[draw-1].Noise)
	}
	w.norm = func(v []float64) float64 {
		mean := (portable.Norm(v[:12]) + portable.Norm(v[12:])) / 2
		if &v[0] != &w.z[0] {
			return mean
		}
		product := math.Float32bits(float32(r.Config.SNR * mean))
		return float64(math.Float32frombits(uint32(int(product)+units[step]))) / r.Config.SNR
	}
	w.begin()
	if d := fixture.Distance(w.X(), r.Init); !(d <= 1e-15) {
		t.Errorf("the first state is off by %g", d)
	}
	start := append([]float64(nil), w.X()...)
	before := start
	for i, h := range halves { // choose
		best := math.Inf(1)
		choice := 0
		for u := -2; u <= 2; u++ {
			step, units[i] = i, u
			w.Restart(i, before)
			if w.Step(); fixture.Distance(w.X(), h.Next) < best {
				best, choice = fixture.Distance(w.X(), h.Next), u
			}
		}
		units[i], before = choice, h.Next
	}
	for _, alone := range []bool{true, false} {
		worst, worstScore := 0.0, 0.0
		w.Restart(0, start)
		for i, h := range halves {
			if step = i; alone && i > 0 {
				w.Restart(i, halves[i-1].Next)
			}
			if !w.Step() {
				t.Fatal(w.Err())
			}
			// A score's rounding is that of a state over σ².
			d, ds := fixture.Distance(w.X(), h.Next), fixture.Distance(w.Score(), h.Score)
			worst, worstScore = max(worst, d), max(worstScore, ds)
			if !(d <= 1e-12 && ds <= 1e-11) {
				t.Errorf("alone %v: step %d is off by %g, its score by %g", alone, i, d, ds)
			}
		}
		if w.Step() || w.Done() != 2*r.Levels || w.Err() != nil {
			t.Errorf("%d steps of %d, error %v", w.Done(), w.Steps(), w.Err())
		}
		t.Logf("steps alone %v: %d values, largest difference of a state %.2g, of a score %.2g",
			alone, 2*24*len(halves), worst, worstScore)
	}
}
