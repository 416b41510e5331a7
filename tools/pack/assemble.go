package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/sampler/recipe"
	"tweedie/tools/pack/program"
)

// file is one file of the built page, held in memory: a folder is one way of
// delivering the page, and not the only one.
type file struct {
	Path string // relative to the page, with slashes
	Data []byte
	Name string // its path in the repository, once the two differ
}

// edition says which page is built: that of the repository with its models, or a
// site of one model that somebody has converted.
type edition struct {
	root    string // the repository
	folder  string // of the models, with their thumbnails in a folder of that name
	model   string // that the page opens with
	opens   string // with this recipe, if that is not the model's own
	means   string // the model of recipes that name none, if that is another
	visited bool   // what only developers use is left out
}

// own is the repository's page.
func own(root string) edition {
	return edition{root: root, folder: filepath.Join(root, "weights"), model: openingModel,
		opens: "m=" + openingModel + "&c=all", means: ownModel}
}

// openingModel is what the repository's page opens with, and ownModel is for recipes that name
// none.
const (
	openingModel = "faces"
	ownModel     = "digits"
)

// assemble compiles and gathers the whole page, ordered by path.
func (e edition) assemble() ([]file, error) {
	var files []file
	for _, gather := range []func() ([]file, error){e.programs, e.loader, e.pageFiles,
		e.weightFiles, e.recordings, e.course} {
		more, err := gather()
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	list, err := models(files)
	if err != nil {
		return nil, err
	}
	drawn, err := icons(files)
	if err != nil {
		return nil, err
	}
	small, err := thumbnails(e.folder, files)
	if err != nil {
		return nil, err
	}
	files = append(append(files, list, small), drawn...)
	frames, err := skeletons(files)
	if err != nil {
		return nil, err
	}
	files = append(files, frames...)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, fmt.Errorf("%s would be written twice", files[i].Path)
		}
	}
	return files, nil
}

// programs compiles the WebAssembly programs.
func (e edition) programs() ([]file, error) {
	var files []file
	for _, p := range program.All() {
		if e.visited && spare(p.Path) {
			continue
		}
		data, err := p.Build(e.root)
		if err != nil {
			return nil, err
		}
		files = append(files, file{Path: p.Path, Data: data})
	}
	return files, nil
}

// loader takes the script that starts the programs.
func (e edition) loader() ([]file, error) {
	data, err := program.Loader(e.root)
	return []file{{Path: "web/wasm_exec.js", Data: data}}, err
}

// notServed are the endings of files under web/ that are not for visitors, and
// privateFolders the names of folders.
var (
	notServed      = []string{".md", ".ts", ".go", ".test.js", "package.json"}
	privateFolders = []string{"node_modules", "testdata"}
)

// spare says whether a site of one model does without a file: the page that times the kernels, and
// the converter, which is for models that others bring.
func spare(name string) bool {
	return strings.HasPrefix(name, "web/bench") || name == program.Converter.Path ||
		name == "web/own/worker.js"
}

// pageFiles reads index.html and everything in web/ that visitors get.
func (e edition) pageFiles() ([]file, error) {
	index, err := os.ReadFile(filepath.Join(e.root, "index.html"))
	if err != nil {
		return nil, err
	}
	files := []file{{Path: "index.html", Data: index}}
	source := os.DirFS(e.root)
	err = fs.WalkDir(source, "web", func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".")
		ends := func(with string) bool { return strings.HasSuffix(name, with) }
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || name == "web/dist" ||
			slices.Contains(privateFolders, entry.Name())):
			return fs.SkipDir
		case entry.IsDir() || hidden || slices.ContainsFunc(notServed, ends),
			e.visited && spare(name):
			return nil
		}
		data, err := fs.ReadFile(source, name)
		files = append(files, file{Path: name, Data: data})
		return err
	})
	return files, err
}

// recordings are the runs that the page and the player show at first, made by the real sampler.
func (e edition) recordings() ([]file, error) {
	var files []file
	for path, recipe := range map[string]string{
		"web/first.bin":       cmp.Or(e.opens, "m="+e.model),
		"web/embed/first.bin": "m=" + cmp.Or(e.means, e.model),
	} {
		data, err := e.recorded(recipe)
		if err != nil {
			return nil, err
		}
		files = append(files, file{Path: path, Data: data})
	}
	return files, nil
}

// recorded is the recording of a recipe.
func (e edition) recorded(text string) ([]byte, error) {
	asked, err := recipe.Parse(text)
	if err != nil {
		return nil, err
	}
	out, err := os.CreateTemp("", "first")
	if err != nil {
		return nil, err
	}
	out.Close()
	defer os.Remove(out.Name())
	weights := filepath.Join(e.folder, asked.Get("m")+".safetensors")
	// Vector instructions change no byte, and take a tenth of the time.
	if _, err := program.Go(e.root, []string{"GOEXPERIMENT=simd"}, "run", "./tools/pack/first",
		"-o", out.Name(), weights, text); err != nil {
		return nil, err
	}
	return os.ReadFile(out.Name())
}

// weightFiles reads the models that the page offers.
func (e edition) weightFiles() ([]file, error) {
	names, err := filepath.Glob(filepath.Join(e.folder, "*.safetensors"))
	if err != nil {
		return nil, err
	}
	files := make([]file, 0, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{Path: "weights/" + filepath.Base(name), Data: data})
	}
	return files, nil
}
