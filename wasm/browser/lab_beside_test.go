package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// worth is the table of what models are worth, row by row.
const worth = `Array.from(document.getElementById('measures').rows,
	({ cells }) => Array.from(cells, (cell) => cell.textContent))`

// worthOf is the row of one measure.
func worthOf(measure string) string {
	return worth + `.find(([name]) => name === ` + quoted(measure) + `)`
}

// Two models that differ in one choice learn beside each other: the page says what differs, both
// are seen from the same place, and the address names the choice. One that is refused says why
// where it would be, and leaves the first alone.
func TestLabBeside(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650))
	w.must(chromedp.Navigate(w.site.url + "/web/lab.html?against=p:epsilon" +
		"#d=mixture&units=8&batch=16&steps=20&n=300&ssteps=5"))
	w.wait(hashed)
	w.says("what", "Predicts: v")
	w.says("what-beside", "Predicts: the noise")
	painted := `(() => { const c = document.getElementById('canvas-beside');
		const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
		return data.some((v, i) => i % 4 === 0 && v > 200 && data[i + 2] < 120); })()`
	w.wait(painted)
	eval[any](w, byID("canvas-beside")+`.focus()`)
	w.press("+")
	w.wait(byID("canvas") + `.hasAttribute('data-moved')`)
	w.click("button", "Whole plane")
	w.wait(`!` + byID("canvas-beside") + `.hasAttribute('data-moved')`)
	w.unhindered(source, "two models")
	w.wait(worthOf("Likelihood by the flow") + `?.slice(1, 3).every((cell) => cell !== '–')`)
	heads := `Array.from(document.querySelectorAll('#worth thead th'))
		.filter((head) => head.checkVisibility()).map((head) => head.textContent)`
	if got, want := eval[[]string](w, heads), []string{"Predicts", "Measure",
		"v, between the two", "the noise ε̂", "data"}; !slices.Equal(got, want) {
		t.Errorf("the measures stand under %q, want %q", got, want)
	}
	both := eval[[][]string](w, worth)

	w.set("What differs", "ssteps")
	w.fill("textbox", "How it differs", "0")
	w.press(kb.Enter)
	w.wait(byID("what-beside") + `.classList.contains('wrong') && ` + byID("what-beside") +
		`.textContent.includes('must')`)
	w.says("what-beside", "must be 1 to 1,000")
	if got := eval[string](w, `location.search`); got != "?against=ssteps:0" {
		t.Errorf("the address asks for %s", got)
	}
	w.says("what", "Solver steps: 5")

	w.must(chromedp.EmulateViewport(390, 844))
	w.wait(byID("beside") + `.getBoundingClientRect().top >= ` +
		byID("box") + `.getBoundingClientRect().bottom - 1`)
	if got := eval[float64](w, overflow); got > 0 {
		t.Errorf("on a phone the page scrolls sideways by %v pixels", got)
	}
	w.click("button", "Compare")
	w.wait(`!` + byID("beside") + `.checkVisibility()`)
	if got := eval[string](w, `location.search`); got != "" {
		t.Errorf("alone the address still asks for %s", got)
	}
	// What the second was worth is what it is worth alone.
	w.must(chromedp.Navigate("about:blank"))
	w.openLab("d=mixture&p=epsilon&units=8&batch=16&steps=20&n=300&ssteps=5")
	w.wait(worthOf("Likelihood by the flow") + `?.slice(1, 3).every((cell) => cell !== '–')`)
	if got := eval[[]string](w, heads); len(got) != 3 || got[1] != "learned" {
		t.Errorf("the measures of one model stand under %q", got)
	}
	if got := both[0]; got[0] != "Loss" || got[2] == got[1] || got[2] == "–" {
		t.Errorf("the losses of two models are %q", got)
	}
	both = both[1:] // of one model the loss stands above its curve
	alone := eval[[][]string](w, worth)
	if len(both) != len(alone) {
		t.Fatalf("two models have %d measures, one has %d", len(both), len(alone))
	}
	for i, want := range alone {
		if got := []string{both[i][0], both[i][2], both[i][3]}; !slices.Equal(got, want) {
			t.Errorf("beside another it has %q, alone %q", got, want)
		}
	}
}
