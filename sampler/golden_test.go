package sampler

import (
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// states collects what recipes end in, for a golden file.
type states struct {
	lines []fixture.Line
	all   [][]float64
}

func (s *states) add(name string, state []float64) {
	s.lines = append(s.lines, fixture.Line{Name: name, Value: fixture.Hash(state)[:16]})
	s.all = append(s.all, state)
}

// together adds a hash of all states so far.
func (s *states) together(name string) {
	s.lines = append(s.lines, fixture.Line{Name: name, Value: fixture.Hash(s.all...)[:16]})
}

// TestGoldenStates fixes every bit of the final states of the test recipes, by their hash. They are
// the same natively on amd64 and arm64 and in wasm. A change breaks the links that people have
// shared.
func TestGoldenStates(t *testing.T) {
	var s states
	for _, family := range []string{"linear", "squaredcos_cap_v2"} {
		c := schedule.Default()
		c.BetaSchedule = family
		model, info := testModel(t, c)
		for _, text := range recipes {
			s.add(text+" with "+family, last(mustRun(t, text, model, info)))
		}
	}
	fixture.Golden(t, "testdata/golden/states.txt", s.lines)
}
