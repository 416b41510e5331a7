package solver

// Solver takes a sampler's steps for one picture. Clones share the coefficients; each has its own
// memory of earlier steps.
type Solver interface {
	// Start returns how the solver begins and how its states are shown.
	Start() Start
	// Step changes x, [C·H·W], from the state before solver step i to the state after it. It takes
	// evaluations and draws of noise from e. It allocates nothing. After an error, which is in
	// e.Err, x is undefined.
	Step(i int, x []float64, e *Evaluation)
	// Clone returns a solver without memory of any step, for states of size values.
	Clone(size int) Solver
}

// Keeper is a solver that remembers something from one step to the next.
type Keeper interface {
	Solver
	// Copied returns a copy of the solver that shares no memory with it.
	Copied() Solver
	// Held returns the number of float64 values in that memory.
	Held() int
}

// Forgetful is a solver that remembers earlier steps and can go on without them. Forget drops them.
type Forgetful interface{ Forget() }

// Scaled is a solver whose noise level after a step is not known before the step.
type Scaled interface {
	// Scaled returns the factor from the state after the last step to what is shown.
	Scaled() float64
}
