package plane

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"tweedie/sampler/mixture"
)

// Limits of a given mixture.
const (
	maxComponents = 32
	maxClasses    = 16
	maxPlace      = 2 // of a coordinate
)

// ParseMixture reads the Gaussians of a mixture: weight,x,y,spread or weight,x,y,spread,class of
// each, with semicolons between. A component without a class has its own: 0 for the first, and so
// on. No class between 0 and the largest may be left out.
func ParseMixture(text string) ([]mixture.Component, error) {
	parts := strings.Split(text, ";")
	if len(parts) > maxComponents {
		return nil, errors.New("plane: a mixture of " + strconv.Itoa(len(parts)) +
			" Gaussians, and it may have " + strconv.Itoa(maxComponents))
	}
	var all []mixture.Component
	for i, part := range parts {
		words := strings.Split(part, ",")
		wrong := errors.New("plane: Gaussian " + strconv.Itoa(i+1) +
			" of the mixture must be weight,x,y,spread and perhaps its class, with a weight " +
			"above 0 and up to 1000, a place within 2, a spread from 0 to 2 and a class from 0 " +
			"to " + strconv.Itoa(maxClasses-1))
		if len(words) < 4 || len(words) > 5 {
			return nil, wrong
		}
		var v [4]float64
		for j := range v {
			var ok bool
			if v[j], ok = decimal(words[j]); !ok {
				return nil, wrong
			}
		}
		class := min(i, maxClasses-1)
		if len(words) == 5 {
			n, err := strconv.ParseUint(words[4], 10, 8)
			if class = int(n); err != nil || class >= maxClasses {
				return nil, wrong
			}
		}
		if !(v[0] > 0 && v[0] <= 1000 && math.Abs(v[1]) <= maxPlace && math.Abs(v[2]) <= maxPlace &&
			v[3] >= 0 && v[3] <= maxPlace) {
			return nil, wrong
		}
		all = append(all, mixture.Component{Weight: v[0], Mean: []float64{v[1], v[2]}, StdDev: v[3],
			Class: class})
	}
	return all, complete(all)
}

// complete refuses classes that no Gaussian has.
func complete(all []mixture.Component) error {
	var has [maxClasses]bool
	most := 0
	for _, c := range all {
		has[c.Class] = true
		most = max(most, c.Class)
	}
	for class, ok := range has[:most] {
		if !ok {
			return errors.New("plane: no Gaussian of the mixture has the class " +
				strconv.Itoa(class) + ", and one has " + strconv.Itoa(most))
		}
	}
	return nil
}

// StandardMixture returns the text of the Gaussians that the preset has where none are given.
func StandardMixture() string { return FormatMixture(twoModes()) }

// FormatMixture writes what ParseMixture reads, each Gaussian with its class.
func FormatMixture(all []mixture.Component) string {
	var parts []string
	for _, c := range all {
		var words []string
		for _, v := range []float64{c.Weight, c.Mean[0], c.Mean[1], c.StdDev} {
			words = append(words, strconv.FormatFloat(v, 'g', -1, 64))
		}
		parts = append(parts, strings.Join(append(words, strconv.Itoa(c.Class)), ","))
	}
	return strings.Join(parts, ";")
}

// decimal reads a finite decimal number, without strconv's other forms.
func decimal(text string) (float64, bool) {
	for i := range len(text) {
		if strings.IndexByte("0123456789.eE+-", text[i]) < 0 {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// Given returns the distribution of given Gaussians. Its classes are called by their numbers.
func Given(components []mixture.Component, o Options) (*Distribution, error) {
	m, err := mixture.New(components)
	if err != nil {
		return nil, err
	}
	if m.Dim() != 2 {
		return nil, errors.New("plane: a mixture of the plane has means of two numbers")
	}
	classes := make([]string, m.Classes())
	for i := range classes {
		classes[i] = strconv.Itoa(i)
	}
	return gaussians(classes, components).with(o)
}
