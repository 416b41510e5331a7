package browser

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// onPages makes the tests meet the page as a project of GitHub Pages: under a
// path, with that host's headers and nothing of ours. `make site-check` sets it.
var onPages = os.Getenv("TWEEDIE_HOST") == "pages"

// pagesFolder is where the project is on its host.
const pagesFolder = "/tweedie"

// pagesTypes are the types that GitHub Pages gives, and whether it compresses
// them on the way, which it does also to programs.
var pagesTypes = map[string]struct {
	name string
	gzip bool
}{
	".html":        {"text/html; charset=utf-8", true},
	".css":         {"text/css; charset=utf-8", true},
	".js":          {"application/javascript; charset=utf-8", true},
	".json":        {"application/json; charset=utf-8", true},
	".svg":         {"image/svg+xml", true},
	".wasm":        {"application/wasm", true},
	".png":         {"image/png", false},
	".webmanifest": {"application/manifest+json; charset=utf-8", true},
}

// gitHubPages answers as GitHub Pages does: everything is kept for ten minutes
// and compressed by the host, which ignores the compressed files beside; no policy; 404 in HTML.
func gitHubPages(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, inside := strings.CutPrefix(r.URL.Path, pagesFolder+"/")
		if r.URL.Path == pagesFolder {
			http.Redirect(w, r, pagesFolder+"/", http.StatusMovedPermanently)
			return
		}
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Cache-Control", "max-age=600")
		header.Set("Vary", "Accept-Encoding")
		data, err := fs.ReadFile(files, name)
		if !inside || err != nil {
			header.Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<!doctype html><title>Site not found</title>")
			return
		}
		kind, known := pagesTypes[path.Ext(name)]
		if !known {
			kind.name = "application/octet-stream"
		}
		header.Set("Content-Type", kind.name)
		header.Set("ETag", fmt.Sprintf(`W/"%x"`, sha256.Sum256(data)))
		if kind.gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			var small bytes.Buffer
			z := gzip.NewWriter(&small)
			z.Write(data) // a bytes.Buffer takes everything
			z.Close()
			header.Set("Content-Encoding", "gzip")
			header.Set("Content-Length", fmt.Sprint(small.Len()))
			data = small.Bytes()
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
}

// The page finds everything under a project's path, asks for every file but its
// own by a name that holds a hash, and for none twice.
func TestUnderPath(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=4"
	s := newSiteOn(t, gitHubPages, pagesFolder)
	w := newViewerTab(t, s)
	w.before(events + processors(1)) // a second would bring a helper, with its script
	w.open("#" + recipe)
	w.waitState("done")
	want := native(t, recipe)
	heard := w.events()
	if last := heard[len(heard)-1]; last.SHA256 != want.done.Hash {
		t.Errorf("got %s, natively %s", last.SHA256, want.done.Hash)
	}
	w.wait(onViewer)
	asked := map[string]int{}
	for _, url := range w.asked() {
		asked[strings.TrimPrefix(url, s.url+"/")]++
	}
	for _, e := range s.files.Files {
		switch n := asked[e.Path]; {
		case n > 1 && e.Name != "web/icon.svg": // which the browser asks for as it likes
			t.Errorf("%s is asked for %d times", e.Path, n)
		case n > 0 && e.Path == e.Name:
			t.Errorf("%s is asked for, whose name does not tell its content", e.Path)
		}
		if e.Name == "web/page/main.js" && asked[e.Path] == 0 {
			t.Errorf("%s is not asked for: %v", e.Path, asked)
		}
	}
}

// A host that gives the page for an address without the slash at its end gives none of its files;
// then a sentence says so.
func TestWithoutSlash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	index, err := os.ReadFile(path.Join(page(t), "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	s.replace("/project/tweedie", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(index) // a page that does not arrive fails the test below
	})
	w := newTab(t, s)
	w.forgive("404", "Refused to")
	w.open("project/tweedie#m=digits&c=7")
	w.wait(`document.querySelector('.astray')?.checkVisibility()`)
	w.open("#m=digits&c=7&steps=2")
	w.waitState("done")
	if eval[bool](w, `document.querySelector('.astray').checkVisibility()`) {
		t.Error("the page says that it was not found")
	}
}

// What is printed are the pictures, what is said of them and the link, also while the viewer is
// what is seen.
func TestPrints(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.open("#m=digits&c=7&s=3&steps=4")
	w.waitState("done")
	w.wait(onViewer)
	eval[int](w, call("settled-stage.js"))
	eval[any](w, `dispatchEvent(new Event('beforeprint')); 0`)
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	if got := eval[string](w, `document.querySelector('main').innerText`); !strings.Contains(got,
		"#m=digits&c=7&s=3&steps=4&") || !strings.Contains(got, "Fingerprint") ||
		strings.Contains(got, "Another") || strings.Contains(got, "Guidance") {
		t.Errorf("what is printed says %q", got)
	}
	if eval[bool](w, `document.querySelector('.viewer').checkVisibility()`) {
		t.Error("the viewer is printed, which is empty on paper")
	}
	want := native(t, "m=digits&c=7&s=3&steps=4").picture(t, 4, 0)
	var got []byte
	w.into(call("canvas-pixels.js"), &got)
	if !bytes.Equal(got, want.Xt) {
		t.Error("the canvas that is printed has other pixels than the run")
	}
}
