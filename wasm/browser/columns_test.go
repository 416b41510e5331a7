package browser

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// headed fails unless the columns on the stage are called so.
func (w *tab) headed(want ...string) {
	w.t.Helper()
	got := eval[[]string](w, `[...document.querySelectorAll('.side')]
		.filter((e) => e.checkVisibility()).map((e) => e.textContent.trim())`)
	if strings.Join(got, "|") != strings.Join(want, "|") {
		w.t.Errorf("the columns are called %q, want %q", got, want)
	}
}

// Two presses lead to two samplers in two columns, each under its name and with the
// film of its own run, of which one position drives both.
func TestTwoColumns(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=6"
	w := newTab(t, newSite(t))
	for _, s := range []screen{laptop, phone} {
		w.show(s)
		w.must(chromedp.Navigate("about:blank"))
		w.open("?views=xt,x0#" + recipe)
		w.waitState("done")
		w.click("tab", "Compare")
		w.click("button", "Compare with")
		w.wait(`location.search.includes('against=k:ddpm') && ` + compared)
		w.headed("DDIM", "DDPM")
		w.side(0, native(t, recipe))
		w.side(1, native(t, recipe+"&k=ddpm"))
		eval[any](w, repainted)
		if out := eval[[]string](w, call("columns.js")); len(out) > 0 {
			t.Errorf("%v: %v are not below their headings", s, out)
		}
		if out := w.outside("box", "start"); len(out) > 0 {
			t.Errorf("%v: %v are not within the window", s, out)
		}
		w.slide("Step of DDPM", "2")
		if got := w.shown(); got != "2 2" {
			t.Errorf("%v: where the second film is at step 2 the sides show %s", s, got)
		}
	}

	// A film has the steps of its own run.
	w.set("Setting that differs", "steps")
	w.fill("textbox", "Other value", "3\r")
	w.wait(`location.search.includes('against=steps:3') && ` + compared)
	w.headed("6 steps", "3 steps")
	w.slide("Step of 3 steps", "2")
	// t of 3 steps falls by 333 from 666, that of 6 by 166 from 830.
	if got := w.shown(); got != "4 2" {
		t.Errorf("at step 2 of 3 the sides show %s", got)
	}
	if got := w.property("slider", "Step of 3 steps", "max"); got != "3" {
		t.Errorf("the film of three steps has %s", got)
	}
}

// A line through the pictures shows one run left of it and the other right of it;
// keys move it, and the address has it.
func TestWipe(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.open("?views=x0&against=c:3#m=digits&c=7&s=3&steps=4")
	w.wait(compared)
	w.wait(onViewer)
	w.click("button", "Wipe")
	w.appears("slider", "Line between the two")
	seen := func() string {
		eval[[]int](w, readStage)
		return eval[string](w, call("wiped.js", "x0"))
	}
	check := func(where, left, right string) {
		t.Helper()
		got := seen()
		if !regexp.MustCompile(`^[0=]{` + left + `}[1=]{` + right + `}$`).MatchString(got) {
			t.Errorf("%s: the columns of the picture show %s", where, got)
		}
	}
	check("in the middle", "16", "16")
	if got := seen(); !strings.Contains(got, "0") || !strings.Contains(got, "1") {
		t.Errorf("the two runs look the same: %s", got)
	}
	w.surfacesAgree("with a line")
	w.focus("slider", "Line between the two")
	w.press(kb.Home)
	check("at the left", "0", "32")
	w.press(kb.End)
	check("at the right", "32", "0")
	w.wait(`location.search.includes('wipe=100')`)
	for range 25 {
		w.press(kb.ArrowLeft)
	}
	check("after 25 presses", "24", "8")
	got := w.property("slider", "Line between the two", "ariaValueText")
	if want := "75 % Class 7, 25 % Class 3"; got != want {
		t.Errorf("the line says %q, want %q", got, want)
	}
	w.click("button", "Difference")
	w.headed("Class 7", "Class 3", "Difference")
	w.surfacesAgree("with a line and the difference")

	w.must(chromedp.Navigate("about:blank"))
	w.open("?views=x0&against=c:3&wipe=25#m=digits&c=7&s=3&steps=4")
	w.wait(compared)
	check("by the address", "8", "24")
	w.click("button", "Wipe")
	w.wait(`!location.search.includes('wipe')`)
	w.headed("Class 7", "Class 3")
}

// rungs are those that are drawn, and ladderOffer is the button of those that are not.
const (
	rungs       = `[...document.querySelectorAll('.rung[aria-disabled=false]')]`
	ladderOffer = `[...document.querySelectorAll('.ladder .primary')]
		.find((e) => e.checkVisibility())`
	// climbed holds when all are drawn; on a slow machine that has to be asked for.
	climbed = `(` + ladderOffer + `?.click(), ` + rungs + `.length === 5)`
)

