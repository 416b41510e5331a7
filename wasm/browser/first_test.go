package browser

import (
	"slices"
	"testing"
)

// The recording is what the live sampler makes, byte by byte, and plays before
// the sampler is there.
func TestFirstSecond(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	weights := pageFile(t, "weights/digits.safetensors")
	s.replace("/weights/digits.safetensors", halves(weights, more))
	w := newTab(t, s)
	w.before(events)
	w.open("")
	const shown = `import('/web/page/main.js').then(({stage}) => stage.film.latest)`
	w.wait(`document.getElementById('timeline').getAttribute('aria-valuetext').startsWith('step 50 of 50')`)
	if got := eval[string](w, `document.documentElement.dataset.state`); got != "loading" {
		t.Errorf("with half of the weights the page is %s", got)
	}
	want := native(t, "m=digits")
	for _, plane := range []struct {
		name string
		of   func(step int) []byte
	}{
		{"xt", func(i int) []byte { return want.steps[i].Xt }}, {"x0",
			func(i int) []byte { return want.steps[i].X0 }},
	} {
		got := eval[[][]int](w, `import('/web/page/main.js').then(({stage}) =>
			Array.from({length: 50}, (_, i) => [...stage.film.kept.get(i + 1)[0].`+plane.name+`]))`)
		for i := range got {
			if !slices.EqualFunc(got[i], plane.of(i),
				func(a int, b byte) bool { return a == int(b) }) {
				t.Errorf("step %d: the recording has another %s", i+1, plane.name)
			}
		}
	}
	// The live run takes over without a step back.
	eval[any](w, `import('/web/page/main.js').then(({stage}) => {
		window.least = stage.film.latest;
		addEventListener('tweedie:step', () => { least = Math.min(least, stage.film.latest); });
	})`)
	close(more)
	w.ended("m=digits")
	if least := eval[int](w, `least`); least != 50 || eval[int](w, shown) != 50 {
		t.Errorf("during the live run the stage was back at step %d", least)
	}
	// Afterwards every view is there, also of steps that were recorded.
	noise := eval[[]int](w, `import('/web/page/main.js').then(({stage}) => [...stage.film.kept.get(3)[0].epsilon])`)
	if !slices.EqualFunc(noise, want.steps[2].Epsilon,
		func(a int, b byte) bool { return a == int(b) }) {
		t.Error("the noise of step 3 is not the live run's")
	}
	if eval[bool](w, `document.getElementById('box').hasAttribute('data-first')`) &&
		eval[bool](w, `document.getElementById('loading').checkVisibility()`) {
		t.Error("what is loaded is still shown")
	}
}

// A recording of other bytes gives way to the live run.
func TestFirstSecondOfOtherBytes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/weights/digits.safetensors",
		halves(pageFile(t, "weights/digits.safetensors"), more))
	w := newTab(t, s)
	// A pixel of x_t is another from step 45 on.
	w.before(run("changed-recording.js"))
	w.open("")
	w.wait(`document.getElementById('timeline').getAttribute('aria-valuetext').startsWith('step 50 of 50')`)
	close(more)
	w.ended("m=digits")
	want := native(t, "m=digits")
	got := eval[[]int](w, `import('/web/page/main.js').then(({stage}) => [...stage.film.kept.get(45)[0].xt])`)
	if !slices.EqualFunc(got, want.steps[44].Xt, func(a int, b byte) bool { return a == int(b) }) {
		t.Error("step 45 is the recording's")
	}
	w.checkStage(want, 50, 0)
}
