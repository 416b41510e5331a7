package mixture

// Marginal returns the mixture of one element of x0, from 0 to Dim−1: the density of that element
// alone, with and without noise. It panics on an element that is not there.
func (m *Mixture) Marginal(element int) (*Mixture, error) {
	all := make([]Component, len(m.components))
	for i, c := range m.components {
		c.Mean = c.Mean[element : element+1]
		all[i] = c
	}
	return New(all)
}
