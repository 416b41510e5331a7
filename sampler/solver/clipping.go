package solver

import (
	"math"
	"slices"
)

// clipping keeps x̂0 in the range of pictures: by clipping to ±limit, by dynamic thresholding, or,
// with limit +Inf, not at all.
type clipping struct {
	dynamic bool
	ratio   float64 // dynamic: the quantile of |x̂0| that becomes 1
	limit   float64 // clipping: the bound; dynamic: the largest divisor
}

// acts reports whether it can change anything.
func (c *clipping) acts() bool { return c.dynamic || !math.IsInf(c.limit, 1) }

// apply bounds x0, [C·H·W], in place, and returns what it was clipped to. scratch has the same
// length, and its content is lost.
//
// Dynamic thresholding (Imagen, arXiv:2205.11487, §2.3): s is the quantile of |x̂0| over the
// picture, at least 1 and at most limit; x̂0 is clipped to ±s and divided by s. The quantile is
// interpolated linearly between order statistics, as torch does.
func (c *clipping) apply(x0, scratch []float64) (limit float64) {
	if !c.dynamic {
		clip(x0, c.limit)
		return c.limit
	}
	for i, v := range x0 {
		scratch[i] = math.Abs(v)
	}
	slices.Sort(scratch)
	rank := float64(c.ratio * float64(len(scratch)-1))
	below := math.Floor(rank)
	low, high := scratch[int(below)], scratch[int(math.Ceil(rank))]
	s := low + float64((rank-below)*(high-low))
	s = min(max(s, 1), c.limit)
	clip(x0, s)
	for i := range x0 {
		x0[i] /= s
	}
	return s
}

func clip(x []float64, limit float64) {
	for i, v := range x {
		x[i] = min(max(v, -limit), limit)
	}
}
