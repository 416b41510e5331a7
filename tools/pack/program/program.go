// Package program compiles the WebAssembly programs of the page. It is apart
// from tools/pack so that tests can run the very bytes that visitors get.
package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tweedie/tools/pack/peephole"
	"tweedie/tools/pack/slim"
)

// Program is one binary of the page.
type Program struct {
	Path       string // in the built page, with slashes
	source     string // import path of the command
	experiment string // GOEXPERIMENT it is built with
	shorten    string // beginning of the names of functions to rewrite, or empty
}

// The programs. An engine without SIMD refuses a module that holds a single
// SIMD instruction, so the sampler and the lab come in two builds; the viewer and
// the converter gain nothing from SIMD and come without.
var (
	Worker = Program{"web/worker.wasm", "tweedie/wasm/worker", "simd",
		"tweedie_sampler_kernels."}
	ScalarWorker = Program{"web/worker-scalar.wasm", "tweedie/wasm/worker", "nosimd", ""}
	Viewer       = Program{"web/viewer.wasm", "tweedie/wasm/viewer", "nosimd", ""}
	Converter    = Program{"web/converter.wasm", "tweedie/wasm/converter", "nosimd", ""}
	Lab          = Program{"web/lab.wasm", "tweedie/wasm/lab", "simd",
		"tweedie_sampler_kernels."}
	ScalarLab = Program{"web/lab-scalar.wasm", "tweedie/wasm/lab", "nosimd", ""}
	Bench     = Program{"web/bench.wasm", "tweedie/wasm/bench", "simd",
		"tweedie_sampler_kernels."}
)

// unchecked leaves the compiler's bounds and nil checks out of the vector
// kernels, where each is a branch in an inner loop: every kernel checks the
// lengths of its slices before it starts, and the guard bands of its tests
// show that it keeps to them.
const unchecked = "-gcflags=tweedie/sampler/kernels=-B -d=disablenil"

// unhurried are packages whose functions are called, not copied to where they
// are called from: they work when a model is loaded, a run begins or a message
// comes, or wait on the kernels. It saves 7 % of what a worker weighs.
var unhurried = []string{
	"runtime", "internal/runtime/maps", "internal/strconv", "strconv", "strings", "slices",
	"syscall/js", "tweedie/sampler/...", "tweedie/wasm/protocol", "tweedie/wasm/post",
	"tweedie/wasm/worker", "tweedie/weights/...", "tweedie/tools/convert/...", "fmt", "regexp/...",
	"encoding/...", "math/big", "reflect",
}

// hurried are the kernels, for which the compiler decides; the last flag for a
// package counts.
const hurried = "-gcflags=tweedie/sampler/kernels="

// All lists every program of the page.
func All() []Program {
	return []Program{Worker, ScalarWorker, Viewer, Converter, Lab, ScalarLab, Bench}
}

// Build compiles the program from the module that contains the folder dir. What
// has not changed comes out of go's own build cache; dates are never compared.
func (p Program) Build(dir string) ([]byte, error) {
	temporary, err := os.MkdirTemp("", "tweedie-program-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	out := filepath.Join(temporary, "program.wasm")
	linker := "-ldflags=-s -w"
	if p.shorten != "" {
		linker = "-ldflags=-w" // the rewriting needs the names, and then drops them
	}
	// Without -trimpath and -buildvcs=false the bytes would tell where and at
	// which commit they were built.
	env := []string{"GOOS=js", "GOARCH=wasm", "GOEXPERIMENT=" + p.experiment}
	args := []string{"build", "-trimpath", "-buildvcs=false", linker, "-o", out}
	switch p.source {
	case Worker.source, Converter.source, Lab.source:
		for _, path := range unhurried {
			args = append(args, "-gcflags="+path+"=-l")
		}
		args = append(args, hurried)
	}
	if p.shorten != "" {
		args = append(args, unchecked)
	}
	if _, err := Go(dir, env, append(args, p.source)...); err != nil {
		return nil, fmt.Errorf("building %s: %w", p.Path, err)
	}
	module, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	if p.shorten != "" {
		if module, _, err = peephole.Rewrite(module, p.shorten); err != nil {
			return nil, err
		}
	}
	module, _, err = slim.Rewrite(module)
	return module, err
}

// Loader returns the script that starts Go programs in JavaScript, from the
// toolchain that compiles them: the two must be of one version.
func Loader(dir string) ([]byte, error) {
	goroot, err := Go(dir, nil, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	script, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, fmt.Errorf("the Go toolchain lacks its JavaScript loader: %w", err)
	}
	return script, nil
}

// Go runs the go command in dir with env added to the environment, and returns
// what it printed, trimmed. What it says of a failure is part of the error.
func Go(dir string, env []string, args ...string) (string, error) {
	command := exec.Command("go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s",
			strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}
