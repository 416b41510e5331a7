package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write what the page's scripts are held to")

// golden compares what this package says with the file that the page's scripts,
// which say the same in JavaScript, are tested against: a case on each line.
func golden[T any](t *testing.T, name string, cases []T) {
	t.Helper()
	text := []byte("[\n")
	for i, c := range cases {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			text = append(text, ",\n"...)
		}
		text = append(text, line...)
	}
	text = append(text, "\n]\n"...)
	file := filepath.Join("..", "..", "web", "stage", "testdata", name)
	if *update {
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	held, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(held, text) {
		return
	}
	want, got := bytes.Split(held, []byte("\n")), bytes.Split(text, []byte("\n"))
	for i := range min(len(want), len(got)) {
		if !bytes.Equal(want[i], got[i]) {
			t.Fatalf("%s, line %d, is\n%s\nand this package says\n%s\nIf that is meant, change "+
				"the page's script and run go test ./wasm/view -update", file, i+1, want[i], got[i])
		}
	}
	t.Fatalf("%s has %d lines and not %d; go test ./wasm/view -update writes it",
		file, len(want), len(got))
}

// numbers are those of a grid, with the place of its last picture.
func (g Grid) numbers() []int {
	last := g.Tile(g.Cols*g.Rows - 1)
	return []int{g.X, g.Y, g.W, g.H, g.Zoom, g.Cols, g.Rows, g.Gap, last.X, last.Y, last.W, last.H}
}

func TestGoldenLayouts(t *testing.T) {
	type layout struct {
		Box    Box
		Run    Run
		Views  int
		Sides  int
		Kept   int
		Panels [][]int
		Strip  []int
		Slots  int
		Mark   int
	}
	var cases []layout
	n := 0
	sizes := [][2]int{{200, 300}, {320, 330}, {336, 700}, {912, 620}, {1300, 500}, {2400, 1500}}
	for _, size := range sizes {
		for _, ratio := range []float64{1, 1.25, 1.5, 2, 3} {
			for _, images := range []int{1, 2, 3, 10, 17, 64} {
				for _, kept := range []int{1, 7, 50, 1000} {
					if n++; n%5 != 0 {
						continue // a fifth of them, in which every value is
					}
					c := layout{
						Box:   Box{Width: size[0], Height: size[1], Ratio: ratio},
						Run:   Run{Steps: kept, Images: images, Channels: 1, Height: 32, Width: 28},
						Views: 1 + n/5%5, Sides: 1 + n/25%3, Kept: kept,
					}
					if n/5%7 == 0 {
						c.Run.Columns = images // a word
					}
					if n/5%3 == 0 {
						c.Run.Height, c.Run.Width = 16, 24
					}
					l := Arrange(c.Box, c.Run, c.Views, c.Sides, kept)
					for _, g := range l.Panels {
						c.Panels = append(c.Panels, g.numbers())
					}
					c.Strip, c.Slots, c.Mark = l.Strip.numbers(), l.Slots, l.Mark
					cases = append(cases, c)
				}
			}
		}
	}
	golden(t, "layout.json", cases)
}

func TestGoldenCameras(t *testing.T) {
	type through struct {
		Images int
		Scale  float64
		X, Y   float64
		Grid   []int
	}
	var cases []through
	for _, images := range []int{1, 3, 10, 64} {
		run := Run{Steps: 5, Images: images, Channels: 1, Height: 32, Width: 28}
		panel := Arrange(Box{Width: 912, Height: 620, Ratio: 1}, run, 2, 1, 5).Panels[1]
		for _, scale := range []float64{0, 1, 1.04, 1.37, 2, 5.5, 16} {
			for _, x := range []float64{0, 0.123, 0.5, 0.77, 1} {
				c := through{Images: images, Scale: scale, X: x, Y: 1 - x}
				c.Grid = panel.Through(Camera{Scale: scale, X: c.X, Y: c.Y}).numbers()
				cases = append(cases, c)
			}
		}
	}
	golden(t, "camera.json", cases)
}

