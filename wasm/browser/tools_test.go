package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// surfacesAgree fails where what is on the screen is not what the plain canvas
// would draw, pixel by pixel.
func (w *tab) surfacesAgree(when string) {
	w.t.Helper()
	eval[int](w, call("settled-stage.js"))
	var got string
	var size []int
	for range 5 { // right after a change of size the viewer may be a frame behind
		size = eval[[]int](w, readStage)
		if got = eval[string](w, surfacesDiffer); got == "" {
			return
		}
	}
	w.t.Errorf("%s: the viewer differs %s (of %v)", when, got, size)
}

// ctrl is the bit of the key in DevTools' events.
const ctrl = 2

// pointer does something with the mouse.
func (w *tab) pointer(kind input.DispatchMouseEventType, x, y float64,
	change func(*input.DispatchMouseEventParams)) {
	w.t.Helper()
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		params := input.DispatchMouseEventParams{Type: kind, X: x, Y: y}
		if change != nil {
			change(&params)
		}
		_, err := cdp.Call(ctx, t, input.DispatchMouseEvent, params)
		return err
	}))
}

// fingers puts fingers on the screen, and takes them all off with none.
func (w *tab) fingers(kind input.DispatchTouchEventType, at ...[2]float64) {
	w.t.Helper()
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
		for i, p := range at {
			id := float64(i)
			params.TouchPoints = append(params.TouchPoints,
				&input.TouchPoint{X: p[0], Y: p[1], ID: &id})
		}
		_, err := cdp.Call(ctx, t, input.DispatchTouchEvent, params)
		return err
	}))
}

// camera is how much nearer the pictures are, and the point in the middle.
type camera struct{ Scale, X, Y float64 }

// camera is what part of the pictures the stage shows.
func (w *tab) camera() camera {
	w.t.Helper()
	return eval[camera](w, ofStage(`stage.camera`))
}

// middle is the middle of the first panel, in CSS pixels, and its width.
func (w *tab) middle() (x, y, width float64) {
	w.t.Helper()
	eval[int](w, call("settled-stage.js"))
	caption := eval[struct{ Left, Bottom, Width float64 }](w, byID("caption-xt")+
		`.getBoundingClientRect().toJSON()`)
	return caption.Left + caption.Width/2, caption.Bottom + caption.Width/2, caption.Width
}

// near fails unless a camera is about what it should be.
func (w *tab) near(how string, want camera) {
	w.t.Helper()
	got := w.camera()
	for _, d := range []float64{got.Scale/want.Scale - 1, got.X - want.X, got.Y - want.Y} {
		if d > 0.02 || d < -0.02 {
			w.t.Errorf("%s: the camera is %+v, want %+v", how, got, want)
			return
		}
	}
}

