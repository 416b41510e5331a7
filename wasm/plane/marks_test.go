package plane

import (
	"math"
	"testing"
)

// coverage is what the shader makes of the triangles at the middle of a pixel, blended by with.
func coverage(vertices []vertex, indices []uint16, x, y float32,
	with func(before, now float64) float64) (sum float64) {
	for ; len(indices) > 0; indices = indices[3:] {
		a, b, c := vertices[indices[0]], vertices[indices[1]], vertices[indices[2]]
		area := (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
		if area == 0 {
			continue
		}
		v := ((x-a.x)*(c.y-a.y) - (y-a.y)*(c.x-a.x)) / area
		w := ((b.x-a.x)*(y-a.y) - (b.y-a.y)*(x-a.x)) / area
		u := 1 - v - w
		if u < 0 || v < 0 || w < 0 {
			continue
		}
		mix := func(i, j, k float32) float64 { return float64(u*i + v*j + w*k) }
		beyond := max(math.Abs(mix(a.along, b.along, c.along))-mix(a.half, b.half, c.half), 0)
		inside := mix(a.reach, b.reach, c.reach) -
			math.Hypot(mix(a.across, b.across, c.across), beyond) + 0.5
		alpha := mix(a.colour.a, b.colour.a, c.colour.a)
		sum = with(sum, alpha*max(min(inside, 1), 0))
	}
	return sum
}

// seen draws with one mesh and returns its triangles.
func seen(draw func(m *mesh)) ([]vertex, []uint16) {
	m := mesh{draw: func([]vertex, []uint16) {}}
	draw(&m)
	return m.vertices, m.indices
}

// distance is that of a point from a line.
func distance(p, a, b point) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	part := 0.0
	if dx != 0 || dy != 0 {
		part = (float64(p.x-a.x)*dx + float64(p.y-a.y)*dy) / (dx*dx + dy*dy)
	}
	part = max(min(part, 1), 0)
	return math.Hypot(float64(p.x-a.x)-part*dx, float64(p.y-a.y)-part*dy)
}

// Discs and lines cover exactly what is within their reach of a point or a line.
func TestFormsCover(t *testing.T) {
	for _, c := range []struct {
		a, b  point
		reach float32
	}{
		{point{20, 20}, point{20, 20}, 2.5}, {point{20.3, 19.8}, point{20.3, 19.8}, 7},
		{point{10, 10}, point{30, 14}, 1.5}, {point{31, 8}, point{9, 33}, 3},
		{point{12, 20}, point{12, 20.5}, 4}, {point{20, 20}, point{20, 20}, 0.4},
	} {
		for name, draw := range map[string]func(m *mesh){
			"line": func(m *mesh) { m.line(c.a, c.b, c.reach, white) },
			"disc": func(m *mesh) { m.disc(c.a, c.reach, white) },
		} {
			if name == "disc" && c.a != c.b {
				continue
			}
			vertices, indices := seen(draw)
			for y := range 40 {
				for x := range 40 {
					p := point{float32(x) + 0.5, float32(y) + 0.5}
					want := max(min(float64(c.reach)-distance(p, c.a, c.b)+0.5, 1), 0)
					got := coverage(vertices, indices, p.x, p.y, math.Max)
					if math.Abs(got-want) > 1e-4 {
						t.Fatalf("a %s from %v to %v of %v covers %v of %v, want %v",
							name, c.a, c.b, c.reach, got, p, want)
					}
				}
			}
		}
	}
}

