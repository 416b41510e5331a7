package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// onViewer holds when Ebitengine has taken the stage over.
const onViewer = `document.getElementById('box').dataset.surface === 'viewer'`

// readStage is the stage's size in device pixels; it leaves the pixels, read
// from the surface that a person sees, in window.pixels. WebGL's are only there
// until the frame in which they were drawn is over, so the viewer is asked to
// draw once more and read in the same frame: after Ebitengine's callback, which
// stands in the queue before a timer's task adds another. What is seen may
// change at any time, so every try reads it again.
var readStage = call("read-stage.js")

// checkStage compares what is on the screen with the pictures that came out
// natively: every pixel of x_t and x̂0, at the middle of its square. At the end
// these are the state where it began, and the finished picture.
func (w *tab) checkStage(want *conversation, step, image int) {
	w.t.Helper()
	checkPixels(w.t, w.into, want, step, image)
}

// checkPixels does so in any page whose expressions value evaluates.
func checkPixels(t *testing.T, value func(expression string, into any),
	want *conversation, step, image int) {
	t.Helper()
	var size, got []int
	var ratio float64
	var began int
	value(call("settled-stage.js"), &began)
	value(readStage, &size)
	value(`devicePixelRatio`, &ratio)
	s := want.started
	var places [2]struct{ X, Y, Zoom int }
	box := map[string]any{"width": size[0], "height": size[1], "ratio": ratio}
	run := map[string]int{"images": s.Images, "height": s.Height, "width": s.Width, "columns": 0,
		"steps": s.Steps}
	value("(() => {\n"+layoutScript(t)+"\nreturn "+
		call("places-of.js", box, run, image, began > 0)+"\n})()",
		&places)
	picture := want.picture(t, step, image)
	left, right := picture.Xt, picture.X0
	if began > 0 {
		left, right = want.picture(t, began, image).Xt, picture.Xt
	}
	for i, side := range []struct {
		name string
		want []byte
	}{{"the left one", left}, {"the right one", right}} {
		at := places[i]
		value(fmt.Sprintf(`Array.from({length: %d}, (_, k) => {
			const i = Math.floor(k / %d);
			return pixels.data[4 * ((%d + Math.floor(i / %d) * %d) * pixels.width +
				%d + i %% %d * %d) + k %% %d];
		})`, s.Height*s.Width*s.Channels, s.Channels, at.Y+at.Zoom/2, s.Width, at.Zoom,
			at.X+at.Zoom/2, s.Width, at.Zoom, s.Channels), &got)
		for i := range side.want {
			if got[i] != int(side.want[i]) {
				var surface string
				value(`document.getElementById('box').dataset.surface ?? 'canvas'`, &surface)
				t.Errorf("%s of picture %d on the %s: pixel %d is %d, want %d",
					side.name, image, surface, i, got[i], side.want[i])
				break
			}
		}
	}
}

// layoutScript is the page's script that says where every picture is, for pages
// that do not have it as a module.
func layoutScript(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../web/stage/layout.js")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\nexport ", "\n")
}

// surfacesDiffer says where the viewer's pixels, in window.pixels, are not those
// of the plain canvas, which is not repainted while the viewer is seen: one is
// painted here.
var surfacesDiffer = call("surfaces-differ.js")

// The viewer and the plain canvas draw the same, pixel by pixel, so that
// nothing moves when one takes over from the other.
func TestSurfacesAgree(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	for _, c := range []struct {
		width, height int64
		ratio         float64
		fragment      string
	}{
		{1280, 900, 1, "#m=digits&c=3&s=2&steps=6"},
		{1000, 800, 1.5, "#m=digits&c=all&steps=2"},
		{375, 700, 3, "#m=digits&c=5&steps=30"},
		{1440, 900, 1, "?views=xt,x0,epsilon,score,change#m=digits&c=5&steps=4"},
		{375, 700, 2, "?views=change,score,epsilon#m=digits&n=3&steps=3"},
	} {
		w.must(chromedp.EmulateViewport(c.width, c.height, chromedp.EmulateScale(c.ratio)),
			chromedp.Navigate("about:blank"))
		w.open(c.fragment)
		w.waitState("done")
		w.wait(onViewer)
		// Right after a change of size the viewer may be a frame behind.
		var got string
		var size []int
		eval[int](w, call("settled-stage.js"))
		for range 5 {
			size = eval[[]int](w, readStage)
			if got = eval[string](w, surfacesDiffer); got == "" {
				break
			}
		}
		if got != "" {
			t.Errorf("%d×%d at %v, %s: the viewer differs %s (of %v)",
				c.width, c.height, c.ratio, c.fragment, got, size)
		}
	}
}

// Without WebGL the plain canvas shows everything, and the viewer is not even
// downloaded.
func TestWithoutWebGL(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=2&steps=5"
	w := newTab(t, newSite(t), withoutWebGL...)
	w.open("#" + recipe)
	w.waitState("done")
	if eval[bool](w, `document.createElement('canvas').getContext('webgl2') !== null`) {
		t.Skip("this browser has WebGL whatever it is told")
	}
	w.checkStage(native(t, recipe), 5, 0)
	w.find("image", "Step 5 of 5: the finished picture, and the noisy picture at step 1. Class: 4.")
	for _, url := range w.asked() {
		if strings.Contains(url, "/web/viewer") {
			t.Errorf("%s was asked for", url)
		}
	}
}

// A viewer that cannot be had, or that ends, leaves the stage to the canvas.
func TestViewerEnds(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=2&steps=5"
	s := newSite(t)
	s.replace("/web/viewer.wasm", missing)
	w := newViewerTab(t, s)
	w.open("#" + recipe)
	w.waitState("done")
	want := native(t, recipe)
	w.checkStage(want, 5, 0)
	w.forgive("web/viewer.wasm")

	s.replace("/web/viewer.wasm", nil)
	w.must(chromedp.Navigate("about:blank"))
	w.open("#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	eval[any](w, `document.querySelector('iframe').contentWindow.viewerEnded(''); 0`)
	w.wait(`!(` + onViewer + `)`)
	eval[any](w, repainted)
	w.checkStage(want, 5, 0)
}

// When the graphics card is reset, Ebitengine reloads its document: the canvas
// steps in and the viewer comes back with all that was drawn.
func TestViewerComesBack(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=6&s=2&steps=5"
	w := newViewerTab(t, newSite(t))
	w.open("#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	eval[any](w, call("lose-viewer.js", false))
	w.wait(onViewer)
	w.checkStage(native(t, recipe), 5, 0)
}
