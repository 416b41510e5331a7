package unet

// resnet is one ResnetBlock2D of a state dict.
type resnet struct {
	name              string
	out               int
	groups, groupsOut int
	scale             float64 // the sum is divided by it
	resample          resample
	shortcut          bool // a 1×1 convolution even if the channels agree
}

// resample is what a resnet block does to its input's size between the first
// normalisation and the first convolution.
type resample int

const (
	keep    resample = iota
	half             // mean of 2×2
	double           // nearest
	halfFIR          // filter 1 3 3 1, then every other pixel
	doubleFIR
)

// size is the side that side becomes.
func (r resample) size(side int) int {
	switch r {
	case half, halfFIR:
		return side / 2
	case double, doubleFIR:
		return side * 2
	}
	return side
}

// resnet adds a block from x to dst:
//
//	dst = (shortcut(x) + conv2(act(norm2(conv1(act(norm1(x))) + temb)))) / scale
//
// with x and act(norm1(x)) resampled, and with the time embedding added after
// conv1 or, with scale_shift, applied after norm2.
func (c *compiler) resnet(r resnet, x, dst *plane) {
	out := channels{r.out}
	h, w := r.resample.size(x.h), r.resample.size(x.w)
	in := c.padding(h, w, x.ch.physical())
	if len(c.modulations) == 0 && r.resample == keep { // no item has met its time and class yet
		in = c.commonPadding(h, w, x.ch.physical())
	}
	skip := x
	if r.resample == keep {
		c.norm(r.name+".norm1", x, intoPadded(in), r.groups, c.ActFn, unmodulated)
	} else {
		a := c.plane(x.h, x.w, x.ch)
		c.norm(r.name+".norm1", x, into(a), r.groups, c.ActFn, unmodulated)
		c.resample(r.name+".resample", r.resample, a, intoPadded(in))
		c.free(a)
		skip = c.plane(h, w, x.ch)
		c.resample(r.name+".resample", r.resample, x, into(skip))
	}
	hidden := c.plane(h, w, out)
	first, modulated := c.timeBias(r.name, out)
	c.conv3(r.name+".conv1", in, x.ch, hidden, first, nil)
	mid := c.padding(h, w, out.physical())
	c.norm(r.name+".norm2", hidden, intoPadded(mid), r.groupsOut, c.ActFn, modulated)
	c.free(hidden)
	second := c.vector(r.name+".conv2.bias", out)
	if r.shortcut || r.out != x.ch.count() {
		w := c.linear(r.name+".conv_shortcut.weight", x.ch, out, 1, r.out, x.ch.count(), 1, 1)
		c.conv1(r.name+".conv_shortcut", w, skip, dst, c.vector(r.name+".conv_shortcut.bias", out), nil)
		c.conv3(r.name+".conv2", mid, out, dst, fixed(second), dst)
	} else {
		c.conv3(r.name+".conv2", mid, out, dst, fixed(second), skip)
	}
	if r.resample != keep {
		c.free(skip)
	}
	c.divide(r.name, dst, r.scale)
}

// divide scales a plane down in place, if there is anything to do.
func (c *compiler) divide(name string, p *plane, by float64) {
	if by == 1 {
		return
	}
	k, f := p.ch.physical(), float32(1/by)
	c.add(name, 0, func(batch int) {
		for i := range batch * p.h * p.w {
			v := p.data[i*p.pixel:][:k]
			for j := range v {
				v[j] *= f
			}
		}
	})
}

// resample writes x in another size to to.
func (c *compiler) resample(name string, r resample, x *plane, to target) {
	k := x.ch.physical()
	h, w := r.size(x.h), r.size(x.w)
	c.add(name, 0, func(batch int) {
		for item := range batch {
			in, out := x.data[item*x.image():], to.data(item)
			for i := range h {
				for j := range w {
					r.pixel(out[i*to.geometry.Row+j*to.geometry.Pixel:][:k], in, x, i, j)
				}
			}
		}
	})
}

// pixel computes pixel (i, j) of the resampled picture.
func (r resample) pixel(out, in []float32, x *plane, i, j int) {
	at := func(y, z int) []float32 {
		if y < 0 || y >= x.h || z < 0 || z >= x.w {
			return nil
		}
		return in[(y*x.w+z)*x.pixel:][:len(out)]
	}
	switch r {
	case double:
		copy(out, at(i/2, j/2))
	case half:
		a, b, c, d := at(2*i, 2*j), at(2*i, 2*j+1), at(2*i+1, 2*j), at(2*i+1, 2*j+1)
		for l := range out {
			out[l] = ((a[l] + b[l]) + (c[l] + d[l])) * 0.25
		}
	case halfFIR: // Σ k[a]k[b]·x[2i+a−1, 2j+b−1], k = (1 3 3 1)/8
		clear(out)
		for a, ka := range fir {
			for b, kb := range fir {
				accumulate(out, at(2*i+a-1, 2*j+b-1), ka*kb/64)
			}
		}
	case doubleFIR: // the two taps of (1 3 3 1)/4 that meet a pixel, per axis
		clear(out)
		for a, ka := range taps(i) {
			for b, kb := range taps(j) {
				accumulate(out, at((i+1)/2+a-1, (j+1)/2+b-1), ka*kb/16)
			}
		}
	}
}

// fir is the filter of NCSN++'s resampling (Song et al., arXiv:2011.13456).
var fir = [4]float32{1, 3, 3, 1}

// taps are the weights of pixels (i+1)/2 − 1 and (i+1)/2 at place i of a
// doubled row: the nearer one counts three times.
func taps(i int) [2]float32 {
	if i%2 == 0 {
		return [2]float32{1, 3}
	}
	return [2]float32{3, 1}
}

// accumulate adds f·x to out; a nil x is zero.
func accumulate(out, x []float32, f float32) {
	for i, v := range x {
		out[i] += float32(v * f)
	}
}
