package layers

// Resample is a change of a picture's size without weights.
type Resample int

const (
	Keep      Resample = iota
	Half               // mean of 2×2
	Double             // nearest
	HalfFIR            // filter 1 3 3 1, then every other pixel
	DoubleFIR          // zeros between the pixels, then filter 1 3 3 1
)

// Size is the side that side becomes.
func (r Resample) Size(side int) int {
	switch r {
	case Half, HalfFIR:
		return side / 2
	case Double, DoubleFIR:
		return side * 2
	}
	return side
}

// Resample adds the step that writes x in another size to y.
func (c *Compiler) Resample(name string, r Resample, x *Plane, y Target) {
	c.forwardOnly()
	k, h, w, g := x.Ch.Physical(), r.Size(x.H), r.Size(x.W), y.Geometry()
	c.Add(Step{Name: name, Run: func(batch int) {
		for item := range batch {
			in, out := x.Item(item), y.Item(item)
			for i := range h {
				for j := range w {
					r.pixel(out[i*g.Row+j*g.Pixel:][:k], in, x, i, j)
				}
			}
		}
	}})
}

// pixel computes pixel (i, j) of the resampled picture.
func (r Resample) pixel(out, in []float32, x *Plane, i, j int) {
	at := func(y, z int) []float32 {
		if y < 0 || y >= x.H || z < 0 || z >= x.W {
			return nil
		}
		return in[(y*x.W+z)*x.Pixel:][:len(out)]
	}
	switch r {
	case Keep:
		copy(out, at(i, j))
	case Double:
		copy(out, at(i/2, j/2))
	case Half:
		a, b, c, d := at(2*i, 2*j), at(2*i, 2*j+1), at(2*i+1, 2*j), at(2*i+1, 2*j+1)
		for l := range out {
			out[l] = ((a[l] + b[l]) + (c[l] + d[l])) * 0.25
		}
	case HalfFIR: // Σ k[a]k[b]·x[2i+a−1, 2j+b−1], k = (1 3 3 1)/8
		clear(out)
		for a, ka := range fir {
			for b, kb := range fir {
				accumulate(out, at(2*i+a-1, 2*j+b-1), ka*kb/64)
			}
		}
	case DoubleFIR: // the two taps of (1 3 3 1)/4 that meet a pixel, per axis
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
