package sampler

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"testing"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// compared is what the comparisons of a sampler have found.
type compared struct {
	sources                map[string]bool
	runs, values           int
	alone, replayed, exact float64
}

// TestSamplersAgainstReferences compares every element of every state and of everything that the network is asked in the recorded runs,
// three ways: each evaluation alone, from the recorded state and outputs; the whole chain with the recorded outputs; and the whole chain
// with the exact denoiser as its network. With -v it prints the table of the README.
func TestSamplersAgainstReferences(t *testing.T) {
	table := map[string]*compared{}
	samples := readSamples(t)
	for _, s := range samples {
		k, p, build := s.setup(t)
		if table[k] == nil {
			table[k] = &compared{sources: map[string]bool{}}
		}
		c := table[k]
		c.sources[s.reference()] = true
		c.runs++
		solver, err := build(p)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		p.start = p.beginningOf(solver)
		s.compareSigmas(t, solver, c)
		for _, item := range s.items() {
			s.compareAlone(t, p, solver, item, c)
			s.compareChain(t, p, solver, item, false, c)
			s.compareChain(t, p, solver, item, true, c)
		}
	}
	if len(samples) != 106 {
		t.Errorf("%d recorded runs, want 106", len(samples))
	}
	printTable(t, table)
}

// items are the parts of a recorded run that are compared one by one: k-diffusion and EDM ran both items as one state.
func (s *sample) items() []int {
	if s.Config == nil || s.Kind == "score" {
		return []int{-1}
	}
	return []int{0, 1}
}

// reference is the name of the code that made the run.
func (s *sample) reference() string {
	switch {
	case s.Config != nil && s.Kind != "score":
		return "diffusers " + s.Source
	case s.Kind == "score":
		return "diffusers ScoreSdeVeScheduler"
	case strings.HasPrefix(s.Source, "k-diffusion"):
		words := strings.Fields(s.Source)
		return "k-diffusion " + words[len(words)-1]
	}
	words := strings.Fields(s.Source)
	return "EDM " + words[len(words)-1]
}

// tolerance is 1e-12, but for solvers whose reference solves linear systems or integrates numerically, and for two runs: the adaptive
// solver chooses its steps by the difference of two solutions, which magnifies roundings, and EDM's run in the time of the VP SDE adds
// noise that is only the rounding of σ(σ⁻¹(σ)).
func (s *sample) tolerance(k string) float64 {
	switch {
	case k == "unipc" || k == "deis" || k == "lms":
		return 1e-9
	case k == "dpm_adaptive":
		return 5e-12
	case s.Name == "nvedm_ablation_vp_euler":
		return 1e-6
	}
	return 1e-12
}

// setup returns a run's sampler, plan and builder, as a recipe would have them.
func (s *sample) setup(t *testing.T) (k string, p *plan, build func(*plan) (solver, error)) {
	t.Helper()
	if s.Config == nil {
		return s.setupGiven(t)
	}
	c, err := schedule.ParseConfig(s.Config)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	k = c.Solver.Sampler
	p = planFor(t, k, s.Steps, c, func(x *Settings) {
		if s.Kwargs.Eta != nil {
			x.Eta = *s.Kwargs.Eta
		}
	})
	if s.Kind == "score" {
		return k, p, func(p *plan) (solver, error) {
			built, err := samplerNamed(k).build(p)
			if err == nil {
				s.recordedSizes(t, built.(*corrected))
			}
			return built, err
		}
	}
	return k, p, samplerNamed(k).build
}

// recordedSizes lets the Langevin steps have the sizes that they had in the recorded run, which averaged its norms over the batch and
// took those of the noise in float32, after comparing them with the sampler's own rule to that accuracy.
func (s *sample) recordedSizes(t *testing.T, c *corrected) {
	own := c.size
	c.size = func(z, score []float64) float64 {
		half := len(z) / 2
		guess := own([]float64{norm(z[:half]) + norm(z[half:])}, []float64{norm(score[:half]) + norm(score[half:])})
		for k := 0; k < len(s.Calls); k += 2 {
			if distance(z, s.Calls[k].noise) == 0 {
				q := s.spread(k, math.Sqrt(2*guess))
				if d := math.Abs(q*q/2/guess - 1); !(d < 3e-7) {
					t.Errorf("%s: the Langevin step of evaluation %d has size %v, want %v", s.Name, k, guess, q*q/2)
				}
				return q * q / 2
			}
		}
		t.Errorf("%s: a Langevin step with noise that was not recorded", s.Name)
		return guess
	}
}

