package browser

import (
	"strings"
	"testing"
)

// events makes the page keep what it tells others, before any of its scripts
// runs.
var events = run("events.js")

// event is one of the page's events.
type event struct {
	Name, Recipe, SHA256, Message string
	Step, Steps                   int
	MS                            float64
}

func (w *tab) events() []event {
	w.t.Helper()
	return eval[[]event](w, `heard`)
}

// A link generates at once, shows every step and ends in the very pixels that
// the same recipe gives natively.
func TestGenerates(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=12&g=2"
	w := newViewerTab(t, newSite(t))
	w.before(events)
	w.open("#" + recipe)
	w.waitState("done")
	want := native(t, recipe)

	heard := w.events()
	if len(heard) != 14 || heard[0].Name != "ready" || heard[13].Name != "done" {
		t.Fatalf("events: %+v", heard)
	}
	for i, e := range heard[1:13] {
		if e.Name != "step" || e.Step != i+1 || e.Steps != 12 || e.MS <= 0 ||
			e.Recipe != want.started.Recipe {
			t.Errorf("event %d: %+v", i+1, e)
		}
	}
	last := heard[13]
	if last.SHA256 != want.done.Hash || last.Recipe != want.done.Recipe {
		t.Errorf("got %s and %s, natively %s and %s",
			last.Recipe, last.SHA256, want.done.Recipe, want.done.Hash)
	}
	if got := eval[string](w, `location.hash`); got != "#"+want.done.Recipe {
		t.Errorf("the address holds %s, want #%s", got, want.done.Recipe)
	}
	w.says("status", want.done.Hash[:16])
	w.checkStage(want, 12, 0)
	w.wait(onViewer)
	w.checkStage(want, 12, 0)
}

// The page opened without a recipe shows one of each face.
func TestRunsTheDefaultRecipe(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("")
	w.waitState("done")
	want := native(t, opening)
	if got := eval[string](w, `location.hash`); got != "#"+want.done.Recipe {
		t.Errorf("the address holds %s, want #%s", got, want.done.Recipe)
	}
}

// A grid of pictures, one of each class and more.
func TestGrid(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=all&n=12&steps=3"
	w := newViewerTab(t, newSite(t))
	w.open("#" + recipe)
	w.waitState("done")
	want := native(t, recipe)
	w.wait(onViewer)
	for image := range 12 {
		w.checkStage(want, 3, image)
	}
	const label = "12 pictures at step 3 of 3: the finished picture, and the noisy picture at " +
		"step 1. Class: One of each."
	const canvas = `document.querySelector('iframe').contentDocument.querySelector('canvas')`
	got := eval[string](w, `(({role, tabIndex, ariaLabel}) =>
		role + ' ' + tabIndex + ' ' + ariaLabel)(`+canvas+`)`)
	if got != "img -1 "+label {
		t.Errorf("the viewer's canvas is %q, want an image that takes no focus, called %q",
			got, label)
	}
}

// Who asks for less motion finds the finished film of the recording, and starts the run
// themselves.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.before(events + run("keep-times.js"))
	w.open("")
	w.wait(startable + ` && ` + byID("steps") + `.value === '20' && ` + replayed)
	if heard := w.events(); len(heard) != 1 ||
		eval[string](w, state) != "ready" {
		t.Errorf("the page did not wait: %+v", heard)
	}
	if times := eval[[]int](w, `times`); len(times) > 1 || times[0] != 20 {
		t.Errorf("the stage went through the steps %v, want 20 at once", times)
	}
	want := native(t, opening)
	for _, step := range []int{1, 10, 20} {
		got := eval[[]int](w, ofStage(`[...stage.film.kept.get(`+itoa(step)+`)[7].xt]`))
		if !same(got, want.steps[8*step-1].Xt) {
			t.Errorf("step %d of the film is not the recipe's", step)
		}
	}
	w.click("button", "One step back")
	w.wait(byID("timeline") + `.value === '19'`)
	w.fill("spinbutton", "Steps", "3")
	w.draw()
	w.waitState("done")
}

// A link with a hash is certified, or is said to differ.
func TestCertifies(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=1&s=9&steps=4"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.open("#" + want.done.Recipe)
	w.waitState("done")
	w.says("status", "identical", want.done.Hash[:16])
	w.follow("#m=digits&c=1&s=8&steps=4&h=0123456789abcdef")
	w.waitText("status", "0123456789abcdef")
	w.says("status", "differ")
	w.draw()
	w.wait(done + ` && !` + has("status", "0123456789abcdef"))
	if got := w.text("status"); strings.Contains(got, "identical") ||
		strings.Contains(got, "differ") {
		t.Errorf("of a run that no link promised the page says %q", got)
	}
}
