package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// planeScene has one of everything, on a stage of 600×400 with 150 pixels for a unit. Lines are
// wide, so that a pixel is all within.
const planeScene = `{
	"window": {"x": 0, "y": 0, "scale": 150}, "background": "#101820",
	"heat": {"values": [0, 1], "width": 2, "height": 1, "left": -2, "right": 0, "bottom": -1,
		"top": 1, "colours": ["#000000", "#ff0000", "#ffff00"], "opacity": 1},
	"arrows": [{"from": [0.5, -1], "to": [1.5, -1], "colour": "#ffffff", "opacity": 0.5,
		"width": 4}],
	"clouds": [
		{"points": [1, 1, null, 0, 0.5, 1], "colour": "#40c060", "opacity": 1, "radius": 10,
			"trails": []},
		{"points": [1.5, 1], "colour": "#ff8000", "opacity": 0.5, "radius": 10, "trails": []},
		{"points": [1.5, -0.5], "before": [0.5, -0.5], "way": 0.5, "colour": "#3080ff",
			"opacity": 1, "radius": 10, "trails": [[0.5, -0.5], [0.5, -0.8]]}
	],
	"paths": [{"points": [0.5, 0, 1.5, 0, 1.5, 0.5, 1, 0.5, 1, -0.25], "colour": "#c0c0ff",
		"opacity": 0.5, "width": 8}]
}`

// planeColours are what is where.
var planeColours = []struct {
	what string
	x, y int
	want [3]int
}{
	{"the background", 590, 10, [3]int{0x10, 0x18, 0x20}},
	{"the first number", 75, 200, [3]int{0, 0, 0}},
	{"a quarter of the way to the second", 112, 300, [3]int{0x80, 0, 0}},
	{"half of it", 150, 60, [3]int{0xff, 0, 0}},
	{"three quarters", 187, 340, [3]int{0xff, 0x80, 0}},
	{"the second number", 225, 200, [3]int{0xff, 0xff, 0}},
	{"the edge of the grid", 2, 200, [3]int{0, 0, 0}},
	{"above the grid", 75, 45, [3]int{0x10, 0x18, 0x20}},
	{"an arrow", 450, 350, [3]int{0x88, 0x8c, 0x90}},
	{"where its head begins", 523, 350, [3]int{0x88, 0x8c, 0x90}},
	{"beside an arrow", 450, 356, [3]int{0x10, 0x18, 0x20}},
	{"a point", 450, 50, [3]int{0x40, 0xc0, 0x60}},
	{"the edge of a point", 457, 55, [3]int{0x40, 0xc0, 0x60}},
	{"beside a point", 459, 59, [3]int{0x10, 0x18, 0x20}},
	{"a point after one that is nowhere", 375, 50, [3]int{0x40, 0xc0, 0x60}},
	{"a point that lets others through", 525, 50, [3]int{0x88, 0x4c, 0x10}},
	{"a point on its way", 450, 275, [3]int{0x30, 0x80, 0xff}},
	{"where it goes to", 525, 275, [3]int{0x10, 0x18, 0x20}},
	{"its trail, seven eighths of a third", 412, 275, [3]int{0x19, 0x35, 0x5f}},
	{"a path", 400, 200, [3]int{0x68, 0x6c, 0x90}},
	{"where a path meets itself", 450, 200, [3]int{0x68, 0x6c, 0x90}},
	{"a joint of a path", 525, 200, [3]int{0x68, 0x6c, 0x90}},
	{"the round of a joint", 527, 201, [3]int{0x68, 0x6c, 0x90}},
	{"beyond the round of a joint", 528, 203, [3]int{0x10, 0x18, 0x20}},
}

