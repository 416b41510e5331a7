package browser

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"tweedie/wasm/browser/engines"
)

// A run whose tab is hidden in its middle goes on; what is drawn when it is
// seen again is all of it.
func visitHidden(v *visit) {
	const recipe = "m=digits&c=7&s=3&steps=20"
	v.open(v.site.url + "/?hidden#" + recipe)
	want := v.waitDone(recipe)
	v.wait(onViewer)
	v.do(struck("n")) // starts again, and waits at the first step
	v.wait(paused)
	err := v.b.Hide(v.t.Context())
	var cannot *engines.Cannot
	if errors.As(err, &cannot) {
		v.t.Skip(err)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	v.wait(`document.visibilityState === 'hidden'`)
	v.do(`addEventListener('tweedie:done', () => (window.over = true))`)
	v.do(struck("p"))
	v.wait(`window.over`)
	if got := v.text(`document.visibilityState`); got != "hidden" {
		v.t.Errorf("at the end of the run the tab is %s", got)
	}
	if err := v.b.Show(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
	v.wait(`document.visibilityState === 'visible'`)
	v.wait(onViewer)
	checkPixels(v.t, v.into, want, 20, 0)
}

// The second visit needs no network, where the browser keeps pages at all.
func visitOffline(v *visit) {
	v.open(v.site.url + "/?kept#m=digits&steps=2")
	v.waitDone("m=digits&steps=2")
	if v.text(`'serviceWorker' in navigator`) != "true" {
		v.t.Skip("this browser keeps no pages: it has no service workers here")
	}
	v.wait(`navigator.serviceWorker.controller`)
	weights := v.site.files.Named(`caches.match('weights/digits.safetensors')`)
	v.do(`(async () => { while (!(await ` + weights +
		`)) await new Promise((resolve) => setTimeout(resolve, 20)); })()`)
	v.site.cut(true)
	defer v.site.cut(false)
	before := v.site.count()
	v.open(v.site.url + "/?again#m=digits&c=3&steps=3")
	v.waitDone("m=digits&c=3&steps=3")
	v.wait(onViewer)
	for _, path := range v.site.since(before) {
		// The browser itself looks whether there is another version.
		if path != "/service-worker.js" {
			v.t.Errorf("the second visit asks for %s", path)
		}
	}
}

// The lab saves itself, and opens from a folder as it does on its site.
func visitSavesTheLab(v *visit) {
	var file []byte
	v.site.replace("/web/saved", func(_ http.ResponseWriter, r *http.Request) {
		file, _ = io.ReadAll(r.Body) // one that is cut short opens as no page
	})
	v.open(v.site.url + "/web/lab.html#" + offlineRecipe)
	v.wait(hashed)
	v.do(call("save-lab.js"))
	v.wait(`window.saved`)
	if v.text(`await window.saved`) != "true" {
		v.t.Fatal("the file did not arrive")
	}
	name := filepath.Join(v.t.TempDir(), "lab.html")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.open("file://" + name)
	v.wait(hashed)
	v.says("the link promises")
}

// The page makes a file of itself, which opens from a folder and draws the same
// pixels. A driver need not know of downloads: the page hands its file over.
func visitSavesTheDemo(v *visit) {
	const recipe = "m=digits&c=4&s=5&steps=2"
	var file []byte
	v.site.replace("/saved", func(_ http.ResponseWriter, r *http.Request) {
		file, _ = io.ReadAll(r.Body) // one that is cut short opens as no page
	})
	v.open(v.site.url + "/?demo#" + recipe)
	v.waitDone(recipe)
	v.do(call("save-demo.js"))
	v.wait(`window.saved`)
	if v.text(`await window.saved`) != "true" {
		v.t.Fatal("the file did not arrive")
	}
	name := filepath.Join(v.t.TempDir(), "demo.html")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.open("file://" + name)
	v.waitDone(recipe)
	v.says("identical")
	if got := v.text(`location.search`); got != "?demo" {
		v.t.Errorf("the file is looked at with %q, want what the page was", got)
	}
	v.wait(onViewer)
}
