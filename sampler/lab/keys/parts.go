package keys

import (
	"slices"

	"tweedie/sampler/plane"
	"tweedie/sampler/recipe"
)

// Trained returns the part of the recipe that a trained network follows from: settings that agree
// in it train the same network.
func (s Settings) Trained() string {
	var b []byte
	for i := range table {
		switch r := &table[i]; r.Group {
		case GroupPoints, GroupResult:
		default:
			b = recipe.AppendPair(b, r.Name, r.written(&s))
		}
	}
	return string(b)
}

// Has reports whether a key means something with the kind of model and the data.
func (s Settings) Has(key string) bool {
	switch key {
	case "gauss":
		return s.Data == plane.GivenMixture
	case "paint":
		return s.Data == plane.PaintedData
	case "noise", "set":
		return s.Data != Digits
	}
	kinds := of(key)
	return kinds == nil || slices.Contains(kinds, s.Model)
}

// Values returns every key's value, that of a sampler's key that was not written being its default.
func (s Settings) Values() map[string]string {
	values := map[string]string{}
	for _, k := range sampling {
		values[k.Name] = k.Standard
	}
	for _, p := range s.sampling {
		values[p.name] = p.value
	}
	for i := range table {
		values[table[i].Name] = table[i].written(&s)
	}
	return values
}

// Standard returns the settings of an empty recipe.
func Standard() Settings { return standard() }

// Label returns the index of the class that is drawn, −1 for points of all or of each.
func (s Settings) Label() int {
	_, index, err := s.labels()
	if err != nil {
		return -1
	}
	return index
}
