package browser

import (
	"fmt"
	"slices"
	"testing"
)

// poolRecipe has pictures for three workers, one of them with fewer.
const poolRecipe = "m=digits&c=all&n=5&steps=4&s=6"

// processors makes the browser say that it has n processors, and keeps the workers
// that the page starts.
func processors(n int) string {
	return run("processors.js", n)
}

// alive is how many workers there are.
const alive = `workers.filter((w) => w.alive).length`

// inOrder fails unless the page told of steps 1 to n in order, once each, and
// then of the end.
func (w *tab) inOrder(n int) event {
	w.t.Helper()
	heard := w.events()
	if len(heard) != n+2 || heard[n+1].Name != "done" {
		w.t.Fatalf("events: %+v", heard)
	}
	for i, e := range heard[1 : n+1] {
		if e.Name != "step" || e.Step != i+1 {
			w.t.Errorf("event %d: %+v, want step %d", i+1, e, i+1)
		}
	}
	return heard[n+1]
}

// However many workers share the pictures, they are those that one makes
// natively, and the page hears of them in the same order.
func TestPoolMakesTheSamePictures(t *testing.T) {
	t.Parallel()
	want := native(t, poolRecipe)
	for _, c := range []struct{ processors, workers int }{{1, 1}, {2, 2}, {3, 3}, {64, 4}} {
		t.Run(fmt.Sprint(c.processors), func(t *testing.T) {
			w := newTab(t, newSite(t))
			w.before(events + processors(c.processors))
			w.open("#" + poolRecipe)
			w.waitState("done")
			done := w.inOrder(4)
			if done.SHA256 != want.done.Hash || done.Recipe != want.done.Recipe || done.MS <= 0 {
				t.Errorf("got %+v, natively %+v", done, want.done)
			}
			if got := eval[int](w, alive); got != c.workers {
				t.Errorf("%d workers, want %d", got, c.workers)
			}
			for image := range 5 {
				w.checkStage(want, 4, image)
			}
		})
	}
}

// Workers that die in the middle, the first among them, cost time and nothing
// else.
func TestPoolLosesWorkers(t *testing.T) {
	t.Parallel()
	want := native(t, poolRecipe)
	for name, lost := range map[string][]int{"two": {2, 1}, "all three": {0, 1, 2}} {
		t.Run(name, func(t *testing.T) {
			w := newTab(t, newSite(t))
			w.before(events + processors(3) + run("lose-workers.js", lost))
			w.open("#" + poolRecipe)
			w.wait(`lost`)
			w.waitState("done")
			if done := w.inOrder(4); done.SHA256 != want.done.Hash {
				t.Errorf("got %s, natively %s", done.SHA256, want.done.Hash)
			}
		})
	}
}

// A worker that is ended before its first picture, without a word, is found out: the page says so,
// and trying again draws the picture.
func TestWorkerVanishes(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=2&steps=5"
	w := newTab(t, newSite(t))
	w.before(events + run("vanish.js", 1))
	w.open("#" + recipe)
	w.waitState("failed")
	w.says("trouble-text", "The sampler stopped unexpectedly and was started again.")
	w.click("button", "Try again")
	w.waitState("done")
	w.checkStage(native(t, recipe), 5, 0)
}

// A worker that is far ahead of another waits for it, so that pictures do not
// pile up, however long a run is; those that are kept share the bytes of a step.
func TestPoolWaitsForTheSlowest(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits-small&n=2&steps=300"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(events + processors(2) + run("hold-second.js"))
	w.open("#" + recipe)
	w.wait(`workers.length === 2 && workers.every((w) => w.steps === 128)`)
	// What is asked of a worker that waits is answered, and no step comes before.
	got := eval[[]int](w, call("steps-by-now.js", "m=digits-small"))
	if got[0] != 128 || got[1] != 128 {
		t.Errorf("the workers have sent %v pictures that nobody took, want 128", got)
	}
	eval[any](w, `workers[1].let(); 0`)
	w.waitState("done")
	if done := w.inOrder(300); done.SHA256 != want.done.Hash {
		t.Errorf("got %s, natively %s", done.SHA256, want.done.Hash)
	}
	planes := eval[[]int](w, ofStage(`stage.film.kept.get(7)`)+
		`.then(`+source("shared-planes.js")+`)`)
	if !slices.Equal(planes, []int{256, 256, 256, 2048}) {
		t.Errorf("the planes of a step, and their bytes: %v", planes)
	}
}

// Pausing, stepping and resuming are for all workers together.
func TestPoolPauses(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=all&n=5&g=1&steps=40"
	want := native(t, recipe)
	w := newViewerTab(t, newSite(t))
	w.before(events + processors(3))
	// A page that is still loading hears of steps late.
	w.open("#m=digits&n=3&g=1&steps=1")
	w.waitState("done")
	w.wait(onViewer)
	eval[any](w, `heard.splice(1); 0`)
	eval[any](w, `addEventListener('tweedie:step', () =>
		`+struck("p")+`, {once: true}); 0`)
	w.follow("#" + recipe)
	w.wait(paused + ` && workers.every((w) => w.waits)`)
	step := eval[int](w, `heard.at(-1).step`)
	if step < 1 || step > 39 {
		t.Fatalf("paused at step %d", step)
	}
	for range 2 {
		eval[any](w, `delete document.documentElement.dataset.paused; 0`)
		eval[any](w, struck("n"))
		w.wait(paused)
		if got := eval[int](w, `heard.at(-1).step`); got != step+1 && got != 40 {
			t.Errorf("one step after %d is %d", step, got)
		}
		step++
	}
	w.click("button", "Resume")
	w.waitState("done")
	if done := w.inOrder(40); done.SHA256 != want.done.Hash {
		t.Errorf("got %s, natively %s", done.SHA256, want.done.Hash)
	}
}
