//go:build !js

package sampler

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// goTool runs the go command that runs the tests. Where there is none (a test binary copied
// elsewhere) the test is skipped.
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

// TestImports keeps out of the worker's binary what would make it large, and out of the reverse
// process what it must not know.
func TestImports(t *testing.T) {
	for _, path := range strings.Fields(goTool(t, []string{"GOOS=js", "GOARCH=wasm"}, "list",
		"-deps", ".", "./picture", "./mixture")) {
		switch {
		case path == "fmt" || path == "os" || path == "syscall/js" || path == "log" ||
			path == "regexp",
			path == "encoding/json" || strings.HasPrefix(path, "crypto") || path == "net" ||
				strings.HasPrefix(path, "net/"),
			strings.HasPrefix(path, "image") || strings.HasPrefix(path, "github.com/hajimehoshi/"),
			path == "tweedie/sampler/unet" || path == "tweedie/sampler/kernels":
			t.Errorf("sampler depends on %s", path)
		}
	}
}

// TestNoFusedMultiplyAdd compiles the numeric packages for arm64, where the compiler contracts a*b
// + c if it is allowed to, and looks for such instructions. Those of math.FMA are asked for and
// stay.
func TestNoFusedMultiplyAdd(t *testing.T) {
	fused := regexp.MustCompile(`\(([^()]*\.go):(\d+)\)\s+(FN?M(?:ADD|SUB)[DS])\b`)
	sources := map[string][]string{}
	packages := []string{".", "./recipe", "./solver", "./bound", "./langevin", "./likelihood",
		"./oracle", "./portable", "./schedule", "./noise", "./mixture", "./picture"}
	listing := goTool(t, []string{"GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0"},
		append([]string{"build", "-gcflags=-S"}, packages...)...)
	if !strings.Contains(listing, "FMULD") {
		t.Fatal("the compiler's listing shows no multiplication: the test looks at the wrong thing")
	}
	for _, m := range fused.FindAllStringSubmatch(listing, -1) {
		line := sourceLine(t, sources, m[1], m[2])
		if !strings.Contains(line, "math.FMA(") {
			t.Errorf("%s:%s fuses a multiply-add (%s), so that platforms differ; put the product "+
				"in float64(): %s",
				filepath.Base(m[1]), m[2], m[3], strings.TrimSpace(line))
		}
	}
}

// sourceLine returns a line of a source file, reading each file once.
func sourceLine(t *testing.T, read map[string][]string, path, number string) string {
	t.Helper()
	lines, ok := read[path]
	if !ok {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines = strings.Split(string(content), "\n")
		read[path] = lines
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(lines) {
		t.Fatalf("no line %s in %s", number, path)
	}
	return lines[n-1]
}
