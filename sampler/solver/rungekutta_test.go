package solver

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// TestRungeKuttaConditions checks the method's table against the order conditions: each stage's
// weights sum to its time, and both solutions integrate the powers of time exactly, the first up to
// the fourth and the second up to the third (Hairer et al., II.1, equation 1.11). The last of the
// conditions of fourth order, with two products of the table, holds for both.
func TestRungeKuttaConditions(t *testing.T) {
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	for k, weights := range rungeKuttaStage {
		sum := 0.0
		for _, w := range weights {
			sum += w
		}
		near("a stage's time", sum, rungeKuttaAt[k])
	}
	better := append(slices.Clone(rungeKuttaStage[6]), 0)
	worse := slices.Clone(better)
	for k, e := range rungeKuttaError {
		worse[k] -= e
	}
	for _, c := range []struct {
		weights []float64
		order   int
	}{{better, 5}, {worse, 4}} {
		for power := range c.order {
			sum := 0.0
			for k, w := range c.weights {
				sum += w * math.Pow(rungeKuttaAt[k], float64(power))
			}
			near("an integral of a power", sum, 1/float64(power+1))
		}
		sum := 0.0
		for i, w := range c.weights {
			for j := range i {
				for k := range j {
					sum += w * rungeKuttaStage[i][j] * rungeKuttaStage[j][k] * rungeKuttaAt[k]
				}
			}
		}
		near("the condition with two products", sum, 1./24)
	}
	sum := 0.0
	for k, w := range worse {
		sum += w * math.Pow(rungeKuttaAt[k], 4)
	}
	if math.Abs(sum-1./5) < 1e-4 {
		t.Errorf("the solution of order 4 integrates the fourth power: %v", sum)
	}
}

// flowing is the exact flow of a mixture; it is told σ.
type flowing struct{ smooth }

func (f *flowing) Output(out, x []float64, sigma float64, l schedule.Level) {
	f.mixture.Denoise(out, f.epsilon, x, l, -1)
	for i := range out {
		out[i] = f.epsilon[i] - out[i]
	}
}

// straightly returns a plan of n steps of a rectified flow, from σ = 1 to 0.
func straightly(t testing.TB, k string, n int) *Plan {
	t.Helper()
	c := schedule.Default()
	c.ClipSample = false
	p := planFor(t, k, n, c, nil)
	p.lens = lens{network: schedule.Straight, kind: schedule.FlowVelocity}
	p.schedule.Config.PredictionType, p.own = schedule.FlowVelocity, schedule.FlowVelocity
	same := func(sigma float64) float64 { return sigma }
	l := &ladder{lens: p.lens, timeOf: same}
	for i := range n {
		l.sigmas = append(l.sigmas, 1-float64(i)/float64(n))
	}
	l.ts = l.sigmas[:n:n]
	l.sigmas = append(l.sigmas, 0)
	p.levels = l
	return p
}

// TestRungeKuttaKeepsItsTolerance: the error is near the tolerance, the result the same with any
// number of views, and it takes tens of evaluations.
func TestRungeKuttaKeepsItsTolerance(t *testing.T) {
	start := []float64{1.3, -0.7}
	solve := func(p *Plan) (x []float64, evaluations int) {
		built, err := Named(p.Sampler).build(p)
		if err != nil {
			t.Fatal(err)
		}
		begin := built.Start()
		source := &flowing{smooth{broad(t), make([]float64, 2), start}}
		e := NewEvaluation(p, &begin, source, 2, 2)
		x = append(x, start...)
		run := built.Clone(2)
		for i := range begin.Steps() {
			run.Step(i, x, &e)
		}
		if e.Err != nil {
			t.Fatal(e.Err)
		}
		if r, ok := run.(*rungeKutta); ok {
			evaluations = r.nfe
		}
		return x, evaluations
	}
	want, _ := solve(straightly(t, "heun", 4000))
	var first []float64
	for _, views := range []int{1, 7, 50} {
		x, evaluations := solve(straightly(t, "rk45", views))
		d := math.Hypot(x[0]-want[0], x[1]-want[1])
		t.Logf("%d views: off by %.1e with %d evaluations", views, d, evaluations)
		if !(d < 10*rungeKuttaTolerance) || evaluations < 20 || evaluations > 120 {
			t.Errorf("%d views: off by %v with %d evaluations", views, d, evaluations)
		}
		if first == nil {
			first = x
		} else if !fixture.SameBits(first, x) {
			t.Errorf("%d views: %v, with one %v", views, x, first)
		}
	}
	// The angle, for networks that are no flows. A picture that is clean at the end is E[x0 | x].
	from := []float64{3, -2}
	const low = 1e-3
	exact := flowTo(t, evenly(t, "dpmpp_2s", 3000, 4, low, func(s *Options) {
		s.Order, s.Solver = 3, "heun"
	}), from, nil)
	first = nil
	for _, views := range []int{1, 3, 17} {
		x := flowTo(t, evenly(t, "rk45", views, 4, low, nil), from, nil)
		d := math.Hypot(x[0]-exact[0], x[1]-exact[1])
		t.Logf("%d views: off by %.1e", views, d)
		if !(d < 10*rungeKuttaTolerance+low) {
			t.Errorf("%d views: off by %v", views, d)
		}
		if first == nil {
			first = x
		} else if !fixture.SameBits(first, x) {
			t.Errorf("%d views: %v, with one %v", views, x, first)
		}
	}
}
