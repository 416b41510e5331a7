package plane

import (
	"math"
	"testing"
)

func TestView(t *testing.T) {
	s := scene{x: 0.5, y: -0.25, scale: 100, ratio: 2}
	v, ok := s.view(600, 400)
	if p, seen := v.at(0.5, -0.25); !ok || !seen || p != (point{300, 200}) {
		t.Errorf("the middle of the window is at %v", p)
	}
	if p, _ := v.at(1, 0.25); p != (point{400, 100}) {
		t.Errorf("half a unit to the right and upwards is %v", p)
	}
	for _, scale := range []float32{0, -1, float32(math.NaN()), float32(math.Inf(1))} {
		s.scale = scale
		if _, ok := s.view(600, 400); ok {
			t.Errorf("a window of scale %v shows something", scale)
		}
	}
	for _, x := range strangeNumbers[:5] {
		if p, ok := v.at(x, 0); ok {
			t.Errorf("%v is at %v", x, p)
		}
	}
}

// What of a line may be seen is on the line, and within the screen and its edge.
func TestClip(t *testing.T) {
	v := view{width: 100, height: 50}
	for _, c := range []struct {
		a, b, from, to point
		seen           bool
	}{
		{point{10, 10}, point{90, 40}, point{10, 10}, point{90, 40}, true},
		{point{-1000, 25}, point{1000, 25}, point{-4, 25}, point{104, 25}, true},
		{point{50, 1 << 29}, point{50, -1 << 29}, point{50, 54}, point{50, -4}, true},
		{point{-10, 0}, point{-20, 50}, point{}, point{}, false},
		{point{-20, 40}, point{10, 90}, point{}, point{}, false},
		{point{30, 30}, point{30, 30}, point{30, 30}, point{30, 30}, true},
		{point{300, 30}, point{300, 30}, point{}, point{}, false},
	} {
		a, b, seen := v.clip(c.a, c.b, 4)
		off := func(p, q point) bool {
			return math.Hypot(float64(p.x-q.x), float64(p.y-q.y)) > 1e-3*(1+float64(c.b.x-c.a.x))
		}
		if seen != c.seen || seen && c.a.y < 1<<20 && (off(a, c.from) || off(b, c.to)) {
			t.Errorf("from %v to %v: %v to %v, %v, want %v to %v, %v",
				c.a, c.b, a, b, seen, c.from, c.to, c.seen)
		}
	}
}

// A point is on its way from where it was, or in its place where it came from nowhere.
func TestGlide(t *testing.T) {
	nan := float32(math.NaN())
	v := view{width: 100, height: 100, scale: 1, ratio: 1}
	for _, c := range []struct {
		before []float32
		way    float32
		want   point
	}{
		{[]float32{2, 4}, 0, point{2, -4}}, {[]float32{2, 4}, 1, point{10, -20}},
		{[]float32{2, 4}, 0.25, point{4, -8}}, {nil, 0.25, point{10, -20}},
		{[]float32{nan, 4}, 0.25, point{10, -20}}, {[]float32{2}, 0.25, point{10, -20}},
	} {
		cloud := cloud{points: []float32{10, 20}, before: c.before, way: c.way}
		if got, ok := cloud.at(&v, 1); !ok || got != c.want {
			t.Errorf("from %v at %v: %v, want %v", c.before, c.way, got, c.want)
		}
	}
}

// At the end of a step everything looks as at the beginning of the next, but for the faintest line
// of a trail, of which there is nothing more.
func TestStepsJoin(t *testing.T) {
	const places = 8
	v := view{width: 100, height: 100, scale: 1, top: 100, ratio: 1}
	var steps [][]float32 // the newest first
	for i := range places + 2 {
		angle := 0.5 * float64(i)
		steps = append(steps, []float32{50 + float32(30*math.Cos(angle)),
			50 + float32(30*math.Sin(angle))})
	}
	next := cloud{points: steps[0], before: steps[1], trails: steps[1 : places+1],
		opacity: 1, radius: 4, colour: rgb{1, 1, 1}}
	end := next
	end.points, end.before, end.trails, end.way = steps[1], steps[2], steps[2:], 1
	draw := func(c *cloud) ([]vertex, []uint16) {
		return seen(func(m *mesh) { v.trails(m, c); v.discs(m, c) })
	}
	va, ia := draw(&end)
	vb, ib := draw(&next)
	add := func(before, now float64) float64 { return before + now }
	lit := 0
	for y := range 100 {
		for x := range 100 {
			a := coverage(va, ia, float32(x)+0.5, float32(y)+0.5, add)
			b := coverage(vb, ib, float32(x)+0.5, float32(y)+0.5, add)
			if math.Abs(a-b) > trailOpacity/places {
				t.Fatalf("at %d, %d it was %v and is %v", x, y, a, b)
			}
			if a > 0 {
				lit++
			}
		}
	}
	if lit < 300 {
		t.Errorf("%d pixels are drawn", lit)
	}
}
