package picture

// Light reports whether grey pixels, [height,width], are dark on light, by their edge: the mean of
// the outermost is above 128. Models of one channel draw light on dark.
func Light(grey []byte, height, width int) bool {
	sum, n := 0, 0
	for i, v := range grey {
		x, y := i%width, i/width
		if x == 0 || y == 0 || x == width-1 || y == height-1 {
			sum += int(v)
			n++
		}
	}
	return sum > 128*n
}

// Invert turns light into dark, in place.
func Invert(pixels []byte) {
	for i := range pixels {
		pixels[i] = ^pixels[i]
	}
}
