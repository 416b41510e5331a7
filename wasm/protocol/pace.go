package protocol

import "slices"

// pace decides by the clock whether a step is made with a helper. Where no core is idle, or the
// messages take longer than a pass, a step is faster without one.
type pace struct {
	alone, helped times
	since         int // steps since the slower way was last tried
}

// again is after how many steps the slower way is tried again.
const again = 32

// helps reports whether the next step is to be made with the helper. Each way is tried once, the
// one without it first: what has not run before in a browser is slow, and comes to lie there.
func (p *pace) helps() bool { return p.alone.n > 0 && p.faster() != (p.since >= again) }

// faster reports whether steps were faster with the helper, as far as is known.
func (p *pace) faster() bool { return p.helped.n == 0 || p.helped.median() < p.alone.median() }

// note takes the milliseconds of an evaluation.
func (p *pace) note(helped bool, ms float64) {
	if p.since++; helped != p.faster() {
		p.since = 0
	}
	if helped {
		p.helped.add(ms)
	} else {
		p.alone.add(ms)
	}
}

// times are the last of some milliseconds.
type times struct {
	last [3]float64
	n    int
}

func (t *times) add(ms float64) {
	t.last[t.n%len(t.last)] = ms
	t.n++
}

// median returns the middle of the last three, so that one that was held up does not count; of two
// it returns the shorter.
func (t *times) median() float64 {
	last := t.last
	some := last[:min(t.n, len(last))]
	slices.Sort(some)
	return some[(len(some)-1)/2]
}
