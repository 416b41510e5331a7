package sampler

import (
	"slices"

	"tweedie/sampler/solver"
)

// Checkpoint is the state of a trajectory between two steps. The steps after it can be taken again
// from it, with the same bits.
type Checkpoint struct {
	step   int
	x      []float64
	solver solver.Solver // nil for a solver without memory
	t      float64       // timestep of the last evaluation
	// x0 and epsilon are of the last evaluation, for solvers with steps that evaluate nothing, for
	// networks that are shown x̂0, and before a fork; else nil.
	x0, epsilon []float64
	deep        *kept       // what deep features were worked out of; nil where there are none
	lower       *Checkpoint // of the first stage of a cascade, else nil
}

// Checkpoint returns the current state.
func (tr *Trajectory) Checkpoint() Checkpoint {
	e := tr.evaluation
	c := Checkpoint{step: tr.step, x: slices.Clone(tr.x), t: e.T,
		deep: tr.features.mark()}
	if _, ok := tr.solver.(solver.Scaled); ok || tr.remembers || tr.over() {
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

// Return goes back to a checkpoint of this trajectory, or of another of the same picture and
// recipe, and clears Err. Until the next step X0 and Epsilon may be those of another step. It
// panics if the checkpoint does not fit.
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
	tr.useAt(c.step)
	if k, ok := c.solver.(solver.Keeper); ok {
		tr.solver = k.Copied()
	}
	tr.features.back(c.deep)
	e := tr.evaluation
	e.T, e.Err = c.t, nil
	copy(e.X0, c.x0)
	copy(e.Epsilon, c.epsilon)
	tr.show()
}

// Done returns the number of steps done at the checkpoint.
func (c Checkpoint) Done() int {
	if c.lower != nil {
		return c.lower.Done() + c.step
	}
	return c.step
}

// Bytes returns about how much memory the checkpoint takes, in bytes.
func (c Checkpoint) Bytes() int {
	n := len(c.x) + len(c.x0) + len(c.epsilon)
	if k, ok := c.solver.(solver.Keeper); ok {
		n += k.Held()
	}
	if n *= 8; c.deep != nil {
		n += 4 * len(c.deep.seen)
	}
	if c.lower != nil {
		n += c.lower.Bytes()
	}
	return n
}
