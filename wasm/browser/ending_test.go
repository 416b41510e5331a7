package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sized is the width of each picture above the film strip, in CSS pixels.
var sized = ofStage(`stage.drawing.marks.filter(({to, within, picture}) =>
	picture && within.h > 60 * devicePixelRatio).map(({to}) => to.w / devicePixelRatio)`)

// settles waits until nothing moves on the stage, and returns the sizes of the pictures then.
func (w *tab) settles() []float64 {
	w.t.Helper()
	eval[int](w, call("settled-stage.js"))
	return eval[[]float64](w, sized)
}

// names are the names above x_t and x̂0, without their symbols.
func (w *tab) names() [2]string {
	w.t.Helper()
	return eval[[2]string](w, `['xt', 'x0'].map((view) => document.querySelector(
		'#caption-' + view + ' .name').lastChild.textContent.trim())`)
}

// At the end the finished picture grows, and x_t goes back to where it began. Away from the end
// the two are equal again. All of it happens within the stage.
func TestFinishedPictureGrows(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(run("keep-shifts.js") + run("keep-sizes.js"))
	for _, s := range []screen{laptop, desktop} {
		w.show(s)
		w.must(chromedp.Navigate("about:blank"))
		w.open("#" + recipe)
		w.waitState("done")
		end := w.settles()
		if len(end) != 2 || end[0] < 0.3*end[1] || end[0] > 0.42*end[1] {
			t.Fatalf("%v: at the end the pictures are %v wide", s, end)
		}
		w.called("Step 6 of 6: the finished picture, and the noisy picture at step 1. Class: 7.")
		if got := w.names(); got != [2]string{"at step 1", "finished picture"} {
			t.Errorf("%v: at the end they are called %q", s, got)
		}
		w.checkStage(want, 6, 0)
		eval[any](w, `sizes.length = 0; sizes.keep(); 0`)
		w.press(kb.ArrowLeft)
		w.shows(5)
		back := w.settles()
		if back[0] != back[1] || back[1] > end[1] || s == desktop && back[1] >= end[1] {
			t.Errorf("%v: a step before the end they are %v wide, at the end %v", s, back, end)
		}
		if got := w.names(); got != [2]string{"noisy picture", "network’s guess"} {
			t.Errorf("%v: a step before the end they are called %q", s, got)
		}
		w.called("Step 5 of 6: the noisy picture, what the network sees in it. Class: 7.")
		w.checkStage(want, 5, 0)
		w.press(kb.End)
		w.shows(6)
		if again := w.settles(); !slices.Equal(again, end) {
			t.Errorf("%v: back at the end they are %v wide, want %v", s, again, end)
		}
		if got := eval[[]string](w, `[...new Set(sizes)]`); len(got) != 1 {
			t.Errorf("%v: on the way the page had other sizes: %q", s, got)
		}
		if sum := eval[float64](w, `shifts.sum`); sum > 0.02 {
			t.Errorf("%v: the layout shifts by %v:\n%v", s, sum,
				eval[string](w, `shifts.of.join('\n')`))
		}
	}
	// Grids grow, too, and other views stay as they are.
	for page, grows := range map[string]bool{"#m=digits&c=all&steps=2": true,
		"?views=x0#m=digits&c=7&steps=2": false, "?views=xt,x0,change#m=digits&c=7&steps=2": false,
		"?against=g:3#m=digits&c=7&steps=2": false} {
		w.must(chromedp.Navigate("about:blank"))
		w.open(page)
		w.waitState("done")
		if got := w.settles(); len(got) == 0 || (slices.Max(got) != slices.Min(got)) != grows {
			t.Errorf("%s: the pictures are %v wide", page, got)
		}
	}
}

// Where motion is unwanted the finished picture is large at once.
func TestFinishedPictureIsStill(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.before(run("keep-sizes.js"))
	w.open("#m=digits&c=7&s=3&steps=6")
	w.waitState("done")
	end := w.settles()
	w.press(kb.ArrowLeft)
	w.shows(5)
	back := w.settles()
	eval[any](w, `widths.length = 0; sizes.keep(); 0`)
	w.press(kb.End)
	w.shows(6)
	w.settles()
	for _, got := range eval[[]float64](w, `widths`) {
		if got != end[0] && got != back[0] {
			t.Errorf("x_t was %v wide on its way from %v to %v", got, back[0], end[0])
		}
	}
}

// On a phone one picture is seen. A finger turns from x_t to x̂0 and back, as the buttons do, and
// no step is left; the film strip goes through the steps.
func TestPhoneTurnsPictures(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	w.open("#m=digits&c=7&s=3&steps=12")
	w.waitState("done")
	x, y, width := w.middle()
	swipe := func(dx float64) {
		w.fingers("touchStart", [2]float64{x, y})
		for i := 1.0; i <= 8; i++ {
			w.fingers("touchMove", [2]float64{x + dx*i/8, y})
		}
		w.fingers("touchEnd")
	}
	seen := func(how, want, address string) {
		t.Helper()
		w.wait(ofStage(`stage.views.join() === '` + want + `'`))
		if got := eval[string](w, `location.search`); got != address {
			t.Errorf("%s: the address has %q, want %q", how, got, address)
		}
		for _, view := range []string{"xt", "x0"} {
			pressed := byID("view-"+view) + `.ariaPressed`
			if got := eval[string](w, pressed); (got == "true") != (view == want) {
				t.Errorf("%s: the button of %s is pressed: %s", how, view, got)
			}
		}
		w.shows(12)
	}
	if width < 300 {
		t.Errorf("the picture is %v pixels wide", width)
	}
	seen("at first", "xt", "")
	w.called("Step 12 of 12: the finished picture. Class: 7.")
	swipe(-120)
	seen("to the left", "x0", "?views=x0")
	w.called("Step 12 of 12: what the network sees in it. Class: 7.")
	swipe(-120)
	seen("to the left again", "x0", "?views=x0")
	swipe(120)
	seen("to the right", "xt", "")
	swipe(20)
	seen("a little", "xt", "")
	w.click("button", "Guess")
	seen("by its button", "x0", "?views=x0")
	w.click("button", "Noisy")
	seen("back by its button", "xt", "")
	w.slide("Step on the stage", "6")
	w.shows(6)
	w.called("Step 6 of 12: the noisy picture. Class: 7.")
}
