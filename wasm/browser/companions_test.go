package browser

import (
	"slices"
	"strings"
	"testing"
)

// A link with classifier guidance brings the classifier, once, and ends in the
// pixels of the native run, on several workers, too; what a page does not have
// is named.
func TestClassifierGuidance(t *testing.T) {
	t.Parallel()
	const fetched = `performance.getEntriesByType('resource')
		.filter(({name}) => name.includes('classifier')).length`
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	if n := eval[int](w, fetched); n != 0 {
		t.Errorf("a recipe without a classifier fetches it %d times", n)
	}
	for _, recipe := range []string{"m=digits&c=7&steps=3&g=0&cg=10",
		"m=digits&c=4&n=3&steps=2&cg=2.5"} {
		w.follow("#" + recipe)
		w.ended(recipe)
	}
	w.draw()
	w.wait(`heard.filter((e) => e.name === 'done').length === 4`)
	if got := eval[string](w, `location.hash`); !strings.Contains(got, "&cg=2.5") {
		t.Errorf("started again without its guidance: %s", got)
	}
	if n := eval[int](w, fetched); n != 1 {
		t.Errorf("the classifier was fetched %d times, want once", n)
	}
	w.follow("#m=glyphs&c=Q&steps=2&cg=1")
	w.waitState("failed")
	w.says("trouble-text", "glyphs-classifier")
	w.mu.Lock() // a missing file is an error to the browser
	w.complains = slices.DeleteFunc(w.complains, func(c string) bool {
		return strings.Contains(c, "404") && strings.Contains(c, "glyphs-classifier")
	})
	w.mu.Unlock()
	w.follow("#m=digits&c=1&steps=2&cg=1")
	w.ended("m=digits&c=1&steps=2&cg=1")
}

// A link with autoguidance brings the weaker version, once, and ends in the pixels of the native
// run, also beside another run; without it nothing is fetched. It is one of the options.
func TestAutoguidance(t *testing.T) {
	t.Parallel()
	const fetched = `performance.getEntriesByType('resource')
		.filter(({name}) => name.includes('faces-weak')).length`
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=faces&c=1&steps=2")
	w.ended("m=faces&c=glasses&steps=2")
	if n := eval[int](w, fetched); n != 0 {
		t.Errorf("a recipe without a weaker version fetches it %d times", n)
	}
	w.toggle("More options")
	w.fill("spinbutton", "Autoguidance", "1.5")
	w.draw()
	w.ended("m=faces&c=glasses&steps=2&ag=1.5")
	for _, recipe := range []string{"m=faces&c=hat&n=2&steps=3&ag=2",
		"m=faces&steps=2&fork=1,ag:1.25"} {
		w.follow("#" + recipe)
		w.ended(recipe)
	}
	if n := eval[int](w, fetched); n != 1 {
		t.Errorf("the weaker version was fetched %d times, want once", n)
	}
	const one = "m=faces&c=hat&steps=3&ag=2"
	w = newViewerTab(t, newSite(t))
	w.open("?against=eta:0.5#" + one)
	w.waitState("done")
	w.wait(onViewer)
	w.waitState("done")
	w.side(0, native(t, one))
	w.side(1, native(t, one+"&eta=0.5"))
}

// While a classifier is fetched the page says so, in place of what it refused before.
func TestClassifierComes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const classifier = "weights/digits-classifier.safetensors"
	more := make(chan struct{})
	s.replace("/"+classifier, halves(pageFile(t, classifier), more))
	w := newTab(t, s)
	w.open("#m=digits&c=7&steps=2")
	w.ended("m=digits&c=7&steps=2")
	w.follow("#m=digits&c=7&steps=2&g=999")
	w.waitState("failed")
	w.follow("#m=digits&c=7&steps=2&cg=2")
	w.wait(has("status", "digits-classifier"))
	if w.visible("trouble") {
		t.Error("what was refused before is still said")
	}
	close(more)
	w.ended("m=digits&c=7&steps=2&cg=2")
	w.says("status", "Done in")
}

// Guidance by a classifier is one of the options; a run that is begun with it
// at once brings the classifier.
func TestClassifierGuidanceIsAnOption(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits&c=7&steps=2&g=0")
	w.ended("m=digits&c=7&steps=2&g=0")
	w.toggle("More options")
	w.fill("spinbutton", "Classifier guidance", "10")
	w.draw()
	w.ended("m=digits&c=7&steps=2&g=0&cg=10")
	if len(w.findAll("spinbutton", "Steps of the small picture")) != 0 {
		t.Error("the options of a cascade are offered for digits")
	}
	w.follow("#m=digits-cascade&c=7&steps=2")
	w.ended("m=digits-cascade&c=7&steps=2")
	w.fill("spinbutton", "Noise on the small picture", "200")
	w.fill("spinbutton", "Steps of the small picture", "3")
	w.draw()
	w.ended("m=digits-cascade&c=7&steps=2&bsteps=3&aug=200")
}

// A cascade brings its first stage; both stages' steps are shown, and several
// workers make the pixels of the native run.
func TestCascadeInThePage(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(events)
	w.open("#m=digits-cascade&c=3&n=3&steps=2&bsteps=4")
	w.ended("m=digits-cascade&c=3&n=3&steps=2&bsteps=4")
	if n := eval[int](w, `heard.filter((e) => e.name === 'step' && e.steps === 6).length`); n != 6 {
		t.Errorf("%d steps of 6 were told", n)
	}
	for step, want := range map[string]string{
		"3": "stage 1 of 2, step 3 of 4", "4": "stage 1 of 2, step 4 of 4",
		"5": "stage 2 of 2, step 1 of 2", "6": "stage 2 of 2, step 2 of 2",
	} {
		w.slide("Step on the stage", step)
		if got := w.text("readout-step"); got != want {
			t.Errorf("at step %s the page says %q, want %q", step, got, want)
		}
	}
	// Its pictures cannot be noised, nor begin with one, and the page says why.
	const why = "A model in two stages begins with its own small picture."
	w.click("tab", "Forward")
	if !w.disabled("button", "Add noise") || !w.disabled("button", "Open a picture") {
		t.Error("a cascade's picture can be noised")
	}
	w.says("forward-idle", why)
	eval[any](w, call("paste.js", "bar.png", "no matter what"))
	w.waitText("status", why)
	w.opensDrawing()
	if !w.disabled("button", "Draw from it") {
		t.Error("a cascade can begin with a picture")
	}
	w.says("edit-said", why)
	w.disclose("How likely is a picture?", "bound")
	if !w.disabled("button", "Measure") {
		t.Error("a picture can be measured under a cascade")
	}
	w.says("bound-said", why)
	w.follow("#m=digits&c=2&steps=2") // and away from it
	w.ended("m=digits&c=2&steps=2")
	if w.disabled("button", "Draw from it") || w.disabled("button", "Measure") ||
		w.text("forward-idle")+w.text("bound-said") != "" {
		t.Error("digits cannot begin with a picture")
	}
	if got := w.text("readout-step"); got != "step 2 of 2" {
		t.Errorf("of digits the page says %q", got)
	}
	eval[any](w, `history.back(); 0`)
	w.ended("m=digits-cascade&c=3&n=3&steps=2&bsteps=4")
}
