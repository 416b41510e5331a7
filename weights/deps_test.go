package weights

import (
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The package is linked into the worker, where these would cost hundreds of kilobytes
// of download (fmt and encoding/json alone 0.6 MB).
func TestDependenciesStaySmall(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("no go command under js/wasm")
	}
	out, err := exec.Command("go", "list", "-deps", "tweedie/weights").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "tweedie/weights/json") {
		t.Fatalf("go list gave %d packages without tweedie/weights/json", len(deps))
	}
	packages := []string{"fmt", "os", "io/fs", "regexp", "encoding/json", "time"}
	trees := []string{"crypto", "net", "text", "image", "github.com"}
	for _, dep := range deps {
		top, _, _ := strings.Cut(dep, "/")
		if slices.Contains(packages, dep) || slices.Contains(trees, top) {
			t.Errorf("tweedie/weights depends on %s", dep)
		}
	}
}
