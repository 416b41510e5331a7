package plane

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/mixture"
)

// Preset is a distribution with a name.
type Preset struct {
	Name    string
	Doc     string // one line
	Classes []string
	Exact   bool // its density is known

	draw       func(u *[draws]float64) (x, y float64, class int)
	components func() []mixture.Component
}

// GivenMixture is the name of the preset whose Gaussians may be given, see ParseMixture.
const GivenMixture = "mixture"

// PaintedData is the name of data that a Canvas has; it is no preset.
const PaintedData = "painted"

// presets in the order of lists.
var presets = []Preset{
	{Name: "moons", Doc: "two half moons that reach into each other",
		Classes: []string{"upper", "lower"}, draw: moons},
	{Name: "rings", Doc: "three rings with one centre",
		Classes: []string{"inner", "middle", "outer"}, draw: rings},
	{Name: "spiral", Doc: "a spiral of two arms, each with one and a half turns",
		Classes: []string{"first", "second"}, draw: spiral},
	{Name: "checkerboard", Doc: "the eight dark fields of a board of four by four",
		Classes: []string{"row 1", "row 2", "row 3", "row 4"}, draw: checkerboard},
	{Name: "grid", Doc: "twenty-five Gaussians in five columns", Exact: true,
		Classes:    []string{"column 1", "column 2", "column 3", "column 4", "column 5"},
		components: grid},
	{Name: "roll", Doc: "a Swiss roll, cut into three lengths",
		Classes: []string{"inside", "between", "outside"}, draw: roll},
	{Name: "letters", Doc: "the letters A, B and C",
		Classes: []string{"A", "B", "C"}, draw: letters.draw},
	{Name: GivenMixture,
		Doc:   "two Gaussians, one with a fifth of the points; or those that are given",
		Exact: true, Classes: []string{"0", "1"}, components: twoModes},
}

// Presets lists the distributions that have a name.
func Presets() []Preset { return slices.Clone(presets) }

// Names lists the presets' names.
func Names() []string {
	names := make([]string, len(presets))
	for i := range presets {
		names[i] = presets[i].Name
	}
	return names
}

// New returns a preset.
func New(name string, o Options) (*Distribution, error) {
	for i := range presets {
		p := &presets[i]
		if p.Name != name {
			continue
		}
		if p.components != nil {
			return gaussians(p.Classes, p.components()).with(o)
		}
		return (&Distribution{classes: p.Classes, draw: p.draw}).with(o)
	}
	return nil, errors.New("plane: there is no preset " + strconv.Quote(name) + "; there are " +
		strings.Join(Names(), ", "))
}

// moons are half circles of radius ⅔.
func moons(u *[draws]float64) (x, y float64, class int) {
	x, y = turn(u[1]/2, 2.0/3)
	if u[0] <= 0.5 {
		return x - 1.0/3, y - 1.0/6, 0
	}
	return 1.0/3 - x, 1.0/6 - y, 1
}

// rings are equally likely, and their radii ⅓, ⅔ and 1.
func rings(u *[draws]float64) (x, y float64, class int) {
	class = pick(thirds[:], u[0])
	x, y = turn(u[1], float64(class+1)/3)
	return x, y, class
}

var thirds = [3]float64{1, 2, 3}

// spiral has radius √u at 1.5·√u turns, so that its points are about equally dense along the arms.
func spiral(u *[draws]float64) (x, y float64, class int) {
	root := math.Sqrt(u[1])
	x, y = turn(float64(1.5*root), root)
	if u[0] <= 0.5 {
		return x, y, 0
	}
	return -x, -y, 1
}

// checkerboard has sixteen fields with a side of ½.
func checkerboard(u *[draws]float64) (x, y float64, class int) {
	field := min(int(8*u[0]), 7)
	row, column := field/2, 2*(field%2)+field/2%2
	x, y = float64((float64(column)+u[1])/2), float64((float64(row)+u[2])/2)
	return x - 1, 1 - y, row
}

// roll is t·(cos t, sin t) for t from 1.5·π to 4.5·π, evenly, and divided by the largest t.
func roll(u *[draws]float64) (x, y float64, class int) {
	turns := 0.75 + float64(1.5*u[1])
	x, y = turn(turns, turns/2.25)
	return x, y, min(int(3*u[1]), 2)
}

// grid has Gaussians of standard deviation 0.05, 0.4 apart.
func grid() (all []mixture.Component) {
	for column := range 5 {
		for row := range 5 {
			all = append(all, mixture.Component{Weight: 1, StdDev: 0.05, Class: column,
				Mean: []float64{0.4 * float64(column-2), 0.4 * float64(row-2)}})
		}
	}
	return all
}

// twoModes are Song and Ermon's (arXiv:1907.05600, figure 3) at a tenth of the size: Langevin
// dynamics lose their weights.
func twoModes() []mixture.Component {
	return []mixture.Component{
		{Weight: 0.2, Mean: []float64{-0.5, -0.5}, StdDev: 0.1},
		{Weight: 0.8, Mean: []float64{0.5, 0.5}, StdDev: 0.1, Class: 1},
	}
}

// letters are drawn in cells of 1/8.5.
var letters = mustDensity([]string{
	".###..####...####",
	"#...#.#...#.#....",
	"#...#.#...#.#....",
	"#####.####..#....",
	"#...#.#...#.#....",
	"#...#.#...#.#....",
	"#...#.####...####",
}, func(column int) int { return column / 6 })

// mustDensity returns the density of a drawing whose marks are equally likely.
func mustDensity(rows []string, class func(column int) int) *Density {
	d := &Density{Width: len(rows[0]), Height: len(rows)}
	for _, row := range rows {
		for column, mark := range []byte(row) {
			weight := 0.0
			if mark == '#' {
				weight = 1
			}
			d.Weights = append(d.Weights, weight)
			d.Classes = append(d.Classes, class(column))
		}
	}
	if err := d.prepare(); err != nil {
		panic(err)
	}
	return d
}
