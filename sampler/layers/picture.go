package layers

// Input adds the step that takes the samples in: item's, [C, H, W], is written
// to every target, each number turned by change unless that is nil. The targets
// have C channels in one part. On the way back the gradient of the first target
// leaves for the dx of Program.Back.
func (c *Compiler) Input(
	name string, sample func(item int) []float32, change func(float32) float32, to ...Target,
) {
	p := c.program
	s := Step{Name: name, Run: func(batch int) {
		for item := range batch {
			for _, t := range to {
				spreadPicture(t, item, sample(item), change)
			}
		}
	}}
	if c.Gradient {
		if change != nil {
			c.forwardOnly()
		}
		h, w, ch := to[0].shape()
		k := ch.Physical()
		s.Back = func() {
			grad := to[0].gradient()
			for i := range p.dx {
				p.dx[i] = grad[i%(h*w)*k+i/(h*w)]
			}
		}
	}
	c.Add(s)
}

// spreadPicture writes x, [C, H, W], to item of t, with zeros for the padding.
func spreadPicture(t Target, item int, x []float32, change func(float32) float32) {
	h, w, ch := t.shape()
	out, g, n, k := t.Item(item), t.Geometry(), ch.Count(), ch.Physical()
	for i := range h * w {
		pixel := out[i/w*g.Row+i%w*g.Pixel:][:k]
		clear(pixel[n:])
		for j := range n {
			v := x[j*h*w+i]
			if change != nil {
				v = change(v)
			}
			pixel[j] = v
		}
	}
}

// Output adds the step that gives the results out: y as item's picture, [C, H,
// W], each number divided by what divisor says unless that is nil. y has C
// channels in one part.
func (c *Compiler) Output(
	name string, y *Plane, picture func(item int) []float32, divisor func(item int) float32,
) {
	pixels := y.H * y.W
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			from, to := y.Item(item), picture(item)
			for i := range to {
				to[i] = from[i%pixels*y.Pixel+i/pixels]
			}
			if divisor == nil {
				continue
			}
			by := divisor(item)
			for i := range to {
				to[i] /= by
			}
		}
	}})
}