// The pictures come nearer by address, key, button, wheel and pointer, on both
// surfaces alike, and what is saved does not change.
func TestEnlarging(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=4"
	w := newViewerTab(t, newSite(t))
	w.open("?zoom=2.5&at=0.3,0.7#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	w.near("the address", camera{Scale: 2.5, X: 0.3, Y: 0.7})
	w.surfacesAgree("by the address")
	saved := `import('/web/files/pictures.js').then(({finalPicture}) => ` +
		ofStage(`finalPicture(stage.film, 1).data.join()`) + `)`
	before := eval[string](w, saved)

	w.click("button", "Show everything")
	w.near("the reset", camera{Scale: 1, X: 0.5, Y: 0.5})
	w.checkStage(native(t, recipe), 4, 0)
	if got := eval[string](w, saved); got != before || len(got) < 500 {
		t.Errorf("what is saved of enlarged pictures is another picture")
	}
	w.wait(`location.search === ''`)

	w.click("button", "Display")
	w.click("button", "Zoom in")
	w.click("button", "Zoom in")
	w.near("two presses", camera{Scale: 2.25, X: 0.5, Y: 0.5})
	w.wait(`location.search === '?zoom=2.25&at=0.5,0.5'`)
	w.click("button", "Zoom out")
	w.near("and one back", camera{Scale: 1.5, X: 0.5, Y: 0.5})
	w.click("button", "Whole pictures")
	eval[any](w, `document.activeElement.blur(); 0`)
	for range 3 {
		w.press("+")
	}
	w.near("the key +", camera{Scale: 3.375, X: 0.5, Y: 0.5})
	w.press("-")
	w.near("the key -", camera{Scale: 2.25, X: 0.5, Y: 0.5})
	w.pressWith(int64(chromedp.ModifierShift), kb.ArrowRight)
	w.near("to the right", camera{Scale: 2.25, X: 0.544, Y: 0.5})
	w.surfacesAgree("by keys")
	w.press("0")
	w.near("the key 0", camera{Scale: 1, X: 0.5, Y: 0.5})

	x, y, width := w.middle()
	w.pointer("mouseWheel", x+width/4, y, func(p *input.DispatchMouseEventParams) {
		p.DeltaX, p.DeltaY, p.Modifiers = 0.01, -100, ctrl
	})
	scale := w.camera().Scale
	w.near("the wheel", camera{Scale: 1.6487, X: 0.5 + 0.25*(1-1/scale), Y: 0.5})
	drag := func(dx float64) {
		w.pointer("mousePressed", x, y, func(p *input.DispatchMouseEventParams) {
			p.Button, p.ClickCount = "left", 1
		})
		w.pointer("mouseMoved", x+dx/2, y, func(p *input.DispatchMouseEventParams) {
			p.Button, p.Buttons = "left", 1
		})
		w.pointer("mouseMoved", x+dx, y, func(p *input.DispatchMouseEventParams) {
			p.Button, p.Buttons = "left", 1
		})
		w.pointer("mouseReleased", x+dx, y, func(p *input.DispatchMouseEventParams) {
			p.Button, p.ClickCount = "left", 1
		})
	}
	from := w.camera()
	drag(width / 10)
	w.near("a drag", camera{Scale: scale, X: from.X - 0.1/scale, Y: 0.5})
	drag(2 * width)
	w.near("a drag past the edge", camera{Scale: scale, X: 0.5 / scale, Y: 0.5})
	w.surfacesAgree("by pointer")

	// Going back in the history brings its view along.
	eval[any](w, `history.pushState(null, '', '?zoom=4' + location.hash); history.back(); 0`)
	w.wait(`location.search !== '?zoom=4'`)
	w.open("?zoom=nonsense&at=,,&views=#" + recipe)
	w.near("nonsense", camera{Scale: 1, X: 0.5, Y: 0.5})
}

// Where several pictures are seen a finger goes sideways through the steps, and otherwise
// scrolls the page; two enlarge the pictures, and then one moves them.
func TestFingers(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch),
		media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.open("?views=xt,x0,change#m=digits&c=7&s=3&steps=12")
	w.waitState("done")
	x, y, width := w.middle()
	swipe := func(dx, dy float64) {
		w.fingers("touchStart", [2]float64{x, y})
		for i := 1.0; i <= 8; i++ {
			w.fingers("touchMove", [2]float64{x + dx*i/8, y + dy*i/8})
		}
		w.fingers("touchEnd")
	}
	each := eval[float64](w, `document.getElementById('box').clientWidth`) / 12
	for _, c := range []struct {
		dx   float64
		want int
	}{{-8 - 3*each, 9}, {-8 - 4.9*each, 4}, {8 + 2.2*each, 6}, {5, 6}, {-500, 1}, {500, 12}} {
		swipe(c.dx, 0)
		w.shows(c.want)
	}
	// On the film strip it does not turn to the pictures there.
	const at = 8
	w.fingers("touchStart", [2]float64{x, y})
	for i := 1.0; i <= 4; i++ {
		w.fingers("touchMove", [2]float64{x - (8+4*each)*i/4, y})
	}
	strip := eval[float64](w, byID("timeline")+`.getBoundingClientRect().bottom`)
	w.fingers("touchMove", [2]float64{x - 8 - 4*each, strip - 10})
	w.fingers("touchEnd")
	w.shows(at)
	w.fingers("touchStart", [2]float64{x - 10, y}, [2]float64{x + 10, y})
	for i := 1.0; i <= 4; i++ {
		w.fingers("touchMove", [2]float64{x - 10 - 5*i, y}, [2]float64{x + 10 + 5*i, y})
	}
	w.fingers("touchEnd")
	pinched := w.camera()
	if pinched.Scale < 2.5 || pinched.Scale > 3.5 || pinched.X < 0.45 || pinched.X > 0.55 {
		t.Errorf("fingers three times as far apart give %+v", pinched)
	}
	w.fingers("touchStart", [2]float64{x, y})
	for i := 1.0; i <= 4; i++ {
		w.fingers("touchMove", [2]float64{x + i*width/40, y})
	}
	w.fingers("touchEnd")
	if moved := w.camera(); moved.Scale != pinched.Scale || moved.X >= pinched.X-0.01 {
		t.Errorf("a finger to the right leads from %+v to %+v", pinched, moved)
	}
	w.shows(at)
	if got := eval[float64](w, `visualViewport.scale`); got != 1 {
		t.Errorf("the page itself is enlarged %v times", got)
	}
	w.click("button", "Show everything")
	w.near("the reset", camera{Scale: 1, X: 0.5, Y: 0.5})
	swipe(6, -160)
	w.wait(`scrollY > 50`)
	w.shows(at)
}

