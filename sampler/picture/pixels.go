package picture

import "math"

// Pixels writes the state x, [C,H,W] row-major with values in [−1, 1], to dst as interleaved 8-bit
// pixels, [H,W,C]. dst has C·H·W bytes. −1 becomes 0 and 1 becomes 255; values outside are clamped
// first; (v+1)·127.5 is rounded with halves up; NaN becomes 0.
func Pixels(dst []byte, x []float64, c, h, w int) {
	size := h * w
	if len(dst) != c*size || len(x) != c*size {
		panic("picture: lengths of pixels and state do not fit the shape")
	}
	for channel := range c {
		for i, v := range x[channel*size : (channel+1)*size] {
			dst[i*c+channel] = quantise(v)
		}
	}
}

// quantise is Pixels for one value.
func quantise(v float64) byte {
	switch {
	case !(v > -1): // and NaN
		return 0
	case v >= 1:
		return 255
	}
	return byte(math.Floor(float64((v+1)*127.5) + 0.5))
}
