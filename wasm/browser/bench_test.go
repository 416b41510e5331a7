package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
