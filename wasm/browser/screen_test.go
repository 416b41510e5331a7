package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// screen is a window that people have.
type screen struct{ width, height int64 }

var (
	laptop  = screen{1366, 650} // what a browser leaves of 1366×768
	desktop = screen{1440, 900}
	phone   = screen{390, 844}
)

// show gives a page a window of that size.
func (w *tab) show(s screen) {
	w.t.Helper()
	w.must(chromedp.EmulateViewport(s.width, s.height))
}

// overflow is how many pixels the page is wider than its window.
const overflow = `document.documentElement.scrollWidth - innerWidth`

// tall is the height of the lowest picture on the stage in CSS pixels.
var tall = ofStage(`Math.min(...stage.drawing.marks.filter(({picture}) => picture)
	.map(({to}) => to.h).filter((h) => h > 60 * devicePixelRatio)) / devicePixelRatio`)

// outside names the parts of the page that are pressed and watched but not whole in the window.
func (w *tab) outside(ids ...any) []string {
	w.t.Helper()
	eval[any](w, repainted)
	return eval[[]string](w, call("outside.js", ids...))
}

// The pictures and what is pressed most are on the screen in every mode, with Display open, and on
// a phone with the recipe.
func TestOneScreen(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, s := range []screen{laptop, desktop, phone} {
		w.show(s)
		w.must(chromedp.Navigate("about:blank"))
		w.open("#m=digits&c=7&steps=3")
		w.waitState("done")
		check := func(where string) {
			t.Helper()
			if out := w.outside("box", "start"); len(out) > 0 {
				t.Errorf("%v, %s: %v are not within the window", s, where, out)
			}
			if wide := eval[int](w, overflow); wide > 0 {
				t.Errorf("%v, %s: the page is %d pixels too wide", s, where, wide)
			}
		}
		if got := eval[float64](w, tall); s != phone && got < 300 {
			t.Errorf("%v: the pictures are %v pixels high, want 300", s, got)
		}
		for _, name := range []string{"View", "Forward", "Draw", "Compare"} {
			w.click("tab", name)
			if name == "Draw" {
				w.wait(`!document.querySelector('#edit .inside').inert`)
			}
			check(name)
		}
		for _, name := range []string{"View", "Forward", "Compare"} {
			w.click("tab", name)
			w.click("button", "Display")
			check(name + " with Display")
			w.click("button", "Display")
		}
		if s != phone {
			continue
		}
		for _, name := range []string{"View", "Forward", "Draw", "Compare"} {
			w.click("tab", name)
			w.click("button", "Recipe")
			check(name + " with the recipe")
			if out := w.outside("controls"); len(out) > 0 {
				t.Errorf("%s: the recipe is not within the window", name)
			}
			w.click("button", "Recipe")
		}
	}
}

// A class is one press away from its picture, and so is another picture.
func TestOnePress(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, s := range []screen{laptop, phone} {
		w.show(s)
		w.must(chromedp.Navigate("about:blank"))
		w.open("?views=xt,x0#m=digits&c=7&s=3&steps=3")
		w.waitState("done")
		w.click("radio", "4")
		w.ended("m=digits&c=4&s=3&steps=3")
		w.checkStage(native(t, "m=digits&c=4&s=3&steps=3"), 3, 0)
		w.click("button", "Another")
		w.wait(done + ` && location.hash.includes('h=') && !location.hash.includes('&s=3&')`)
		recipe, _, _ := strings.Cut(eval[string](w, `location.hash.slice(1)`), "&by=")
		w.checkStage(native(t, recipe), 3, 0)
	}
}

