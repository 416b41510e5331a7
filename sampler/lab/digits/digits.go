// Package digits has the lab's pictures: digits of 16 by 16 pixels in typefaces of many kinds.
//
// They are those of tools/train/prepare_glyphs.py, rendered from the typefaces that
// weights/glyphs-typefaces.txt lists with their licences: OFL-1.1, Apache-2.0 and UFL-1.0, which
// leave pictures of text to those who make them. The held-out digits are of typefaces that the
// others are not of. The file is part of the lab's program, so that a recipe gives the same network
// wherever it is carried out.
package digits

import _ "embed"

// Sizes of the set. It has as many of each class.
const (
	Side    = 16
	Pixels  = Side * Side
	Classes = 10
	Trained = 1000 // for training
	Held    = 200  // held out
	Levels  = 8    // of ink
)

//go:generate go run ./gen glyphs.npz

// packed has the digits for training and then those held out, class after class and again from 0:
// levels of ink, two to a byte, the left one in the upper half.
//
//go:embed digits.bin
var packed string

// Pictures returns the digits for training.
func Pictures() Set { return unpack(0, Trained) }

// HeldOut returns digits that none is trained on.
func HeldOut() Set { return unpack(Trained, Held) }

// Set are pictures with their classes.
type Set struct {
	Ink     []float32 // [n][Pixels] from 0, paper, to 1
	Classes []int     // [n] the digit
}

func unpack(from, n int) Set {
	s := Set{make([]float32, n*Pixels), make([]int, n)}
	for i := range s.Classes {
		s.Classes[i] = i % Classes
	}
	for i := range s.Ink {
		level := packed[from*Pixels/2+i/2]
		if i%2 == 0 {
			level >>= 4
		}
		s.Ink[i] = float32(level&15) / (Levels - 1)
	}
	return s
}
