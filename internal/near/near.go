// Package near compares lists of numbers in tests.
package near

import (
	"math"
	"slices"
)

// Distance returns the largest difference, relative to the larger of 1 and the wanted value. It is
// +Inf where the lengths differ, and NaN where a difference is NaN.
func Distance(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range got {
		d := math.Abs(got[i]-want[i]) / max(1, math.Abs(want[i]))
		if !(d <= worst) {
			worst = d
		}
	}
	return worst
}

// SameBits reports whether two lists are equal to the bit.
func SameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y)
	})
}

// Norm returns the Euclidean norm.
func Norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}
