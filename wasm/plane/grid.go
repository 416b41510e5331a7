package plane

// appendGrid appends the numbers of a grid, from 0 to 1, as pixels that hold 16 bits of each in
// red and green: eight would make steps in a smooth ramp. What is not a number is 0.
func appendGrid(dst []byte, values []float32) []byte {
	for _, v := range values {
		n := 0
		if v > 0 {
			n = int(min(v, 1)*65535 + 0.5)
		}
		dst = append(dst, byte(n>>8), byte(n), 0, 0xff)
	}
	return dst
}

// ramp returns the colours, the last one repeated.
func (h *heat) ramp() []float32 {
	ramp := make([]float32, 0, 3*mostColours)
	for i := range mostColours {
		c := h.colours[min(i, len(h.colours)-1)]
		ramp = append(ramp, c[0], c[1], c[2])
	}
	return ramp
}
