package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// film is what one side of the stage holds of a picture: its pixels at a step.
func (w *tab) film(side, step int) (xt, x0 []int) {
	w.t.Helper()
	got := eval[[][]int](w, fmt.Sprintf(ofStage(`stage.films[%d].kept.get(%d)[0]`)+
		`.then(({xt, x0}) => [[...xt], [...x0]])`, side, step))
	return got[0], got[1]
}

// side fails unless a side of the stage holds what came out natively.
func (w *tab) side(side int, want *conversation) {
	w.t.Helper()
	for step := 1; step <= want.started.Steps; step++ {
		xt, x0 := w.film(side, step)
		picture := want.picture(w.t, step, 0)
		for i := range picture.Xt {
			if xt[i] != int(picture.Xt[i]) || x0[i] != int(picture.X0[i]) {
				w.t.Errorf("side %d, step %d: pixel %d is %d and %d, want %d and %d",
					side, step, i, xt[i], x0[i], picture.Xt[i], picture.X0[i])
				return
			}
		}
	}
}

// shown are the steps that the sides show.
func (w *tab) shown() string {
	w.t.Helper()
	return eval[string](w, ofStage(`stage.films.map((film) => film.current).join(' ')`))
}

// Two runs that differ in one knob are each what they would be alone, share the
// timeline, and are certified by the link.
func TestComparing(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	one, other := native(t, recipe), native(t, recipe+"&g=5")
	w := newViewerTab(t, newSite(t))
	w.before(events)
	w.open("?against=g:5&difference#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	w.side(0, one)
	w.side(1, other)
	w.surfacesAgree("two runs and their difference")
	w.slide("Step on the stage", "4")
	if got := w.shown(); got != "4 4" {
		t.Errorf("at step 4 the sides show %s", got)
	}
	w.surfacesAgree("at step 4")
	w.called("Step 4 of 6: the noisy picture, what the network sees in it; " +
		"side by side: Guidance 1.4 and Guidance 5. Class: 7.")
	w.headed("Guidance 1.4", "Guidance 5", "Difference")
	if !eval[bool](w, byID("mode-compare")+`.ariaSelected === 'true'`) {
		t.Error("a link with two runs does not open Compare")
	}
	address := w.address()
	if want := "?against=g:5&difference&against-h=" + other.done.Hash[:16] + "#" +
		one.done.Recipe; address != want {
		t.Errorf("the address is %s, want %s", address, want)
	}
	if heard := w.events(); heard[len(heard)-1].SHA256 != one.done.Hash {
		t.Errorf("the run ended as %+v, want %s", heard[len(heard)-1], one.done.Hash)
	}

	// The link certifies both.
	w.must(chromedp.Navigate("about:blank"))
	w.open(address)
	w.waitState("done")
	w.says("status", "both are identical", other.done.Hash[:16])
	w.must(chromedp.Navigate("about:blank"))
	w.open("?against=g:5&against-h=0123456789abcdef#" + one.done.Recipe)
	w.waitState("done")
	w.says("status", "Guidance 5", "differ from")

	// A value that cannot be is said, and the first run is not harmed.
	w.must(chromedp.Navigate("about:blank"))
	w.open("?against=g:banana#" + recipe)
	w.waitState("done")
	w.says("status", "Guidance banana", "must be a number")
	w.side(0, one)
}

// A person turns a knob, sees both, and goes back to one run; the second
// worker goes then.
func TestTurningAKnob(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=12&g=1" // with which nobody helps
	one := native(t, recipe)
	w := newViewerTab(t, newSite(t))
	w.before(processors(2))
	w.open("?views=x0#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	w.click("tab", "Compare")
	w.set("Setting that differs", "steps")
	w.fill("textbox", "Other value", "4\r")
	w.wait(`location.search.includes('against=steps:4') && ` + compared)
	w.side(0, one)
	w.side(1, native(t, "m=digits&c=7&s=3&steps=4&g=1"))
	// t of 12 steps falls by 83 from 913, that of 4 by 250 from 750.
	for step, want := range map[string]string{"1": "1 1", "3": "3 1", "6": "6 2", "9": "9 3",
		"11": "11 4", "12": "12 4"} {
		w.slide("Step on the stage", step)
		if got := w.shown(); got != want {
			t.Errorf("at step %s the sides show %s, want %s", step, got, want)
		}
	}
	w.surfacesAgree("with fewer steps")

	// The run with more steps gives the time.
	w.fill("textbox", "Other value", "30\r")
	w.wait(byID("timeline") + `.max === '30' && ` + compared)
	w.slide("Step on the stage", "15")
	if got := w.shown(); got != "6 15" {
		t.Errorf("at step 15 of 30 the sides show %s", got)
	}
	w.surfacesAgree("with more steps")

	w.set("Setting that differs", "k")
	w.wait(`location.search.includes('against=k:ddpm') && ` + compared)
	w.side(1, native(t, recipe+"&k=ddpm"))
	w.click("button", "Difference")
	w.surfacesAgree("with the difference")
	if got := eval[int](w, alive); got != 2 {
		t.Errorf("%d workers are there while two runs are compared, want 2", got)
	}
	w.click("button", "Compare with")
	w.wait(done + ` && !location.search.includes('against')`)
	if got := eval[int](w, alive); got != 1 {
		t.Errorf("%d workers stay after a comparison, want 1", got)
	}
	w.surfacesAgree("alone again")
	w.called("Step 12 of 12: what the network sees in it. Class: 7.")
}

// A network and the exact denoiser of stored pictures, from the same noise: the
// other model's run is what it would be alone, the link certifies both, and what
// cannot stand beside it is said.
func TestComparingModels(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	one, other := native(t, recipe), native(t, "m=digits-oracle&c=7&s=3&steps=6")
	w := newViewerTab(t, newSite(t))
	w.open("?against=m:digits-oracle#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	w.side(0, one)
	w.side(1, other)
	w.surfacesAgree("two models")
	w.called("Step 6 of 6: the finished picture, what the network sees in it; " +
		"side by side: Digits and Digits by heart. Class: 7.")
	address := w.address()
	if want := "?against=m:digits-oracle&against-h=" + other.done.Hash[:16] + "#" +
		one.done.Recipe; address != want {
		t.Errorf("the address is %s, want %s", address, want)
	}
	// The exact denoiser is a model of the menu, too, and then the network is the other.
	w.click("tab", "Compare")
	w.choose("Model", "Digits by heart 0.5 MB")
	w.wait(`location.hash.startsWith('#m=digits-oracle') && ` + compared)
	w.side(0, native(t, "m=digits-oracle"))
	got := w.text("hint-m") + w.text("model")
	if !strings.Contains(got, "exact denoiser of 500 stored pictures") ||
		!strings.Contains(got, "Digits by heart: 500 stored pictures, 0.5 MB.") {
		t.Errorf("of the exact denoiser the page says %q", got)
	}
	w.choose("Other value", "Digits")
	w.wait(`location.search.includes('against=m:digits&') && ` + compared)
	w.side(1, native(t, "m=digits"))
	for query, want := range map[string]string{
		"m:digits-small": "With Small digits this cannot be run. Its pictures have another size.",
		"m:nothing":      "no model “nothing” in this page",
	} {
		w.must(chromedp.Navigate("about:blank"))
		w.open("?against=" + query + "#" + recipe)
		w.waitState("done")
		w.says("status", want)
		w.side(0, one)
	}

	// What has to be loaded first is said, and can be cancelled.
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/digits-oracle.safetensors",
		halves(pageFile(t, "weights/digits-oracle.safetensors"), more))
	w2 := newViewerTab(t, s)
	// The first run is long, or it might end while the button is being found.
	w2.open("?against=m:digits-oracle#" + recipe + "00")
	w2.waitText("status", "Loading Digits by heart, 0.5 MB, to compare with.")
	w2.cancel()
	w2.waitState("cancelled")
	close(more)
	w2.follow(recipe)
	w2.wait(compared + ` && location.hash.startsWith('#` + recipe + `&by=')`)
	w2.side(0, one)
	w2.side(1, other)
}

// Steering reaches both runs.
func TestSteeringTwo(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + processors(2))
	w.open("?against=c:3#m=digits&c=7&steps=900&g=1") // with which nobody helps
	w.wait(`heard.some((e) => e.step === 3)`)
	w.click("button", "Pause")
	w.wait(paused)
	newest := ofStage(`stage.films.map((film) => film.latest)`)
	w.wait(`workers.every((w) => w.waits)`)
	at := eval[[]int](w, newest)
	w.click("button", "Step")
	w.wait(fmt.Sprintf(`%s.then((now) => String(now) === '%d,%d')`, newest, at[0]+1, at[1]+1))
	w.click("button", "Resume")
	w.wait(fmt.Sprintf(`%s.then(([a, b]) => a > %d && b > %d)`, newest, at[0]+2, at[1]+2))
	w.cancel()
	w.waitState("cancelled")

	// A storm of runs and cancels leaves a page that works.
	eval[any](w, call("click-storm.js", 60, true))
	w.fill("spinbutton", "Steps", "3")
	w.draw()
	w.wait(compared)
	w.side(0, native(t, "m=digits&c=7&steps=3&g=1"))
	w.side(1, native(t, "m=digits&c=3&steps=3&g=1"))
	for _, e := range w.events() {
		if e.Name == "error" {
			t.Errorf("the page told of an error: %+v", e)
		}
	}
}

// Without WebGL two runs are compared as well.
func TestComparingWithoutWebGL(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t), withoutWebGL...)
	w.open("?against=s:4&difference&zoom=2#m=digits&c=7&s=3&steps=3")
	w.waitState("done")
	w.side(1, native(t, "m=digits&c=7&s=4&steps=3"))
	eval[any](w, repainted)
	w.surfacesAgree("on the plain canvas")
}

