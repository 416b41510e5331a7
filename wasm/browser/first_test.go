package browser

import (
	"slices"
	"testing"
)

// opening is what the page opens with: eight pictures in twenty steps.
const opening = "m=faces&c=all"

// replayed holds when all of the recording is on the stage.
var replayed = byID("timeline") + `.ariaValueText.startsWith('step 20 of 20')`

// openingOnItsWay makes a site send half of the weights of the page's opening run. The rest comes
// when more is closed.
func openingOnItsWay(t *testing.T, s *site, more chan struct{}) {
	t.Helper()
	s.replace("/weights/faces.safetensors", halves(pageFile(t, "weights/faces.safetensors"), more))
}

// same compares pixels of the page with others.
func same(got []int, want []byte) bool {
	return slices.EqualFunc(got, want, func(a int, b byte) bool { return a == int(b) })
}

// The recording is what the live sampler makes, byte by byte, and plays before
// the sampler is there.
func TestFirstSecond(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	openingOnItsWay(t, s, more)
	w := newTab(t, s)
	w.before(events)
	w.open("")
	w.wait(replayed)
	if got := eval[string](w, state); got != "loading" {
		t.Errorf("with half of the weights the page is %s", got)
	}
	want := native(t, opening)
	for _, plane := range []struct {
		name string
		of   func(step int) []byte
	}{
		{"xt", func(i int) []byte { return want.steps[i].Xt }},
		{"x0", func(i int) []byte { return want.steps[i].X0 }},
	} {
		got := eval[[][]int](w, ofStage(`Array.from({length: 160}, (_, i) =>
			[...stage.film.kept.get(1 + Math.floor(i / 8))[i % 8].`+plane.name+`])`))
		for i := range got {
			if !same(got[i], plane.of(i)) {
				t.Errorf("step %d: picture %d of the recording has another %s", 1+i/8, i%8,
					plane.name)
			}
		}
	}
	// The live run takes over without a step back.
	eval[any](w, call("least-step.js"))
	close(more)
	w.ended(opening)
	least, latest := eval[int](w, `least`), eval[int](w, ofStage(`stage.film.latest`))
	if least != 20 || latest != 20 {
		t.Errorf("in the live run the stage was back at step %d and ends at %d", least, latest)
	}
	// Afterwards every view is there, also of steps that were recorded.
	noise := eval[[]int](w, ofStage(`[...stage.film.kept.get(3)[5].epsilon]`))
	if !same(noise, want.steps[2*8+5].Epsilon) {
		t.Error("the noise of step 3 is not the live run's")
	}
	if eval[bool](w, byID("box")+`.hasAttribute('data-first')`) && w.visible("loading") {
		t.Error("what is loaded is still shown")
	}
}

// A recording of other bytes gives way to the live run.
func TestFirstSecondOfOtherBytes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	openingOnItsWay(t, s, more)
	w := newTab(t, s)
	// Pixels of the last picture are others in step 20, and the live run says so at its end.
	w.before(run("changed-recording.js"))
	w.open("")
	w.wait(replayed)
	want := native(t, opening)
	last := ofStage(`[...stage.film.kept.get(20)[7].xt]`)
	if same(eval[[]int](w, last), want.steps[19*8+7].Xt) {
		t.Fatal("the recording is not another")
	}
	close(more)
	w.ended(opening)
	w.checkStage(want, 20, 7)
}

// A recording that is shown to those who want no motion can be shared, and is drawn for its files.
func TestRecordingIsShared(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.before(events + keepFiles + run("keep-times.js"))
	w.open("")
	w.wait(startable + ` && ` + replayed + ` && ` + byID("save-open") + `.ariaDisabled === 'false'`)
	want := native(t, opening)
	w.click("button", "Save")
	w.wait(done + ` && !` + byID("share-files-panel") + `.inert`)
	if !eval[bool](w, byID("share")+`.open`) {
		t.Error("the dialog is closed while the recording is drawn")
	}
	if times := eval[[]int](w, `times`); len(times) != 1 || times[0] != 20 {
		t.Errorf("the stage went through the steps %v, want 20 alone", times)
	}
	if file := w.saves("Picture"); len(file) == 0 {
		t.Error("the picture is empty")
	}
	w.click("tab", "Link")
	w.wait(byID("share-link") + `.value.includes('#` + opening + `&by=') && ` + byID("share-link") +
		`.value.endsWith('h=` + want.done.Hash[:16] + `')`)
}

// The link is there before anything is drawn here.
func TestRecordingHasALink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	t.Cleanup(func() { close(more) })
	openingOnItsWay(t, s, more)
	w := newTab(t, s)
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.open("")
	w.wait(replayed + ` && ` + byID("share-open") + `.ariaDisabled === 'false'`)
	w.click("button", "Share")
	w.wait(byID("share-link") + `.value.endsWith('#` + opening + `')`)
	w.waitText("share-hint", "Once the picture is drawn here")
	if eval[string](w, byID("save-open")+`.ariaDisabled`) != "true" {
		t.Error("files are offered before there is a sampler")
	}
}

// The class of a link is chosen while its sampler is on its way; one of another model is not known.
func TestClassOfALinkIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	openingOnItsWay(t, s, more)
	w := newTab(t, s)
	chosen := `document.querySelector('#classes input:checked')?.value ?? ''`
	w.open("#m=faces&c=hat&steps=2")
	w.wait(`!document.documentElement.hasAttribute('data-arriving')`)
	if got := eval[string](w, chosen); got != "hat" || eval[string](w, state) != "loading" {
		t.Errorf("the class %q is chosen while the page is %s", got, eval[string](w, state))
	}
	close(more)
	w.ended("m=faces&c=hat&steps=2")
	if got := eval[string](w, chosen); got != "hat" {
		t.Errorf("the class %q is chosen at the end", got)
	}
}
