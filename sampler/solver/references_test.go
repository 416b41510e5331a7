package solver

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"testing"

	"tweedie/internal/fixture"
)

// compared holds what the comparisons of a sampler found.
type compared struct {
	sources                map[string]bool
	runs, values           int
	alone, replayed, exact float64
}

// TestSamplersAgainstReferences compares every element of every state and of every network input
// with the recorded runs, three ways: each evaluation alone, from the recorded state and outputs;
// the whole chain with the recorded outputs; and the whole chain with the exact denoiser as its
// network. With -v it prints the table of sampler/README.md.
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
		s.compareSigmas(t, solver, c)
		for _, item := range s.items() {
			s.compareAlone(t, p, solver, item, c)
			s.compareChain(t, p, solver, item, false, c)
			s.compareChain(t, p, solver, item, true, c)
		}
	}
	if len(samples) != 109 {
		t.Errorf("%d recorded runs, want 109", len(samples))
	}
	printTable(t, table)
}

// items returns the parts of a recorded run that are compared one by one: k-diffusion and EDM ran
// both items as one state.
func (s *sample) items() []int {
	if s.Config == nil || s.Kind == "score" {
		return []int{-1}
	}
	return []int{0, 1}
}

// reference returns the name of the code that made the run.
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

// tolerance returns 1e-12, or more for three kinds of runs. Some references solve linear systems or
// integrate numerically. The adaptive solver chooses its steps by the difference of two solutions,
// which magnifies roundings. And EDM's run in the time of the VP SDE adds noise whose size is only
// the rounding of σ(σ⁻¹(σ)).
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

// compareSigmas compares the noise levels of the evaluations, and the scale of the first state.
func (s *sample) compareSigmas(t *testing.T, built Solver, c *compared) {
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
	// one evaluation a step
	if len(s.Sigmas) > len(tab.stages) && len(tab.stages) == len(tab.first)-1 {
		for i := range tab.stages {
			d := math.Abs(tab.stages[i].at.sigma-s.Sigmas[i]) / max(1, s.Sigmas[i])
			if !(d <= 1e-12) {
				t.Errorf("%s: level %d is %v, want %v", s.Name, i, tab.stages[i].at.sigma,
					s.Sigmas[i])
				return
			}
			c.values++
		}
	}
}

// compareAlone gives every stage of a table its recorded state.
func (s *sample) compareAlone(t *testing.T, p *Plan, built Solver, item int, c *compared) {
	tab, ok := built.(*tableau)
	if !ok {
		return
	}
	source := &tape{sample: s, item: item}
	x := make([]float64, len(part(s.init, item)))
	run, start := tab.Clone(len(x)).(*tableau), tab.Start()
	e := NewEvaluation(p, &start, source, len(x), len(x))
	e.Draws = max(run.draws, 1)
	worst := 0.0
	for i := range len(run.first) - 1 {
		for k := run.first[i]; k < run.first[i+1]; k++ {
			copy(x, part(s.Calls[k].x, item))
			// k-diffusion's and EDM's denoisers get the state without its scale
			if s.Config == nil && run.space != exploding {
				for j := range x {
					x[j] *= run.stages[k].at.level.Signal
				}
			}
			bare := *run.stages[k]
			bare.stdDev, bare.rescale = 0, 0
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
			d := fixture.Distance(x, want)
			if worst = max(worst, d); !(d <= s.tolerance(p.Sampler)) {
				t.Errorf("%s item %d: evaluation %d (time %v) alone is off by %g:\n%v, want\n%v",
					s.Name, item, k, s.Calls[k].T, d, x, want)
				return
			}
			c.values += len(x)
		}
	}
	c.alone = max(c.alone, worst)
}

// prepareNext changes a state as the next stage does before its evaluation.
func (t *tableau) prepareNext(k, i int, x []float64, e *Evaluation) {
	s := t.stages[k]
	if s.rescale != 0 {
		for j := range x {
			x[j] *= s.rescale
		}
	}
	if s.stdDev > 0 {
		addNoise(x, e.Draw(i, 0), s.stdDev)
	}
}

// compareChain runs all steps from the start, with the recorded outputs or with the exact denoiser
// as the network.
func (s *sample) compareChain(
	t *testing.T, p *Plan, built Solver, item int, exact bool, c *compared,
) {
	source := &tape{sample: s, item: item}
	if exact {
		source.exact = newTwin(t, &s.Problem, &p.lens)
		source.exact.told = s.Kind == "ipndm"
	}
	x := make([]float64, len(part(s.init, item)))
	run, start := built.Clone(len(x)), built.Start()
	e := NewEvaluation(p, &start, source, len(x), len(x))
	e.Draws = max(start.Draws, 1)
	source.Normal(x, 0)
	if strings.HasPrefix(s.Name, "nvedm") {
		for j := range x {
			x[j] *= start.Scale
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
		for i := range start.Steps() {
			run.Step(i, x, &e)
		}
	}
	d := max(source.worst, fixture.Distance(x, part(s.final, item)))
	c.values += source.values + len(x)
	what, worst := "with the recorded outputs", &c.replayed
	if exact {
		what, worst = "with the exact denoiser", &c.exact
	}
	*worst = max(*worst, d)
	if !(d <= s.tolerance(p.Sampler)) || source.late || source.calls != len(s.Calls) ||
		e.Err != nil {
		t.Errorf("%s item %d, chain %s: off by %g, final %g, %d of %d calls, wrong time %v, %v",
			s.Name, item, what, d, fixture.Distance(x, part(s.final, item)), source.calls,
			len(s.Calls), source.late, e.Err)
	}
}

// printTable logs the comparisons in Markdown.
func printTable(t *testing.T, table map[string]*compared) {
	var b strings.Builder
	b.WriteString("\n| sampler | checked against | runs | values | alone | recorded outputs | " +
		"exact denoiser |\n|---|---|---:|---:|---:|---:|---:|\n")
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
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %d | %d | %s | %.1e | %.1e |\n", samplers[i].Title,
			samplers[i].Name, strings.Join(sources, ", "), c.runs, c.values, alone, c.replayed,
			c.exact)
	}
	t.Log(b.String())
}
