package mixture

import (
	"math"
	"testing"
)

// TestMarginal: the density of one element is that of all, summed over the others.
func TestMarginal(t *testing.T) {
	m := mustNew(t, Component{Weight: 1, Mean: []float64{0.5, -1}, StdDev: 0.3},
		Component{Weight: 2, Mean: []float64{-0.3, 0.4}, StdDev: 0.5, Class: 1})
	for element := range 2 {
		one, err := m.Marginal(element)
		if err != nil || one.Dim() != 1 || one.Classes() != 2 {
			t.Fatalf("got %+v, %v", one, err)
		}
		for _, l := range someLevels {
			for _, class := range []int{-1, 1} {
				const at, step = 0.2, 1.0 / 32
				sum := 0.0
				for y := -20.0; y < 20; y += step {
					x := []float64{y, y}
					x[element] = at
					sum += step * math.Exp(m.LogDensity(x, l, class))
				}
				got := math.Exp(one.LogDensity([]float64{at}, l, class))
				if !(math.Abs(got/sum-1) < 1e-6) {
					t.Errorf("element %d, level %v, class %d: %v, want %v", element, l, class, got,
						sum)
				}
			}
		}
	}
}
