package picture

// Values writes interleaved 8-bit pixels, [height,width,channels] of Drawn, to dst as a state,
// [C,H,W] row-major: byte k becomes k/127.5 − 1, three times that in a latent. Pixels turns it into
// k again.
func Values(dst []float64, pixels []byte, c, h, w int) {
	size := h * w
	if len(pixels) != c*size || len(dst) != c*size {
		panic("picture: lengths of state and pixels do not fit the shape")
	}
	for channel := range c {
		for i := range size {
			v := float64(pixels[At(c, w, channel, i)])/127.5 - 1
			dst[channel*size+i] = float64(v * White(c))
		}
	}
}
