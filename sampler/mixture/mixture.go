// Package mixture has the exact denoiser of a Gaussian mixture. With spread 0 the components are
// the pictures of a data set, and it is the limit of a network that is trained on these pictures
// alone. It is a library in float64, with which the tests of every sampler compare; package oracle
// is the model that the page offers.
package mixture

import (
	"errors"
	"math"
	"strconv"

	"tweedie/sampler/portable"
	"tweedie/sampler/schedule"
)

// Component is one isotropic Gaussian. Means and spreads are numbers of float32, so that their
// squares are numbers of float64.
type Component struct {
	Weight float64   // above 0; weights need not sum to 1
	Mean   []float64 // [dim]
	StdDev float64   // 0 for a point of a data set
	Class  int       // 0 or more
}

// Mixture is p(x0) = Σ_k w_k·N(μ_k, s_k²·I). It holds scratch memory, so each goroutine needs its
// own.
type Mixture struct {
	components []Component
	logWeight  []float64 // [components]
	posterior  []float64 // [components] scratch: responsibilities
	mean       []float64 // [dim] scratch: a mean score
	dim        int
}

// New checks the components and returns their mixture. The means are not copied.
func New(components []Component) (*Mixture, error) {
	if len(components) == 0 {
		return nil, errors.New("mixture: a mixture needs one component or more")
	}
	m := &Mixture{components: components, dim: len(components[0].Mean)}
	for i, c := range components {
		name := "mixture: component " + strconv.Itoa(i)
		switch {
		case len(c.Mean) != m.dim || m.dim == 0:
			return nil, errors.New(name + " has a mean of " + strconv.Itoa(len(c.Mean)) +
				" values, the first one has " + strconv.Itoa(m.dim))
		case !(c.Weight > 0) || math.IsInf(c.Weight, 0):
			return nil, errors.New(name + " must have a weight above 0")
		case !(c.StdDev >= 0 && c.StdDev <= math.MaxFloat32):
			return nil, errors.New(name + " must have a standard deviation of 0 or more, and " +
				"one that float32 has")
		case c.Class < 0:
			return nil, errors.New(name + " must have a class of 0 or more")
		}
		for j, v := range c.Mean {
			if !(math.Abs(v) <= math.MaxFloat32) {
				return nil, errors.New(name + " has a mean whose element " + strconv.Itoa(j) +
					" is no number of float32")
			}
		}
		m.logWeight = append(m.logWeight, portable.Log(c.Weight))
	}
	m.posterior, m.mean = make([]float64, len(components)), make([]float64, m.dim)
	return m, nil
}

// Dim is the number of values of a picture.
func (m *Mixture) Dim() int { return m.dim }

// Classes is the largest class plus one.
func (m *Mixture) Classes() int {
	classes := 0
	for _, c := range m.components {
		classes = max(classes, c.Class+1)
	}
	return classes
}

// Denoise writes E[x0 | x] and E[ε | x] for x = Signal·x0 + Noise·ε, among the components of a
// class, or among all of them if the class is negative. x0, epsilon, x: [dim]; neither may alias x.
// A class without components gives NaN.
//
// With the level (a, b) and var_k = a²s_k² + b², component k has the responsibility r_k ∝
// w_k·var_k^(−dim/2)·exp(−|x−aμ_k|²/2var_k). Given k, E[x0] = μ_k + a·s_k²/var_k·(x−aμ_k) and E[ε]
// = b/var_k·(x−aμ_k).
func (m *Mixture) Denoise(x0, epsilon, x []float64, l schedule.Level, class int) {
	m.responsibilities(x, l, class)
	for i := range x {
		x0[i], epsilon[i] = 0, 0
	}
	a, b := l.Signal, l.Noise
	for k, r := range m.posterior {
		if r == 0 {
			continue
		}
		c := &m.components[k]
		variance := c.variance(l)
		toX0, toEpsilon := a*c.StdDev*c.StdDev/variance, b/variance
		for i, mean := range c.Mean {
			d := x[i] - float64(a*mean)
			x0[i] += float64(r * (mean + float64(toX0*d)))
			epsilon[i] += float64(r * float64(toEpsilon*d))
		}
	}
}

// variance is the variance of one element of x given the component.
func (c *Component) variance(l schedule.Level) float64 {
	return float64(l.Signal*l.Signal*c.StdDev*c.StdDev) + float64(l.Noise*l.Noise)
}

// responsibilities fills posterior with r_k, which sum to 1, and computes in logarithms until the
// end. total·exp(most) is their sum before normalisation, Σ_k
// w_k·var_k^(−dim/2)·exp(−|x−aμ_k|²/2var_k).
func (m *Mixture) responsibilities(x []float64, l schedule.Level, class int) (most, total float64) {
	most = math.Inf(-1)
	for k := range m.components {
		c := &m.components[k]
		m.posterior[k] = math.Inf(-1)
		if class >= 0 && c.Class != class {
			continue
		}
		distance := 0.0
		for i, mean := range c.Mean {
			d := x[i] - float64(l.Signal*mean)
			distance += float64(d * d)
		}
		variance := c.variance(l)
		m.posterior[k] = m.logWeight[k] - float64(0.5*float64(m.dim)*portable.Log(variance)) -
			distance/(2*variance)
		most = max(most, m.posterior[k])
	}
	for k, log := range m.posterior {
		m.posterior[k] = portable.Exp(log - most)
		total += m.posterior[k]
	}
	for k := range m.posterior {
		m.posterior[k] /= total
	}
	return most, total
}
