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

// HeldOutOf is HeldOut for n points of one class, or fewer where the class is that rare.
func HeldOutOf(d *plane.Distribution, seed uint64, class, n int, draw uint32) (own []float64) {
	const most = 64 // draws, of which each has numbers of its own
	x, classes := make([]float64, 2*n), make([]int, n)
	for i := uint32(0); i < most && len(own) < 2*n; i++ {
		d.Sample(x, classes, plane.Key{Seed: seed, Stream: plane.HeldOut + 4, Draw: draw*most + i})
		for k, c := range classes {
			if c == class && len(own) < 2*n {
				own = append(own, x[2*k:2*k+2]...)
			}
		}
	}
	return own
}

// ScoreError returns how far the model's score is from the exact one at a time t that the network
// is told: the root mean square of √(1−ᾱ)·(ŝ − s), which is the error in ε, over noisy held-out
// points, as many as the model has. The score of noise itself has about the size 1.
func ScoreError(m *Model, exact *mixture.Mixture, heldOut []float64, seed uint64, t float64,
) float64 {
	l := m.Level(t)
	x := make([]float64, len(heldOut))
	noise.Normal(x, seed, plane.HeldOut+1, uint32(t))
	for i, v := range heldOut {
		x[i] = float64(l.Signal*v) + float64(l.Noise*x[i])
	}
	return scoreError(m, exact, x, t)
}

// rare is the share of the largest density below which data count as rare.
const rare = 0.01

// RareScoreError is ScoreError at places where data are rare: evenly spread over the square from
// −1.5 to 1.5, which is scaled as the signal is, where the exact density of noisy points is below a
// hundredth of its largest there. It is NaN where nothing is rare: much noise is everywhere.
func RareScoreError(m *Model, exact *mixture.Mixture, seed uint64, t float64) float64 {
	l, places := m.Level(t), make([]float64, 4*2*m.points)
	noise.Uniform(places, seed, plane.HeldOut+2, 0)
	most, density := math.Inf(-1), make([]float64, len(places)/2)
	for i := range density {
		for j := range 2 {
			places[2*i+j] = float64(1.5*l.Signal) * float64(float64(2*places[2*i+j])-1)
		}
		density[i] = exact.LogDensity(places[2*i:2*i+2], l, -1)
		most = max(most, density[i])
	}
	var x []float64
	for i, d := range density {
		if d < most+portable.Log(rare) && len(x) < 2*m.points {
			x = append(x, places[2*i:2*i+2]...)
		}
	}
	if len(x) < 2*m.points {
		return math.NaN()
	}
	return scoreError(m, exact, x, t)
}

// scoreError is ScoreError for points that are noisy already, [points][2].
func scoreError(m *Model, exact *mixture.Mixture, x []float64, t float64) float64 {
	l := m.Level(t)
	narrow := make([]float32, len(x))
	for i, v := range x {
		narrow[i] = float32(v)
		x[i] = float64(narrow[i])
	}
	out := make([]float32, len(x))
	m.Predict([][]float32{out}, narrow, t, []int{network.NoClass})
	own, learned := make([]float64, len(x)), make([]float64, len(x))
	for i, v := range out {
		own[i] = float64(v)
	}
	l.Convert(learned, x, own, m.Schedule().Config.PredictionType, schedule.Epsilon)
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
	for _, d := range distances(a, b) {
		sum += d
	}
	return sum / float64(len(a)/2)
}

// Beyond returns the share of the points of a that are further than a distance from all of b,
// [n][2] each.
func Beyond(a, b []float64, distance float64) float64 {
	if len(a) == 0 {
		return 0
	}
	far := 0
	for _, d := range distances(a, b) {
		if !(d <= distance) {
			far++
		}
	}
	return float64(far) / float64(len(a)/2)
}

// distances returns the distance of each point of a from the nearest of b.
func distances(a, b []float64) []float64 {
	list := make([]float64, len(a)/2)
	for i := range list {
		least := math.Inf(1)
		for j := 0; j < len(b); j += 2 {
			x, y := a[2*i]-b[j], a[2*i+1]-b[j+1]
			least = min(least, float64(x*x)+float64(y*y))
		}
		list[i] = math.Sqrt(least)
	}
	return list
}

// Modes returns the share of the points, [n][2], in each mode of a mixture: a point belongs to the
// component whose mean is the nearest.
func Modes(points []float64, all []mixture.Component) []float64 {
	shares := make([]float64, len(all))
	for i := 0; i < len(points); i += 2 {
		nearest, least := 0, math.Inf(1)
		for k := range all {
			x, y := points[i]-all[k].Mean[0], points[i+1]-all[k].Mean[1]
			if d := float64(x*x) + float64(y*y); d < least {
				nearest, least = k, d
			}
		}
		shares[nearest]++
	}
	for k := range shares {
		shares[k] /= float64(max(1, len(points)/2))
	}
	return shares
}
