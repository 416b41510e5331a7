package layers

import "tweedie/sampler/kernels"

// Program is a compiled network: packed weights, buffers for a fixed number of
// items, and the steps between them. It is not safe for concurrent use.
type Program struct {
	Parameters int // numbers in the state dict
	Bytes      int // of packed weights and buffers
	Deep       int // numbers of one item's deep features, 0 without any; see Compiler.Pin

	kernels *kernels.Set
	batch   int
	steps   []Step
	shared  shared

	alike bool      // of the run going on: all items have the same sample
	dx    []float32 // of the way back going on, see Back

	kept  [][]float32 // of the run going on: each item's deep features; nil where none are kept
	again bool        // whether they are those of an earlier run
}

// Step is one operation.
type Step struct {
	Name         string // the module's name in the state dict
	MultiplyAdds int    // of one item, counted as the plain formula has them
	// Run does it for the first batch items of its buffers.
	Run func(batch int)
	// Back computes the gradient of Run's input from that of its output. It is
	// nil where the input does not depend on the sample.
	Back func()

	deep bool // whether only the deep features need it
}

// Run evaluates the network for the first batch items. alike says that they all
// have the same sample, as in guidance: layers that depend on the sample alone are
// then evaluated once. Nothing is allocated.
func (p *Program) Run(batch int, alike bool) { p.RunDeep(batch, alike, nil, false) }

func (p *Program) begin(batch int, alike bool) {
	if batch < 1 || batch > p.batch {
		panic("layers: more items than the program has buffers for")
	}
	p.alike = alike
}

// Back follows a Run of one item and goes through the steps from the last to
// the first. The caller has written the gradient of the output to the Grad of
// its plane; dx, [C, H, W] like the sample, receives that of the sample.
// Nothing is allocated.
func (p *Program) Back(dx []float32) {
	p.dx = dx
	for i := len(p.steps) - 1; i >= 0; i-- {
		if back := p.steps[i].Back; back != nil {
			back()
		}
	}
	p.dx = nil
}

// distinct returns the number of items that a buffer holds, and the number of
// outputs that each is the input of: a common buffer holds one item for all while
// the items are alike.
func (p *Program) distinct(batch int, common bool) (items, copies int) {
	if common && p.alike {
		return 1, batch
	}
	return batch, 1
}

// Part is one step in a profile.
type Part struct {
	Name         string  // the module's name in the state dict
	MultiplyAdds int     // of one item, counted as the plain formula has them
	Time         float64 // in the unit of the clock
}

// Profile is Run with the time that each step took by the clock now.
func (p *Program) Profile(batch int, alike bool, now func() float64) []Part {
	parts := make([]Part, len(p.steps))
	p.begin(batch, alike)
	last := now()
	for i := range p.steps {
		p.steps[i].Run(batch)
		t := now()
		parts[i] = Part{p.steps[i].Name, p.steps[i].MultiplyAdds, t - last}
		last = t
	}
	return parts
}

// MultiplyAdds is the number for one item, as the plain formulas have them.
func (p *Program) MultiplyAdds() (sum int) {
	for i := range p.steps {
		sum += p.steps[i].MultiplyAdds
	}
	return sum
}