// spread is the √(2·size) of the recorded Langevin step at evaluation k, by least squares from a guess.
func (s *sample) spread(k int, q float64) float64 {
	c, next := &s.Calls[k], s.Calls[k+1].x
	for range 20 {
		top, bottom := 0.0, 0.0
		for i := range next {
			slope := q*c.out[i] + c.noise[i]
			top += (q*q/2*c.out[i] + q*c.noise[i] - (next[i] - c.x[i])) * slope
			bottom += slope * slope
		}
		q -= top / bottom
	}
	return q
}

// planFor is the plan of a sampler with a scheduler config.
func planFor(t testing.TB, k string, steps int, c schedule.Config, change func(*Settings)) *plan {
	t.Helper()
	info := Info{Scheduler: c, Channels: 1, Height: 3, Width: 4, OutChannels: 1, Defaults: StandardDefaults()}
	s := standardSettings(info, classNone, 1)
	s.Sampler, s.Steps = k, steps
	s.adapt(info)
	if change != nil {
		change(&s)
	}
	p, err := newPlan(&s, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// kDiffusion has the samplers of k-diffusion's functions.
var kDiffusion = map[string]string{
	"sample_dpm_2": "dpm2", "sample_dpm_2_ancestral": "dpm2_a", "sample_dpm_adaptive": "dpm_adaptive", "sample_dpm_fast": "dpm_fast",
	"sample_dpmpp_2m": "dpmpp_2m", "sample_dpmpp_2m_sde": "dpmpp_2m_sde", "sample_dpmpp_2s_ancestral": "dpmpp_2s_a", "sample_dpmpp_sde": "dpmpp_sde",
	"sample_euler_ancestral": "euler_a", "sample_euler": "euler", "sample_heun": "heun", "sample_lms": "lms",
}

// setupGiven is setup for runs with given noise levels and a denoiser of x0 + σ·ε.
func (s *sample) setupGiven(t *testing.T) (string, *plan, func(*plan) (solver, error)) {
	words := strings.Fields(s.Source)
	k, known := kDiffusion[words[len(words)-1]]
	c := schedule.Default()
	c.ClipSample = false
	c.Solver.LowerOrderFinal = false
	v := &s.Params
	steps := len(v.Sigmas) - 1
	if v.SigmaMax > 0 && known {
		steps, v.Sigmas = max(v.N, 1), []float64{v.SigmaMax, v.SigmaMin}
	}
	if !known {
		return s.setupEDM(t, c)
	}
	p := planFor(t, k, max(steps, 4), c, func(x *Settings) {
		x.Steps = steps
		if x.Churn = v.Churn; v.Eta != nil {
			x.Eta = *v.Eta
		} else if k == "dpm_fast" || k == "dpm_adaptive" {
			x.Eta = 0
		}
		if v.Order > 0 {
			x.Order = v.Order
		}
		if v.SolverType != "" {
			x.Solver = v.SolverType
		}
	})
	s.giveLevels(p, v.Sigmas)
	return k, p, samplerNamed(k).build
}

// giveLevels replaces the schedule's levels by given ones.
func (s *sample) giveLevels(p *plan, sigmas []float64) {
	same := func(sigma float64) float64 { return sigma }
	p.lens = lens{denoiser: true}
	p.levels = &ladder{lens: p.lens, sigmas: sigmas, ts: sigmas[:len(sigmas)-1], timeOf: same}
	if v := &s.Params; v.Churn > 0 {
		p.churnMin, p.churnMax, p.sNoise = v.Min, v.Max, v.Noise
	}
}

// setupEDM is setup for EDM's samplers: Heun and Euler in σ where the time is σ, else the general ones.
func (s *sample) setupEDM(t *testing.T, c schedule.Config) (string, *plan, func(*plan) (solver, error)) {
	v := &s.Params
	steps, k, alpha := 18, "heun", 1.0
	if v.Steps > 0 {
		steps = v.Steps
	}
	if v.Solver == "euler" {
		k = "euler"
	}
	if v.Alpha != nil {
		alpha = *v.Alpha
	}
	p := planFor(t, k, steps, c, func(x *Settings) { x.Churn = v.Churn })
	sigmas, f := edmTimes(v.Discretization, v.Schedule, steps)
	s.giveLevels(p, sigmas)
	if f == nil && alpha == 1 {
		return k, p, samplerNamed(k).build
	}
	g := &general{flow: f, order: 2, alpha: alpha}
	if f == nil {
		g.flow = linearFlow()
	}
	if k == "euler" {
		g.order = 1
	}
	return "pf_ode", p, func(p *plan) (solver, error) {
		if v.Schedule == "vp" {
			p.steps, p.order = steps, g.order
			return newProbabilityFlow(p)
		}
		ts := make([]float64, len(sigmas))
		for i, sigma := range sigmas[:steps] {
			ts[i] = g.inverse(sigma)
		}
		return g.table(p, p.levels, ts), nil
	}
}

// edmTimes are the noise levels of EDM's discretizations, and the flow of a schedule other than the linear one.
func edmTimes(discretization, flowOf string, n int) ([]float64, *flow) {
	var f *flow
	var sigmas []float64
	switch discretization {
	case "ve":
		sigmas = schedule.SigmaRange(schedule.Exponential, 100, 0.02, 0, n)
	case "vp":
		low := math.Sqrt(math.Expm1(0.5*19.9*1e-6 + 0.1*1e-3))
		f = preservingFlow(low, math.Sqrt(math.Expm1(0.5*19.9+0.1)))
		for i := range n {
			sigmas = append(sigmas, f.sigma(1+float64(i)/float64(n-1)*(1e-3-1)))
		}
	case "iddpm":
		sigmas = iddpmSigmas(n)
	default:
		sigmas = schedule.SigmaRange(schedule.Karras, 80, 0.002, 7, n)
	}
	if flowOf == "ve" {
		f = rootFlow()
	}
	return append(sigmas, 0), f
}

// iddpmSigmas are the levels of improved DDPM as EDM defines them (its table 1): u_j from u_1000 = 0 down, those from 0.002 to 81.
func iddpmSigmas(n int) []float64 {
	const M = 1000
	bar := func(j int) float64 {
		s := portable.Sin(0.5 * math.Pi * float64(j) / M / 1.008)
		return s * s
	}
	u := make([]float64, M+1)
	for j := M; j > 0; j-- {
		u[j-1] = math.Sqrt((u[j]*u[j]+1)/max(bar(j-1)/bar(j), 1e-3) - 1)
	}
	var kept, sigmas []float64
	for _, v := range u {
		if v >= 0.002 && v <= 81 {
			kept = append(kept, v)
		}
	}
	for i := range n {
		sigmas = append(sigmas, kept[int(math.RoundToEven(float64(len(kept)-1)/float64(n-1)*float64(i)))])
	}
	return sigmas
}

// compareSigmas compares the noise levels at which the network is asked, and the scale of the first state.
func (s *sample) compareSigmas(t *testing.T, built solver, c *compared) {
	tab, ok := built.(*tableau)
	if !ok || s.Config == nil {
		return
	}
	if d := math.Abs(tab.initial-s.Initial) / max(1, s.Initial); !(d <= 1e-12) {
		t.Errorf("%s: the first state is %v times noise, want %v", s.Name, tab.initial, s.Initial)
	}
	if len(tab.stages) != len(s.Calls) {
		t.Errorf("%s: %d evaluations, want %d", s.Name, len(tab.stages), len(s.Calls))
	}
	if len(s.Sigmas) > len(tab.stages) && len(tab.stages) == len(tab.first)-1 { // one evaluation a step
		for i := range tab.stages {
			if d := math.Abs(tab.stages[i].at.sigma-s.Sigmas[i]) / max(1, s.Sigmas[i]); !(d <= 1e-12) {
				t.Errorf("%s: level %d is %v, want %v", s.Name, i, tab.stages[i].at.sigma, s.Sigmas[i])
				return
			}
			c.values++
		}
	}
}

// compareAlone feeds every stage of a table its recorded state.
func (s *sample) compareAlone(t *testing.T, p *plan, built solver, item int, c *compared) {
	tab, ok := built.(*tableau)
	if !ok {
		return
	}
	source := &tape{sample: s, item: item}
	x := make([]float64, len(part(s.init, item)))
	run := tab.clone(len(x)).(*tableau)
	e := newEvaluation(p, source, len(x), len(x))
	e.draws = max(run.draws, 1)
	worst := 0.0
	for i := range len(run.first) - 1 {
		for k := run.first[i]; k < run.first[i+1]; k++ {
			copy(x, part(s.Calls[k].x, item))
			if s.Config == nil && run.space != exploding { // k-diffusion's and EDM's denoisers see the state without its scale
				for j := range x {
					x[j] *= run.stages[k].at.level.Signal
				}
			}
			bare := *run.stages[k]
			bare.lift, bare.rescale = 0, 0
			run.stage(i, &bare, x, &e)
			want := part(s.final, item)
			if k+1 < len(run.stages) {
				want = part(s.Calls[k+1].x, item)
				run.prepareNext(k+1, i+1, x, &e)
				if s.Config == nil && run.space != exploding {
					for j := range x {
						x[j] /= run.stages[k+1].at.level.Signal
					}
				}
			}
			d := distance(x, want)
			if worst = max(worst, d); !(d <= s.tolerance(p.sampler)) {
				t.Errorf("%s item %d: evaluation %d (time %v) alone is off by %g:\n%v, want\n%v", s.Name, item, k, s.Calls[k].T, d, x, want)
				return
			}
			c.values += len(x)
		}
	}
	c.alone = max(c.alone, worst)
}

// prepareNext does to a state what the next stage does before its evaluation.
func (t *tableau) prepareNext(k, i int, x []float64, e *evaluation) {
	s := t.stages[k]
	if s.rescale != 0 {
		for j := range x {
			x[j] *= s.rescale
		}
	}
	if s.lift > 0 {
		addNoise(x, e.draw(i, 0), s.lift)
	}
}

// compareChain runs all steps from the start, with the recorded outputs or with the exact denoiser as the network.
func (s *sample) compareChain(t *testing.T, p *plan, built solver, item int, exact bool, c *compared) {
	source := &tape{sample: s, item: item}
	if exact {
		source.exact = newTwin(t, &s.Problem, &p.lens)
		source.exact.told = s.Kind == "ipndm"
	}
	x := make([]float64, len(part(s.init, item)))
	run := built.clone(len(x))
	e := newEvaluation(p, source, len(x), len(x))
	e.draws = max(p.start.draws, 1)
	source.normal(x, 0)
	if strings.HasPrefix(s.Name, "nvedm") {
		for j := range x {
			x[j] *= p.start.scale
		}
	}
	if tab, ok := run.(*tableau); ok {
		for i := range len(tab.first) - 1 {
			for k := tab.first[i]; k < tab.first[i+1]; k++ {
				if exact {
					source.exact.at = tab.stages[k].at
				}
				tab.stage(i, tab.stages[k], x, &e)
			}
		}
	} else {
		for i := range p.start.steps {
			run.step(i, x, &e)
		}
	}
	d := max(source.worst, distance(x, part(s.final, item)))
	c.values += source.values + len(x)
	what, worst := "with the recorded outputs", &c.replayed
	if exact {
		what, worst = "with the exact denoiser", &c.exact
	}
	*worst = max(*worst, d)
	if !(d <= s.tolerance(p.sampler)) || source.late || source.calls != len(s.Calls) || e.err != nil {
		t.Errorf("%s item %d, chain %s: off by %g, final %g, %d of %d calls, wrong time %v, %v", s.Name, item, what, d, distance(x, part(s.final, item)), source.calls, len(s.Calls), source.late, e.err)
	}
}

// printTable logs the comparisons in Markdown.
func printTable(t *testing.T, table map[string]*compared) {
	var b strings.Builder
	b.WriteString("\n| sampler | checked against | runs | values | alone | recorded outputs | exact denoiser |\n|---|---|---:|---:|---:|---:|---:|\n")
	for i := range samplers {
		c := table[samplers[i].Name]
		if c == nil {
			continue
		}
		var sources []string
		for source := range c.sources {
			sources = append(sources, source)
		}
		sort.Strings(sources)
		alone := "–"
		if c.alone > 0 {
			alone = fmt.Sprintf("%.1e", c.alone)
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %d | %d | %s | %.1e | %.1e |\n", samplers[i].Title, samplers[i].Name, strings.Join(sources, ", "), c.runs, c.values, alone, c.replayed, c.exact)
	}
	t.Log(b.String())
}
