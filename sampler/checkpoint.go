package sampler

import (
	"slices"

	"tweedie/sampler/solver"
)

// Checkpoint is a trajectory between two steps: from it the steps after can be taken again, to the
// same bits.
type Checkpoint struct {
	step   int
	x      []float64
	solver solver.Solver // nil for one without memory
	t      float64       // of the last evaluation
	// x0 and epsilon are those of the last evaluation where a step may pass without one; else nil.
	x0, epsilon []float64
	lower       *Checkpoint // of the first stage of a cascade, else nil
}

// Checkpoint notes where the trajectory is.
func (tr *Trajectory) Checkpoint() Checkpoint {
	e := &tr.evaluation
	c := Checkpoint{step: tr.step, x: slices.Clone(tr.x), t: e.T}
	if _, ok := tr.solver.(solver.Scaled); ok {
		c.x0, c.epsilon = slices.Clone(e.X0), slices.Clone(e.Epsilon)
	}
	if k, ok := tr.solver.(solver.Keeper); ok {
		c.solver = k.Copied()
	}
	if tr.lower != nil {
		lower := tr.lower.Checkpoint()
		c.lower = &lower
	}
	return c
}

// Return goes back to a checkpoint of this trajectory, or of another of the same picture of the
// same recipe, and forgets an error. Until the next step X0 and Epsilon may be those of another
// step.
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
	if k, ok := c.solver.(solver.Keeper); ok {
		tr.solver = k.Copied()
	}
	e := &tr.evaluation
	e.T, e.Err = c.t, nil
	copy(e.X0, c.x0)
	copy(e.Epsilon, c.epsilon)
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
	if k, ok := c.solver.(solver.Keeper); ok {
		n += k.Held()
	}
	if c.lower != nil {
		return 8*n + c.lower.Bytes()
	}
	return 8 * n
}
