// Package fit brings a picture of any size to the size of a model's, in whole numbers, so that one
// file begins the same run in every browser and on the command line. The page's web/opened/fit.js
// says the same in JavaScript, and is held to what this package says (tools/sample).
//
// A picture comes as samples R, G, B and α from 0 to M, as its file has them: nothing is done for
// gamma, colour profiles or orientation. M is 255 or 65535, which makes no difference: samples of 8
// bits times 257 are those of 16. Fewer bits are multiplied up to 8: by 255, 85 or 17.
//
// The largest part around the middle with the shape of the result is cut into as many equal
// rectangles as the result has pixels. Of each pixel p that a rectangle covers, in whole or in
// part, w(p) is the area covered, in units that make all of them whole. A level of the result is
// the mean over the rectangle, in front of black, with halves rounded up:
//
//	level(c) = ⌊(2·255·S + D) / 2D⌋    S = Σ w(p)·c(p)·α(p)    D = M²·Σ w(p)
//
// Grey is made of the three levels with the weights of luma in ITU-R BT.601:
//
//	grey = ⌊(299·R + 587·G + 114·B + 500) / 1000⌋
package fit

import (
	"image"
	"image/color"
	"math/bits"
)

// MaxSide and MaxPixels bound a picture that is brought to another size, so that the numbers that
// page and command line reckon with hold every sum.
const (
	MaxSide   = 1<<16 - 1
	MaxPixels = 1 << 26
)

// Shape is the shape of a result: one channel, grey, or three. The sides are at most 1024.
type Shape struct{ Channels, Height, Width int }

// Pixels returns a picture, within MaxSide and MaxPixels, in the size of to as interleaved 8-bit
// pixels, [Height,Width,Channels].
func Pixels(img image.Image, to Shape) []byte {
	b := img.Bounds()
	across, wide := spans(b.Dx(), b.Dy(), to.Width, to.Height)
	along, high := spans(b.Dy(), b.Dx(), to.Height, to.Width)
	var most whole
	most.add(wide*high, full*full)
	out := make([]byte, 0, to.Height*to.Width*to.Channels)
	line := make([][3]uint64, to.Width) // Σ w·c·α of one row of the picture
	next := -1                          // the row that line is of
	for _, rows := range along {
		sums := make([][3]whole, to.Width)
		for i, weight := range rows.weights {
			if y := rows.from + i; y != next {
				gather(line, img, across, y)
				next = y
			}
			for x, s := range line {
				for c := range s {
					sums[x][c].add(s[c], weight)
				}
			}
		}
		for _, s := range sums {
			r, g, b := s[0].level(most), s[1].level(most), s[2].level(most)
			if to.Channels == 1 {
				out = append(out, byte((299*r+587*g+114*b+500)/1000))
				continue
			}
			out = append(out, byte(r), byte(g), byte(b))
		}
	}
	return out
}

// full is M, the largest sample.
const full = 1<<16 - 1

// gather writes to line the sums over row y of a picture.
func gather(line [][3]uint64, img image.Image, across []span, y int) {
	corner := img.Bounds().Min
	for x, columns := range across {
		line[x] = [3]uint64{}
		for i, weight := range columns.weights {
			for c, v := range black(img.At(corner.X+columns.from+i, corner.Y+y)) {
				line[x][c] += weight * v
			}
		}
	}
}

// black is c·α for each component of a colour: its samples in front of black.
func black(of color.Color) [3]uint64 {
	switch p := of.(type) {
	case color.NRGBA:
		alpha := uint64(p.A) * 257 * 257
		return [3]uint64{uint64(p.R) * alpha, uint64(p.G) * alpha, uint64(p.B) * alpha}
	case color.NRGBA64:
		alpha := uint64(p.A)
		return [3]uint64{uint64(p.R) * alpha, uint64(p.G) * alpha, uint64(p.B) * alpha}
	}
	r, g, b, _ := of.RGBA() // times α/M already
	return [3]uint64{uint64(r) * full, uint64(g) * full, uint64(b) * full}
}

// span is what a pixel of the result covers of one direction: pixels from one on, with how much of
// each.
type span struct {
	from    int
	weights []uint64
}

// spans returns a span for each pixel of one direction, and the sum of the weights of each. from
// and to are the lengths of the picture and of the result in it, other and otherTo in the other
// direction.
func spans(from, other, to, otherTo int) ([]span, uint64) {
	g := divisor(to, otherTo)
	a, b := to/g, otherTo/g
	// The part with the shape of the result is as long as from or as other·a/b.
	unit := 2 * to * b
	used := min(from*b, other*a) * 2 * to
	size := used / to
	all := make([]span, to)
	for i := range all {
		begin := (from*unit-used)/2 + i*size
		s := span{from: begin / unit}
		for p := s.from; p < from && p*unit < begin+size; p++ {
			part := min((p+1)*unit, begin+size) - max(p*unit, begin)
			s.weights = append(s.weights, uint64(part))
		}
		all[i] = s
	}
	return all, uint64(size)
}

// divisor is the greatest common one.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// whole is a number of 128 bits.
type whole struct{ high, low uint64 }

// add adds a product.
func (n *whole) add(a, b uint64) {
	high, low := bits.Mul64(a, b)
	var carry uint64
	n.low, carry = bits.Add64(n.low, low, 0)
	n.high, _ = bits.Add64(n.high, high, carry)
}

// times is the product with a small number.
func (n whole) times(by uint64) whole {
	high, low := bits.Mul64(n.low, by)
	return whole{n.high*by + high, low}
}

// level is ⌊(2·255·n + d) / 2d⌋, for n up to d: the largest k with d·(2k−1) ≤ 2·255·n.
func (n whole) level(d whole) int {
	n = n.times(2 * 255)
	k := 0
	for step := 128; step > 0; step >>= 1 {
		t := d.times(uint64(2*(k+step) - 1))
		if t.high < n.high || t.high == n.high && t.low <= n.low {
			k += step
		}
	}
	return k
}
