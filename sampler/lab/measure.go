package lab

import (
	"math"
	"slices"

	"tweedie/sampler/mixture"
	"tweedie/sampler/network"
	"tweedie/sampler/noise"
	"tweedie/sampler/plane"
	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// directions is the number of lines that SlicedWasserstein projects on.
const directions = 32

// SlicedWasserstein returns the sliced 2-Wasserstein distance of two clouds of as many points,
// [n][2] (Bonneel et al., Journal of Mathematical Imaging and Vision 51, 2015): the root of the
// mean, over 32 directions that are evenly spread, of the square distance of the projections, which
// sorting gives exactly.
func SlicedWasserstein(a, b []float64) float64 {
	if len(a) != len(b) || len(a)%2 != 0 {
		panic("lab: two clouds of different size")
	}
	n := len(a) / 2
	if n == 0 {
		return 0
	}
	p, q := make([]float64, n), make([]float64, n)
	sum := 0.0
	for k := range directions {
		sin, cos := portable.Sincos(float64(math.Pi * float64(k) / directions))
		for i := range n {
			p[i] = float64(cos*a[2*i]) + float64(sin*a[2*i+1])
			q[i] = float64(cos*b[2*i]) + float64(sin*b[2*i+1])
		}
		slices.Sort(p)
		slices.Sort(q)
		for i := range n {
			d := p[i] - q[i]
			sum += float64(d * d)
		}
	}
	return math.Sqrt(sum / float64(directions*n))
}

// HeldOut returns n points, [n][2], that no training with this seed sees. Each draw has others.
func HeldOut(d *plane.Distribution, seed uint64, n int, draw uint32) []float64 {
	x, classes := make([]float64, 2*n), make([]int, n)
	d.Sample(x, classes, plane.Key{Seed: seed, Stream: plane.HeldOut, Draw: draw})
	return x
}

// ScoreError returns how far the model's score is from the exact one at training timestep t: the
// root mean square of √(1−ᾱ)·(ŝ − s), which is the error in ε, over noisy held-out points, as many
// as the model has. The score of noise itself has about the size 1.
func ScoreError(m *Model, exact *mixture.Mixture, heldOut []float64, seed uint64, t int) float64 {
	l := m.schedule.At(t)
	z := make([]float64, len(heldOut))
	noise.Normal(z, seed, plane.HeldOut+1, uint32(t))
	x, narrow := make([]float64, len(z)), make([]float32, len(z))
	for i, v := range heldOut {
		narrow[i] = float32(float64(l.Signal*v) + float64(l.Noise*z[i]))
		x[i] = float64(narrow[i])
	}
	out := make([]float32, len(x))
	m.Predict([][]float32{out}, narrow, float64(t), []int{network.NoClass})
	own, learned := make([]float64, len(x)), make([]float64, len(x))
	for i, v := range out {
		own[i] = float64(v)
	}
	l.Convert(learned, x, own, m.schedule.Config.PredictionType, schedule.Epsilon)
	x0, epsilon, sum := make([]float64, 2), make([]float64, 2), 0.0
	for i := 0; i < len(x); i += 2 {
		exact.Denoise(x0, epsilon, x[i:i+2], l, -1)
		for j := range epsilon {
			d := learned[i+j] - epsilon[j]
			sum += float64(d * d)
		}
	}
	return math.Sqrt(sum / float64(len(x)))
}

// Nearest returns the mean distance of the points of a from the nearest of b, [n][2] each: how far
// from the data what was drawn is or, the other way round, how much of the data is left out.
func Nearest(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	sum := 0.0
	for i := 0; i < len(a); i += 2 {
		least := math.Inf(1)
		for j := 0; j < len(b); j += 2 {
			x, y := a[i]-b[j], a[i+1]-b[j+1]
			least = min(least, float64(x*x)+float64(y*y))
		}
		sum += math.Sqrt(least)
	}
	return sum / float64(len(a)/2)
}
