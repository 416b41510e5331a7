package solver

import (
	"math"
	"slices"
	"testing"

	"tweedie/internal/fixture"
)

func TestClipping(t *testing.T) {
	cases := []struct {
		name     string
		clipping clipping
		in, want []float64
	}{
		{"none", clipping{limit: math.Inf(1)}, []float64{-9, 0.5, 9}, []float64{-9, 0.5, 9}},
		{"clip", clipping{limit: 0.75}, []float64{-9, 0.5, 9}, []float64{-0.75, 0.5, 0.75}},
		{"dynamic, at least 1", clipping{dynamic: true, ratio: 0.5, limit: 4},
			[]float64{-0.5, 0.25, 8}, []float64{-0.5, 0.25, 1}},
		{"dynamic, between order statistics", clipping{dynamic: true, ratio: 0.75, limit: 4},
			[]float64{1, -2, 3}, []float64{0.4, -0.8, 1}},
		{"dynamic, at most the limit", clipping{dynamic: true, ratio: 1, limit: 2},
			[]float64{1, -8, 4}, []float64{0.5, -1, 1}},
		{"dynamic, one value", clipping{dynamic: true, ratio: 0.995, limit: 4}, []float64{-3},
			[]float64{-1}},
	}
	for _, c := range cases {
		x := slices.Clone(c.in)
		c.clipping.apply(x, make([]float64, len(x)))
		if !(fixture.Distance(x, c.want) <= 1e-15) {
			t.Errorf("%s: %v became %v, want %v", c.name, c.in, x, c.want)
		}
	}
}