// Going back out of a comparison ends its second run.
func TestBackOutOfAComparison(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + run("count-workers.js"))
	w.open("#m=digits&c=7&steps=2&g=1") // which nobody helps with
	w.ended("m=digits&c=7&steps=2&g=1")
	w.follow("#m=digits&c=7&steps=900&g=1")
	w.wait(`heard.at(-1).steps === 900`)
	eval[any](w, byID("compare")+`.click(); 0`)
	w.wait(ofStage(`stage.films.length === 2 && stage.films[1].latest > 1`))
	eval[any](w, `history.back(); 0`)
	w.ended("m=digits&c=7&steps=2&g=1")
	if got := w.address(); strings.Contains(got, "against") {
		t.Errorf("the address is %s", got)
	}
	if got := eval[int](w, `workers.size`); got != 1 {
		t.Errorf("%d workers are left, want 1", got)
	}
}

// Nothing of the second run before is taken for the next one's, however long that is in the making.
func TestSecondRunGivesWay(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(processors(1) + run("hold-answers.js"))
	w.open("?against=c:3#m=digits&c=7&n=4&steps=900")
	w.wait(ofStage(`stage.films.length === 2 && stage.films[1].latest > 2`))
	w.follow("#m=digits&c=5&s=3&steps=3")
	w.wait(compared + ` && location.hash.startsWith('#m=digits&c=5&')`)
	w.side(0, native(t, "m=digits&c=5&s=3&steps=3"))
	w.side(1, native(t, "m=digits&c=3&s=3&steps=3"))
}

