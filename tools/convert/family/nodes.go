package family

// Transposed is a transposed convolution.
func (b *Builder) Transposed(tensor, x string, stride, padding int) string {
	shape := b.Need(tensor+".weight", 4)
	if len(shape) != 4 || shape[2] != shape[3] {
		b.Refuse("the tensor %s.weight has shape %v, which is no convolution of a square",
			tensor, shape)
	}
	o := Options{"tensor": tensor, "channels": shape[1], "side": shape[2], "stride": stride,
		"padding": padding}
	return b.Node(tensor, "transposed", shape[1], o, x)
}

// Pool makes one pixel of each square: kind is mean or max.
func (b *Builder) Pool(name, kind string, side int, x string) string {
	return b.Node(name, "pool", b.channels[x], Options{"side": side, "kind": kind}, x)
}

// BatchNorm is batch normalisation and an activation, "" for none.
func (b *Builder) BatchNorm(tensor, x, act string) string {
	b.Take(tensor+".running_mean", tensor+".running_var")
	b.Pass(tensor+".num_batches_tracked", "it counts the batches of training")
	o := Options{"tensor": tensor}
	if act != "" {
		o["act"] = act
	}
	return b.Node(tensor, "batch_norm", b.channels[x], o, x)
}

// Scale multiplies a value by a number.
func (b *Builder) Scale(name, x string, by float64) string {
	return b.Node(name, "scale", b.channels[x], Options{"by": by}, x)
}

// Multiply is the product of two values, or of a value and a vector.
func (b *Builder) Multiply(name, x, y string) string {
	return b.Node(name, "multiply", b.channels[x], nil, x, y)
}
