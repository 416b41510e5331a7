package derive

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkEvaluate times a derivation of a picture of the digits' size, with 1000 timesteps.
func BenchmarkEvaluate(b *testing.B) {
	s := random(rand.New(rand.NewPCG(10, 10)), schedules(b, 1000)[2], 500, 480, 784)
	for _, name := range Names() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				evaluate(b, name, s)
			}
		})
	}
}
