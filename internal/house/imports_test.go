//go:build !js

package house

import (
	"go/build"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room says which packages of this module a package may import, and why.
type room struct {
	knows string // package paths below tweedie/, separated by spaces
	why   string
}

// rooms lists every package that ships, from the bottom up. Data flows from a recipe's text to a
// picture. Imports point the other way: a package knows the packages that it uses, and not those
// that use it.
var rooms = map[string]room{
	"weights/json":     {"", "reads text; it knows no document's meaning"},
	"weights":          {"weights/json", "reads and writes tensors; it knows no network"},
	"sampler/portable": {"", "functions of numbers"},
	"sampler/kernels":  {"", "loops over arrays; vector and plain kernels side by side"},
	"sampler/picture":  {"", "pixels and their hash"},
	"sampler/picture/fit": {"",
		"a person's picture as a network's pixels; it knows neither"},
	"sampler/noise": {"sampler/portable", "noise by key"},
	"sampler/schedule": {"sampler/portable weights weights/json",
		"noise levels by timestep; a learned schedule is a weights file's"},
	"sampler/guidance": {"", "mixes predictions with a class and without; it knows no network"},
	"sampler/conditional": {"sampler/network",
		"one network with a label and a guidance scale; it knows no schedule"},
	"sampler/network": {"",
		"a leaf: what a sampler needs of a network, so that neither knows the other"},

	"sampler/layers": {"sampler/kernels sampler/portable weights",
		"layers of compiled networks; it knows no family of them"},
	"sampler/unet": {"sampler/kernels sampler/layers sampler/network sampler/portable weights " +
		"weights/json",
		"a network; it knows no sampler"},
	"sampler/graph": {"sampler/kernels sampler/layers sampler/network sampler/portable weights " +
		"weights/json",
		"networks whose architecture is data; it knows no family of them"},
	"sampler/classifier": {"sampler/kernels sampler/layers sampler/portable weights weights/json",
		"a network; it knows no sampler"},
	"sampler/oracle": {"sampler/portable sampler/schedule weights weights/json",
		"the exact denoiser of stored pictures"},
	"sampler/mixture": {"sampler/portable sampler/schedule",
		"the exact denoiser of a mixture"},

	"sampler/train": {"sampler/kernels sampler/layers sampler/noise sampler/portable",
		"networks that learn; it knows neither data nor what is minimised"},
	"sampler/plane": {"sampler/mixture sampler/noise sampler/picture sampler/portable",
		"distributions of points; it knows no model"},

	"sampler/working": {"", "the lines of a step's arithmetic; it computes none"},
	"sampler/solver": {"sampler/portable sampler/schedule sampler/working",
		"coefficients and one step; it knows no recipe"},
	"sampler/recipe": {"sampler/guidance sampler/network sampler/picture sampler/schedule " +
		"sampler/solver weights/json", "text to settings; it runs nothing"},
	"sampler": {"sampler/conditional sampler/guidance sampler/network sampler/noise " +
		"sampler/picture sampler/portable sampler/recipe sampler/schedule sampler/solver " +
		"sampler/working",
		"carries a recipe out; it knows no family of networks"},
	"sampler/lab": {"sampler/bound sampler/conditional sampler/kernels sampler/layers " +
		"sampler/mixture sampler/network sampler/noise sampler/plane sampler/portable " +
		"sampler/recipe sampler/schedule sampler/train weights",
		"models that are trained on the plane; it carries no recipe out"},
	"sampler/lab/vae": {"sampler/bound sampler/kernels sampler/noise sampler/plane " +
		"sampler/portable sampler/train",
		"autoencoders of points and of pictures"},
	"sampler/lab/digits": {"", "pictures of digits; it knows no model"},
	"sampler/lab/keys": {"sampler/lab sampler/lab/digits sampler/lab/vae sampler/mixture " +
		"sampler/plane sampler/recipe sampler/schedule sampler/solver",
		"a lab's text to settings; it runs nothing"},
	"sampler/lab/experiment": {"sampler sampler/bound sampler/kernels sampler/lab " +
		"sampler/lab/digits sampler/lab/keys sampler/lab/vae sampler/mixture sampler/noise " +
		"sampler/picture sampler/plane sampler/portable sampler/recipe sampler/schedule " +
		"sampler/solver sampler/train",
		"carries a lab's recipe out; it knows no page"},
	"sampler/bound": {"sampler/conditional sampler/noise sampler/portable sampler/schedule",
		"the bound, for any network"},
	"sampler/derive": {"", "formulas and their values; it knows no schedule and no network"},
	"sampler/langevin": {"sampler/conditional sampler/noise sampler/portable sampler/schedule",
		"Langevin dynamics, for any network"},
	"sampler/likelihood": {"sampler sampler/bound sampler/network sampler/picture sampler/recipe " +
		"sampler/schedule sampler/solver",
		"estimates by a recipe"},
	"sampler/model": {"sampler/classifier sampler/graph sampler/network sampler/oracle " +
		"sampler/picture " +
		"sampler/recipe sampler/schedule sampler/unet weights weights/json",
		"the one place that knows every family of networks"},

	"wasm/protocol": {"sampler sampler/derive sampler/likelihood sampler/model sampler/network " +
		"sampler/picture sampler/recipe sampler/schedule sampler/solver sampler/working weights",
		"requests and messages; it knows no browser"},
	"wasm/post":   {"", "posts messages to the page; it knows none of them"},
	"wasm/worker": {"wasm/post wasm/protocol", "carries messages between the page and a session"},
	"wasm/viewer": {"wasm/plane", "draws what the page tells it to; it holds no sampler"},
	"wasm/plane":  {"", "draws scenes of the plane; it holds no sampler"},
	"wasm/lab": {"sampler/lab sampler/lab/digits sampler/lab/experiment sampler/lab/keys " +
		"sampler/mixture sampler/plane sampler/portable sampler/recipe sampler/schedule " +
		"sampler/solver wasm/post",
		"requests and messages of the lab; it trains nothing itself"},
	"wasm/bench": {"sampler/kernels sampler/layers sampler/unet wasm/post weights",
		"times kernels and networks in a browser"},
	"wasm/converter": {"tools/convert/conversion tools/convert/family tools/convert/reason " +
		"wasm/post",
		"converts the files that a page is given; it knows no format"},

	"tools/convert/reason": {"",
		"refusals, for the command line and for a page with words of its own"},
	"tools/convert/torch": {"tools/convert/reason weights",
		"reads PyTorch's files, and runs nothing of them"},
	"tools/convert/checkpoint": {"tools/convert/reason tools/convert/torch weights weights/json",
		"finds and reads a checkpoint; it knows no network"},
	"tools/convert/family": {"sampler/graph sampler/portable sampler/schedule " +
		"tools/convert/reason weights",
		"state dictionaries as graphs; it knows no file"},
	"tools/convert/conversion": {"sampler/classifier sampler/graph sampler/model sampler/oracle " +
		"sampler/picture sampler/recipe sampler/schedule sampler/unet tools/convert/checkpoint " +
		"tools/convert/family tools/convert/reason tools/convert/torch weights weights/json",
		"a checkpoint as a weights file; it knows no operating system"},
}

// ships reports whether a package is part of what ships. Tools, tests and generators are not, but
// for the packages of the conversion, which the page has too.
func ships(name string) bool {
	if strings.HasPrefix(name, "tools/convert/") {
		return true
	}
	for _, prefix := range []string{"internal/", "tools/", "wasm/browser/"} {
		if strings.HasPrefix(name+"/", prefix) {
			return false
		}
	}
	return !strings.HasSuffix(name, "/gen") && name != "wasm/wire"
}

// TestImportsPointOneWay compares the imports of every package with its room.
func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := p.path
		if !ships(name) {
			continue
		}
		seen[name] = true
		r, ok := rooms[name]
		if !ok {
			t.Errorf("package %s has no row in rooms: say what it may know, and why", name)
			continue
		}
		for _, path := range p.imports {
			other, ours := strings.CutPrefix(path, "tweedie/")
			if ours && !slices.Contains(strings.Fields(r.knows), other) {
				t.Errorf("package %s imports %s, which it must not know: %s", name, other, r.why)
			}
		}
	}
	for name, r := range rooms {
		if !seen[name] {
			t.Errorf("there is no package %s, which rooms names", name)
		}
		for other := range strings.FieldsSeq(r.knows) {
			if _, ok := rooms[other]; !ok {
				t.Errorf("%s may know %s, which is no row of rooms", name, other)
			}
		}
	}
}