// Both sides are called the same, also where one run was finished before there were two.
func TestCaptionsOfBothSides(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	w.waitText("caption-x0", "finished picture")
	eval[any](w, byID("compare")+`.click(); 0`)
	w.wait(compared)
	name := func(id string) string {
		return eval[string](w, byID(id)+`.querySelector('.name').textContent`)
	}
	for _, view := range []string{"caption-xt", "caption-x0"} {
		if one, other := name(view), name(view+"-1"); one != other {
			t.Errorf("one side is %q and the other %q", one, other)
		}
	}
	// Both runs are over.
	if got := name("caption-xt-1"); !strings.HasSuffix(got, "finished picture") {
		t.Errorf("the second finished picture is called %q", got)
	}
}

// Beside the file's weights run those of which eight bits are left, step by step; a plot says how
// far apart the two are, and a link to other weights is refused in a sentence.
func TestEightBits(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	one, other := native(t, recipe), runWith(t, recipe, true)
	w := newTab(t, newSite(t))
	w.open("?against=weights:int8&plots=apart#" + recipe)
	w.waitState("done")
	w.side(0, one)
	w.side(1, other)
	w.wait(`document.querySelector('#plots [name=plots]:checked')?.value === 'apart' &&
		document.querySelectorAll('#plots .dot').length === 6`)
	if got := w.text("plots"); !strings.Contains(got, "8-bit") && !strings.Contains(got, "′") {
		t.Errorf("beside the plot stands %q", got)
	}
	got := eval[string](w, `document.querySelector('#plots desc').textContent`)
	if !strings.Contains(got, "the two runs are 0.") {
		t.Errorf("the plot is said to have %q", got)
	}
	w.open("?against=weights:int4#" + recipe)
	w.wait(byID("readout") + `?.textContent.includes('eight bits') ||
		document.body.innerText.includes('compared with int8')`)
}
