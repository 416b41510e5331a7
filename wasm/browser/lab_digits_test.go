package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Latent diffusion shows the digits that the plane decodes to: a sheet of them behind the points,
// one beside the pointer, and one beside the middle, which is said as well, where keys move the
// view. Digits and points have no keys in common that would be refused on the way from one to the
// other.
func TestLabDigits(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(1366, 650))
	w.openLab("d=digits&units=16&batch=32&vsteps=60&steps=20&n=60&ssteps=4")
	w.wait(hashed)
	w.wait(byID("layer-digits") + `.getAttribute('aria-pressed') === 'true'`)
	grey := `(() => { const c = document.getElementById('canvas'), { data } = c.getContext('2d')
		.getImageData(0, 0, c.width, c.height); let n = 0;
		for (let i = 0; i < data.length; i += 4) n += data[i] > 60 && data[i] < 120 &&
			data[i + 2] - data[i] > 20 && data[i + 2] - data[i] < 50;
		return n / (c.width * c.height); })()`
	w.wait(grey + ` > 0.05`)
	figure := `document.querySelector('.decoded')`
	if eval[bool](w, figure+`.checkVisibility()`) {
		t.Error("a digit is shown where no pointer is")
	}
	x, y := eval[float64](w, middle+`.x`), eval[float64](w, middle+`.y`)
	w.must(chromedp.MouseEvent("mouseMoved", x+20, y+10))
	w.wait(figure + `.checkVisibility()`)
	inked := `Array.from(document.querySelector('.decoded canvas').getContext('2d')
		.getImageData(0, 0, 16, 16).data).filter((v, i) => i % 4 === 3 && v > 60).length`
	if got := eval[int](w, inked); got < 10 {
		t.Errorf("the digit has %d pixels with ink", got)
	}
	w.must(chromedp.MouseEvent("mouseMoved", 2, 2))
	w.wait(`!` + figure + `.checkVisibility()`)
	eval[any](w, `document.getElementById('canvas').focus()`)
	w.press(kb.ArrowRight)
	said := `document.querySelector('.decoded + .unseen').textContent`
	w.wait(said + `.startsWith('At 0.20, 0.00 the plane decodes to a digit most like a ')`)
	w.wait(figure + `.checkVisibility()`)
	w.unhindered(source, "digits")
	w.click("button", "Digits")
	w.wait(grey + ` < 0.02`)

	w.click("radio", "Moons")
	w.wait(`location.hash.startsWith('#d=moons')`)
	w.wait(`!` + byID("layer-digits") + `.checkVisibility() && !` + figure + `.checkVisibility()`)
	w.set("Model", "latent")
	w.wait(`location.hash.startsWith('#d=digits')`)
	w.wait(byID("layer-digits") + `.checkVisibility()`)
	w.must(chromedp.EmulateViewport(390, 844))
	w.set("Language", "zh-Hans")
	w.wait(`document.documentElement.lang === 'zh-Hans'`)
	if got := eval[float64](w, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
		t.Errorf("on a phone the page scrolls sideways by %v pixels", got)
	}
}
