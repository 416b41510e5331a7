package browser

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// looked is what the panel that looks into a step says, of its last line and the stage's byte.
type looked struct {
	Place, Step string
	Value       string // of the last line, with all its digits
	Text        string // to copy
	Lines       int
	Byte        int // that the stage has at the place
}

// looksAt waits until the panel shows a place at a step, and returns what it says.
func (w *tab) looksAt(column, row, channel, picture, step int) looked {
	w.t.Helper()
	place := "Column " + strconv.Itoa(column) + ", row " + strconv.Itoa(row)
	w.wait(`document.querySelector('#work .place').textContent === '` + place + `' &&
		document.querySelector('#work .when').textContent.startsWith('Step ` + itoa(step) + ` ') &&
		document.querySelector('#work .plain').value.includes('picture ` + itoa(picture+1) +
		`, step ` + itoa(step) + ` of') &&
		(document.querySelector('#work .head select:last-child').hidden ||
		document.querySelector('#work .plain').value.includes(', channel ` + itoa(channel) +
		`'))`)
	at := "(" + itoa(row) + " * stage.film.shape.width + " + itoa(column) +
		") * stage.film.shape.channels + " + itoa(channel)
	return eval[looked](w, ofStage(`(({value}) => ({
		place: document.querySelector('#work .place').textContent,
		step: document.querySelector('#work .when').textContent,
		text: value,
		value: value.trimEnd().split(' ').at(-1),
		lines: document.querySelectorAll('#work .lines > li').length,
		byte: (stage.film.current === stage.film.latest ? stage.film.live[`+itoa(picture)+`]
			: stage.film.kept.get(stage.film.current)[`+itoa(picture)+`]).xt[`+at+`],
	}))(document.querySelector('#work .plain'))`))
}

// ends fails unless the numbers end in the byte that the stage shows.
func (l looked) ends(t *testing.T, when string) {
	t.Helper()
	if l.Value != strconv.Itoa(l.Byte) || l.Lines < 4 ||
		!strings.Contains(l.Text, "\nbyte = round(") {
		t.Errorf("%s the numbers end in %s where the stage has %d; %d lines:\n%s", when, l.Value,
			l.Byte, l.Lines, l.Text)
	}
}

// What is inside a step is there at an address; the numbers of a pixel end in the byte that the
// stage shows, whichever pixel, step, picture and channel are chosen, by pointer, key or menu.
func TestInsideAStep(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("?work=5,6#m=faces&c=all&n=3&steps=6&k=dpmpp_2m")
	w.waitState("done")
	w.looksAt(5, 6, 0, 0, 6).ends(t, "at first")

	w.click("button", "The step before")
	w.looksAt(5, 6, 0, 0, 5).ends(t, "a step before")
	w.on(w.find("application", eval[string](w,
		`document.querySelector('#work [role=application]').getAttribute('aria-label')`)),
		`function () { this.focus(); return ''; }`)
	w.press(kb.ArrowRight)
	w.looksAt(6, 6, 0, 0, 5).ends(t, "one to the right")
	w.pressWith(8, kb.ArrowDown) // Shift
	w.looksAt(6, 10, 0, 0, 5).ends(t, "four below")
	w.set("Channel", "2")
	w.looksAt(6, 10, 2, 0, 5).ends(t, "in blue")
	w.set("Picture", "1")
	w.looksAt(6, 10, 2, 1, 5).ends(t, "in the second picture")
	if got := eval[string](w, `new URLSearchParams(location.search).get('work')`); got !=
		"6,10,1,2" {
		t.Errorf("the address has %s", got)
	}
	// A press on the stage chooses what is under it.
	place := eval[[2]float64](w, ofStage(`(({layout: {panels: [p]}, ratio}) => {
		const box = stage.parts.box.getBoundingClientRect();
		scrollTo(0, 0);
		const top = stage.parts.box.getBoundingClientRect().top;
		return [box.left + (p.x + p.tileWidth * 3.5 / 16) / ratio,
			top + (p.y + p.tileHeight * 2.5 / 16) / ratio];
	})(stage.placed)`))
	w.pointer("mouseMoved", place[0], place[1], nil)
	w.grab(place)
	w.release(place)
	w.looksAt(3, 2, 2, 0, 5).ends(t, "where the stage was pressed")

	w.must(chromedp.Navigate("about:blank"))
	w.open("?work=20,9#m=digits&c=7&steps=3&eta=0.5")
	w.waitState("done")
	w.looksAt(20, 9, 0, 0, 3).ends(t, "of a digit")
	w.unhindered(axe(t), "the panel")

	// The paper's lines hold on the numbers of the step, and a changed coefficient is caught.
	const (
		proof = `[...document.querySelectorAll('#work .derived')]`
		wrong = proof + `.filter((e) => 'wrong' in e.dataset).length`
		first = proof + `.find((e) => e.querySelector('input')).querySelector('input')`
	)
	w.click("button", "The step before")
	w.set("What is seen of the step", "posterior")
	w.wait(proof + `.length > 15`)
	if n := eval[int](w, wrong); n != 0 {
		t.Errorf("%d lines do not hold", n)
	}
	if q := w.address(); !strings.Contains(q, "derive=posterior") {
		t.Errorf("the address is %s", q)
	}
	eval[any](w, first+`.closest('details').open = true`)
	change := func(value string) {
		t.Helper()
		eval[any](w, `((field) => {
			field.value = `+value+`;
			field.dispatchEvent(new Event('change'));
		})(`+first+`)`)
	}
	change(`String(1.01 * field.value)`)
	w.wait(wrong + ` === 1`)
	w.unhindered(axe(t), "a derivation")
	change(`''`)
	w.wait(wrong + ` === 0 && ` + first + `.value !== ''`)
	w.set("Language", "zh-Hans")
	w.wait(`document.querySelector('#work .place').textContent.includes('列')`)
	w.unhindered(axe(t), "the panel in Chinese")
}
