//go:build !js

package reading

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// packages are the tested ones: this package and the two that use it.
var packages = []string{".", "../bound", "../langevin"}

// goTool runs the go command that runs the tests. Without one (a test binary copied elsewhere) the
// test is skipped.
func goTool(t *testing.T, env []string, arguments ...string) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command on this machine to ask about the build")
	}
	c := exec.Command(path, arguments...)
	c.Env = append(c.Environ(), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// TestImports keeps packages that would make the worker's binary large out of
// these.
func TestImports(t *testing.T) {
	list := append([]string{"list", "-deps"}, packages...)
	for _, path := range strings.Fields(goTool(t, []string{"GOOS=js", "GOARCH=wasm"}, list...)) {
		first, _, _ := strings.Cut(path, "/")
		switch {
		case path == "fmt", path == "os", path == "log", path == "regexp", path == "syscall/js",
			path == "encoding/json",
			first == "crypto", first == "net", first == "image", first == "text":
			t.Errorf("%v depend on %s", packages, path)
		}
	}
}

// TestNoFusedMultiplyAdd compiles the packages for arm64, where the compiler contracts a*b + c if
// it may, and looks for such instructions.
func TestNoFusedMultiplyAdd(t *testing.T) {
	fused := regexp.MustCompile(`\(([^()]*\.go):(\d+)\)\s+(FN?M(?:ADD|SUB)[DS])\b`)
	build := append([]string{"build", "-gcflags=-S"}, packages...)
	listing := goTool(t, []string{"GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0"}, build...)
	if !strings.Contains(listing, "FMULD") {
		t.Fatal("the compiler's listing shows no multiplication: the test looks at the wrong thing")
	}
	for _, m := range fused.FindAllStringSubmatch(listing, -1) {
		if line := sourceLine(t, m[1], m[2]); !strings.Contains(line, "math.FMA(") {
			t.Errorf("%s:%s fuses a multiply-add (%s), so that platforms differ; put the "+
				"product in float64(): %s",
				filepath.Base(m[1]), m[2], m[3], strings.TrimSpace(line))
		}
	}
}

func sourceLine(t *testing.T, path, number string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(lines) {
		t.Fatalf("no line %s in %s", number, path)
	}
	return lines[n-1]
}
