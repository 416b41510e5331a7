package train

// Concat returns the values side by side.
func (c *Compiler) Concat(values ...*Value) *Value {
	width := 0
	starts := make([]int, len(values))
	for i, v := range values {
		starts[i] = width
		width += v.Width
	}
	y := c.value(width, needs(values...))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) {
		for j, v := range values {
			for r := range rows {
				copy(y.Data[r*y.Stride+starts[j]:], v.Row(r))
			}
		}
	}}
	o.reads = wanting(values...)
	var from []int // where each of reads begins in y
	for j, v := range values {
		if v.Grad != nil {
			from = append(from, starts[j])
			c.scratch = max(c.scratch, c.Batch*v.Stride)
		}
	}
	o.back = func(rows int) {
		for j, v := range o.reads {
			gradient := p.scratch[:rows*v.Stride]
			clear(gradient)
			for r := range rows {
				copy(gradient[r*v.Stride:][:v.Width], y.Grad[r*y.Stride+from[j]:])
			}
			p.give(i, j, gradient, rows)
		}
	}
	c.add(o)
	return y
}

// Slice returns the numbers from…from+width−1 of every row.
func (c *Compiler) Slice(x *Value, from, width int) *Value {
	if from < 0 || from+width > x.Width {
		panic("train: a slice of more than there is")
	}
	y := c.value(width, needs(x))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) {
		for r := range rows {
			copy(y.Row(r), x.Row(r)[from:])
		}
	}}
	if o.reads = wanting(x); o.reads != nil {
		c.scratch = max(c.scratch, c.Batch*x.Stride)
	}
	o.back = func(rows int) {
		gradient := p.scratch[:rows*x.Stride]
		clear(gradient)
		for r := range rows {
			copy(gradient[r*x.Stride+from:], y.Grad[r*y.Stride:][:width])
		}
		p.give(i, 0, gradient, rows)
	}
	c.add(o)
	return y
}

// Sum returns the sum of every row, one number, added up from the first.
func (c *Compiler) Sum(x *Value) *Value {
	y := c.value(1, needs(x))
	p, i := c.program, len(c.program.operations)
	o := operation{run: func(rows int) {
		for r := range rows {
			sum := float32(0)
			for _, v := range x.Row(r) {
				sum += v
			}
			y.Row(r)[0] = sum
		}
	}}
	if o.reads = wanting(x); o.reads != nil {
		c.scratch = max(c.scratch, c.Batch*x.Stride)
	}
	o.back = func(rows int) {
		gradient := p.scratch[:rows*x.Stride]
		clear(gradient)
		for r := range rows {
			row := gradient[r*x.Stride:][:x.Width]
			for e := range row {
				row[e] = y.Grad[r*y.Stride]
			}
		}
		p.give(i, 0, gradient, rows)
	}
	c.add(o)
	return y
}
