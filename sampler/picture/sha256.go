package picture

import (
	"encoding/binary"
	"math/bits"
)

// The hash is written out because crypto/sha256 brings FIPS self-tests and more into the worker's
// WebAssembly binary.

// Size is the number of bytes of a sum.
const Size = 32

const blockSize = 64

// initial and constants are the first 32 bits of the fractional parts of the square roots of the
// first 8 primes, and of the cube roots of the first 64 (FIPS 180-4, 5.3.3 and 4.2.2). A test
// computes them.
var initial = [8]uint32{
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
}

var constants = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

// Sum returns the SHA-256 of the parts one after another.
func Sum(parts ...[]byte) [Size]byte {
	state := initial
	var pending [blockSize]byte
	used, total := 0, uint64(0)
	for _, part := range parts {
		total += uint64(len(part))
		if used > 0 {
			n := copy(pending[used:], part)
			used, part = used+n, part[n:]
			if used < blockSize {
				continue
			}
			compress(&state, pending[:])
			used = 0
		}
		for ; len(part) >= blockSize; part = part[blockSize:] {
			compress(&state, part[:blockSize])
		}
		used = copy(pending[:], part)
	}
	finish(&state, pending[:used], total)
	var sum [Size]byte
	for i, word := range state {
		binary.BigEndian.PutUint32(sum[4*i:], word)
	}
	return sum
}

// finish compresses the last bytes with a set bit, zeros and the length in bits after them.
func finish(state *[8]uint32, rest []byte, total uint64) {
	var last [2 * blockSize]byte
	n := copy(last[:], rest)
	last[n] = 0x80
	end := blockSize
	if n+9 > blockSize {
		end = 2 * blockSize
	}
	binary.BigEndian.PutUint64(last[end-8:], total*8)
	for block := last[:end]; len(block) > 0; block = block[blockSize:] {
		compress(state, block[:blockSize])
	}
}

// compress updates the state with one block of 64 bytes (FIPS 180-4, 6.2.2). It
// keeps only the last 16 words of the schedule W.
func compress(state *[8]uint32, bytes []byte) {
	var w [16]uint32
	for i := range w {
		w[i] = binary.BigEndian.Uint32(bytes[4*i:])
	}
	a, b, c, d, e, f, g, h := state[0], state[1], state[2], state[3], state[4],
		state[5], state[6], state[7]
	for i, k := range constants {
		now := w[i&15]
		s1 := bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)
		t1 := h + s1 + (g ^ e&(f^g)) + k + now
		s0 := bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)
		t2 := s0 + (a&b | c&(a|b))
		a, b, c, d, e, f, g, h = t1+t2, a, b, c, d+t1, e, f, g
		u, v := w[(i+1)&15], w[(i+14)&15]
		s0 = bits.RotateLeft32(u, -7) ^ bits.RotateLeft32(u, -18) ^ u>>3
		s1 = bits.RotateLeft32(v, -17) ^ bits.RotateLeft32(v, -19) ^ v>>10
		w[i&15] = now + s0 + w[(i+9)&15] + s1
	}
	for i, v := range [8]uint32{a, b, c, d, e, f, g, h} {
		state[i] += v
	}
}

// Hex returns lower-case hexadecimal digits.
func Hex(sum []byte) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 0, 2*len(sum))
	for _, b := range sum {
		text = append(text, digits[b>>4], digits[b&15])
	}
	return string(text)
}

// Hash returns a recipe's h: the first 16 hexadecimal digits of the SHA-256 of the pictures'
// pixels, in order.
func Hash(pixels ...[]byte) string {
	sum := Sum(pixels...)
	return Hex(sum[:8])
}
