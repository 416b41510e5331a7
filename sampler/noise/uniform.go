package noise

// Uniform fills dst with uniform numbers in (0, 1], multiples of 2⁻⁵³. Element e depends only on
// (seed, image, draw, e), as in Normal, and is independent of what Normal gives for the same key.
//
// Each pair of elements is one block of Philox with the key seed and the counter (pair, draw,
// image, 1).
func Uniform(dst []float64, seed uint64, image, draw uint32) {
	key := [2]uint32{uint32(seed), uint32(seed >> 32)}
	for pair := 0; 2*pair < len(dst); pair++ {
		w := philox([4]uint32{uint32(pair), draw, image, 1}, key)
		dst[2*pair] = uniform(w[0], w[1])
		if 2*pair+1 < len(dst) {
			dst[2*pair+1] = uniform(w[2], w[3])
		}
	}
}
