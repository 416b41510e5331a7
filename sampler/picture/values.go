package picture

// Values writes interleaved 8-bit pixels, [H,W,C], to dst as a state, [C,H,W] row-major: byte k
// becomes k/127.5 − 1, which Pixels turns into k again.
func Values(dst []float64, pixels []byte, c, h, w int) {
	size := h * w
	if len(pixels) != c*size || len(dst) != c*size {
		panic("picture: lengths of state and pixels do not fit the shape")
	}
	for channel := range c {
		for i := range size {
			dst[channel*size+i] = float64(pixels[i*c+channel])/127.5 - 1
		}
	}
}
