package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// file is one file of the built page, held in memory: a folder is one way of
// delivering the page, and not the only one.
type file struct {
	Path string // relative to the page, with slashes
	Data []byte
}

// program is one WebAssembly binary of the page.
type program struct {
	path       string // in the built page
	source     string // package, relative to the repository
	experiment string // GOEXPERIMENT it is built with
}

// programs are the binaries of the page. An engine without SIMD refuses a module
// that holds a single SIMD instruction, so the sampler comes in two builds; the
// viewer gains nothing from SIMD and comes without.
var programs = []program{
	{"web/worker.wasm", "./wasm/worker", "simd"},
	{"web/worker-scalar.wasm", "./wasm/worker", "nosimd"},
	{"web/viewer.wasm", "./wasm/viewer", "nosimd"},
}

// assemble compiles and gathers the whole page from the repository at root,
// ordered by path.
func assemble(root string) ([]file, error) {
	files, err := compile(root)
	if err != nil {
		return nil, err
	}
	for _, gather := range []func(string) ([]file, error){loader, pageFiles, weightFiles} {
		more, err := gather(root)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, fmt.Errorf("%s would be written twice", files[i].Path)
		}
	}
	return files, nil
}

// compile builds the programs. What has not changed comes out of go's own build
// cache; dates are never compared.
func compile(root string) ([]file, error) {
	temporary, err := os.MkdirTemp("", "tweedie-pack-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	files := make([]file, 0, len(programs))
	for _, p := range programs {
		out := filepath.Join(temporary, path.Base(p.path))
		env := []string{"GOOS=js", "GOARCH=wasm", "GOEXPERIMENT=" + p.experiment}
		// Without -trimpath and -buildvcs=false the bytes would tell where and
		// at which commit they were built.
		_, err := goCommand(root, env, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, p.source)
		if err != nil {
			return nil, fmt.Errorf("building %s: %w", p.path, err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			return nil, err
		}
		files = append(files, file{p.path, data})
	}
	return files, nil
}

// loader takes the script that starts Go programs in JavaScript from the
// toolchain that compiled them: the two must be of one version.
func loader(root string) ([]file, error) {
	goroot, err := goCommand(root, nil, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, fmt.Errorf("the Go toolchain lacks its JavaScript loader: %w", err)
	}
	return []file{{"web/wasm_exec.js", data}}, nil
}

// notServed are the endings of files under web/ that are not for visitors.
var notServed = []string{".md", ".ts", ".go"}

// pageFiles reads index.html and everything in web/ that visitors get.
func pageFiles(root string) ([]file, error) {
	index, err := os.ReadFile(filepath.Join(root, "index.html"))
	if err != nil {
		return nil, err
	}
	files := []file{{"index.html", index}}
	source := os.DirFS(root)
	err = fs.WalkDir(source, "web", func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || name == "web/dist" || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || hidden || slices.Contains(notServed, path.Ext(name)):
			return nil
		}
		data, err := fs.ReadFile(source, name)
		files = append(files, file{name, data})
		return err
	})
	return files, err
}

// weightFiles reads the models that the page offers.
func weightFiles(root string) ([]file, error) {
	names, err := filepath.Glob(filepath.Join(root, "weights", "*.safetensors"))
	if err != nil {
		return nil, err
	}
	files := make([]file, 0, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{"weights/" + filepath.Base(name), data})
	}
	return files, nil
}
