package protocol

// pace decides by the clock whether a step is made with a helper. Where no core is idle, or the
// messages take longer than a pass, a step is faster without one.
type pace struct {
	alone, helped mean
	since         int // steps since the slower way was last tried
	slower        int // how often it was slower since it was the faster one
}

// again is after how many steps the slower way is tried again, until a step is slower. They double
// each time, at most doublings times.
const again, doublings = 16, 3

// helps reports whether the next step is to be made with the helper. Both ways are tried first, the
// one without it before the other: what has not run before in a browser is slow, and comes to lie
// there.
func (p *pace) helps() bool {
	return p.alone.known() && (!p.helped.known() || p.faster() != (p.since >= again<<p.slower))
}

// faster reports whether steps are faster with the helper.
func (p *pace) faster() bool { return p.helped.ms < p.alone.ms }

// note takes the milliseconds of an evaluation.
func (p *pace) note(helped bool, ms float64) {
	before, of, other := p.faster(), &p.alone, &p.helped
	if helped {
		of, other = other, of
	}
	of.add(ms)
	switch p.since++; {
	case p.faster() != before:
		p.since, p.slower = 0, 0
	case helped != before && p.helped.known() && ms >= other.ms:
		p.since, p.slower = 0, min(p.slower+1, doublings)
	}
}

// mean is the mean of milliseconds, in which the last 32 count most. It is no median: what a
// picture takes is their sum, also where a few steps are held up.
type mean struct {
	ms float64
	n  int
}

// known reports whether there is a mean. The first of all steps counts for nothing: engines compile
// what runs often.
func (m *mean) known() bool { return m.n > 1 }

func (m *mean) add(ms float64) {
	if m.n++; m.known() {
		m.ms += (ms - m.ms) / float64(min(m.n-1, 32))
	}
}
