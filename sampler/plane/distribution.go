package plane

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/portable"
)

// draws is the number of uniform numbers of a point.
const draws = 4

// Distribution draws points of the plane. It holds scratch memory, so each goroutine needs its own.
type Distribution struct {
	classes []string
	// draw makes a point of uniform numbers; nil for Gaussians and finite sets
	draw       func(u *[draws]float64) (x, y float64, class int)
	components []mixture.Component // of Gaussians or of a finite set, else nil
	sums       []float64           // [components] of the weights so far
	set        bool                // the components are the points of a finite set
	noise      float64
	uniform    []float64 // [draws·n]
	normal     []float64 // [2·n]
}

// Options change a distribution.
type Options struct {
	Noise float64 // standard deviation of noise on both coordinates, 0 or more
	// Points makes it a finite set of as many points, which Seed draws; 0 for endlessly many. The
	// noise is on the points of each draw, not on the set.
	Points int
	Seed   uint64
}

// Key names a draw of points. Streams of HeldOut and above are for data that no model is trained
// on; a finite set takes its points from setStream.
type Key struct {
	Seed   uint64
	Stream uint32
	Draw   uint32
}

// HeldOut is the first stream of data that no model is trained on.
const HeldOut = 1 << 31

const setStream = HeldOut - 1

// maxPoints bounds a finite set, whose exact score costs an exponential for each point.
const maxPoints = 1 << 16

// with applies options to a distribution.
func (d *Distribution) with(o Options) (*Distribution, error) {
	switch {
	case !(o.Noise >= 0) || math.IsInf(o.Noise, 0):
		return nil, errors.New("plane: the noise is " + strconv.FormatFloat(o.Noise, 'g', -1, 64) +
			" but must be 0 or more")
	case o.Points < 0 || o.Points > maxPoints:
		return nil, errors.New("plane: a set of " + strconv.Itoa(o.Points) +
			" points, but it may have 1 to " + strconv.Itoa(maxPoints))
	}
	if o.Points > 0 {
		x, classes := make([]float64, 2*o.Points), make([]int, o.Points)
		d.Sample(x, classes, Key{Seed: o.Seed, Stream: setStream})
		set := make([]mixture.Component, o.Points)
		for i := range set {
			set[i] = mixture.Component{Weight: 1, Mean: x[2*i : 2*i+2], Class: classes[i]}
		}
		d = gaussians(d.classes, set)
		d.set = true
	}
	d.noise = o.Noise
	return d, nil
}

// gaussians returns the distribution of a mixture.
func gaussians(classes []string, components []mixture.Component) *Distribution {
	d := &Distribution{classes: classes, components: components}
	sum := 0.0
	for _, c := range components {
		sum += c.Weight
		d.sums = append(d.sums, sum)
	}
	return d
}

// Classes returns the names of the classes, one or more.
func (d *Distribution) Classes() []string { return d.classes }

// Sample writes n points to dst, [n][2], and their classes to classes, [n]; n is the length of
// classes. A longer draw begins with the same points.
func (d *Distribution) Sample(dst []float64, classes []int, k Key) {
	n := len(classes)
	if len(d.uniform) < draws*n {
		d.uniform, d.normal = make([]float64, draws*n), make([]float64, 2*n)
	}
	noise.Uniform(d.uniform[:draws*n], k.Seed, k.Stream, k.Draw)
	if d.noise > 0 || d.draw == nil {
		noise.Normal(d.normal[:2*n], k.Seed, k.Stream, k.Draw)
	}
	for i := range n {
		u := (*[draws]float64)(d.uniform[draws*i:])
		z, spread := d.normal[2*i:], d.noise
		var x, y float64
		if d.draw != nil {
			x, y, classes[i] = d.draw(u)
		} else {
			c := &d.components[pick(d.sums, u[0])]
			x, y, classes[i] = c.Mean[0], c.Mean[1], c.Class
			spread = both(c.StdDev, d.noise)
		}
		if spread > 0 {
			x, y = x+float64(spread*z[0]), y+float64(spread*z[1])
		}
		dst[2*i], dst[2*i+1] = x, y
	}
}

// both is the standard deviation of a sum.
func both(a, b float64) float64 {
	if b == 0 {
		return a
	}
	return math.Sqrt(float64(a*a) + float64(b*b))
}

// pick returns the first index whose sum of weights is at least the share u, in (0, 1], of all.
func pick(sums []float64, u float64) int {
	at := float64(u * sums[len(sums)-1])
	low, high := 0, len(sums)-1
	for low < high {
		if middle := (low + high) / 2; sums[middle] < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// Exact returns the density that the points have, as a mixture: of Gaussians, or of a finite set
// with its noise. It is nil for a distribution whose density is not known.
func (d *Distribution) Exact() *mixture.Mixture {
	if d.components == nil {
		return nil
	}
	all := make([]mixture.Component, len(d.components))
	for i, c := range d.components {
		c.StdDev = both(c.StdDev, d.noise)
		all[i] = c
	}
	m, err := mixture.New(all)
	if err != nil {
		panic("plane: " + err.Error()) // the components have been checked
	}
	return m
}

// Modes returns the Gaussians that the points are of, with weights that sum to 1, and nil for other
// distributions and for more Gaussians than ParseMixture reads.
func (d *Distribution) Modes() []mixture.Component {
	if len(d.components) == 0 || len(d.components) > maxComponents || d.set {
		return nil
	}
	all := slices.Clone(d.components)
	for i := range all {
		all[i].Weight /= d.sums[len(d.sums)-1]
	}
	return all
}

// turn returns the point at an angle, in turns, and a radius.
func turn(turns, radius float64) (x, y float64) {
	sin, cos := portable.Sincos(float64(2 * math.Pi * turns))
	return float64(radius * cos), float64(radius * sin)
}
