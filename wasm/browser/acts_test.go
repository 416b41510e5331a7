package browser

import (
	"strings"
	"testing"
)

// What is turned acts: one press of a class draws it, and the results before
// come back at a press, with the same pixels.
func TestActsAtOnce(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&s=2&steps=5")
	w.waitDone("#m=digits&c=7&")
	first := eval[string](w, `location.hash`)
	w.click("radio", "3")
	w.waitDone("#m=digits&c=3&")
	w.choose("Sampler", "DDPM")
	w.waitDone("#m=digits&c=3&s=2&k=ddpm&")
	w.fill("spinbutton", "Steps", "4")
	w.waitDone("#m=digits&c=3&s=2&k=ddpm&steps=4&")
	w.click("button", "Another")
	w.wait(done + ` && !location.hash.includes('&s=2&')`)

	results := `[...document.querySelectorAll('#results button')]`
	if n := eval[int](w, results+`.length`); n != 5 {
		t.Errorf("%d results stand beside the button, want 5", n)
	}
	eval[any](w, results+`.at(-1).click(); 0`)
	w.waitDone("#m=digits&c=7&")
	w.waitText("status", "identical")
	if got := eval[string](w, `location.hash`); got != first {
		t.Errorf("the first result is %s, want %s", got, first)
	}
	if seal := eval[string](w, byID("status")+`.dataset.seal`); seal != "certified" {
		t.Errorf("its seal is %q", seal)
	}
	if n := eval[int](w, results+`.length`); n != 5 {
		t.Errorf("a result that came back makes %d, want 5", n)
	}
	eval[any](w, `history.back(); 0`)
	w.wait(done + ` && !location.hash.includes('&s=2&')`)
}

// While a slider is dragged short runs follow it; the run when it is let go is
// the whole, and Back leads to the one before.
func TestFollowsASlider(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&c=7&s=2&steps=40")
	w.waitDone("#m=digits&c=7&")
	before := eval[int](w, `history.length`)
	box := eval[[]float64](w, `(() => {
		const slider = document.getElementById('guidance-range');
		slider.scrollIntoView({block: 'center'});
		const {left, top, width, height} = slider.getBoundingClientRect();
		return [left, top + height / 2, width];
	})()`)
	at := func(part float64) [2]float64 { return [2]float64{box[0] + box[2]*part, box[1]} }
	w.grab(at(.3))
	for part := .3; part < .9; part += .05 {
		w.pull(at(part))
	}
	w.wait(`heard.some((e) => e.name === 'done' && e.recipe.includes('steps=8'))`)
	w.release(at(.9))
	// On a slow machine the whole run is offered, and makes an entry of its own.
	entries := 1
	whole := `heard.at(-1)?.name === 'done' && ` + done + ` && location.hash.includes('&g=')`
	w.wait(whole + ` || !` + byID("ribbon") + `.hidden`)
	if w.visible("ribbon") {
		entries = 2
		eval[any](w, byID("start")+`.click(); 0`)
		w.wait(whole + ` && !location.hash.includes('steps=8')`)
	}
	got := eval[string](w, `location.hash`)
	if !strings.HasPrefix(got, "#m=digits&c=7&s=2&steps=40&g=4") {
		t.Errorf("let go at nine tenths the recipe is %s", got)
	}
	if n := eval[int](w, `history.length`); n != before+entries {
		t.Errorf("the drag made %d entries of the history, want %d", n-before, entries)
	}
	if n := eval[int](w, `document.querySelectorAll('#results button').length`); n != 2 {
		t.Errorf("there are %d results, want the two whole runs", n)
	}
	eval[any](w, "history.go(-"+itoa(entries)+"); 0")
	w.wait(done + ` && !location.hash.includes('&g=')`)
}

// A run that will take long is offered, with its time, and the stage says that it
// shows the one before.
func TestOffersALongRun(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&s=2&steps=20")
	w.waitDone("#m=digits&c=7&")
	w.fill("spinbutton", "Pictures", "64")
	w.fill("spinbutton", "Steps", "1000")
	w.wait(`!` + byID("ribbon") + `.hidden`)
	if got := w.text("start"); !strings.HasPrefix(got, "Draw this · ") {
		t.Errorf("the button says %q", got)
	}
	got := eval[string](w, `location.hash`)
	if !strings.HasPrefix(got, "#m=digits&c=7&s=2&steps=20&") {
		t.Errorf("the address is %s, and not what is seen", got)
	}
	eval[any](w, byID("start")+`.click(); 0`)
	w.wait(state + ` === 'running' && ` + byID("ribbon") + `.hidden`)
	w.wait(`location.hash.includes('&n=64&')`)
	w.cancel()
	w.waitState("cancelled")
	w.fill("spinbutton", "Steps", "2")
	w.fill("spinbutton", "Pictures", "1")
	w.waitDone("#m=digits&c=7&s=2&steps=2&")
	if got := w.text("start"); got != "Another" {
		t.Errorf("the button says %q", got)
	}
}
