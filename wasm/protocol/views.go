package protocol

import (
	"math"
	"slices"

	"tweedie/sampler"
	"tweedie/sampler/picture"
)

// noiseRange is the noise that a picture of it tells apart: three standard
// deviations to either side, beyond which 0.3 % lie.
const noiseRange = 3

// views turns the states of a run into pictures of 8 bits, in buffers that serve every message.
type views struct {
	c, h, w int

	xt, x0, epsilon, change []byte      // [H,W,C]
	before                  [][]float64 // [pictures][C·H·W], x_t before the step that comes next
}

// newViews prepares for pictures that have not begun.
func newViews(r *sampler.Run, c, h, w int) views {
	n := c * h * w
	v := views{c: c, h: h, w: w}
	for _, b := range []*[]byte{&v.xt, &v.x0, &v.epsilon, &v.change} {
		*b = make([]byte, n)
	}
	for i := range r.Images() {
		v.before = append(v.before, slices.Clone(r.X(i)))
	}
	return v
}

// take draws number i of the pictures after a step and returns the largest
// change in it, and the root mean square of all.
func (v *views) take(i int, p sampler.Picture) (largest, rms float64) {
	x, before := p.X(), v.before[i]
	picture.Pixels(v.xt, x, v.c, v.h, v.w)
	picture.Pixels(v.x0, p.X0(), v.c, v.h, v.w)
	v.draw(v.epsilon, p.Epsilon(), noiseRange)
	for i := range x {
		before[i] = x[i] - before[i]
		largest = max(largest, math.Abs(before[i]))
		rms += float64(before[i] * before[i])
	}
	v.draw(v.change, before, largest)
	copy(before, x)
	return largest, math.Sqrt(rms / float64(len(x)))
}

// draw makes a picture of signed values, −most at 0, nothing at the middle and
// most at 255.
func (v *views) draw(dst []byte, values []float64, most float64) {
	if most == 0 {
		most = 1
	}
	picture.Signed(dst, values, v.c, v.h, v.w, most)
}
