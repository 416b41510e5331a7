package plane

import (
	"image/color"
	"math"
	"reflect"
	"testing"
)

// whole is a scene with one of everything, as web/lab/packed.test.js has it packed.
func whole() (ints []int32, floats []float32) {
	ints = []int32{0x102030,
		3, 0, 4, 1, 2, 2, 2, // arrays: place and length
		1, 0, 2, 2, 2, 0x0000ff, 0xff0000, // heat
		1, 1, 2, 0x00ff00, // arrows
		1, 1, 2, 0x336699, 2, 2, -1, // a cloud
		1, 2, 0xffffff, // a path
	}
	floats = []float32{0.5, -0.5, 100, 2,
		0, 0.25, 0.5, 1, 3, 4, 5, 6, // arrays
		-1, 1, -2, 2, 0.75, // heat
		0.5, 1.5, // arrows
		1, 2.5, 0.25, // a cloud
		1, 3, // a path
	}
	return ints, floats
}

func TestReadsAScene(t *testing.T) {
	var r reader
	ints, floats := whole()
	got, err := r.read(ints, floats)
	if err != nil {
		t.Fatal(err)
	}
	one, other := []float32{3, 4}, []float32{5, 6}
	want := scene{background: color.RGBA{0x10, 0x20, 0x30, 0xff},
		x: 0.5, y: -0.5, scale: 100, ratio: 2,
		heat: heat{values: []float32{0, 0.25, 0.5, 1}, version: 1, width: 2, height: 2,
			left: -1, right: 1, bottom: -2, top: 2, colours: []rgb{{0, 0, 1}, {1, 0, 0}},
			opacity: 0.75},
		arrows: []arrows{{from: one, to: other, colour: rgb{0, 1, 0}, opacity: 0.5, width: 1.5}},
		clouds: []cloud{{points: one, before: other, trails: [][]float32{other, nil},
			colour: rgb{0.2, 0.4, 0.6}, opacity: 1, radius: 2.5, way: 0.25}},
		paths: []path{{points: other, colour: rgb{1, 1, 1}, opacity: 1, width: 3}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	// What came before is held, and what comes in a place takes it.
	again := append([]int32{0, 1, 2, 2}, ints[8:]...)
	got, err = r.read(again, append([]float32{0, 0, 1, 1, 7, 8}, floats[12:]...))
	if err != nil || got.heat.version != 1 || got.paths[0].points[1] != 8 ||
		got.arrows[0].from[0] != 3 {
		t.Errorf("the second scene is %+v, %v", got, err)
	}
}

// A scene that ends anywhere is refused, and one with strange numbers is read without harm.
func TestRefusesAScene(t *testing.T) {
	ints, floats := whole()
	for n := range ints {
		if _, err := new(reader).read(ints[:n], floats); err == nil {
			t.Errorf("a scene of %d whole numbers was read", n)
		}
	}
	for n := range floats {
		if _, err := new(reader).read(ints, floats[:n]); err == nil {
			t.Errorf("a scene of %d numbers was read", n)
		}
	}
	for i := range ints {
		for _, strange := range []int32{-1, 0, 1, 4095, 4096, math.MaxInt32, math.MinInt32} {
			changed := append([]int32(nil), ints...)
			changed[i] = strange
			s, err := new(reader).read(changed, floats)
			if err == nil {
				drawn(s)
			}
		}
	}
	for i := range floats {
		for _, strange := range strangeNumbers {
			changed := append([]float32(nil), floats...)
			changed[i] = strange
			s, err := new(reader).read(ints, changed)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range drawn(s) {
				if !finite(v.x) || !finite(v.y) || !finite(v.across) || !finite(v.along) ||
					!finite(v.half) || !finite(v.reach) || !finite(v.colour.a) {
					t.Fatalf("with %v as number %d a vertex is %+v", strange, i, v)
				}
			}
		}
	}
}

var strangeNumbers = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, 0, -1}

// drawn are the vertices of all layers but the heat.
func drawn(s scene) (all []vertex) {
	m := mesh{draw: func(v []vertex, _ []uint16) { all = append(all, v...) }}
	v, ok := s.view(640, 480)
	if !ok {
		return nil
	}
	for _, a := range s.arrows {
		v.arrows(&m, a, a.colour.times(a.opacity))
	}
	for i := range s.clouds {
		v.trails(&m, &s.clouds[i])
		v.discs(&m, &s.clouds[i])
	}
	for _, p := range s.paths {
		v.path(&m, p, p.colour.times(p.opacity))
	}
	m.flush()
	return all
}

// A grid whose numbers do not fit is left out.
func TestHeatFits(t *testing.T) {
	for place, wrong := range map[int][]int32{10: {0, 3, 1025, -2}, 11: {0, 1, 4}, 9: {1, 7, -1}} {
		for _, n := range wrong {
			ints, floats := whole()
			ints[place] = n
			s, err := new(reader).read(ints, floats)
			if err != nil || len(s.heat.values) != 0 {
				t.Errorf("with %d at %d the heat is %+v (%v)", n, place, s.heat, err)
			}
		}
	}
}

func TestGrid(t *testing.T) {
	got := appendGrid(nil, []float32{0, 1, 0.5, -3, 7, float32(math.NaN()), 1. / 65535})
	want := []byte{0, 0, 0, 255, 255, 255, 0, 255, 128, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0, 255,
		0, 0, 0, 255, 0, 1, 0, 255}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	h := heat{colours: []rgb{{0, 0, 0}, {1, 0.5, 0.25}}}
	ramp := h.ramp()
	if len(ramp) != 24 || ramp[3] != 1 || ramp[22] != 0.5 || ramp[23] != 0.25 {
		t.Errorf("the ramp is %v", ramp)
	}
}
