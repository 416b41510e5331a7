package plane

import "math"

// set writes all of a vertex.
func (v *vertex) set(x, y float32, colour rgba, across, along, reach, half float32) {
	v.x, v.y, v.colour = x, y, colour
	v.across, v.along, v.reach, v.half = across, along, reach, half
}

// soft is how far beyond its edge a form is drawn: the shader lets it fade over a pixel.
const soft = 0.5

// white covers all of a pixel.
var white = rgba{1, 1, 1, 1}

const root3 = 1.7320508

// disc adds a disc, within the smallest triangle around it: a corner less than a square has.
func (m *mesh) disc(at point, radius float32, colour rgba) {
	r := radius + soft
	wide := r * root3
	vs, is, i := m.add(3, 3)
	vs[0].set(at.x, at.y-2*r, colour, 0, -2*r, radius, 0)
	vs[1].set(at.x-wide, at.y+r, colour, -wide, r, radius, 0)
	vs[2].set(at.x+wide, at.y+r, colour, wide, r, radius, 0)
	is[0], is[1], is[2] = i, i+1, i+2
}

// line adds a line with round ends.
func (m *mesh) line(a, b point, reach float32, colour rgba) {
	ux, uy, length := direction(a, b)
	half, e := length/2, reach+soft
	x, y := (a.x+b.x)/2, (a.y+b.y)/2
	vs, is, i := m.add(4, 6)
	for k := range vs {
		along, across := half+e, e
		if k&1 == 0 {
			along = -along
		}
		if k < 2 {
			across = -e
		}
		vs[k].set(x+along*ux-across*uy, y+along*uy+across*ux, colour, across, along, reach, half)
	}
	square(is, i)
}

// The sides of an arrow's head in CSS pixels, half the angle between them, and the length of the
// shortest arrow that has a head. web/lab/painter.js has the same.
const (
	headSide      = 4
	headCos       = 0.9004471 // of 0.45
	headSin       = 0.4349655
	shortestArrow = 2
)

// head adds the head of an arrow from a to b. A pixel is a CSS pixel, in device pixels.
func (m *mesh) head(a, b point, pixel, reach float32, colour rgba) {
	ux, uy, length := direction(a, b)
	if length < shortestArrow*pixel {
		return
	}
	side := min(headSide*pixel, length/2)
	for _, sin := range [2]float32{headSin, -headSin} {
		m.line(b, point{
			b.x - side*(headCos*ux-sin*uy),
			b.y - side*(headCos*uy+sin*ux),
		}, reach, colour)
	}
}

// joint is a place of a trail.
type joint struct {
	point
	fade float32 // of the colour
}

// trail adds a line through joints, of which there are two at least. It has two corners for each:
// at a sharp turn it is narrower, which nobody sees in a line of two pixels.
func (m *mesh) trail(line []joint, reach float32, colour rgba) {
	e := reach + soft
	vs, is, first := m.add(2*len(line), 6*(len(line)-1))
	var ux, uy float32
	for i := range line {
		j := &line[i]
		if x, y, l := direction(line[max(i-1, 0)].point, line[min(i+1, len(line)-1)].point); l > 0 {
			ux, uy = x, y
		}
		c := rgba{colour.r * j.fade, colour.g * j.fade, colour.b * j.fade, colour.a * j.fade}
		vs[2*i].set(j.x-uy*e, j.y+ux*e, c, e, 0, reach, 0)
		vs[2*i+1].set(j.x+uy*e, j.y-ux*e, c, -e, 0, reach, 0)
	}
	for i := range len(line) - 1 {
		square(is[6*i:], first+uint16(2*i))
	}
}

// direction returns the direction from a to b and the length; where that is 0, any direction.
func direction(a, b point) (x, y, length float32) {
	x, y = b.x-a.x, b.y-a.y
	length = float32(math.Sqrt(float64(x*x + y*y)))
	if length == 0 {
		return 1, 0, 0
	}
	inverse := 1 / length
	return x * inverse, y * inverse, length
}
