package solver

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// TestLearnedRange checks the interpolation between the logarithms of the two fixed variances
// (improved DDPM, equation 15).
func TestLearnedRange(t *testing.T) {
	table, err := schedule.New(schedule.Default())
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{schedule: table, given: []int{900, 500, 0}, clipping: clipping{limit: math.Inf(1)}}
	p.Variance = schedule.LearnedRange
	s, err := newDDPM(p)
	if err != nil {
		t.Fatal(err)
	}
	between := table.Posterior(900, 500)
	start := s.Start()
	source := &fixed{out: []float64{0, 0, 0, -1, 1, 0}, noise: []float64{1, 1, 1}}
	e := NewEvaluation(p, &start, source, 3, 6)
	x := []float64{0, 0, 0}
	s.Step(0, x, &e)
	want := []float64{math.Sqrt(between.Variance), math.Sqrt(between.Beta),
		math.Sqrt(math.Sqrt(between.Variance * between.Beta))}
	if d := fixture.Distance(x, want); !(d <= 1e-14) {
		t.Errorf("standard deviations %v, want %v", x, want)
	}
	p.Variance = schedule.LearnedLog
	if s, err = newDDPM(p); err != nil {
		t.Fatal(err)
	}
	source.out, x = []float64{0, 0, 0, -4, 0, 1}, []float64{0, 0, 0}
	s.Step(0, x, &e)
	if d := fixture.Distance(x, []float64{math.Exp(-2), 1, math.Exp(0.5)}); !(d <= 1e-14) {
		t.Errorf("learned_log gives the standard deviations %v", x)
	}
	// fixed_large_log is fixed_large, computed with the logarithm.
	p.Variance = schedule.FixedLargeLog
	if s, err = newDDPM(p); err != nil {
		t.Fatal(err)
	}
	if got := s.(*ddpm).steps[0].stdDev; !(math.Abs(got-math.Sqrt(between.Beta)) <= 1e-14) {
		t.Errorf("fixed_large_log gives %v, want %v", got, math.Sqrt(between.Beta))
	}
}

// fixed is a source with the same output and noise every time.
type fixed struct{ out, noise []float64 }

func (f *fixed) Output(out, _ []float64, _ float64, _ schedule.Level) { copy(out, f.out) }
func (f *fixed) Normal(dst []float64, _ uint32)                       { copy(dst, f.noise) }
