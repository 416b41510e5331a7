package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The ribbon shows one coordinate at all times, the data on the left; its line is dragged to
// another time and moved by keys. A model without noise levels has no ribbon.
func TestLabRibbon(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650))
	w.openLab("d=mixture&units=8&batch=16&steps=20&n=50&ssteps=20")
	w.wait(hashed)
	eval[any](w, byID("play")+`.ariaPressed === 'true' && `+byID("play")+`.click()`)
	bright := `(() => { const c = document.getElementById('ribbon-canvas');
		const { data } = c.getContext('2d').getImageData(c.width >> 1, 0, 1, c.height);
		return data.some((v, i) => i % 4 === 2 && v > 100 && data[i - 2] < 120); })()`
	w.wait(bright)
	box := byID("ribbon-time") + `.getBoundingClientRect()`
	at := func(share float64) (x, y float64) {
		left, width := eval[float64](w, box+`.left`), eval[float64](w, box+`.width`)
		return left + share*width, eval[float64](w, box+`.top`) + eval[float64](w, box+`.height`)/2
	}
	now := `Number(` + byID("time-now") + `.textContent.replace(/\D/g, ''))`
	for _, share := range []float64{0.3, 0.8} {
		x, y := at(share)
		w.must(chromedp.MouseClickXY(x, y))
		if got := eval[float64](w, now); got < 999*share-8 || got > 999*share+8 {
			t.Errorf("pressed at %v of the ribbon the time is %v", share, got)
		}
	}
	was := eval[int](w, now)
	w.press(kb.ArrowLeft)
	w.wait(now + ` === ` + itoa(was-1))
	w.unhindered(source, "the ribbon")
	name := byID("ribbon-axis") + `.textContent`
	w.click("button", "x₁")
	w.wait(name + ` === 'x₂'`)
	w.openLab("m=vae&units=8&batch=16&steps=20&n=50")
	w.wait(`!` + byID("ribbon") + `.checkVisibility()`)
}