// TestNoCircles: by the rooms, no package can import itself through others.
func TestNoCircles(t *testing.T) {
	var reach func(from, to string, passed map[string]bool) bool
	reach = func(from, to string, passed map[string]bool) bool {
		for other := range strings.FieldsSeq(rooms[from].knows) {
			if other == to {
				return true
			}
			if !passed[other] {
				passed[other] = true
				if reach(other, to, passed) {
					return true
				}
			}
		}
		return false
	}
	for name := range rooms {
		if reach(name, name, map[string]bool{}) {
			t.Errorf("by its row, %s may know itself in the end", name)
		}
	}
}

// listed is a package of this module with its imports, without those of its tests.
type listed struct {
	path    string // below tweedie/
	imports []string
}

// packages reads every package of the module as it is built for the page.
func packages(t *testing.T) []listed {
	t.Helper()
	page := build.Default
	page.GOOS, page.GOARCH = "js", "wasm"
	page.ToolTags = append(page.ToolTags, "goexperiment.simd")
	root := filepath.Join("..", "..")
	var all []listed
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if skipped(path, root, d.Name()) {
			return filepath.SkipDir
		}
		p, err := page.ImportDir(path, 0)
		if _, empty := err.(*build.NoGoError); empty {
			return nil
		}
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, path)
		all = append(all, listed{filepath.ToSlash(below), p.Imports})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < len(rooms) {
		t.Fatalf("%d packages were found, and there are at least %d", len(all), len(rooms))
	}
	return all
}
