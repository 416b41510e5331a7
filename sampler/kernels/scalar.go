//go:build !goexperiment.simd || !(wasm || amd64 || arm64) || scalar

package kernels

// Best returns the fastest kernels that this build has: the reference. The
// build tag scalar chooses them where the vector kernels would be possible.
func Best() *Set { return Reference() }

func vectorTraining() *Training { panic("kernels: this build has no vector kernels") }

// PeakRound is how many multiply-adds a round of PeakLoop makes.
const PeakRound = 4 * 96

// PeakLoop makes n·PeakRound multiply-adds on registers alone: the rate that the
// kernels can at best reach. The result only keeps the loop from being removed.
func PeakLoop(n int) float32 {
	a, b, c, d := float32(0), float32(1), float32(2), float32(3) // equal sums would become one
	for range 96 * n {
		a = float32(a*0.999) + 0.999
		b = float32(b*0.999) + 0.999
		c = float32(c*0.999) + 0.999
		d = float32(d*0.999) + 0.999
	}
	return (a + b) + (c + d)
}
