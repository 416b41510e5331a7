package browser

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBenchmark runs tools/bench on the built page: a step in Node and in Chromium, and pictures on
// one worker and on two.
func TestBenchmark(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed, and half of this benchmark runs in it")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	for in, rows := range map[string][]string{
		"node,chromium": {"| node | guided step, two passes |",
			"| chromium | guided step, two passes |"},
		"pool":   {"| native copies |", "| workers in Chromium |"},
		"guided": {"| from asking to the hash |"},
	} {
		bench := exec.Command("go", "run", "./tools/bench", "-in", in, "-rounds", "1",
			"-recipe", "m=digits&n=2&steps=2", "-dist", dist,
			"-weights", "weights/digits-small.safetensors")
		bench.Dir = filepath.Join("..", "..")
		bench.Stderr = os.Stderr
		out, err := bench.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if !strings.Contains(string(out), row) {
				t.Errorf("no line %q in\n%s", row, out)
			}
		}
	}
}

// TestLabBenchmark runs that of the lab on the built page, in Node and in Chromium.
func TestLabBenchmark(t *testing.T) {
	t.Parallel()
	const recipe = "d=moons&units=8&batch=16&steps=40&n=30&ssteps=5"
	check := func(place string, r *labFigures) {
		t.Helper()
		for i, list := range [][]float64{r.Rates, r.Reached, r.Learned, r.Drawing} {
			if len(list) < 2 || !(slices.Min(list) > 0) {
				t.Errorf("in %s: list %d of the figures is %v", place, i, list)
			}
		}
	}
	w := newTab(t, newSite(t))
	w.must(chromedp.Navigate(w.site.url + "/web/bench.html?" + url.Values{"lab": {recipe},
		"drawn": {recipe + "&k=heun"}, "reach": {"20"}, "rounds": {"2"}}.Encode()))
	w.wait(`document.documentElement.dataset.result`)
	check("Chromium", eval[*labFigures](w,
		`JSON.parse(document.documentElement.dataset.result).lab`))
	if n := eval[int](w, byID("speeds")+`.rows.length`); n != 3 {
		t.Errorf("there are %d rows of figures", n)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed, and half of this benchmark runs in it")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"dist": dist, "lab": true, "recipe": recipe,
		"drawn": recipe + "&k=heun", "reach": 20, "rounds": 2})
	if err != nil {
		t.Fatal(err)
	}
	bench := exec.Command("node", filepath.Join("..", "..", "tools", "bench", "node.mjs"),
		string(ask))
	bench.Stderr = os.Stderr
	out, err := bench.Output()
	r := new(labFigures)
	if err == nil {
		err = json.Unmarshal(out, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	check("Node", r)
}

// labFigures is what the lab's benchmark finds.
type labFigures struct{ Rates, Reached, Learned, Drawing []float64 }

// The page of the benchmark finds what it measures by itself.
func TestBenchmarkPage(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.Navigate(w.site.url + "/web/bench.html?rounds=1"))
	w.wait(`document.documentElement.dataset.result`)
	if got := w.text("state"); strings.Contains(got, "failed") {
		t.Errorf("the page says %q", got)
	}
	if n := eval[int](w, byID("timings")+`.rows.length`); n < 3 {
		t.Errorf("there are %d rows of figures", n)
	}
}
