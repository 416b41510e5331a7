package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp/kb"
)

// corners are the seeds of a plane in the address, that of the recipe first.
func (w *tab) corners() []string {
	w.t.Helper()
	return strings.Split(eval[string](w, `(() => {
		const recipe = new URLSearchParams(location.hash.slice(1));
		return [recipe.get('s') ?? '1', recipe.get('plane')].join();
	})()`), ",")
}

// atCorner is the button of a corner, and its middle.
func (w *tab) atCorner(number int) (cdp.BackendNodeID, [2]float64) {
	w.t.Helper()
	node := w.find("button", "Corner "+itoa(number)+": seed "+w.corners()[number-1]+
		", another seed")
	left, top, width, height := w.boxOf(node, "nearest")
	return node, [2]float64{left + width/2, top + height/2}
}

// turns waits for the run that comes of something, and returns the seeds that it has then.
func (w *tab) turns(act func()) []string {
	w.t.Helper()
	before := eval[string](w, `location.hash`)
	act()
	w.wait(done + ` && location.hash !== '` + before + `' && location.hash.includes('&h=')`)
	return w.corners()
}

// A corner of the plane is a button: a press gives it another seed and leaves the others as they
// are, a drag to another corner, or an arrow key, swaps the two. The first is the recipe's own
// seed. The picture is that of the address, and Back undoes each.
func TestCorners(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits-small&c=7&s=3&plane=5,9,12&at=1,0&steps=3"
	w := newTab(t, newSite(t))
	w.open("#" + recipe)
	w.ended("m=digits-small&c=7&s=3&plane=5,9,12&at=1,0&steps=3")
	w.click("tab", "Draw")
	w.wait(`!document.querySelector('#plane .inside').inert`)
	is := func(when string, got []string, want string) {
		t.Helper()
		if strings.Join(got, ",") != want {
			t.Errorf("%s the corners are %v, want %s", when, got, want)
		}
	}
	of := func(seeds string) *conversation {
		first, others, _ := strings.Cut(seeds, ",")
		return native(t, "m=digits-small&c=7&s="+first+"&plane="+others+"&at=1,0&steps=3")
	}

	second, _ := w.atCorner(2)
	pressed := w.turns(func() { w.clickOn(second) })
	if pressed[1] == "5" {
		t.Error("a press of the second corner leaves it with seed 5")
	}
	is("after a press of the second corner", pressed, "3,"+pressed[1]+",9,12")
	w.checkStage(of(strings.Join(pressed, ",")), 3, 0)
	w.says("plane-changed", "Corner 2 has seed "+pressed[1]+" now.")
	first, _ := w.atCorner(1)
	again := w.turns(func() { w.clickOn(first) })
	if again[0] == "3" || w.value("seed") != again[0] {
		t.Errorf("a press of the first corner gives seed %s, and the field shows %s",
			again[0], w.value("seed"))
	}
	is("after a press of the first corner", again, again[0]+","+pressed[1]+",9,12")
	for _, want := range []string{"3," + pressed[1] + ",9,12", "3,5,9,12"} {
		is("after Back", w.turns(func() { eval[any](w, `history.back(); 0`) }), want)
		w.atCorner(2) // its button has that seed, too
	}

	_, from := w.atCorner(1)
	_, to := w.atCorner(4)
	swapped := w.turns(func() {
		w.grab(from)
		w.pull([2]float64{from[0] + 40, from[1] + 40})
		w.pull(to)
		w.shoot("-drag")
		w.release(to)
	})
	is("after a drag", swapped, "12,5,9,3")
	w.says("plane-changed", "Corners 1 and 4 have swapped their seeds.")
	if w.value("seed") != "12" {
		t.Errorf("the field shows seed %s after a drag", w.value("seed"))
	}
	third, _ := w.atCorner(3)
	w.on(third, `function () { this.focus(); return ''; }`)
	is("after the right arrow on the third corner",
		w.turns(func() { w.press(kb.ArrowRight) }), "12,5,3,9")
	if id := eval[string](w, `document.activeElement.id`); id != "plane-corner-4" {
		t.Errorf("after the arrow %q has the focus", id)
	}
	is("after the arrow up on the fourth", w.turns(func() { w.press(kb.ArrowUp) }), "12,9,3,5")
	w.checkStage(of("12,9,3,5"), 3, 0)

	// What is let go elsewhere stays, and so does what is not moved off its place.
	_, from = w.atCorner(2)
	w.grab(from)
	w.pull([2]float64{from[0] + 400, from[1]})
	w.release([2]float64{from[0] + 400, from[1]})
	is("after a drag off the square", w.corners(), "12,9,3,5")
	w.unhindered(axe(t), "the corners")

	w.show(phone)
	_, from = w.atCorner(2)
	_, to = w.atCorner(1)
	is("after a drag by a finger", w.turns(func() {
		w.fingers("touchStart", from)
		w.fingers("touchMove", [2]float64{(from[0] + to[0]) / 2, from[1]})
		w.fingers("touchMove", to)
		w.fingers("touchEnd")
	}), "9,12,3,5")
	small := eval[[]string](w, `[...document.querySelectorAll('.corner')].filter((corner) => {
		const {top, bottom, width, height} = corner.getBoundingClientRect();
		const pad = document.getElementById('plane-pad').getBoundingClientRect();
		return width < 24 || height < 24 || (bottom > pad.top && top < pad.bottom);
	}).map(({id}) => id)`)
	if len(small) > 0 {
		t.Errorf("%v are less than 24 pixels wide or high, or hide the pad", small)
	}
	w.shoot("")

	// Before there is a plane its corners can be chosen already, and nothing moves when it begins.
	w.follow("#m=digits-small&c=7&s=4&steps=3")
	w.wait(done + ` && location.hash.includes('&s=4&steps=3&by') &&
		document.getElementById('plane-corner-1').textContent === '4'`)
	const top = `document.getElementById('plane-pad').getBoundingClientRect().top + scrollY`
	before := eval[float64](w, top)
	chosen := eval[string](w, `document.getElementById('plane-corner-4').textContent`)
	begun := w.turns(func() {
		eval[any](w, `document.getElementById('plane-corner-2').click(); 0`)
	})
	if len(begun) != 4 || begun[0] != "4" || begun[3] != chosen {
		t.Errorf("a press of a corner begins a plane of %v, and its last corner was %s",
			begun, chosen)
	}
	if now := eval[float64](w, top); now != before {
		t.Errorf("the pad was at %v, and is at %v once there is a plane", before, now)
	}

	// A triangle has three: the last is all of the lower edge.
	w.follow("#m=digits-small&c=7&s=3&plane=5,9&at=0,1&steps=3")
	w.wait(done + ` && location.hash.includes('&plane=5,9&') && location.hash.includes('&h=')`)
	if n := eval[int](w, `document.querySelectorAll('.corner:not([hidden])').length`); n != 3 {
		t.Errorf("a triangle has %d corners", n)
	}
	_, from = w.atCorner(2)
	_, to = w.atCorner(3)
	is("of a triangle, after a drag down", w.turns(func() {
		w.grab(from)
		w.pull([2]float64{to[0] + 90, to[1]})
		w.release([2]float64{to[0] + 90, to[1]})
	}), "3,9,5")
}
