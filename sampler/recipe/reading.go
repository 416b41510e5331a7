package recipe

import "tweedie/sampler/solver"

// checkReading refuses a reading that the network does not have, or that says nothing of a clean
// picture's noise where that is asked.
func (s *Settings) checkReading(info Info) error {
	own := solver.ReadingOf(&info.Scheduler)
	switch {
	case s.Reading == own:
		return nil
	case own == "":
		return solver.Refuse("reading", "reading cannot be chosen for the network of this model, "+
			"which can be read in one way only; leave it out")
	case s.Invert != "" && (s.Reading == "x0" || s.Reading == "score"):
		return solver.Refuse("reading", "reading must be epsilon or v with invert, because in "+
			"the others a clean picture has no noise to be found")
	}
	return nil
}
