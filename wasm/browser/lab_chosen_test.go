package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A point that is chosen is carried on by every solver: a legend names them and says where each
// ends, and one that is pressed stands out.
func TestLabSolvers(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650))
	w.openLab("d=mixture&units=8&batch=16&steps=20&n=50&ssteps=5")
	w.wait(hashed)
	lines := byID("lines") + `.querySelectorAll('tr').length`
	w.click("button", "Solvers")
	w.wait(lines + ` > 25`)
	w.click("button", "Heun")
	w.wait(`document.querySelector('[data-line=heun]').ariaPressed === 'true'`)
	was := eval[string](w, byID("lines")+`.textContent`)
	eval[any](w, byID("canvas")+`.focus()`)
	for range 3 {
		w.press("+")
	}
	w.press(kb.Enter)
	w.wait(byID("lines") + `.textContent !== ` + quoted(was) + ` && ` + lines + ` > 25`)
	w.unhindered(source, "the legend")
	if got := eval[float64](w, `document.documentElement.scrollHeight - innerHeight`); got > 0 {
		t.Errorf("with a long legend the page of a laptop scrolls by %v pixels", got)
	}
	w.click("button", "Solvers")
	w.wait(lines + ` === 2`)
	w.must(chromedp.EmulateViewport(390, 844))
	w.click("button", "Solvers")
	w.wait(lines + ` > 25`)
	if got := eval[float64](w, overflow); got > 0 {
		t.Errorf("on a phone the page scrolls sideways by %v pixels", got)
	}
	w.unhindered(source, "the legend on a phone")
}

// What clean point is expected of a chosen one stands in numbers and in a sentence, of the network
// and exactly, at the time that is shown.
func TestLabPosterior(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650))
	w.openLab("d=mixture&gauss=1,0.5,0,0.1&units=8&batch=16&steps=20&n=50&ssteps=5")
	w.wait(hashed)
	w.slide("Time", "1000") // at the end a point is chosen as noise
	eval[any](w, byID("canvas")+`.focus()`)
	w.press(kb.ArrowRight, kb.Enter)
	w.wait(byID("posterior") + `.checkVisibility()`)
	exact := byID("posterior-mean") + `.cells[2].textContent`
	w.wait(byID("posterior-title") + `.textContent.endsWith('t = 999')`)
	if got := eval[string](w, exact); got != "0.50, 0.00" {
		t.Errorf("from noise the exact mean is %s, want that of the data", got)
	}
	w.wait(byID("posterior-said") + `.textContent !== ''`) // once it stands
	w.says("posterior-said", "At t = 999 the chosen point is at 0.20, 0.00.", "exactly it is 0.50")
	spread := byID("posterior-spread") + `.cells[2].textContent`
	if got := eval[string](w, spread); got != "0.10 × 0.10" {
		t.Errorf("from noise the exact spread is %s, want that of the data", got)
	}
	w.slide("Time", "900")
	w.wait(spread + ` < '0.10'`)
	w.unhindered(source, "the posterior")
	w.click("button", "Posterior")
	w.wait(`!` + byID("posterior") + `.checkVisibility()`)
}

// On the widest screens the words of a chart are no larger than those beside it.
func TestLabWide(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(2560, 1300))
	w.openLab("d=mixture&units=8&batch=16&steps=20&n=50&ssteps=5")
	w.wait(hashed)
	height := `document.querySelector('#loss text').getBoundingClientRect().height`
	if got := eval[float64](w, height); got > 18 {
		t.Errorf("the words of a chart are %v pixels high", got)
	}
}
