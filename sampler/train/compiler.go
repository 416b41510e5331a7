package train

import "tweedie/sampler/kernels"

// Options say what a Program is compiled for.
type Options struct {
	Kernels *kernels.Set
	Batch   int // the most rows of Forward and Backward
	// Frozen makes a program without a way back, which takes a third of the memory.
	Frozen bool
}

// Value is an activation: one row of Width numbers for each item of a batch.
type Value struct {
	Width, Stride int
	Data          []float32 // [batch][Stride]
	// Grad is the gradient of the loss with respect to Data, [batch][Stride]. It is nil where
	// nothing depends on it: of an input that no gradient was asked for, and in a frozen program.
	Grad []float32
}

// Row returns the numbers of one item.
func (v *Value) Row(i int) []float32 { return v.Data[i*v.Stride : i*v.Stride+v.Width] }

// operation is one step of a program. back adds to, or with fresh replaces, the gradients of what
// the operation reads, from that of what it wrote.
type operation struct {
	run, back func(rows int)
	reads     []*Value // those with a gradient
	learns    bool     // it has parameters
	fresh     []bool   // [reads]: nothing has been written to that gradient on the way back
}

// Compiler makes the list of operations of a Program.
type Compiler struct {
	Options
	program *Program
	outputs []*Value
	scratch int // floats that one operation needs on the way back
	widest  int // the largest Stride
}

// Program is a compiled network. It is not safe for concurrent use.
type Program struct {
	// Weights and Gradient hold all parameters and their gradients, in one layout that depends only
	// on the operations. Weights may be replaced by another slice of the same length.
	Weights, Gradient []float32

	kernels     *kernels.Set
	training    *kernels.Training
	batch       int
	operations  []operation
	parameters  []parameter
	scratch     []float32
	ones, zeros []float32 // [widest]
}

// Compile makes a Program of the operations that build adds. Its weights are zero until Start or
// Load sets them.
func Compile(o Options, build func(c *Compiler)) *Program {
	if o.Batch < 1 {
		panic("train: a program needs a batch of one row or more")
	}
	c := &Compiler{Options: o, program: &Program{kernels: o.Kernels,
		training: kernels.TrainingOf(o.Kernels), batch: o.Batch}}
	build(c)
	p := c.program
	size := 0
	for _, w := range p.parameters {
		size += w.size()
	}
	p.Weights = make([]float32, size)
	if !o.Frozen {
		p.Gradient, p.scratch = make([]float32, size), make([]float32, c.scratch)
	}
	p.ones, p.zeros = make([]float32, c.widest), make([]float32, c.widest)
	for i := range p.ones {
		p.ones[i] = 1
	}
	c.order()
	return p
}

// order finds which operation is the first to write each gradient on the way back. The caller
// writes those of the outputs before.
func (c *Compiler) order() {
	written := map[*Value]bool{}
	for _, v := range c.outputs {
		written[v] = true
	}
	all := c.program.operations
	for i := len(all) - 1; i >= 0; i-- {
		o := &all[i]
		for j, v := range o.reads {
			o.fresh[j] = !written[v]
			written[v] = true
		}
	}
}

// value allocates an activation. Without gradient it has no Grad.
func (c *Compiler) value(width int, gradient bool) *Value {
	if width < 1 {
		panic("train: a value has one number or more")
	}
	v := &Value{Width: width, Stride: kernels.Padded(width)}
	v.Data = make([]float32, c.Batch*v.Stride)
	if gradient && !c.Frozen {
		v.Grad = make([]float32, c.Batch*v.Stride)
	}
	c.widest = max(c.widest, v.Stride)
	return v
}

// Input returns a value that the caller fills before Forward.
func (c *Compiler) Input(width int) *Value { return c.value(width, false) }

// InputWithGradient returns an input whose Grad holds, after Backward, the gradient of the loss
// with respect to it.
func (c *Compiler) InputWithGradient(width int) *Value { return c.value(width, true) }

// Output marks a value whose Grad the caller writes before Backward, and returns it. Other
// operations may read it, too. A value that is neither read nor an output gives no gradient.
func (c *Compiler) Output(v *Value) *Value {
	c.outputs = append(c.outputs, v)
	return v
}

// add appends an operation. back is not called where it has no parameters and no gradient is wanted
// of anything it reads.
func (c *Compiler) add(o operation) {
	o.fresh = make([]bool, len(o.reads))
	if c.Frozen || len(o.reads) == 0 && !o.learns {
		o.back = nil
	}
	c.program.operations = append(c.program.operations, o)
}

// needs reports whether the result of an operation on values needs a gradient.
func needs(values ...*Value) bool {
	for _, v := range values {
		if v.Grad != nil {
			return true
		}
	}
	return false
}

// Forward evaluates the first rows rows of the inputs. Nothing is allocated.
func (p *Program) Forward(rows int) {
	p.check(rows)
	for i := range p.operations {
		p.operations[i].run(rows)
	}
}

// Backward follows a Forward of as many rows: from the gradients of the outputs, which the caller
// has written, it computes Gradient, the gradients of the inputs that have one, and those of all
// values between. Nothing is allocated.
func (p *Program) Backward(rows int) {
	p.check(rows)
	if p.Gradient == nil {
		panic("train: a frozen program has no way back")
	}
	for i := len(p.operations) - 1; i >= 0; i-- {
		if back := p.operations[i].back; back != nil {
			back(rows)
		}
	}
}

func (p *Program) check(rows int) {
	if rows < 0 || rows > p.batch {
		panic("train: more rows than the program has buffers for")
	}
}
