package sampler

import "slices"

// Checkpoint is a trajectory between two steps: from it the steps after can be taken again, to the same bits.
type Checkpoint struct {
	step   int
	x      []float64
	solver solver  // nil for one without memory
	t      float64 // of the last evaluation
	// x0 and epsilon are those of the last evaluation where a step may pass without one; else nil.
	x0, epsilon []float64
	lower       *Checkpoint // of the first stage of a cascade, else nil
}

// keeper is a solver that remembers something from one step to the next.
type keeper interface {
	// copied returns a solver with the same memory, of which neither changes the other's.
	copied() solver
	// held is how many numbers that memory has.
	held() int
}

// Checkpoint notes where the trajectory is.
func (tr *Trajectory) Checkpoint() Checkpoint {
	e := &tr.evaluation
	c := Checkpoint{step: tr.step, x: slices.Clone(tr.x), t: e.t}
	if _, ok := tr.solver.(*adaptive); ok {
		c.x0, c.epsilon = slices.Clone(e.x0), slices.Clone(e.epsilon)
	}
	if k, ok := tr.solver.(keeper); ok {
		c.solver = k.copied()
	}
	if tr.lower != nil {
		lower := tr.lower.Checkpoint()
		c.lower = &lower
	}
	return c
}

// Return goes back to a checkpoint of this trajectory, or of another of the same picture of the same recipe, and forgets an error. Until
// the next step X0 and Epsilon may be those of another step.
func (tr *Trajectory) Return(c Checkpoint) {
	if len(c.x) != len(tr.x) || (c.lower == nil) != (tr.lower == nil) {
		panic("sampler: a checkpoint of another trajectory")
	}
	if c.lower != nil {
		tr.lower.Return(*c.lower)
		tr.lower.enlarged()
		if tr.lower.over() {
			tr.lower.condition()
		}
	}
	tr.step = c.step
	copy(tr.x, c.x)
	if k, ok := c.solver.(keeper); ok {
		tr.solver = k.copied()
	}
	e := &tr.evaluation
	e.t, e.err = c.t, nil
	copy(e.x0, c.x0)
	copy(e.epsilon, c.epsilon)
	tr.show()
}

// Done is the number of steps that were done at the checkpoint.
func (c Checkpoint) Done() int {
	if c.lower != nil {
		return c.lower.Done() + c.step
	}
	return c.step
}

// Bytes is about how much memory the checkpoint takes.
func (c Checkpoint) Bytes() int {
	n := len(c.x) + len(c.x0) + len(c.epsilon)
	if k, ok := c.solver.(keeper); ok {
		n += k.held()
	}
	if c.lower != nil {
		return 8*n + c.lower.Bytes()
	}
	return 8 * n
}

func (t *tableau) copied() solver {
	c := *t
	c.outputs = copiedAll(t.outputs)
	c.remembered, c.z = slices.Clone(t.remembered), slices.Clone(t.z)
	return &c
}

func (t *tableau) held() int { return (len(t.outputs) + 2) * len(t.z) }

func (a *adaptive) copied() solver {
	c := *a
	c.eps = [3][]float64(copiedAll(a.eps[:]))
	c.low, c.high, c.previous = slices.Clone(a.low), slices.Clone(a.high), slices.Clone(a.previous)
	return &c
}

func (a *adaptive) held() int { return 6 * len(a.low) }

func (c *corrected) copied() solver {
	other := *c
	other.previous = slices.Clone(c.previous)
	return &other
}

func (c *corrected) held() int { return len(c.previous) }

func copiedAll(all [][]float64) [][]float64 {
	copies := make([][]float64, len(all))
	for i, x := range all {
		copies[i] = slices.Clone(x)
	}
	return copies
}
