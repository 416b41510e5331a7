package sampler

// Sampler describes one sampler to people.
type Sampler struct {
	Name        string // k
	Title       string
	Description string // one sentence
	build       func(p *plan) (solver, error)
}

// samplers is the list of all samplers. A new one is a line here and a solver.
var samplers = []Sampler{
	{"ddim", "DDIM", "Walks straight along the predicted noise; without added noise the same start always ends in the same picture.", newDDIM},
	{"ddpm", "DDPM", "Samples the posterior of each step and adds fresh noise, as the model was trained to be used.", newDDPM},
}

// Samplers lists the samplers, in the order in which to offer them.
func Samplers() []Sampler { return append([]Sampler(nil), samplers...) }

// solver is one sampler's rule for one picture. It shares the coefficients of its steps with its clones and owns whatever the
// rule remembers from one step to the next.
type solver interface {
	// step moves x, the state before solver step i, to the state after it, asking e for as many evaluations and draws of noise
	// as the rule needs. It allocates nothing.
	step(i int, x []float64, e *evaluation)
	// clone returns an independent solver with the same memory of past steps.
	clone() solver
}

func samplerNames() []string {
	names := make([]string, len(samplers))
	for i := range samplers {
		names[i] = samplers[i].Name
	}
	return names
}
