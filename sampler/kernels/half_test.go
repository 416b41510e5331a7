package kernels

import (
	"math"
	"slices"
	"testing"
)

// halfValue is the number that IEEE 754 says a binary16 is, sections 3.4 and 3.6.
func halfValue(h int) float32 {
	exponent, mantissa := h>>10&31, float64(h&1023)
	v := math.Ldexp(mantissa, -24)
	if exponent > 0 {
		v = math.Ldexp(1024+mantissa, exponent-25)
	}
	if h&halfSign != 0 {
		v = math.Copysign(v, -1)
	}
	return float32(v)
}

// testHalves decodes every finite binary16, every length through 67, and one that is not finite at
// every place.
func testHalves(t *testing.T, q *Set) {
	var src []byte
	var want []float32
	for h := range 1 << 16 {
		if h&^halfSign < halfInfinity {
			src, want = append(src, byte(h), byte(h>>8)), append(want, halfValue(h))
		}
	}
	decode := func(n, from int) {
		whole, got := banded(n)
		if !q.Halves(got, src[2*from:][:2*n:2*n]) {
			t.Fatalf("%d from %d: not finite", n, from)
		}
		checkBands(t, "Halves", whole)
		sameBits(t, "Halves", got, want[from:from+n])
		for i, v := range got {
			if v == 0 && math.Signbit(float64(v)) != math.Signbit(float64(want[from+i])) {
				t.Fatalf("element %d: got %v, want %v", i, v, want[from+i])
			}
		}
	}
	decode(len(want), 0)
	for n := range 68 {
		decode(n, 1000)
	}
	for _, h := range []int{halfInfinity, halfInfinity | halfSign, 0x7C01, 0xFFFF} {
		for i := range 40 {
			broken := slices.Clone(src[2000:2080])
			broken[2*i], broken[2*i+1] = byte(h), byte(h>>8)
			if q.Halves(make([]float32, 40), broken) {
				t.Fatalf("%#x at %d counts as finite", h, i)
			}
		}
	}
}
