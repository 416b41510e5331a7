package plane

// arrows adds those that may be seen.
func (v *view) arrows(m *mesh, a arrows, colour rgba) {
	reach := v.ratio * a.width / 2
	for i := 1; i < min(len(a.from), len(a.to)); i += 2 {
		from, ok := v.at(a.from[i-1], a.from[i])
		to, also := v.at(a.to[i-1], a.to[i])
		if !ok || !also {
			continue
		}
		if a, b, seen := v.clip(from, to, reach+headSide*v.ratio); seen {
			m.line(a, b, reach, colour)
			m.head(from, to, v.ratio, reach, colour)
		}
	}
}

// path adds the lines of a path that may be seen. Where a point is missing it has a gap.
func (v *view) path(m *mesh, p path, colour rgba) {
	reach := v.ratio * p.width / 2
	var last point
	had := false
	for i := 1; i < len(p.points); i += 2 {
		at, ok := v.at(p.points[i-1], p.points[i])
		if ok && had {
			if a, b, seen := v.clip(last, at, reach+1); seen {
				m.line(a, b, reach, colour)
			}
		}
		last, had = at, ok
	}
}

// discs adds the points of a cloud that may be seen.
func (v *view) discs(m *mesh, c *cloud) {
	radius, colour := v.ratio*c.radius, c.colour.times(c.opacity)
	for i := 1; i < len(c.points); i += 2 {
		if at, ok := c.at(v, i); ok && v.near(at, radius+1) {
			m.disc(at, radius, colour)
		}
	}
}

// at is where the point is whose second coordinate has index i, on its way from where it was.
func (c *cloud) at(v *view, i int) (point, bool) {
	x, y := c.points[i-1], c.points[i]
	if i < len(c.before) && finite(c.before[i-1]) && finite(c.before[i]) {
		x = c.before[i-1] + c.way*(x-c.before[i-1])
		y = c.before[i] + c.way*(y-c.before[i])
	}
	return v.at(x, y)
}

// A trail begins with a part of the opacity of its points, and its width is a part of their
// radius, but a CSS pixel at least. web/lab/painter.js has the same.
const (
	trailOpacity = 0.32
	trailWidth   = 0.8
)

// trails adds the trails of a cloud that may be seen. While a point is on its way, its trail fades
// on, so that nothing jumps when the next step comes.
func (v *view) trails(m *mesh, c *cloud) {
	reach := v.ratio * max(trailWidth*c.radius, 1) / 2
	colour := c.colour.times(trailOpacity * c.opacity)
	var line [mostTrails + 1]joint
	for i := 1; i < len(c.points); i += 2 {
		at, ok := c.at(v, i)
		if !ok {
			continue
		}
		line[0] = joint{at, 1}
		n, seen := 1, v.near(at, reach)
		for k, trail := range c.trails {
			if i >= len(trail) {
				break
			}
			at, ok := v.at(trail[i-1], trail[i])
			if !ok || !v.near(at, beside) {
				break
			}
			// A step of less than half a pixel is drawn with the next one.
			if x, y := at.x-line[n-1].x, at.y-line[n-1].y; x*x+y*y < 0.25 {
				continue
			}
			// Corners are what a frame costs: a joint on the way to the next needs none.
			if n > 1 && straight(line[n-2].point, line[n-1].point, at) {
				n--
			}
			line[n] = joint{at, 1 - (float32(k)+c.way)/float32(len(c.trails))}
			n, seen = n+1, seen || v.near(at, reach)
		}
		if seen && n > 1 {
			m.trail(line[:n], reach, colour)
		}
	}
}

// beside is how many pixels beside the screen a trail is cut off.
const beside = 4096

// straight reports whether b lies between a and c, within a third of a pixel.
func straight(a, b, c point) bool {
	ux, uy := c.x-a.x, c.y-a.y
	vx, vy := b.x-a.x, b.y-a.y
	apart, along, length := ux*vy-uy*vx, ux*vx+uy*vy, ux*ux+uy*uy
	return 9*apart*apart < length && along > 0 && along < length
}