// The ladder draws the recipe with five numbers of steps, each as it is alone, and
// says how long that took; pressing one makes it the recipe.
func TestLadder(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits-small&c=7&s=3&steps="
	w := newTab(t, newSite(t))
	w.before(events + processors(1))
	w.open("#" + recipe + "6")
	w.waitState("done")
	w.click("tab", "Compare")
	w.click("button", "Ladder of steps")
	w.wait(climbed)
	said := eval[[]string](w, rungs+`.map((e) =>
		[...e.children].map((c) => c.textContent).join(' ').trim())`)
	for i, steps := range []string{"4", "8", "16", "50", "250"} {
		if !regexp.MustCompile(`^` + steps + ` steps [\d,]+ ms$`).MatchString(said[i]) {
			t.Errorf("rung %d says %q", i, said[i])
		}
	}
	want := native(t, recipe+"8")
	got := eval[[]int](w, rungs+`.slice(1, 2).map((e) => e.firstChild).flatMap((canvas) =>
		[...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
			.filter((_, i) => i % 4 === 0))`)
	for i, v := range want.picture(t, 8, 0).Xt {
		if got[i] != int(v) {
			t.Errorf("with 8 steps pixel %d is %d, want %d", i, got[i], v)
			break
		}
	}
	if n := eval[int](w, alive); n != 1 {
		t.Errorf("%d workers are left after the ladder, want 1", n)
	}

	// Another sampler has a row of its own, and all are measured by very many steps.
	w.set("Add a sampler…", "heun")
	w.wait(`(` + ladderOffer + `?.click(), ` + rungs + `.length === 10)`)
	w.click("button", "Error against 1,000 steps")
	w.wait(`(` + ladderOffer + `?.click(),
		document.querySelectorAll('.errors .line').length === 2)`)
	w.wait(alive + ` === 1`)
	errors := eval[[]float64](w, `[...document.querySelectorAll('.rung small')].map((e) =>
		Number(/ ms, error ([\d.]+)$/.exec(e.textContent)?.[1]))`)
	if len(errors) != 10 || !(errors[4] < 0.02 && errors[4] < errors[1]/3) {
		t.Errorf("the errors of DDIM and Heun are %v", errors)
	}
	w.unhindered(axe(t), "the ladder")
	eval[any](w, rungs+`[1].click(); 0`)
	w.ended(recipe + "8")
	if w.visible("ladder") {
		t.Error("the ladder still covers the picture")
	}
	w.checkStage(want, 8, 0)

	// What was drawn is there at once.
	w.forget()
	w.click("button", "Ladder of steps")
	w.wait(rungs + `.length === 5`)
	if n := eval[int](w, alive); n != 1 {
		t.Errorf("%d workers are there though nothing is drawn", n)
	}
	w.press(kb.Escape)
	w.wait(byID("ladder") + `.hidden`)
}

// A long ladder is offered with its time, and can be cancelled and gone on with;
// after going back, the run before is on the stage and nothing else runs.
func TestBackOutOfALadder(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events + processors(1))
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	w.follow("#m=digits&c=7&steps=2&n=64")
	w.ended("m=digits&c=7&steps=2&n=64")
	w.click("tab", "Compare")
	w.click("button", "Ladder of steps")
	w.wait(ladderOffer + `?.textContent.startsWith('Draw them · ')`)
	eval[any](w, ladderOffer+`.click(); 0`)
	w.wait(`document.querySelector('.rung small').textContent.startsWith('step ')`)
	w.click("button", "Cancel")
	w.wait(ladderOffer + ` !== undefined && ` + alive + ` === 1`)
	eval[any](w, ladderOffer+`.click(); 0`)
	w.wait(`document.querySelector('.rung small').textContent.startsWith('step ')`)
	eval[any](w, `history.back(); 0`)
	w.ended("m=digits&c=7&steps=2")
	if w.visible("ladder") {
		t.Error("the ladder is still there")
	}
	if n := eval[int](w, alive); n != 1 {
		t.Errorf("%d workers are left, want 1", n)
	}
	for _, e := range w.events() {
		if e.Name == "error" {
			t.Errorf("the page told of an error: %+v", e)
		}
	}
}

// Why the second run cannot be made is said in the page's language, and what is not is
// marked as English.
func TestRefusedInChinese(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("?lang=zh&against=g:banana#m=digits&c=7&s=3&steps=2")
	w.waitState("done")
	w.says("status", "无法运行", "须为", "您写的是“banana”")
	w.set("语言", "en")
	w.wait(has("status", "must be a number"))

	// A reason for which the page has no words.
	s := newSite(t)
	s.beforeWorker(t, `{
		const tell = self.postMessage.bind(self);
		self.postMessage = (said, ...rest) =>
			tell(said?.reason ? {...said, reason: 'unheard'} : said, ...rest);
	}`)
	w2 := newTab(t, s)
	w2.open("?lang=zh&against=g:banana#m=digits&c=7&s=3&steps=3")
	w2.waitState("done")
	w2.says("status", "无法运行", "banana")
	if !eval[bool](w2, `document.querySelector('#status [lang=en]')?.textContent.length > 10`) {
		t.Errorf("English is not marked as that in %q", w2.text("status"))
	}
}
