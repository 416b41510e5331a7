package plane

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// The size of a Canvas: cells along a side, and how much paint a cell may have.
const (
	CanvasSide   = 32
	CanvasLevels = 15
)

// colours are those of a canvas, and the names of their classes.
var colours = []string{"blue", "orange", "green", "pink"}

// Colours lists the colours of a canvas.
func Colours() []string { return slices.Clone(colours) }

// Cell is one cell of a canvas: how much paint, 0 to CanvasLevels, and of which of the Colours.
type Cell struct{ Level, Colour uint8 }

// Canvas is a density that somebody painted, the top row first. A point is as likely in a cell as
// the cell has paint, and its class is the paint's colour.
//
// As text it is one digit for each cell, of the 64 of URLs: A is a cell without paint, and number
// 1 + 15·colour + (level − 1) one with it. Digit number 61 (9) says that the cell before it is
// there again, 2 + d times, with the next digit d. Cells without paint at the end are left out, so
// that the text of an empty canvas is empty.
type Canvas [CanvasSide * CanvasSide]Cell

const (
	digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	again  = 61
	least  = 2 // repetitions that again stands for with the digit 0
)

// ParseCanvas reads the text of a canvas.
func ParseCanvas(text string) (*Canvas, error) {
	c := new(Canvas)
	n := 0
	for i := 0; i < len(text); i++ {
		digit, count := strings.IndexByte(digits, text[i]), 1
		switch {
		case digit == again && n > 0 && i+1 < len(text) &&
			strings.IndexByte(digits, text[i+1]) >= 0:
			i++
			count = least + strings.IndexByte(digits, text[i])
		case digit < 0 || digit >= again:
			return nil, errors.New("plane: character " + strconv.Itoa(i+1) +
				" of the canvas stands for no cell")
		}
		if n+count > len(c) {
			return nil, errors.New("plane: the canvas has more than its " + strconv.Itoa(len(c)) +
				" cells")
		}
		for range count {
			if digit == again {
				c[n] = c[n-1]
			} else if digit > 0 {
				c[n] = Cell{Level: uint8(1 + (digit-1)%CanvasLevels),
					Colour: uint8((digit - 1) / CanvasLevels)}
			}
			n++
		}
	}
	return c, nil
}

// String returns the shortest text of a canvas. It panics on cells that no paint makes.
func (c *Canvas) String() string {
	last := len(c)
	for last > 0 && c[last-1].Level == 0 {
		last--
	}
	var b []byte
	for i := 0; i < last; {
		digit := c[i].digit()
		run := 1
		for i+run < last && c[i+run].digit() == digit {
			run++
		}
		i += run
		b = append(b, digits[digit])
		for run--; run > 0; {
			if count := min(run, least+len(digits)-1); count > least {
				b = append(b, digits[again], digits[count-least])
				run -= count
			} else {
				b = append(b, digits[digit])
				run--
			}
		}
	}
	return string(b)
}

// digit returns the number of the digit of a cell.
func (c Cell) digit() int {
	switch {
	case c.Level > CanvasLevels || int(c.Colour) >= len(colours):
		panic("plane: a cell with more paint or other colours than there are")
	case c.Level == 0:
		return 0
	}
	return int(c.Colour)*CanvasLevels + int(c.Level)
}

// Used lists the colours that a canvas has paint of, in the order of Colours.
func (c *Canvas) Used() (names []string) {
	for k, name := range colours {
		has := func(x Cell) bool { return x.Level > 0 && int(x.Colour) == k }
		if slices.ContainsFunc(c[:], has) {
			names = append(names, name)
		}
	}
	return names
}

// Distribution returns the distribution of what was painted. Its classes are the colours that were
// used. An empty canvas is ErrEmpty.
func (c *Canvas) Distribution(o Options) (*Distribution, error) {
	classes := c.Used()
	number := make([]int, len(colours)) // of each colour among the classes
	for k, name := range colours {
		number[k] = slices.Index(classes, name)
	}
	d := &Density{Width: CanvasSide, Height: CanvasSide}
	for _, x := range c {
		class := 0
		if x.Level > 0 {
			class = number[x.Colour]
		}
		d.Weights = append(d.Weights, float64(x.Level))
		d.Classes = append(d.Classes, class)
	}
	if len(classes) == 0 {
		return nil, ErrEmpty
	}
	return Painted(d, classes, o)
}
