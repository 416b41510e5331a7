package browser

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

// In a plane of seeds what is drawn follows the pointer: never an older place after a newer one,
// and in the end the whole run of the last one. The corners are the pictures of their seeds, the
// link holds the place, and the arrow keys lead there, too.
func TestPad(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits-small&c=7&s=3&steps=12"
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#" + recipe)
	w.ended(recipe)
	w.click("tab", "Draw")
	w.click("radio", "A plane")
	w.wait(`!document.querySelector('#plane .inside').inert`)
	box := eval[[]float64](w, `(() => {
		const {left, top, width, height} = document.getElementById('plane-pad')
			.getBoundingClientRect();
		return [left, top, width, height];
	})()`)
	// The centres of the first and the last small picture are the ends of an edge.
	at := func(x, y float64) [2]float64 {
		return [2]float64{box[0] + box[2]*(7*x+.5)/8, box[1] + box[3]*(7*y+.5)/8}
	}
	hover := func(to [2]float64) {
		w.pointer("mouseMoved", to[0], to[1], func(*input.DispatchMouseEventParams) {})
	}
	w.grab(at(.5, .5))
	w.release(at(.5, .5))
	place := func() string {
		got := regexp.MustCompile(`&at=([\d.,]+)`).FindStringSubmatch(
			eval[string](w, `location.hash`))
		if got == nil {
			return ""
		}
		return got[1]
	}
	w.wait(done + ` && /&plane=\d+,\d+,\d+&at=0.5\d*,0.5\d*&steps=12&/.test(location.hash)`)

	w.forget()
	eval[any](w, `window.noted = 0, history.replaceState = new Proxy(history.replaceState, {
		apply: (f, on, values) => (noted++, f.apply(on, values)) }), 0`)
	for x := .5; x < .95; x += .03 {
		hover(at(x, .5))
	}
	hover(at(1, .5))
	w.wait(done + ` && /&at=1,0.5\d*&steps=12&/.test(location.hash)`)
	// Browsers refuse to change the address for every picture: WebKit a hundred times in half a
	// minute.
	if n := eval[int](w, `noted`); n > 2 {
		t.Errorf("the address was written %d times while the pointer moved", n)
	}
	var seen []float64
	for _, e := range w.events() {
		if e.Name != "done" {
			continue
		}
		x, _, _ := strings.Cut(e.Recipe[strings.Index(e.Recipe, "&at=")+4:], ",")
		f, err := strconv.ParseFloat(x, 64)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, f)
	}
	if !slices.IsSorted(seen) || len(seen) < 3 || seen[len(seen)-1] != 1 {
		t.Errorf("the pointer went to the right, and what was drawn to %v", seen)
	}

	hover(at(0, 0))
	w.wait(done + ` && location.hash.includes('&at=0,0&steps=12&')`)
	want := native(t, recipe)
	if got := eval[string](w, `location.hash`); !strings.HasSuffix(got, "&h="+want.done.Hash[:16]) {
		t.Errorf("the corner is %s, want the picture of its seed, %s", got, want.done.Hash[:16])
	}
	w.checkStage(want, 12, 0)
	w.wait(`document.getElementById('plane-map').getContext('2d')
		.getImageData(0, 0, 128, 128).data.some((v, i) => i % 4 < 3 && v > 200)`)
	w.shoot("")

	// A press holds the place.
	w.grab(at(.25, .75))
	w.release(at(.25, .75))
	w.wait(done + ` && /&at=0.25\d*,0.75\d*&steps=12&/.test(location.hash)`)
	held := place()
	hover(at(.9, .1))
	w.focus("slider", "Place between the seeds")
	w.press(kb.ArrowRight)
	w.wait(done + ` && location.hash.includes('&steps=12&') &&
		!location.hash.includes('&at=` + held + `&')`)
	x, y, _ := strings.Cut(held, ",")
	left, err := strconv.ParseFloat(x, 64)
	if now, _, _ := strings.Cut(place(), ","); err != nil ||
		now != strconv.FormatFloat(left+.01, 'g', 3, 64) || !strings.HasSuffix(place(), ","+y) {
		t.Errorf("right of %s is %s", held, place())
	}
	w.unhindered(axe(t), "the pad")

	address := w.address()
	other := newTab(t, w.site)
	other.open(address)
	other.waitState("done")
	other.says("status", "identical")
	other.click("tab", "Draw")
	if !other.visible("plane-pad") {
		t.Error("the link of a place does not show the pad")
	}
}
