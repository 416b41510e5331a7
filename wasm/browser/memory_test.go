package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// weighable makes every document keep the memory of the Go program that it runs.
var weighable = run("weighable.js")

// weighableWorker does so in a worker, which then tells how much it is.
var weighableWorker = run("weighable-worker.js")

// usage is how much memory the page's scripts, its viewer and its first worker
// have, in bytes.
type usage struct{ Scripts, Viewer, Worker float64 }

// weigh is the page's usage after a collection.
var weigh = call("weigh.js")

// runs starts generations until n are done.
func (w *tab) runs(n int) {
	w.t.Helper()
	for done := 0; done < n; {
		done = eval[int](w, call("generate.js", n))
	}
}

// Generations leave no more memory in use than the first eighty: neither in the
// page nor in the two Go programs. Nor do comparisons. WebAssembly's memory never
// shrinks, so that the programs must have collected garbage before they count.
func TestMemoryStays(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute; run without -short")
	}
	const warm = 80 // generations before the first weighing
	s := newSite(t)
	s.beforeWorker(t, weighableWorker)
	w := newViewerTab(t, s, chromedp.Flag("js-flags", "--expose-gc"),
		chromedp.Flag("enable-precise-memory-info", true))
	w.before(events + processors(2) + weighable)
	w.open("#m=digits&g=1&steps=1")
	w.waitState("done")
	w.wait(onViewer)
	w.runs(warm)
	before := eval[usage](w, weigh)
	w.runs(warm + 180)
	after := eval[usage](w, weigh)
	for _, c := range []struct {
		what          string
		before, after float64
	}{
		{"the page's scripts", before.Scripts, after.Scripts},
		{"the viewer", before.Viewer, after.Viewer}, {"the worker", before.Worker, after.Worker},
	} {
		if c.after > 1.05*c.before || c.before < 1e6 {
			t.Errorf("after %d generations %s have %.1f MB, after 180 more %.1f MB",
				warm, c.what, c.before/1e6, c.after/1e6)
		}
		t.Logf("%s: %.2f MB after %d generations, %.2f MB after 180 more",
			c.what, c.before/1e6, warm, c.after/1e6)
	}

	eval[any](w, `document.getElementById('compare').click(); 0`)
	w.runs(warm + 200)
	two := eval[usage](w, weigh)
	w.runs(warm + 260)
	later := eval[usage](w, weigh)
	if later.Scripts > 1.05*two.Scripts || later.Viewer > 1.05*two.Viewer ||
		later.Worker > 1.05*two.Worker {
		t.Errorf("comparisons need more and more memory: %+v, then %+v", two, later)
	}
	t.Logf("after 20 comparisons %+v, after 80 %+v", two, later)
}
