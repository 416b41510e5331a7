package browser

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// singleRecipe is the one that the tests' single file begins with.
const singleRecipe = "m=digits&c=7&s=3&steps=12&g=2"

// single is the page in one file, built once for all tests.
var single struct {
	once   sync.Once
	folder string
	err    error
}

// singleFile is the path of the page in one file.
func singleFile(t *testing.T) string {
	t.Helper()
	single.once.Do(func() {
		if single.folder, single.err = os.MkdirTemp("", "tweedie-single-"); single.err != nil {
			return
		}
		pack := exec.Command("go", "run", "./tools/pack", "single", "-o",
			filepath.Join(single.folder, "a demo.html"), "-recipe", singleRecipe)
		pack.Dir = filepath.Join("..", "..")
		if out, err := pack.CombinedOutput(); err != nil {
			t.Logf("%s", out)
			single.err = err
		}
	})
	if single.err != nil {
		t.Fatalf("the single file cannot be built: %v", single.err)
	}
	return filepath.Join(single.folder, "a demo.html")
}

// The single file opens from a folder, without a server, asks for nothing, and
// gives the very pixels; Ebitengine draws them.
func TestSingleFile(t *testing.T) {
	t.Parallel()
	const recipe = singleRecipe
	name := singleFile(t)
	checkSingleSize(t, name)

	address := "file://" + strings.ReplaceAll(name, " ", "%20")
	w := newViewerTab(t, &site{url: address})
	w.before(events)
	w.must(chromedp.Navigate(address))
	w.waitState("done")
	const pages = `[...document.querySelectorAll('a[href^="web/"]')]`
	if n := eval[int](w, pages+`.length`); n < 3 {
		t.Errorf("the file has %d links to other pages", n)
	}
	if got := eval[string](w, pages+`.filter((link) => link.checkVisibility()).join()`); got != "" {
		t.Errorf("links lead beside the file: %s", got)
	}
	want := native(t, recipe)
	heard := w.events()
	if last := heard[len(heard)-1]; last.SHA256 != want.done.Hash ||
		last.Recipe != want.done.Recipe {
		t.Errorf("got %s and %s, natively %s and %s",
			last.Recipe, last.SHA256, want.done.Recipe, want.done.Hash)
	}
	if got := eval[string](w, `location.hash`); got != "#"+want.done.Recipe {
		t.Errorf("the address holds %s, want #%s", got, want.done.Recipe)
	}
	w.wait(onViewer)
	w.checkStage(want, 12, 0)
	asked := slices.DeleteFunc(w.asked(), func(url string) bool {
		return strings.HasPrefix(url, address) || strings.HasPrefix(url, "data:") ||
			strings.HasPrefix(url, "blob:")
	})
	if len(asked) > 0 {
		t.Errorf("the file asks for %s", asked)
	}

	// Several pictures need several workers; a link into the file is a recipe.
	const grid = "m=digits&c=all&n=12&steps=2"
	w.follow("#" + grid)
	w.wait(`heard.at(-1).name === 'done' && heard.at(-1).recipe.includes('n=12')`)
	heard = w.events()
	if last := heard[len(heard)-1]; last.SHA256 != native(t, grid).done.Hash {
		t.Errorf("of twelve pictures: %+v", last)
	}

	// The lessons are in it.
	w.click("link", "1 Noise")
	w.wait(`document.querySelector('.lessons h3')?.textContent === '1.1 A picture and noise' &&
		document.adoptedStyleSheets.length === 2`)
	w.click("button", "Show it")
	w.wait(`location.hash.includes('steps=20') && location.search.includes('forward') &&
		document.querySelector('.formula-of-card .values mn')`)
}

// checkSingleSize compares the file with the gzip of what it is made of.
func checkSingleSize(t *testing.T, name string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	parts := 0
	for _, e := range names(t).Files {
		folder, base := path.Split(e.Name)
		switch {
		case folder == "weights/" && base != "digits.safetensors":
		case strings.HasPrefix(base, "bench"), strings.HasPrefix(base, "player"),
			strings.HasPrefix(base, "embed"):
		default:
			parts += e.Gzip
		}
	}
	ratio := float64(info.Size()) / float64(parts)
	t.Logf("%d bytes, %.3f times the %d of its parts", info.Size(), ratio, parts)
	if ratio > 1.4 {
		t.Errorf("the file is %.3f times as large as its parts under gzip, want at most 1.4", ratio)
	}
}

// gzipSize is how long data is under gzip -9.
func gzipSize(t *testing.T, data []byte) int {
	t.Helper()
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return small.Len()
}
