package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBenchmark runs tools/bench on the built page, in Node and in Chromium.
func TestBenchmark(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed, and half of this benchmark runs in it")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	bench := exec.Command("go", "run", "./tools/bench", "-in", "node,chromium", "-rounds", "1",
		"-dist", dist, "-weights", "weights/digits-small.safetensors")
	bench.Dir = filepath.Join("..", "..")
	bench.Stderr = os.Stderr
	out, err := bench.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{"| node | guided step, two passes |",
		"| chromium | guided step, two passes |"} {
		if !strings.Contains(string(out), row) {
			t.Errorf("no line %q in\n%s", row, out)
		}
	}
}

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
