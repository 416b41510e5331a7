package plane

// view is the window on a screen.
type view struct {
	width, height float32 // of the screen, device pixels
	scale         float32 // device pixels for a unit
	left, top     float32 // where the plane's origin is
	ratio         float32 // device pixels for a CSS pixel
}

// point is a place on the screen, in device pixels.
type point struct{ x, y float32 }

// view returns the window on a screen of a size; a window that is no window shows nothing.
func (s *scene) view(width, height int) (view, bool) {
	v := view{width: float32(width), height: float32(height), ratio: s.ratio}
	v.scale = s.scale * s.ratio
	v.left = v.width/2 - v.scale*s.x
	v.top = v.height/2 + v.scale*s.y
	return v, v.scale > 0 && v.ratio > 0 && finite(v.scale) && finite(v.left) && finite(v.top)
}

// farthest is how many pixels from the origin of the screen nothing is drawn: float32 still tells
// pixels apart at the screen's edge when a line from there is cut.
const farthest = 1 << 30

// at returns where a point of the plane is, if it is at numbers and not too far.
func (v *view) at(x, y float32) (point, bool) {
	p := point{v.left + v.scale*x, v.top - v.scale*y}
	return p, p.x > -farthest && p.x < farthest && p.y > -farthest && p.y < farthest
}

// near reports whether something at p may be seen.
func (v *view) near(p point, reach float32) bool {
	return p.x > -reach && p.x < v.width+reach && p.y > -reach && p.y < v.height+reach
}

// clip returns what of the line from a to b may be seen, by Liang and Barsky: a line may be longer
// than what a graphics card can count.
func (v *view) clip(a, b point, reach float32) (point, point, bool) {
	from, to := float32(0), float32(1)
	for _, edge := range [4][2]float32{
		{a.x - b.x, a.x + reach}, {b.x - a.x, v.width + reach - a.x},
		{a.y - b.y, a.y + reach}, {b.y - a.y, v.height + reach - a.y},
	} {
		toward, within := edge[0], edge[1]
		switch {
		case toward == 0 && within < 0:
			return a, b, false
		case toward < 0:
			from = max(from, within/toward)
		case toward > 0:
			to = min(to, within/toward)
		}
	}
	if from > to {
		return a, b, false
	}
	return between(a, b, from), between(a, b, to), true
}

// between is the point a part of the way from a to b.
func between(a, b point, part float32) point {
	return point{a.x + part*(b.x-a.x), a.y + part*(b.y-a.y)}
}

func finite(x float32) bool { return x-x == 0 }
