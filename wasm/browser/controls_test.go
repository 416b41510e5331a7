package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The controls make a recipe, and show the one that runs.
func TestControls(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=4&s=77&steps=3&g=2.5&eta=0.5")
	w.waitState("done")
	for _, c := range []struct{ role, name, want string }{
		{"textbox", "Seed", "77"}, {"spinbutton", "Pictures", "1"}, {"spinbutton", "Steps", "3"},
		{"combobox", "Sampler", "ddim"}, {"slider", "Guidance", "2.5"},
		{"spinbutton", "Guidance, as a number", "2.5"},
	} {
		if got := w.property(c.role, c.name, "value"); got != c.want {
			t.Errorf("%s %q shows %q, want %q", c.role, c.name, got, c.want)
		}
	}
	if w.property("radio", "4", "checked") != "true" {
		t.Error("the class of the recipe is not chosen")
	}

	w.click("radio", "9")
	w.fill("textbox", "Seed", "12345678901234567890")
	w.fill("spinbutton", "Steps", "2")
	w.focus("slider", "Guidance")
	w.press(kb.ArrowRight)
	w.draw()
	const recipe = "m=digits&c=9&s=12345678901234567890&steps=2&g=2.6&eta=0.5"
	want := native(t, recipe)
	w.wait(`location.hash === '#` + want.done.Recipe + `'`)
	w.says("status", want.done.Hash[:16])

	w.click("button", "Another")
	if seed := w.value("seed"); seed == "12345678901234567890" || seed == "" {
		t.Errorf("the dice shows %q", seed)
	}
	w.click("radio", "One of each")
	if n := w.value("images"); n != "10" {
		t.Errorf("one of each are %s pictures", n)
	}
	w.click("radio", "None")
	if n := w.value("images"); n != "1" {
		t.Errorf("without a class there are %s pictures", n)
	}
	w.fill("textbox", "Seed", "5")
	w.press(kb.Enter)
	w.waitDone("#m=digits&s=5&")
}

// A run is paused, taken step by step, resumed and cancelled.
func TestSteering(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&c=2&s=1&steps=900")
	w.wait(`heard.some((e) => e.step === 3)`)
	w.click("button", "Pause")
	w.wait(paused)
	at := w.step()
	if got := w.text("status"); !strings.HasPrefix(got, "Paused at step") {
		t.Errorf("the page says %q", got)
	}
	for i := 1; i <= 2; i++ {
		w.click("button", "Step")
		w.wait(`heard.at(-1).step === ` + itoa(at+i))
	}
	if w.step() != at+2 || eval[string](w, state) != "running" {
		t.Errorf("two steps lead from %d to %d", at, w.step())
	}
	w.click("button", "Resume")
	w.wait(`heard.at(-1).step > ` + itoa(at+4))
	w.cancel()
	w.waitState("cancelled")
	stopped := w.step()
	if got := w.text("status"); !strings.HasPrefix(got, "Cancelled at step") || stopped > 899 {
		t.Errorf("after step %d the page says %q", stopped, got)
	}
	if len(w.findAll("button", "Cancel")) != 0 || len(w.findAll("button", "Pause")) != 0 ||
		w.disabled("button", "Another") {
		t.Error("the buttons do not show that nothing runs")
	}

	// A key begins a run that waits after its first step.
	w.fill("spinbutton", "Steps", "4")
	eval[any](w, `document.activeElement.blur(); 0`)
	w.press("n")
	w.wait(`'paused' in document.documentElement.dataset && heard.at(-1).steps === 4`)
	if w.step() != 1 {
		t.Errorf("a run begun by a step is at step %d", w.step())
	}
	// Another class replaces a run that has not ended.
	w.click("radio", "8")
	w.waitState("done")
	want := native(t, "m=digits&c=8&steps=4")
	if heard := w.events(); heard[len(heard)-1].SHA256 != want.done.Hash {
		t.Errorf("the second run ended as %+v, want %s", heard[len(heard)-1], want.done.Hash)
	}
	count := 0
	for _, e := range w.events() {
		if e.Name == "done" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d runs were done, want 1", count)
	}
}

// step is the step that the last event told of.
func (w *tab) step() int {
	w.t.Helper()
	return eval[int](w, `heard.findLast((e) => e.name === 'step').step`)
}

// Everything can be reached and used with the keyboard; the stage never takes
// the focus.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.wait(onViewer)
	var order []string
	for range 60 {
		w.press(kb.Tab)
		got := eval[string](w, call("focused.js"))
		if got == "" {
			break
		}
		order = append(order, got)
	}
	order = slices.Compact(order)
	const want = "rooms room-lessons room-embed language help-open mode-view view-xt view-x0 " +
		"view-epsilon view-score view-change plots-open tools-open timeline none start results " +
		"back play next fork share-open save-open lessons-links defaults models own-open presets " +
		"guidance sampler steps images seed options bound tree work foot-theory foot-more"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("Tab leads to\n%s, want\n%s", got, want)
	}

	w.focus("radio", "None")
	w.press(kb.ArrowRight, kb.ArrowRight)
	if got := eval[string](w, `document.querySelector('input[name=c]:checked').value`); got != "0" {
		t.Errorf("the arrow keys chose class %s, want 0", got)
	}
	w.wait(`location.hash.startsWith('#m=digits&c=0&')`)
	w.waitState("done")
	w.focus("button", "Another")
	w.press(" ")
	w.wait(`!location.hash.startsWith('#m=digits&c=0&steps=2&')`)
	w.waitState("done")
	if got := eval[string](w, `document.activeElement.id`); got != "start" {
		t.Errorf("after a run the focus is on %q", got)
	}
}

// On a phone everything that is touched is large enough, and nothing sticks
// out at the side.
func TestTouch(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	for _, width := range []int64{320, 360, 768} {
		w.must(chromedp.EmulateViewport(width, 780, chromedp.EmulateMobile, chromedp.EmulateTouch))
		w.open("#m=digits&steps=2")
		w.waitState("done")
		eval[any](w, `document.getElementById('tools-open').click(); 0`)
		small := eval[[]string](w, call("small-targets.js"))
		if len(small) != 0 {
			t.Errorf("at %d pixels these are smaller than 44: %q", width, small)
		}
		if got := eval[int64](w, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("at %d pixels the page is %d wide", width, got)
		}
	}
}
