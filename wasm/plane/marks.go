package plane

import "math"

// soft is how far beyond its edge a form is drawn: the shader lets it fade over a pixel.
const soft = 0.5

// white covers all of a pixel.
var white = [4]float32{1, 1, 1, 1}

const root3 = 1.7320508

// disc adds a disc, within the smallest triangle around it: a corner less than a square has.
func (m *mesh) disc(at point, radius float32, colour [4]float32) {
	r := radius + soft
	wide := r * root3
	i := m.room(3)
	corner := vertex{colour: colour, reach: radius}
	for range 3 {
		m.vertices = append(m.vertices, corner)
	}
	c := m.vertices[i : i+3]
	c[0].x, c[0].y, c[0].along = at.x, at.y-2*r, -2*r
	c[1].x, c[1].y, c[1].across, c[1].along = at.x-wide, at.y+r, -wide, r
	c[2].x, c[2].y, c[2].across, c[2].along = at.x+wide, at.y+r, wide, r
	m.indices = append(m.indices, i, i+1, i+2)
}

// line adds a line with round ends.
func (m *mesh) line(a, b point, reach float32, colour [4]float32) {
	ux, uy, length := direction(a, b)
	half, e := length/2, reach+soft
	corner := func(along, across float32) vertex {
		x, y := (a.x+b.x)/2, (a.y+b.y)/2
		return vertex{x: x + along*ux - across*uy, y: y + along*uy + across*ux, colour: colour,
			across: across, along: along, reach: reach, half: half}
	}
	m.quad(corner(-half-e, -e), corner(half+e, -e), corner(-half-e, e), corner(half+e, e))
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
func (m *mesh) head(a, b point, pixel, reach float32, colour [4]float32) {
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
func (m *mesh) trail(line []joint, reach float32, colour [4]float32) {
	e := reach + soft
	first := m.room(2 * len(line))
	var ux, uy float32
	for i, j := range line {
		if x, y, l := direction(line[max(i-1, 0)].point, line[min(i+1, len(line)-1)].point); l > 0 {
			ux, uy = x, y
		}
		c := colour
		for k := range c {
			c[k] *= j.fade
		}
		m.vertices = append(m.vertices,
			vertex{x: j.x - uy*e, y: j.y + ux*e, colour: c, across: e, reach: reach},
			vertex{x: j.x + uy*e, y: j.y - ux*e, colour: c, across: -e, reach: reach})
	}
	for i := first; i < first+uint16(2*len(line)-2); i += 2 {
		m.indices = append(m.indices, i, i+1, i+2, i+1, i+3, i+2)
	}
}

// direction returns the direction from a to b and the length; where that is 0, any direction.
func direction(a, b point) (x, y, length float32) {
	x, y = b.x-a.x, b.y-a.y
	length = float32(math.Sqrt(float64(x*x + y*y)))
	if length == 0 {
		return 1, 0, 0
	}
	return x / length, y / length, length
}
