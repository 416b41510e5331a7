package keys

import (
	"tweedie/sampler/recipe"
	"tweedie/sampler/solver"
)

// By returns the settings with another sampler, which keeps guidance and the number of steps and
// has its own defaults for all else. It refuses one that they cannot be drawn by. The sampler that
// the settings have keeps all of its keys.
func (s Settings) By(name string) (Settings, error) {
	if name == s.sampler() {
		return s, nil
	}
	own := s.sampling
	s.Start, s.sampling = 0, nil
	for _, k := range sampling {
		if k.Name == "k" {
			s.sampling = append(s.sampling, pair{"k", name})
			continue
		}
		for _, p := range own {
			if p.name == k.Name && k.Group == recipe.GroupGuidance {
				s.sampling = append(s.sampling, p)
			}
		}
	}
	return s, s.check()
}

// Samplers lists those that go from noise to data with these settings, in the order of the menu.
// One that stays at one noise level, or is for networks that were distilled, is there only if the
// settings name it.
func (s Settings) Samplers() (names []string) {
	for _, k := range solver.Menu() {
		if k.Name != s.sampler() && (k.Traits.Level || k.Traits.Distilled) {
			continue
		}
		if _, err := s.By(k.Name); err == nil {
			names = append(names, k.Name)
		}
	}
	return names
}
