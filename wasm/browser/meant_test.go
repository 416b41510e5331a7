package browser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// typed is a statement that types into a field as a hand does, and goes on before that has rested.
func typed(id, value string) string {
	return `Object.assign(` + byID(id) + `, {value: ` + quoted(value) + `}).dispatchEvent(
		new Event('input', {bubbles: true})); `
}

// A recipe that is refused is not on the stage: the address, the link and what is saved are of the
// run that is.
func TestRefusedIsNotOnTheStage(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=2"
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#" + recipe)
	w.ended(recipe)
	want := native(t, recipe).done.Recipe
	w.fill("spinbutton", "Steps", "5000")
	w.draw()
	w.waitText("error-steps", "you wrote 5000")
	w.click("button", "Share")
	w.wait(byID("share-link") + `.value !== ''`)
	link, _, _ := strings.Cut(w.property("textbox", "Link", "value"), "&preview=")
	if link != w.site.url+"/#"+want {
		t.Errorf("the link is %s, and on the stage is %s", link, want)
	}
	w.click("tab", "Files")
	if file := w.saves("Picture"); !bytes.Contains(file, []byte("tEXttweedie\x00"+want)) {
		t.Errorf("the PNG does not hold %s", want)
	}
	w.click("button", "Close")
	eval[any](w, byID("mode-compare")+`.click(); `+byID("compare")+`.click(); 0`)
	w.wait(done + ` && location.search.startsWith('?against=') &&
		location.hash === '#` + want + `'`)
}

// What is typed is run, also where a press of something else comes before it has rested.
func TestTypedBeforeAPress(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(run("hold-rest.js"))
	w.open("#m=digits&c=7&s=3&steps=2")
	w.ended("m=digits&c=7&s=3&steps=2")
	eval[any](w, typed("steps", "3")+byID("compare")+`.click(); rested(); 0`)
	w.waitDone("#m=digits&c=7&s=3&steps=3&by=")
	eval[any](w, typed("steps", "4")+`history.back(); 0`)
	w.waitDone("#m=digits&c=7&s=3&steps=2&by=")
	eval[any](w, `rested(); 0`)
	if got := w.value("steps"); got != "2" {
		t.Errorf("after going back %s steps are shown, want 2", got)
	}
}

// A recipe of an address is what is meant last, however long its model takes to come, and where a
// person stays with the model before, the controls show what is on the stage.
func TestTypedBeforeAModel(t *testing.T) {
	t.Parallel()
	weights, err := os.ReadFile(filepath.Join("..", "..", "weights", "glyphs.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/glyphs.safetensors", halves(weights, more))
	w := newTab(t, s)
	w.before(run("hold-rest.js"))
	w.open("#m=digits&c=7&s=3&steps=2")
	w.ended("m=digits&c=7&s=3&steps=2")
	stays := func(when string) {
		t.Helper()
		w.click("button", "Stay with Digits")
		w.wait(state + ` === 'ready' && ` + byID("steps") + `.value === '2'`)
		if w.visible("error-steps") || w.visible("trouble") {
			t.Errorf("%s: a complaint stays", when)
		}
		want := "#" + native(t, "m=digits&c=7&s=3&steps=2").done.Recipe
		if got := eval[string](w, `location.hash`); got != want {
			t.Errorf("%s: the address is %s, want %s", when, got, want)
		}
	}
	w.follow("#m=glyphs&c=A&steps=1")
	w.waitText("file-weights", "2.8 MB of 5.5 MB")
	eval[any](w, typed("steps", "5000")+`rested(); 0`)
	stays("typed meanwhile")
	eval[any](w, typed("steps", "5000")+enterRecipe)
	w.waitText("error-steps", "you wrote 5000")
	w.follow("#m=glyphs&c=A&steps=1")
	w.waitText("file-weights", "2.8 MB of 5.5 MB")
	stays("refused before")

	eval[any](w, typed("steps", "3")+`location.hash = 'm=glyphs&c=A&steps=1'; 0`)
	w.waitText("file-weights", "2.8 MB of 5.5 MB")
	eval[any](w, `rested(); 0`)
	close(more)
	w.ended("m=glyphs&c=A&steps=1")
}

// A sampler that is run as soon as it is chosen has its options shown.
func TestChosenAndRunAtOnce(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(run("hold-rest.js"))
	w.open("#m=digits&c=7&s=3&steps=3")
	w.ended("m=digits&c=7&s=3&steps=3")
	for _, act := range []string{enterRecipe, typed("seed", "4") + `rested(); 0`} {
		w.follow("#m=digits&c=7&s=3&steps=3&k=ddim")
		w.waitDone("#m=digits&c=7&s=3&steps=3&by=")
		w.wait(byID("option-order") + `.value === ''`)
		eval[any](w, typed("sampler", "dpmpp_2m")+act)
		w.wait(done + ` && location.hash.includes('&k=dpmpp_2m&')`)
		w.wait(byID("option-order") + `?.value === '2'`)
	}
}
