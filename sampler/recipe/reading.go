package recipe

import "tweedie/sampler/solver"

// checkReading refuses a reading that the network does not have, and with invert one that does not
// say what noise a clean picture has.
func (s *Settings) checkReading(info Info) error {
	own := solver.ReadingOf(&info.Scheduler)
	switch {
	case s.Reading == own:
		return nil
	case own == "":
		return solver.Refuse("reading", "reading cannot be chosen for this model, because its "+
			"network has one reading only; leave reading out")
	case s.Invert != "" && (s.Reading == "x0" || s.Reading == "score"):
		return solver.Refuse("reading", "reading must be epsilon or v with invert, because the "+
			"others do not say what noise a clean picture has")
	}
	return nil
}