// newPlane opens a page in which the lab's viewer draws planeScene.
func newPlane(t *testing.T, width, height int64, ratio float64) *tab {
	t.Helper()
	s := newSite(t)
	s.replace("/web/plane.html", content("text/html", []byte(`<!doctype html>
		<html lang="en"><meta charset="utf-8"><title>The plane</title>
		<link rel="icon" href="data:,"><div id="box"></div>`)))
	w := newViewerTab(t, s)
	w.must(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(ratio)),
		chromedp.Navigate(s.url+"/web/plane.html"))
	eval[any](w, fmt.Sprintf("(%s)('web/viewer/frame.html', %s, {width: 600, height: 400})",
		source("start-plane.js"), planeScene))
	w.wait(onViewer)
	return w
}

// checkPlane compares colours, which a graphics card may round.
func (w *tab) checkPlane(when string, ratio int) {
	w.t.Helper()
	var places [][2]int
	for _, c := range planeColours {
		places = append(places, [2]int{c.x * ratio, c.y * ratio})
	}
	size := eval[[]int](w, readStage)
	if size[0] != 600*ratio || size[1] != 400*ratio {
		w.t.Fatalf("%s the stage is %v", when, size)
	}
	got := eval[[]int](w, call("pixels-at.js", places))
	for i, c := range planeColours {
		for k, want := range c.want {
			if d := got[3*i+k] - want; d < -3 || d > 3 {
				w.t.Errorf("%s %s, at %d, %d, is %v, want %v",
					when, c.what, c.x, c.y, got[3*i:3*i+3], c.want)
				break
			}
		}
	}
}

// The viewer draws of a scene what it says, on a screen of any ratio of pixels.
func TestPlane(t *testing.T) {
	t.Parallel()
	for _, ratio := range []int{1, 2} {
		t.Run(fmt.Sprint(ratio), func(t *testing.T) {
			w := newPlane(t, 600, 400, float64(ratio))
			w.checkPlane("at first", ratio)
			w.shoot("")
		})
	}
}

// A scene that is broken is drawn as far as it goes, and the next one is whole again.
func TestPlaneBroken(t *testing.T) {
	t.Parallel()
	w := newPlane(t, 600, 400, 1)
	for _, broken := range []string{
		`{clouds: [{...good.clouds[0], points: []}]}`,
		`{clouds: [{...good.clouds[0], points: [1]}]}`,
		`{clouds: [{...good.clouds[2], before: [1], trails: [[], [null, 1]], way: NaN}]}`,
		`{clouds: [{...good.clouds[0], radius: Infinity}, {...good.clouds[0], opacity: NaN}]}`,
		`{clouds: [{...good.clouds[0], points: [3e38, -3e38, 1e-40, 1e9]}]}`,
		`{paths: [{...good.paths[0], points: [1, null, 2]}]}`,
		`{paths: [{...good.paths[0], points: [-3e38, 0, 3e38, 1], width: -1}]}`,
		`{arrows: [{...good.arrows[0], from: [1, 1, 2, 2, 3]}]}`,
		`{heat: {...good.heat, values: [1]}}`, `{heat: {...good.heat, colours: []}}`,
		`{heat: {...good.heat, values: [null, 5]}}`, `{heat: {...good.heat, width: 1e9}}`,
		`{heat: {...good.heat, left: NaN}}`, `{window: {x: 0, y: NaN, scale: 100}}`,
		`{window: {x: 0, y: 0, scale: 0}}`, `{background: 'red'}`,
	} {
		eval[any](w, `{ const good = `+planeScene+`; show({...good, ...`+broken+`}); 0 }`)
		eval[[]int](w, readStage)
		if !eval[bool](w, onViewer) {
			t.Fatalf("%s: the viewer has ended", broken)
		}
	}
	eval[any](w, `show(`+planeScene+`); 0`)
	w.checkPlane("after broken scenes", 1)
}

// A viewer that has lost its graphics card leaves the stage, and comes back with the scene.
func TestPlaneComesBack(t *testing.T) {
	t.Parallel()
	w := newPlane(t, 600, 400, 1)
	eval[any](w, call("lose-viewer.js", false))
	w.wait(onViewer)
	w.checkPlane("after a loss", 1)
}