// Nothing moves after the first paint, neither while things arrive slowly nor as a run goes on.
func TestNothingShifts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, page string
		slow       bool
	}{
		{"default", "", false},
		{"slow start", "", true},
		{"link", "#m=digits&c=all&steps=3", false},
		{"words", "#m=glyphs&w=GO&steps=3", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			more := make(chan struct{})
			if c.slow {
				for _, name := range []string{"digits", "glyphs"} {
					path := "weights/" + name + ".safetensors"
					s.replace("/"+path, halves(pageFile(t, path), more))
				}
			}
			w := newTab(t, s)
			w.before(run("keep-shifts.js"))
			for i, size := range []screen{laptop, desktop, phone} {
				w.show(size)
				w.must(chromedp.Navigate("about:blank"))
				w.open(c.page)
				if c.slow && i == 0 {
					w.wait(byID("file-weights") + `.querySelector('progress').value > 0.4`)
					eval[any](w, repainted)
					close(more)
				}
				w.waitState("done")
				eval[any](w, repainted)
				got := eval[float64](w, `shifts.sum`)
				if got > 0.02 {
					t.Errorf("%v: the layout shifts by %v:\n%v", size, got,
						eval[string](w, `shifts.of.join('\n')`))
				}
			}
		})
	}
}

// Long values and narrow windows push nothing out of the page.
func TestLongValues(t *testing.T) {
	t.Parallel()
	const latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	word := (latin + latin + latin)[:64]
	digits := strings.Repeat("1234567890", 2)
	w := newTab(t, newSite(t))
	for _, c := range []struct{ page, until string }{
		{"#m=glyphs&w=" + word + "&steps=2", done},
		{"#m=glyphs&w=" + word + "X&steps=2", refused},
		{"#m=digits&c=" + word + word, refused},
		{"#m=digits&colour=" + word + word, refused},
		{"#m=" + word + word, refused},
		{"#m=digits&steps=2&s=" + digits[:19], done},
		{"?against=s:" + digits[:19] + "#m=digits&steps=2&s=" + digits[:18], done},
		{"?against=g:" + digits + "#m=digits&steps=2", done},
	} {
		for _, s := range []screen{{1280, 800}, phone, {320, 256}} {
			w.show(s)
			w.must(chromedp.Navigate("about:blank"))
			w.open(c.page)
			w.wait(c.until)
			eval[any](w, repainted)
			if wide := eval[int](w, overflow); wide > 0 {
				t.Errorf("%v, %s: the page is %d pixels too wide: %q", s, c.page, wide,
					eval[[]string](w, call("too-wide.js")))
			}
		}
	}
}

// Every dialog is whole where the page is enlarged to 400 % of 1280×1024: nothing is cut at its
// sides, and what is below can be scrolled to.
func TestDialogsEnlarged(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.show(screen{320, 256})
	w.open("#m=digits&steps=2")
	w.waitState("done")
	for _, language := range []string{"en", "zh-Hans"} {
		eval[any](w, byID("language")+`.value = '`+language+`';
			`+byID("language")+`.dispatchEvent(new Event('change')); 0`)
		for _, c := range []struct{ id, button, is string }{
			{"help", "help-open", byID("keys-list") + `.childElementCount > 0`},
			{"share", "share-open", `!` + byID("share-link-panel") + `.inert`},
			{"share", "share-tab-embed", `!` + byID("share-embed-panel") + `.inert`},
			{"share", "share-tab-files", `!` + byID("share-files-panel") + `.inert`},
		} {
			dialog := byID(c.id)
			eval[any](w, byID(c.button)+`.click(); 0`)
			w.wait(dialog + `.open && ` + c.is)
			eval[any](w, dialog+`.querySelectorAll('details').forEach((d) => (d.open = true)); 0`)
			eval[any](w, repainted)
			if cut := eval[[]string](w, call("cut.js", c.id)); len(cut) > 0 {
				t.Errorf("%s, %s: %q are cut", language, c.button, cut)
			}
			if out := w.outside(c.id); len(out) > 0 {
				t.Errorf("%s: %s is not within the window", language, c.button)
			}
			if !eval[bool](w, dialog+`.scrollHeight <= `+dialog+`.clientHeight + 1 ||
				['auto', 'scroll'].includes(getComputedStyle(`+dialog+`).overflowY)`) {
				t.Errorf("%s: %s cannot be scrolled", language, c.button)
			}
			if c.id == "help" || c.button == "share-tab-files" {
				eval[any](w, dialog+`.close(); 0`)
			}
		}
	}
}
