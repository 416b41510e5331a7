package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/picture"
	"tweedie/sampler/solver"
)

// Dab is a spot of paint: the pixels that are not farther from one than a radius.
type Dab struct {
	X, Y, Radius int // column, row and radius, in pixels of the model
	Colour       [3]byte
}

const (
	forkPaint = "paint" // in place of a key of a fork
	dabForm   = "spots of column, row, radius and colour, as in 14-12-3-ff_9-20-2-00, up to 32; " +
		"a colour has 2 hexadecimal digits for a grey, or 6"
	maxDabs = 32
	maxSpot = 1023 // pixels from the left and from above
)

// paintRow is the row of a table of keys that paint would have.
var paintRow = row{name: forkPaint, kind: Text, check: paintText, allowed: dabForm}

// parsePaint reads spots of paint.
func parsePaint(text string) (dabs []Dab, ok bool) {
	for more := true; more; {
		var spot string
		spot, text, more = strings.Cut(text, "_")
		var d Dab
		for _, place := range [...]*int{&d.X, &d.Y, &d.Radius} {
			number, rest, found := strings.Cut(spot, "-")
			n, err := strconv.ParseUint(number, 10, 16)
			if err != nil || n > maxSpot || !found {
				return nil, false
			}
			*place, spot = int(n), rest
		}
		colour, err := strconv.ParseUint(spot, 16, 24)
		if err != nil || len(spot) != 2 && len(spot) != 6 || len(dabs) == maxDabs {
			return nil, false
		}
		if len(spot) == 2 {
			colour |= colour<<8 | colour<<16
		}
		d.Colour = [3]byte{byte(colour >> 16), byte(colour >> 8), byte(colour)}
		dabs = append(dabs, d)
	}
	return dabs, true
}

func paintText(text string) (string, bool) {
	dabs, ok := parsePaint(text)
	var b []byte
	for i, d := range dabs {
		if i > 0 {
			b = append(b, '_')
		}
		for _, n := range [...]int{d.X, d.Y, d.Radius} {
			b = append(strconv.AppendInt(b, int64(n), 10), '-')
		}
		shades := d.Colour[:]
		if d.grey() {
			shades = shades[:1]
		}
		for _, shade := range shades {
			b = append(b, lowerDigits[shade>>4], lowerDigits[shade&15])
		}
	}
	return string(b), ok
}

const lowerDigits = "0123456789abcdef"

func (d *Dab) grey() bool { return d.Colour[0] == d.Colour[1] && d.Colour[1] == d.Colour[2] }

// Covers reports whether a pixel has the paint.
func (d *Dab) Covers(x, y int) bool {
	x, y = x-d.X, y-d.Y
	return x*x+y*y <= d.Radius*d.Radius+d.Radius // rounder than the radius alone
}

// checkPaint refuses paint that a model's pictures cannot have.
func (info *Info) checkPaint(dabs []Dab) error {
	for i := range dabs {
		d := &dabs[i]
		switch {
		case picture.Latent(info.Channels):
			return solver.Because("fork", solver.NoPaint, "the model {value} draws latents, and "+
				"what is painted is a picture; leave paint out", "value", info.Name)
		case d.X >= info.Width || d.Y >= info.Height:
			return solver.Because("fork", solver.PaintAt, "paint is at column {value} and row "+
				"{row}, but the model's pictures are {width}×{height}", "value", strconv.Itoa(d.X),
				"row", strconv.Itoa(d.Y), "width", strconv.Itoa(info.Width), "height",
				strconv.Itoa(info.Height))
		case info.Channels == 1 && !d.grey():
			return solver.Because("fork", solver.PaintHue, "paint has a colour, but the model "+
				"draws greys; give it 2 hexadecimal digits")
		}
	}
	return nil
}