// unlike is the mean difference between what is on the screen and what the plain
// canvas would draw.
var unlike = call("unlike.js")

// Smooth enlargement is about the same on both surfaces, another than the sharp
// one, and can be taken back.
func TestSmooth(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=4"
	w := newViewerTab(t, newSite(t))
	w.open("?smooth#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	eval[int](w, call("settled-stage.js"))
	eval[[]int](w, readStage)
	apart := eval[float64](w, unlike)
	if apart > 1 {
		t.Errorf("smooth pictures differ by %.2f levels between the surfaces", apart)
	}
	eval[any](w, ofStage(`(stage.smooth = false)`))
	if got := eval[float64](w, unlike); got < 3*apart {
		t.Errorf("smooth pictures differ from sharp ones by %.2f levels, and by %.2f between "+
			"the surfaces", got, apart)
	}
	eval[any](w, ofStage(`(stage.smooth = true)`))
	w.press("f")
	w.wait(`location.search === ''`)
	w.checkStage(native(t, recipe), 4, 0)
	w.click("button", "Display")
	if w.property("button", "Smooth", "ariaPressed") != "false" {
		t.Error("the button does not show that pictures are sharp again")
	}
}

// A step comes out of the one before, on both surfaces alike, and ends as it is.
func TestCrossfade(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	want := native(t, recipe)
	w := newViewerTab(t, newSite(t))
	w.open("?fade#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	for _, part := range []int{0, 77, 256} {
		eval[any](w, ofStage(`(stage.seek(4), stage.fade(3, `+itoa(part)+`))`))
		w.surfacesAgree(fmt.Sprintf("at %d parts", part))
	}
	w.checkStage(want, 4, 0)

	// While it plays, what is shown is between two steps now and then.
	eval[any](w, call("keep-fades.js"))
	w.click("button", "Display")
	w.set("Speed", "0.25")
	w.click("button", "Play the steps")
	w.shows(6)
	w.appears("button", "Play the steps")
	w.wait(`parts.at(-1) >= 256`)
	if got := eval[int](w, `parts.filter((p) => p > 0 && p < 256).length`); got == 0 {
		t.Error("no step came out of another")
	}
	w.checkStage(want, 6, 0)
	w.click("button", "Crossfade")
	w.wait(`location.search === ''`)

	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	if !w.disabled("button", "Crossfade") {
		t.Error("who asks for less motion is offered a crossfade")
	}
	w.open("?fade&still#" + recipe)
	w.waitState("done")
	eval[any](w, call("keep-fades.js"))
	w.click("button", "One step back")
	w.click("button", "Play the steps")
	w.shows(6)
	w.appears("button", "Play the steps")
	if got := eval[int](w, `parts.filter((p) => p < 256).length`); got != 0 {
		t.Errorf("who asks for less motion sees %d fades", got)
	}
}
