package solver

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/mixture"
	"tweedie/sampler/schedule"
)

// sample is one recorded run of diffusers, k-diffusion or EDM; see testdata/README.md. Every list
// holds two items, one after the other.
type sample struct {
	Name    string          `json:"name"`
	Source  string          `json:"source"`
	Kind    string          `json:"kind"`
	Config  json.RawMessage `json:"config"`
	Steps   int             `json:"steps"`
	Kwargs  struct{ Eta *float64 }
	Params  params    `json:"params"`
	Problem problem   `json:"problem"`
	Sigmas  []float64 `json:"sigmas"`
	Initial float64   `json:"initial"`
	Draws   int       `json:"draws"`
	Calls   []call    `json:"calls"`

	init, final []float64
	noise       [][]float64 // k-diffusion and EDM: all draws
}

type problem struct {
	Mu [][]float64 `json:"mu"`
	S  []float64   `json:"s"`
	W  []float64   `json:"w"`
}

type params struct {
	Sigmas         []float64
	Eta            *float64
	Order, N       int
	SigmaMin       float64  `json:"sigma_min"`
	SigmaMax       float64  `json:"sigma_max"`
	SolverType     string   `json:"solver_type"`
	Churn          float64  `json:"s_churn"`
	Min            float64  `json:"s_tmin"`
	Max            float64  `json:"s_tmax"`
	Noise          float64  `json:"s_noise"`
	EDMChurn       float64  `json:"S_churn_"`
	Steps          int      `json:"num_steps"`
	Solver         string   `json:"solver"`
	Discretization string   `json:"discretization"`
	Schedule       string   `json:"schedule"`
	Alpha          *float64 `json:"alpha"`
}

// call is one evaluation of the network.
type call struct {
	T     float64 `json:"t"`
	Seen  bool    `json:"seen"`
	Draws int     `json:"draws"`

	x, seen, out []float64 // the state, what the network saw, its output
	noise        []float64
}

const recordedSize = 24

func readSamples(t testing.TB) []*sample {
	t.Helper()
	all := fixture.File(t, "testdata/solvers.bin.gz")
	n := binary.LittleEndian.Uint64(all)
	header, block := all[8:8+n], all[8+n:]
	// EDM's options begin with a capital S; encoding/json does not distinguish them from
	// k-diffusion's.
	header = []byte(strings.NewReplacer(`"S_churn"`, `"s_churn"`, `"S_min"`, `"s_tmin"`, `"S_max"`,
		`"s_tmax"`, `"S_noise"`, `"s_noise"`).Replace(string(header)))
	var samples []*sample
	if err := json.Unmarshal(header, &samples); err != nil {
		t.Fatal(err)
	}
	next := func() []float64 {
		list := make([]float64, recordedSize)
		for i := range list {
			list[i] = math.Float64frombits(binary.LittleEndian.Uint64(block))
			block = block[8:]
		}
		return list
	}
	for _, s := range samples {
		s.read(next)
	}
	if len(block) != 0 {
		t.Fatalf("%d bytes are left over", len(block))
	}
	return samples
}

func (s *sample) read(next func() []float64) {
	s.init = next()
	for range s.Draws {
		s.noise = append(s.noise, next())
	}
	for i := range s.Calls {
		c := &s.Calls[i]
		switch {
		// the state after the correction comes before the predictor's score
		case s.Kind == "score" && i%2 == 1:
		default:
			c.x = next()
		}
		if s.Kind == "score" {
			if i%2 == 0 {
				c.out, c.noise = next(), next()
				s.Calls[i+1].x = next()
			} else {
				c.out, c.noise = next(), next()
			}
			c.seen = c.x
			continue
		}
		c.seen = c.x
		if c.Seen {
			c.seen = next()
		}
		c.out = next()
		for range c.Draws {
			c.noise = next()
		}
	}
	s.final = next()
}

// part returns an item of a list, or the whole list for a negative item.
func part(list []float64, item int) []float64 {
	if item < 0 {
		return list
	}
	return list[item*recordedSize/2 : (item+1)*recordedSize/2]
}

// tape is a source that returns the recorded outputs and noise. It measures the distance between
// the inputs it gets and the recorded inputs.
type tape struct {
	sample *sample
	item   int
	calls  int
	worst  float64 // largest distance of the network's input
	values int
	late   bool // a time was wrong
	exact  *twin
}

func (r *tape) Output(out, x []float64, t float64, _ schedule.Level) {
	if r.calls >= len(r.sample.Calls) {
		r.worst = math.Inf(1)
		return
	}
	c := &r.sample.Calls[r.calls]
	r.calls++
	if !(math.Abs(t-c.T) <= 1e-9*max(1, math.Abs(c.T))) {
		r.late = true
	}
	r.worst = max(r.worst, fixture.Distance(x, part(c.seen, r.item)))
	r.values += len(x)
	if r.exact == nil {
		copy(out, part(c.out, r.item))
		return
	}
	r.exact.answer(out, x, c.T)
	r.worst = max(r.worst, fixture.Distance(out, part(c.out, r.item)))
	r.values += len(out)
}

func (r *tape) Normal(dst []float64, draw uint32) {
	switch {
	case draw == 0:
		copy(dst, part(r.sample.init, r.item))
	case r.sample.noise != nil:
		copy(dst, part(r.sample.noise[draw-1], r.item))
	default:
		copy(dst, part(r.sample.Calls[r.calls-1].noise, r.item))
	}
}

// twin is the network of a recorded run: the exact denoiser of the problem.
type twin struct {
	mixture *mixture.Mixture
	at      *node // node of the evaluation; nil: the state is x0 + t·ε
	lens    *lens
	x, e, d []float64
	told    bool // the network predicts ε̂, whatever the lens says
}

func newTwin(t testing.TB, p *problem, l *lens) *twin {
	t.Helper()
	var components []mixture.Component
	for k := range p.Mu {
		components = append(components, mixture.Component{Weight: p.W[k], Mean: p.Mu[k],
			StdDev: p.S[k]})
	}
	m, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	return &twin{mixture: m, lens: l, x: make([]float64, m.Dim()), e: make([]float64, m.Dim()),
		d: make([]float64, m.Dim())}
}

// answer computes the network's output from its input, picture by picture.
func (w *twin) answer(out, seen []float64, t float64) {
	n := w.at
	if n == nil {
		n = w.lens.nodeAt(schedule.Level{Signal: 1, Noise: t}, t, t)
	}
	for from := 0; from < len(seen); from += len(w.x) {
		for i := range w.x {
			w.x[i] = seen[from+i] / n.input
		}
		w.mixture.Denoise(w.d, w.e, w.x, n.level, -1)
		for i, x := range w.x {
			switch {
			case w.told: // in iPNDM's run the output was ε̂ and was read as v
				out[from+i] = w.e[i]
			case n.form == fromNoise:
				out[from+i] = w.e[i] / n.eps.output
			default:
				out[from+i] = (w.d[i] - n.x0.state*x) / n.x0.output
			}
		}
	}
}
