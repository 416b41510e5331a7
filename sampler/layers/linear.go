package layers

// Linear is a linear layer, or a 1×1 convolution, ready for products.
type Linear struct {
	weight []float32 // packed
	back   []float32 // packed with inputs and outputs exchanged; nil without gradients
	bias   []float32 // [physical outputs]
}

// Weights says of which tensors a linear layer is made.
type Weights struct {
	Name     string  // of Name.weight and Name.bias
	Unbiased bool    // there is no Name.bias
	Factor   float32 // both are taken times it; 0 stands for 1
	// Shape is that of Name.weight; nil stands for [outputs, inputs].
	Shape []int
	// Rows are the rows of the tensors that give the outputs, in this order;
	// nil takes all. So one tensor can hold several layers, those of queries,
	// keys and values, in any order.
	Rows []int
}

// Linear returns a linear layer from channels in to channels out.
func (c *Compiler) Linear(w Weights, in, out Channels) Linear {
	inputs, factor := in.Count(), w.Factor
	if factor == 0 {
		factor = 1
	}
	if w.Shape == nil {
		w.Shape = []int{out.Count(), inputs}
	}
	rows := out.Places() // the tensors' row at each physical place
	for place, row := range rows {
		if row >= 0 && w.Rows != nil {
			rows[place] = w.Rows[row]
		}
	}
	from, to := in.Places(), make([]int, len(rows))
	for place, row := range rows {
		to[place] = max(row*inputs, -1)
	}
	t := c.Passing(w.Name+".weight", w.Shape...)
	l := Linear{weight: c.Pack(t, factor, from, to), bias: c.Floats(len(rows))}
	if c.Gradient {
		l.back = c.Pack(t, factor, to, from)
	}
	if w.Unbiased {
		return l
	}
	bias := c.Passing(w.Name+".bias", w.Shape[0])
	for place, row := range rows {
		if row >= 0 {
			l.bias[place] = bias[row] * factor
		}
	}
	return l
}

// Product adds a linear layer at every pixel: dst = l(x) + res. res may be nil.
// The way back gives the gradient of x; that of res is dst's.
func (c *Compiler) Product(name string, l Linear, x, dst, res *Plane) {
	p, k, d, pixels := c.program, x.Ch.Physical(), dst.Ch.Physical(), x.H*x.W
	grow(&c.size.constants, k)
	s := Step{Name: name, MultiplyAdds: x.Ch.Count() * dst.Ch.Count() * pixels}
	s.Run = func(batch int) {
		var old []float32
		pixel := 0
		if res != nil {
			old, pixel = res.Data, res.Pixel
		}
		p.kernels.Gemm(batch*pixels, d, k, x.Data, x.Pixel, l.weight, dst.Data, dst.Pixel,
			l.bias, old, pixel)
	}
	if c.Gradient {
		s.Back = func() {
			p.kernels.Gemm(pixels, k, d, dst.Grad, d, l.back, x.Grad, k, p.shared.zeros, nil, 0)
		}
	}
	c.Add(s)
}

// Mean adds the mean over all pixels: dst is a plane of 1×1.
func (c *Compiler) Mean(name string, x, dst *Plane) {
	p, k, pixels := c.program, x.Ch.Physical(), x.H*x.W
	inverse := 1 / float32(pixels)
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			y := dst.Item(item)[:k]
			p.kernels.ChannelSums(x.Item(item), x.Pixel, pixels, k, nil, y)
			for i := range y {
				y[i] *= inverse
			}
		}
	}, Back: func() {
		for i := range k {
			dst.Grad[i] *= inverse
		}
		for i := range pixels {
			copy(x.Grad[i*x.Pixel:], dst.Grad[:k])
		}
	}})
}

// Divide scales a plane down in place; dividing by one adds no step.
func (c *Compiler) Divide(name string, x *Plane, by float64) {
	if by == 1 {
		return
	}
	c.forwardOnly()
	k, f := x.Ch.Physical(), float32(1/by)
	c.Add(Step{Name: name, Run: func(batch int) {
		for i := range batch * x.H * x.W {
			v := x.Data[i*x.Pixel:][:k]
			for j := range v {
				v[j] *= f
			}
		}
	}})
}