func TestGoldenColours(t *testing.T) {
	type colours struct {
		View     View
		Channels int
		Pixels   []byte // base64 in the file
		RGBA     []byte
	}
	var cases []colours
	for _, channels := range []int{1, 3} {
		for v := Xt; v < Views; v++ {
			pixels := make([]byte, 255)
			for i := range pixels {
				pixels[i] = byte(37 * (i + 1)) // every value but 0
			}
			cases = append(cases, colours{v, channels, pixels, v.AppendRGBA(nil, pixels, channels)})
		}
	}
	golden(t, "colours.json", cases)
}

// act is something that a stage does with a run, and what it shows then.
type act struct {
	Do      string // add, show, fade or again
	A, B    int    // step and picture; a step; a step and a part; a step
	Current int
	Mark    int   // in the film strip
	Shown   []int // the first pixel of each picture in each view, −1 where there is none
}

// pixelOf is the first pixel of a plane in the runs of these tests.
func pixelOf(step, image, plane int) byte { return byte(31*step + 7*image + 50*plane) }

// Which steps are kept and shown, and what comes out of what.
func TestGoldenFilms(t *testing.T) {
	type film struct {
		Run   Run
		Limit int
		Kept  int
		Slots [][]int // for 1, 2, 5 and 100 places
		Acts  []act
	}
	var cases []film
	for n, c := range []struct{ steps, images, fitting int }{
		{1, 1, 5}, {12, 1, 12}, {12, 2, 5}, {50, 3, 7}, {50, 1, 1}, {9, 4, 8},
	} {
		run := Run{Steps: c.steps, Images: c.images, Channels: 1, Height: 1, Width: 2}
		f := film{Run: run, Limit: c.fitting * run.stepBytes()}
		s := New(f.Limit)
		if err := s.Begin(run); err != nil {
			t.Fatal(err)
		}
		f.Kept = s.KeptSteps()
		for _, places := range []int{1, 2, 5, 100} {
			f.Slots = append(f.Slots, s.Slots(nil, places))
		}
		strip := s.Slots(nil, 5)
		random := uint32(n + 1)
		below := func(m int) int { // a fixed sequence
			random = random*1664525 + 1013904223
			return int(random>>16) % m
		}
		add := func(step, image int) {
			var frame Frame
			for plane, of := range []*[]byte{&frame.Xt, &frame.X0, &frame.Epsilon, &frame.Change} {
				*of = []byte{pixelOf(step, image, plane), 0}
			}
			if err := s.Add(step, image, frame); err != nil {
				t.Fatal(err)
			}
		}
		say := func(do string, a, b int) {
			now := act{Do: do, A: a, B: b, Current: s.Current(), Mark: s.Mark(strip)}
			for image := range run.Images {
				for v := Xt; v < Views; v++ {
					pixel := -1
					if p := s.Picture(v, image); p != nil {
						pixel = int(p[0])
					}
					now.Shown = append(now.Shown, pixel)
				}
			}
			f.Acts = append(f.Acts, now)
		}
		for step := 1; step <= c.steps; step++ {
			for image := range c.images {
				add(step, image)
				say("add", step, image)
			}
			for range 2 {
				switch to := below(c.steps + 2); below(4) {
				case 0:
					s.Show(to)
					say("show", to, 0)
				case 1:
					kept := s.keptStep(below(f.Kept))
					part := below(300) - 20
					s.Fade(kept, part)
					say("fade", kept, part)
				case 2:
					if _, ok := s.index(to); ok || to < 1 || to > step {
						continue
					}
					s.Show(0)
					s.Hold(to)
					for image := range c.images {
						add(to, image)
					}
					s.Show(to)
					say("again", to, 0)
				}
			}
		}
		cases = append(cases, f)
	}
	golden(t, "film.json", cases)
}
