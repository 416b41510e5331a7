package solver

// Solver is one sampler's rule for one picture. It shares the coefficients of its steps with its
// clones and owns what the rule remembers from one step to the next.
type Solver interface {
	// Start says how the solver begins.
	Start() Start
	// Step moves x, the state before solver step i, to the state after it, asking e for the
	// evaluations and draws of noise that the rule needs. It allocates nothing.
	Step(i int, x []float64, e *Evaluation)
	// Clone returns a solver without memory of any step, for states of that size.
	Clone(size int) Solver
}

// Keeper is a solver that remembers something from one step to the next.
type Keeper interface {
	Solver
	// Copied returns a solver with the same memory, of which neither changes the other's.
	Copied() Solver
	// Held is how many numbers that memory has.
	Held() int
}

// Forgetful is a solver that remembers earlier steps, and can begin without them.
type Forgetful interface{ Forget() }

// Scaled is a solver whose state after a step has a level that is not known before.
type Scaled interface {
	// Scaled is the factor from the state after the last step to the one that is shown.
	Scaled() float64
}
