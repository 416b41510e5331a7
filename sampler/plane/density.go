package plane

import (
	"errors"
	"math"
	"strconv"
)

// Density is a grid of weights: a point falls into a cell with a chance that is the cell's share of
// all weight, and anywhere in it. Cells are square, and the longer side of the grid is that of the
// square from −1 to 1, in whose middle the grid lies.
type Density struct {
	Width, Height int
	Weights       []float64 // [Height][Width], 0 or more, the top row first
	Classes       []int     // [Height][Width] of the points of a cell; nil for one class

	sums []float64
}

// maxSide bounds a density's sides.
const maxSide = 1024

// ErrEmpty is what a density without any weight gives: nothing was painted.
var ErrEmpty = errors.New("plane: the density is empty; paint something first")

// prepare checks a density and adds up its weights.
func (d *Density) prepare() error {
	w, h := d.Width, d.Height
	switch {
	case w < 1 || h < 1 || w > maxSide || h > maxSide:
		return errors.New("plane: a density of " + strconv.Itoa(w) + "×" + strconv.Itoa(h) +
			" cells, but its sides may be 1 to " + strconv.Itoa(maxSide))
	case len(d.Weights) != w*h || d.Classes != nil && len(d.Classes) != w*h:
		return errors.New("plane: a density needs a weight, and a class if it has any, for each " +
			"of its " + strconv.Itoa(w*h) + " cells")
	}
	sum := 0.0
	d.sums = make([]float64, 0, w*h)
	for i, v := range d.Weights {
		if !(v >= 0) || math.IsInf(v, 0) {
			return errors.New("plane: weight " + strconv.Itoa(i) + " of the density is " +
				strconv.FormatFloat(v, 'g', -1, 64) + " but must be 0 or more")
		}
		sum += v
		d.sums = append(d.sums, sum)
	}
	switch {
	case sum == 0:
		return ErrEmpty
	case math.IsInf(sum, 0):
		return errors.New("plane: the weights of the density are too large")
	}
	return nil
}

func (d *Density) draw(u *[draws]float64) (x, y float64, class int) {
	cell := pick(d.sums, u[0])
	if d.Classes != nil {
		class = d.Classes[cell]
	}
	side := 2 / float64(max(d.Width, d.Height))
	column, row := float64(cell%d.Width)+u[1], float64(cell/d.Width)+u[2]
	middle, centre := float64(float64(d.Width)/2), float64(float64(d.Height)/2)
	return float64(side * (column - middle)), float64(side * (centre - row)), class
}

// Painted returns the distribution of a density, whose classes have names. It keeps d.
func Painted(d *Density, classes []string, o Options) (*Distribution, error) {
	if err := d.prepare(); err != nil {
		return nil, err
	}
	for _, class := range d.Classes {
		if class < 0 || class >= len(classes) {
			return nil, errors.New("plane: a cell of the density has the class " +
				strconv.Itoa(class) + ", and there are " + strconv.Itoa(len(classes)))
		}
	}
	if len(classes) == 0 {
		classes = []string{"all"}
	}
	return (&Distribution{classes: classes, draw: d.draw}).with(o)
}
