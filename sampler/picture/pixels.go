package picture

import "math"

// Latent reports whether states of c channels, four or more, are no pictures: they are latents of
// an autoencoder that is not here.
func Latent(c int) bool { return c >= 4 }

// Drawn returns the shape of what a state [c,h,w] is drawn as: itself, or for a latent one grey
// picture with its channels side by side, [1, h, c·w].
func Drawn(c, h, w int) (channels, height, width int) {
	if Latent(c) {
		return 1, h, c * w
	}
	return c, h, w
}

// latentRange is the value of a latent that is drawn white, and its negative black. Latents are
// scaled to about unit variance: these are three standard deviations.
const latentRange = 3

// White returns the value that is drawn white in states of c channels; its negative is black.
func White(c int) float64 {
	if Latent(c) {
		return latentRange
	}
	return 1
}

// At returns where value i of a channel of a state [c,h,w], row-major, stands among its pixels. It
// is also where its part of a mask stands, [height,width] of Drawn, if c is a latent's.
func At(c, w, channel, i int) int {
	if Latent(c) {
		return i/w*c*w + channel*w + i%w
	}
	return i*c + channel
}

// Pixels writes the state x, [C,H,W] row-major with values in [−1, 1], to dst as interleaved 8-bit
// pixels, [height,width,channels] of Drawn. dst has C·H·W bytes. −1 becomes 0 and 1 becomes 255;
// values outside are clamped first; (v+1)·127.5 is rounded with halves up; NaN becomes 0. The
// values of latents go from −3 to 3.
func Pixels(dst []byte, x []float64, c, h, w int) { Signed(dst, x, c, h, w, White(c)) }

// Signed is Pixels for values of which −most becomes 0 and most becomes 255. most is above 0.
func Signed(dst []byte, x []float64, c, h, w int, most float64) {
	size := h * w
	if len(dst) != c*size || len(x) != c*size {
		panic("picture: lengths of pixels and state do not fit the shape")
	}
	for channel := range c {
		for i, v := range x[channel*size : (channel+1)*size] {
			dst[At(c, w, channel, i)] = quantise(v / most)
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
