package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/solver"
)

const (
	planeSeeds = "two or three seeds with commas between, as in 5,9,12"
	planePlace = "two numbers from 0 to 1 with a comma between, as in 0.25,0.5"
)

// Plane is the seeds of a plane's corners but the first, which is the recipe's own. Three corners
// are a triangle: the lower edge of the square is one picture.
type Plane struct {
	Others  [3]uint64 // of the upper right, the lower left and the lower right corner
	Corners int       // 3 or 4; 0 without a plane
}

// Place is a place in a plane: from the left and from above, 0 to 1.
type Place struct {
	X, Y  float64
	Given bool
}

// At returns the place of picture number image: the given one, or else that in a square grid over
// the plane, row by row.
func (s *Settings) At(image int) (x, y float64) {
	if s.Place.Given {
		return s.Place.X, s.Place.Y
	}
	n := side(s.Images)
	return float64(image%n) / float64(n-1), float64(image/n) / float64(n-1)
}

// side returns the pictures in a row of a square grid of n, 0 where n makes no square.
func side(n int) int {
	for i := 1; i*i <= n; i++ {
		if i*i == n {
			return i
		}
	}
	return 0
}

func parsePlane(s string) (p Plane, ok bool) {
	for i, more := 0, true; more; i++ {
		var seed string
		seed, s, more = strings.Cut(s, ",")
		n, err := strconv.ParseUint(seed, 10, 64)
		if err != nil || i == len(p.Others) {
			return Plane{}, false
		}
		p.Others[i], p.Corners = n, i+2
	}
	return p, p.Corners > 2
}

func planeText(s string) (string, bool) {
	p, ok := parsePlane(s)
	return p.seeds(), ok
}

// seeds writes the corners but the first, "" without a plane.
func (p Plane) seeds() string {
	var b []byte
	for i := range p.Corners - 1 {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, p.Others[i], 10)
	}
	return string(b)
}

// repeats reports whether two corners have one seed; first is that of the recipe.
func (p Plane) repeats(first uint64) bool {
	seeds := [4]uint64{first, p.Others[0], p.Others[1], p.Others[2]}
	for i := range p.Corners {
		for _, other := range seeds[:i] {
			if seeds[i] == other {
				return true
			}
		}
	}
	return false
}

func parsePlace(s string) (Place, bool) {
	left, above, _ := strings.Cut(s, ",")
	x, okX := decimal(left)
	y, okY := decimal(above)
	inside := x >= 0 && x <= 1 && y >= 0 && y <= 1
	return Place{x, y, true}, okX && okY && inside
}

func placeText(s string) (string, bool) {
	p, ok := parsePlace(s)
	return p.text(), ok
}

// text writes the place, "" without one.
func (p Place) text() string {
	if !p.Given {
		return ""
	}
	return solver.Number(p.X) + "," + solver.Number(p.Y)
}
