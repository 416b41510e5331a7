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
	if c.Sigma > 0 {
		n.times = []float64{s.Timestep(c.Sigma)}
	} else {
		for t := range T {
			n.times = append(n.times, float64(t))
		}
	}
	for _, t := range n.times {
		n.all = append(n.all, n.at(t))
	}
	return n
}

// at returns the level of a time, whole or not.
func (n *levels) at(t float64) schedule.Level { return n.schedule.Interpolate(t) }

// one returns the only time that the network knows, and false where it knows more.
func (n *levels) one() (t float64, ok bool) { return n.times[0], len(n.times) == 1 }
