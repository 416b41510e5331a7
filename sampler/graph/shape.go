package graph

import "strconv"

// Shape is that of a value: a picture, or a vector as a picture of one pixel.
type Shape struct{ Channels, Height, Width int }

// Limits of what is compiled: far beyond what a page can run, and low enough
// that no size overflows.
const (
	maxChannels = 1 << 14
	maxSide     = 1024
	maxNodes    = 4096
	maxRows     = 1 << 20 // of a table
	maxNumbers  = 1 << 26 // of a value: 256 MB, whatever the weights weigh
)

// vector is the shape of a vector of n numbers.
func vector(n int) Shape { return Shape{n, 1, 1} }

// pixels is the number of pixels.
func (s Shape) pixels() int { return s.Height * s.Width }

// size is the number of numbers.
func (s Shape) size() int { return s.Channels * s.pixels() }

func (s Shape) String() string {
	return strconv.Itoa(s.Channels) + "×" + strconv.Itoa(s.Height) + "×" + strconv.Itoa(s.Width)
}

// fits says what is wrong with a shape, "" if nothing is.
func (s Shape) fits() string {
	if s.Channels < 1 || s.Channels > maxChannels || s.Height < 1 || s.Height > maxSide ||
		s.Width < 1 || s.Width > maxSide {
		return "gives " + s.String() + ", and a value has 1 to " + strconv.Itoa(maxChannels) +
			" channels and sides of 1 to " + strconv.Itoa(maxSide)
	}
	if s.size() > maxNumbers {
		return "gives " + s.String() + ", which are more than " + strconv.Itoa(maxNumbers) +
			" numbers"
	}
	return ""
}
