package plane

import (
	"errors"
	"image/color"
)

// The largest number of arrays that a scene holds, of a grid's cells across, of pixels of a width,
// of colours of a ramp and of places of a trail: more than a stage has, and few enough for memory.
const (
	mostArrays  = 4096
	mostSide    = 1024
	mostColours = 8
	mostTrails  = 64
)

// scene is what the plane shows. Lengths are in units of the plane, widths and radii in CSS
// pixels.
type scene struct {
	background color.RGBA
	x, y       float32 // the middle of the window
	scale      float32 // CSS pixels for a unit
	ratio      float32 // device pixels for a CSS pixel
	heat       heat
	arrows     []arrows
	clouds     []cloud
	paths      []path
}

// heat is a grid of numbers. Without values there is none.
type heat struct {
	values                   []float32 // [height][width], the top row first
	version                  int       // of the values
	width, height            int
	left, right, bottom, top float32
	colours                  []rgb
	opacity                  float32
}

type arrows struct {
	from, to       []float32 // [n][2]
	colour         rgb
	opacity, width float32
}

type cloud struct {
	points, before       []float32   // [n][2]; before may be empty
	trails               [][]float32 // each [n][2], the newest first
	colour               rgb
	opacity, radius, way float32
}

type path struct {
	points         []float32 // [n][2]
	colour         rgb
	opacity, width float32
}

// rgb is a colour, 0 to 1.
type rgb [3]float32

// opaque makes a colour of 0xRRGGBB.
func opaque(n int) color.RGBA {
	return color.RGBA{R: byte(n >> 16), G: byte(n >> 8), B: byte(n), A: 0xff}
}

// rgba is a colour that is multiplied by its alpha, as Ebitengine blends it.
type rgba struct{ r, g, b, a float32 }

// times returns the colour of an opacity.
func (c rgb) times(opacity float32) rgba {
	return rgba{c[0] * opacity, c[1] * opacity, c[2] * opacity, opacity}
}

// array is one that the page has given; scenes name it by its place.
type array struct {
	values  []float32
	version int // how many arrays had come by then
}

// reader takes a scene from its numbers.
type reader struct {
	ints   []int32 // what is not read yet
	floats []float32
	held   []array
	came   int // arrays so far
	short  bool
}

var (
	errShort = errors.New("plane: the scene ends too early")
	errMany  = errors.New("plane: the scene has too many arrays")
)

// read reads a scene. Arrays that come with it are held for those that follow; what was in their
// places is no longer part of any scene.
func (r *reader) read(ints []int32, floats []float32) (scene, error) {
	r.ints, r.floats, r.short = ints, floats, false
	s := scene{background: opaque(r.int()),
		x: r.float(), y: r.float(), scale: r.float(), ratio: r.float()}
	for range r.count() {
		place := r.int()
		if place < 0 || place >= mostArrays {
			return s, errMany
		}
		r.take(place, r.count())
	}
	if r.int() != 0 {
		s.heat = r.heat()
	}
	for range r.count() {
		s.arrows = append(s.arrows, arrows{from: r.array().values, to: r.array().values,
			colour: r.colour(), opacity: r.part(), width: r.size()})
	}
	for range r.count() {
		s.clouds = append(s.clouds, r.cloud())
	}
	for range r.count() {
		s.paths = append(s.paths, path{points: r.array().values, colour: r.colour(),
			opacity: r.part(), width: r.size()})
	}
	if r.short {
		return s, errShort
	}
	return s, nil
}

// take takes an array of n numbers for a place.
func (r *reader) take(place, n int) {
	if n > len(r.floats) {
		r.short = true
		return
	}
	for len(r.held) <= place {
		r.held = append(r.held, array{})
	}
	r.came++
	a := &r.held[place]
	a.values, a.version = append(a.values[:0], r.floats[:n]...), r.came
	r.floats = r.floats[n:]
}

func (r *reader) heat() heat {
	values := r.array()
	h := heat{values: values.values, version: values.version, width: r.int(), height: r.int(),
		left: r.float(), right: r.float(), bottom: r.float(), top: r.float(), opacity: r.part()}
	for range r.count() {
		h.colours = append(h.colours, r.colour())
	}
	h.colours = h.colours[:min(len(h.colours), mostColours)]
	if h.width < 1 || h.width > mostSide || h.height < 1 || h.height > mostSide ||
		len(h.values) != h.width*h.height || len(h.colours) == 0 {
		return heat{}
	}
	return h
}

func (r *reader) cloud() cloud {
	c := cloud{points: r.array().values, before: r.array().values, colour: r.colour(),
		opacity: r.part(), radius: r.size(), way: r.part()}
	for range r.count() {
		c.trails = append(c.trails, r.array().values)
	}
	c.trails = c.trails[:min(len(c.trails), mostTrails)]
	return c
}

// array is the array whose place comes next; a place without one has an empty array.
func (r *reader) array() array {
	if place := r.int(); place >= 0 && place < len(r.held) {
		return r.held[place]
	}
	return array{}
}

func (r *reader) colour() rgb {
	c := opaque(r.int())
	return rgb{float32(c.R) / 0xff, float32(c.G) / 0xff, float32(c.B) / 0xff}
}

// int is the next whole number, 0 where there is none left. It is not inlined, nor is float:
// that makes the program smaller by a kilobyte.
//
//go:noinline
func (r *reader) int() int {
	if len(r.ints) == 0 {
		r.short = true
		return 0
	}
	n := r.ints[0]
	r.ints = r.ints[1:]
	return int(n)
}

// count is the next whole number as that of things that follow. Each takes at least one number,
// so that a false one ends soon.
func (r *reader) count() int {
	n := r.int()
	if n < 0 || n > len(r.ints)+len(r.floats) {
		r.short = true
		return 0
	}
	return n
}

// float is the next number, 0 where there is none left.
//
//go:noinline
func (r *reader) float() float32 {
	if len(r.floats) == 0 {
		r.short = true
		return 0
	}
	n := r.floats[0]
	r.floats = r.floats[1:]
	return n
}

// size is the next number as a width or a radius; one that is none is 0.
func (r *reader) size() float32 {
	if n := r.float(); n > 0 {
		return min(n, mostSide)
	}
	return 0
}

// part is the next number, between 0 and 1; one that is not a number is 0.
func (r *reader) part() float32 {
	if n := r.float(); n > 0 {
		return min(n, 1)
	}
	return 0
}
