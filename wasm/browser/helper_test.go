package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// passes has the page see what workers say to each other, and ends one of them in a phase of the
// first pass.
func passes(phase, whom string) string {
	return run("passes.js", map[string]string{"phase": phase, "whom": whom})
}

// Whether one worker makes all passes of a picture or two share them, the pixels are those that one
// makes natively, and the page says how many there are.
func TestTwoWorkersMakeTheSamePicture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		recipe              string // with its steps
		processors, workers int
		shared              bool // by how many is for the clock, but some passes always are
	}{
		{"m=digits&c=7&s=3&steps=%d", 1, 1, false},
		{"m=digits&c=7&s=3&steps=%d", 2, 2, true},
		{"m=digits&c=7&s=3&steps=%d", 4, 2, true},
		{"m=digits&c=7&s=3&g=0&cg=4&steps=%d", 2, 2, true},
		{"m=digits&c=7&s=3&g=2&cg=4&steps=%d", 4, 2, true},
		{"m=digits-cascade&c=4&steps=3&bsteps=%d", 2, 2, true},
		{"m=digits&c=7&s=3&n=2&steps=%d", 4, 4, true},
		{"m=digits&c=7&s=3&n=3&steps=%d", 4, 4, true},
		{"m=digits&c=7&s=3&g=1&steps=%d", 2, 1, false},
	} {
		t.Run(fmt.Sprintf(c.recipe+" on %d", 12, c.processors), func(t *testing.T) {
			recipe := fmt.Sprintf(c.recipe, 12)
			want := native(t, recipe)
			n := len(want.steps) / want.started.Images
			w := newTab(t, newSite(t))
			w.before(events + processors(c.processors) + passes("", ""))
			if c.shared { // until both ways of a step were tried
				w.open("#" + fmt.Sprintf(c.recipe, 900))
				w.wait(`passes > 5 && [...readouts].some((text) => text.includes(' on '))`)
				w.follow("#" + recipe)
				w.wait(`heard.at(-1)?.name === 'done'`)
				eval[any](w, fmt.Sprintf(`heard.splice(1, heard.length - %d); 0`, n+2))
			} else {
				w.open("#" + recipe)
				w.waitState("done")
			}
			done := w.inOrder(n)
			if done.SHA256 != want.done.Hash || done.Recipe != want.done.Recipe {
				t.Errorf("got %+v, natively %+v", done, want.done)
			}
			if got := eval[int](w, alive); got != c.workers {
				t.Errorf("%d workers, want %d", got, c.workers)
			}
			if made := eval[int](w, `passes`); (made > 0) != c.shared {
				t.Errorf("%d passes were made by another worker", made)
			}
		})
	}
}

// A worker that is ended in any phase of a pass costs time and nothing else, whichever of the two
// it is.
func TestEitherOfTwoWorkersIsLost(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=40"
	want := native(t, recipe)
	for _, whom := range []string{"helper", "helped"} {
		for _, phase := range []string{"before", "between", "after"} {
			t.Run(whom+" "+phase, func(t *testing.T) {
				w := newTab(t, newSite(t))
				w.before(events + processors(2) + passes(phase, whom))
				w.open("#" + recipe)
				w.wait(`workers.some((w) => !w.alive)`)
				w.waitState("done")
				if done := w.inOrder(40); done.SHA256 != want.done.Hash {
					t.Errorf("got %s, natively %s", done.SHA256, want.done.Hash)
				}
				w.checkStage(want, 40, 0)
			})
		}
	}
}

// A picture of two workers is cancelled and paused as that of one, and goes on with the same bits.
func TestTwoWorkersAreSteered(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=40"
	want := native(t, recipe)
	w := newTab(t, newSite(t))
	w.before(events + processors(2) + passes("", ""))
	w.open("#" + recipe)
	w.wait(`passes > 0`)
	w.cancel()
	w.waitState("cancelled")
	w.forget()
	eval[any](w, `addEventListener('tweedie:step', () => `+struck("p")+`, {once: true}); 0`)
	w.draw()
	w.wait(paused)
	w.wait(`heard.at(-1).step < 40`)
	eval[any](w, struck("p"))
	w.waitState("done")
	if end := eval[event](w, `heard.at(-1)`); end.SHA256 != want.done.Hash {
		t.Errorf("got %+v, natively %s", end, want.done.Hash)
	}
}

// A player has a second worker, too: its pictures are those that one worker makes.
func TestPlayerOnTwoWorkers(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=40"
	s := newSite(t)
	ownHost(s, `<iframe id="f" width="640" height="380" src="/web/player.html#m=digits`+
		`&amp;c=7&amp;s=3&amp;steps=40"></iframe>`)
	w := newTab(t, s)
	w.before(processors(2) + passes("", ""))
	w.must(chromedp.Navigate(s.url + "/host/"))
	w.wait(`f.contentDocument?.documentElement.dataset.state === 'done' &&
		f.contentDocument.getElementById('home').hash === '#` + native(t, recipe).done.Recipe + `'`)
	if eval[int](w, `f.contentWindow.passes`) == 0 {
		t.Error("no pass was made by a second worker")
	}
}
