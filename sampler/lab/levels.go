package lab

import "tweedie/sampler/schedule"

// levels are the noise levels that a network learns.
type levels struct {
	schedule *schedule.Schedule
	times    []float64        // what the network is told at each
	all      []schedule.Level // [times]
}

func newLevels(c *Config, s *schedule.Schedule) levels {
	n := levels{schedule: s}
	for t := range T {
		n.times = append(n.times, float64(t))
	}
	switch {
	case c.Sigma > 0:
		n.times = []float64{s.Timestep(c.Sigma)}
	case n.straight():
		for i := range n.times {
			n.times[i]++ // from 1 to T, as flow matching counts: at 0 there is nothing to learn
		}
	}
	n.all = make([]schedule.Level, len(n.times))
	n.follow()
	return n
}

// follow takes the levels of the schedule, which may have changed.
func (n *levels) follow() {
	for i, t := range n.times {
		n.all[i] = n.at(t)
	}
}

// straight reports whether they are those of a rectified flow.
func (n *levels) straight() bool { return n.schedule.Config.Solver.Network == schedule.Straight }

// at returns the level of a time, whole or not.
func (n *levels) at(t float64) schedule.Level {
	if !n.straight() {
		return n.schedule.Interpolate(t)
	}
	sigma := min(max(t/T, 0), 1)
	return schedule.Level{Signal: 1 - sigma, Noise: sigma}
}

// one returns the only time that the network knows, and false where it knows more.
func (n *levels) one() (t float64, ok bool) { return n.times[0], len(n.times) == 1 }
