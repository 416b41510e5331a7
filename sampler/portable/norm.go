package portable

import "math"

// Norm returns the Euclidean norm of x, summed in the order of its elements.
func Norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v * v)
	}
	return math.Sqrt(sum)
}
