package main

import "math"

// coder packs bits by how likely each was (Witten, Neal and Cleary, 1987), in the form without
// carries of Mahoney's fpaq0. The reader is in web/run/recording.js.
//
// All packed bits so far are the beginning of any number from low to high. A bit divides what lies
// between by its odds, of 65536 for a one, and these then move by a part of 32 towards what it was.
type coder struct {
	out       []byte
	low, high uint32
	odds      []uint16
}

// A number is of a kind, which has odds of its own: of each bit of its length, and of each bit that
// follows by those above it.
const (
	degrees = 8           // of how unsure the expectation of an x̂0 is; their kinds come first
	state   = 2 * degrees // x_t
	kinds   = state + 2   // of each: expected at an end 1 more
	setOdds = 256
)

// newCoder returns a coder that knows nothing yet.
func newCoder() *coder {
	c := &coder{high: math.MaxUint32, odds: make([]uint16, kinds*setOdds)}
	for i := range c.odds {
		c.odds[i] = 1 << 15
	}
	return c
}

// bit packs a bit with the odds at a place.
func (c *coder) bit(place int, one bool) {
	odds := c.odds[place]
	middle := c.low + (c.high-c.low)>>16*uint32(odds)
	if one {
		c.high, odds = middle, odds+(math.MaxUint16-odds)>>5
	} else {
		c.low, odds = middle+1, odds-odds>>5
	}
	c.odds[place] = odds
	for (c.low^c.high)>>24 == 0 {
		c.out = append(c.out, byte(c.low>>24))
		c.low, c.high = c.low<<8, c.high<<8|0xff
	}
}

// number packs a number of a kind, 0…255: ones for each binary digit of it plus one but the first,
// a zero, and those digits.
func (c *coder) number(kind int, n byte) {
	place, whole, digits := kind*setOdds, int(n)+1, 0
	for ; whole>>(digits+1) > 0; digits++ {
		c.bit(place+digits, true)
	}
	c.bit(place+digits, false)
	for ; digits > 0; digits-- {
		above := whole >> digits
		c.bit(place+8+above, whole>>(digits-1)&1 == 1)
	}
}

// difference packs what a byte of a picture is, by what was expected.
func (c *coder) difference(kind, leads int, value byte) {
	if leads%255 == 0 {
		kind++
	}
	d := int8(int(value) - leads)
	c.number(kind, byte(d<<1^d>>7))
}

// end returns all that was packed.
func (c *coder) end() []byte {
	return append(c.out, byte(c.low>>24), byte(c.low>>16), byte(c.low>>8), byte(c.low))
}
