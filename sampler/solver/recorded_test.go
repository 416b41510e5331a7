package solver

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// recorded is one run of diffusers; see testdata/README.md. The state holds two items, one after
// the other.
type recorded struct {
	Class  string          `json:"class"`
	Config json.RawMessage `json:"config"`
	Steps  int             `json:"num_inference_steps"`
	Kwargs struct {
		Eta     float64 `json:"eta"`
		Clipped bool    `json:"use_clipped_model_output"`
	} `json:"step_kwargs"`
	Problem struct {
		Mu [][]float64 `json:"mu"`
		S  []float64   `json:"s"`
		W  []float64   `json:"w"`
	} `json:"problem"`
	Timesteps []float64      `json:"timesteps"`
	Init      []float64      `json:"x_init"`
	Trace     []recordedStep `json:"steps"`
}

type recordedStep struct {
	T        float64     `json:"t"`
	ModelOut []float64   `json:"model_out"`
	Noise    [][]float64 `json:"noise"`
	PredX0   []float64   `json:"pred_x0"`
	Next     []float64   `json:"x_next"`
}

const items = 2

// item returns the part of a recorded list that belongs to one of the two items.
func item(all []float64, i int) []float64 {
	n := len(all) / items
	return all[i*n : (i+1)*n]
}

func readRecorded(t *testing.T) (names []string, cases map[string]*recorded) {
	t.Helper()
	fixture.JSON(t, "testdata/schedulers.json.gz", &cases)
	for name := range cases {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, cases
}

// prepare builds the plan and solver of a recorded run, as a recipe would.
func (r *recorded) prepare(t *testing.T) (*Plan, Solver, Start) {
	t.Helper()
	c, err := schedule.ParseConfig(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	o := Unread(&c)
	o.Sampler = "ddpm"
	o.Steps, o.Eta, o.Rederive = r.Steps, r.Kwargs.Eta, r.Kwargs.Clipped
	if r.Steps == 0 {
		o.Steps = len(r.Timesteps)
	}
	p, err := NewPlan(o, c)
	if err != nil {
		t.Fatal(err)
	}
	build := newDDPM
	switch r.Class {
	case "DDIMScheduler":
		build = newDDIM
	case "DDIMInverseScheduler":
		build = newInversion
	}
	listed := make([]int, len(r.Timesteps))
	for i, v := range r.Timesteps {
		listed[i] = int(v)
	}
	if r.Class != "DDIMInverseScheduler" {
		p.given = listed // they differ for the run with custom timesteps only
	}
	solver, err := build(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, solver, solver.Start()
}

// replay is a source that returns the recorded output and noise of one item at one step.
type replay struct {
	recorded *recorded
	item     int
	step     int
	used     bool // the noise was drawn
	t        float64
}

func (r *replay) Output(out, x []float64, t float64, _ schedule.Level) {
	r.t = t
	copy(out, item(r.recorded.Trace[r.step].ModelOut, r.item))
}

func (r *replay) Normal(dst []float64, draw uint32) {
	if draw == 0 {
		copy(dst, item(r.recorded.Init, r.item))
		return
	}
	r.used = true
	copy(dst, item(r.recorded.Trace[draw-1].Noise[0], r.item))
}

// exact is a source whose network is the exact denoiser of the problem, in float64.
type exact struct {
	replay
	mixture  *mixture.Mixture
	schedule *schedule.Schedule
	x0, eps  []float64
}

func (e *exact) Output(out, x []float64, t float64, _ schedule.Level) {
	l := e.schedule.At(int(t))
	e.mixture.Denoise(e.x0, e.eps, x, l, -1)
	switch e.schedule.Config.PredictionType {
	case schedule.Sample:
		copy(out, e.x0)
	case schedule.V:
		for i := range x {
			out[i] = l.Signal*e.eps[i] - l.Noise*e.x0[i]
		}
	default:
		copy(out, e.eps)
	}
	for i := range out[len(x):] { // a predicted variance
		out[len(x)+i] = 0.02 + 0.01*portable.Sin(3*x[i]+t/50)
	}
}

// family holds the largest distance of each kind of comparison, over the cases whose names have the
// same first part.
type family struct {
	alone, x0, replayed, chained float64
	values                       int
}

// TestAgainstRecordedRuns compares every element of every step three ways: each step alone from the
// recorded state and output; the whole chain with the recorded outputs; and the whole chain with
// the exact denoiser as its network.
func TestAgainstRecordedRuns(t *testing.T) {
	names, cases := readRecorded(t)
	families := map[string]*family{}
	for _, name := range names {
		r := cases[name]
		kind, _, _ := strings.Cut(name, "_")
		if r.Class == "DDIMInverseScheduler" {
			kind = "ddim_inverse"
		}
		if families[kind] == nil {
			families[kind] = &family{}
		}
		f := families[kind]
		var here family
		for i := range items {
			r.stepsAlone(t, name, i, &here)
			r.chain(t, name, i, &here)
		}
		t.Logf("%-36s %2d steps: alone %.1e, x̂0 %.1e, replayed %.1e, with the exact denoiser %.1e",
			name, len(r.Trace), here.alone, here.x0, here.replayed, here.chained)
		f.alone, f.x0, f.replayed, f.chained = max(f.alone, here.alone), max(f.x0, here.x0),
			max(f.replayed, here.replayed), max(f.chained, here.chained)
		f.values += here.values
	}
	for kind, f := range families {
		t.Logf("%s: %d values; largest differences: step alone %.2g, x̂0 %.2g, replayed chain "+
			"%.2g, chain with the exact denoiser %.2g",
			kind, f.values, f.alone, f.x0, f.replayed, f.chained)
	}
	if len(names) != 35 {
		t.Errorf("%d recorded runs, want 35", len(names))
	}
}

// stepsAlone gives every step its recorded state and output.
func (r *recorded) stepsAlone(t *testing.T, name string, i int, f *family) {
	p, s, start := r.prepare(t)
	source := &replay{recorded: r, item: i}
	size := len(item(r.Init, i))
	e := NewEvaluation(p, &start, source, size, len(item(r.Trace[0].ModelOut, i)))
	x, before := make([]float64, size), r.Init
	for k, step := range r.Trace {
		source.step, source.used = k, false
		copy(x, item(before, i))
		s.Step(k, x, &e)
		if e.Err != nil {
			t.Errorf("%s step %d: %v", name, k, e.Err)
			return
		}
		if source.t != step.T {
			t.Errorf("%s step %d visits timestep %v, want %v", name, k, source.t, step.T)
		}
		if source.used != (len(step.Noise) > 0) {
			t.Errorf("%s step %d: noise drawn %v, recorded %d draws", name, k, source.used,
				len(step.Noise))
		}
		d := fixture.Distance(x, item(step.Next, i))
		if !(d <= 1e-12) {
			t.Errorf("%s item %d step %d (timestep %v) alone: got %v\nwant %v, off by %g", name, i,
				k, step.T, x, item(step.Next, i), d)
			return
		}
		f.alone, f.values = max(f.alone, d), f.values+size
		if step.PredX0 != nil {
			d := fixture.Distance(e.X0, item(step.PredX0, i))
			if !(d <= 1e-12) {
				t.Errorf("%s item %d step %d: x̂0 %v\nwant %v, off by %g", name, i, k, e.X0,
					item(step.PredX0, i), d)
				return
			}
			f.x0, f.values = max(f.x0, d), f.values+size
		}
		before = step.Next
	}
}

// chain runs all steps from the start, once with recorded outputs and once with the exact denoiser.
func (r *recorded) chain(t *testing.T, name string, i int, f *family) {
	var components []mixture.Component
	for k := range r.Problem.Mu {
		components = append(components, mixture.Component{Weight: r.Problem.W[k],
			Mean: r.Problem.Mu[k], StdDev: r.Problem.S[k]})
	}
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	p, s, start := r.prepare(t)
	size := len(item(r.Init, i))
	again := &replay{recorded: r, item: i}
	own := &exact{replay{recorded: r, item: i}, m, p.schedule, make([]float64, size),
		make([]float64, size)}
	for _, c := range []struct {
		what   string
		source Source
		at     *int
		worst  *float64
	}{
		{"replayed", again, &again.step, &f.replayed},
		{"with the exact denoiser", own, &own.step, &f.chained},
	} {
		solver := s.Clone(size)
		e := NewEvaluation(p, &start, c.source, size, len(item(r.Trace[0].ModelOut, i)))
		x := make([]float64, size)
		c.source.Normal(x, 0)
		for k, step := range r.Trace {
			*c.at = k
			solver.Step(k, x, &e)
			d := fixture.Distance(x, item(step.Next, i))
			if !(d <= 1e-12) {
				t.Errorf("%s item %d, chain %s: step %d (timestep %v) is off by %g", name, i,
					c.what, k, step.T, d)
				break
			}
			*c.worst, f.values = max(*c.worst, d), f.values+size
		}
	}
}