// A trail fades along its way and has the width of a line where it is straight.
func TestTrail(t *testing.T) {
	line := []joint{{point{5, 20}, 1}, {point{20, 20}, 0.5}, {point{35, 20}, 0}}
	vertices, indices := seen(func(m *mesh) { m.trail(line, 2, white) })
	if len(vertices) != 6 || len(indices) != 12 {
		t.Fatalf("%d vertices, %d indices", len(vertices), len(indices))
	}
	add := func(before, now float64) float64 { return before + now }
	for _, c := range []struct {
		x, y float32
		want float64
	}{{12.5, 20.1, 0.75}, {27.5, 20.1, 0.25}, {27.5, 22.1, 0.1}, {12.5, 23, 0}, {4, 20, 0}} {
		if got := coverage(vertices, indices, c.x, c.y, add); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("at %v, %v it has %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

// A trail has no joint where it goes straight on, and keeps the others.
func TestTrailIsStraight(t *testing.T) {
	v := view{width: 100, height: 100, scale: 1, ratio: 1}
	for _, c := range []struct {
		trail  [][]float32
		joints int
	}{
		{[][]float32{{20, -10}, {30, -10}, {40, -10}}, 2},
		{[][]float32{{20, -10.2}, {30, -10}, {40, -10.2}}, 2},
		{[][]float32{{20, -11}, {30, -10}, {40, -11}}, 4},
		{[][]float32{{20, -10}, {15, -10}, {15, -30}}, 4},
		{[][]float32{{20, -10}, {20.3, -10}, {20.3, -40}}, 3},
		{[][]float32{{10, -10}, {10.1, -10}}, 0},
	} {
		cloud := cloud{points: []float32{10, -10}, trails: c.trail, way: 1, opacity: 1, radius: 1}
		vertices, _ := seen(func(m *mesh) { v.trails(m, &cloud) })
		if len(vertices) != 2*c.joints {
			t.Errorf("the trail %v has %d corners, want %d", c.trail, len(vertices), 2*c.joints)
		}
	}
}

// No batch has an index that 16 bits do not hold, and none is lost where one ends.
func TestBatches(t *testing.T) {
	const n = 30000
	var vertices, triangles, batches int
	m := mesh{draw: func(v []vertex, indices []uint16) {
		vertices, triangles, batches = vertices+len(v), triangles+len(indices)/3, batches+1
		for _, i := range indices {
			if int(i) >= len(v) {
				t.Fatalf("index %d of %d vertices", i, len(v))
			}
		}
	}}
	for i := range n {
		m.disc(point{float32(i), 0}, 1, white)
		m.line(point{}, point{1, float32(i)}, 1, white)
		m.trail([]joint{{point{}, 1}, {point{1, 1}, 1}, {point{2, 1}, 1}}, 1, white)
	}
	m.flush()
	if vertices != n*(3+4+6) || triangles != n*(1+2+4) || batches != 6 {
		t.Errorf("%d vertices and %d triangles in %d batches", vertices, triangles, batches)
	}
}

// What is drawn again takes no memory.
func TestDrawsWithoutGarbage(t *testing.T) {
	c := cloud{opacity: 1, radius: 2, way: 0.5, colour: rgb{1, 1, 1}}
	for i := range 5000 {
		c.points = append(c.points, float32(i%70)/70, float32(i/70)/70)
		c.before = append(c.before, float32(i%70)/60, float32(i/70)/60)
	}
	c.trails = [][]float32{c.before, c.points, c.before}
	v := view{width: 500, height: 500, scale: 300, ratio: 1}
	m := mesh{draw: func([]vertex, []uint16) {}}
	if n := testing.AllocsPerRun(5, func() {
		v.trails(&m, &c)
		v.discs(&m, &c)
		m.flush()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCloud(b *testing.B) {
	c := cloud{opacity: 1, radius: 2.5, way: 0.5, colour: rgb{1, 1, 1}}
	for i := range 10000 {
		c.points = append(c.points, float32(i%100)/100, float32(i/100)/100)
	}
	for k := range 8 {
		var trail []float32
		for i, x := range c.points {
			trail = append(trail, x+0.02*float32(k)*float32(i%2))
		}
		c.trails = append(c.trails, trail)
	}
	c.before = c.trails[0]
	v := view{width: 1200, height: 1200, scale: 1000, top: 1000, ratio: 2}
	m := mesh{draw: func([]vertex, []uint16) {}}
	for b.Loop() {
		v.trails(&m, &c)
		v.discs(&m, &c)
		m.flush()
	}
}
