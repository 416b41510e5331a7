package layers

// The deep features of a U-Net are what enters the last block on its way up. A program may keep
// them from one run and use them in others: then it leaves out the steps that only they need (Ma
// et al., DeepCache, arXiv:2312.00858).

// Deep says whether the steps to come are needed for the deep features alone.
func (c *Compiler) Deep(deep bool) { c.deep = deep }

// Pin makes what a plane holds after the steps so far a part of the deep features.
func (c *Compiler) Pin(x *Plane) {
	p, k := c.program, x.Ch.Physical()
	first, pixels := p.Deep, x.H*x.W
	p.Deep += pixels * k
	p.steps = append(p.steps, Step{ // also where the steps around it are left out
		Name: "deep features", Run: func(batch int) {
			for item, kept := range p.kept[:min(batch, len(p.kept))] {
				plane, kept := x.Item(item), kept[first:first+pixels*k]
				for i := range pixels {
					to, from := kept[i*k:][:k], plane[i*x.Pixel:][:k]
					if p.again {
						to, from = from, to
					}
					copy(to, from)
				}
			}
		}})
}

// RunDeep is Run that writes the deep features of item i to kept[i], [Deep], unless kept is nil.
// With again it takes them from there, and leaves out the steps that only they need. Nothing is
// allocated.
func (p *Program) RunDeep(batch int, alike bool, kept [][]float32, again bool) {
	p.begin(batch, alike)
	p.kept, p.again = kept, again
	for i := range p.steps {
		if s := &p.steps[i]; !again || !s.deep {
			s.Run(batch)
		}
	}
	p.kept, p.again = nil, false
}

// MultiplyAddsAgain is the number for one item of a run that uses deep features again.
func (p *Program) MultiplyAddsAgain() (sum int) {
	for i := range p.steps {
		if s := &p.steps[i]; !s.deep {
			sum += s.MultiplyAdds
		}
	}
	return sum
}
