package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// carriedFiles lists what a single file carries.
func carriedFiles(document []byte) []string {
	var names []string
	for _, found := range regexp.MustCompile(
		`<script type="application/gzip" data-file="([^"]+)" data-bytes="\d+">`).FindAllSubmatch(
		document, -1) {
		names = append(names, string(found[1]))
	}
	slices.Sort(names)
	return names
}

// The page saves itself with the run of the moment as one file, which opens
// from a folder and draws the same pixels; so does the file itself.
func TestSavesTheDemo(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=4&s=5&g=0&cg=4&steps=3"
	want := native(t, recipe)
	w := newViewerTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#" + recipe)
	w.waitState("done")
	w.click("button", "Save")
	file := w.saves("Offline copy")
	w.shoot("-dialog")
	first := carriedFiles(file)
	if !slices.Equal(first, []string{
		"web/engine/worker.js", "web/learn/lessons.json", "web/look/lessons-page.css",
		"web/look/lessons.css",
		"web/models.json", "web/single.html", "web/thumbnails.json", "web/viewer.wasm",
		"web/viewer/frame.html", "web/worker-scalar.wasm", "web/worker.wasm",
		"weights/digits-classifier.safetensors", "weights/digits.safetensors",
	}) {
		t.Errorf("the file carries %s", first)
	}

	name := filepath.Join(t.TempDir(), "demo.html")
	for _, next := range []string{"#m=digits&c=2&steps=2", ""} {
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		address := "file://" + name
		d := newViewerTab(t, &site{url: address})
		d.before(keepFiles)
		d.must(chromedp.Navigate(address))
		d.waitState("done")
		d.says("status", want.done.Hash[:16], "identical")
		d.wait(onViewer)
		if next == "" {
			break
		}
		// The saved file saves another run.
		d.follow(next)
		want = native(t, strings.TrimPrefix(next, "#"))
		d.wait(done + ` && location.hash.endsWith('` + want.done.Hash[:16] + `')`)
		d.click("button", "Save")
		file = d.saves("Offline copy")
		if again := carriedFiles(file); !slices.Equal(again, first) {
			t.Errorf("saved again the file carries %s", again)
		}
	}
}

// A comparison is saved with both models, and opens as it was looked at.
func TestSavesTheComparison(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("?against=m:fashion&views=x0&step=1#m=digits&c=4&steps=2")
	w.wait(compared)
	const asked = `[...new URLSearchParams(location.search)].map(String).sort().join() +
		location.hash`
	address, status := eval[string](w, asked), w.text("status")
	w.click("button", "Save")
	file := w.saves("Offline copy")
	all := strings.Join(carriedFiles(file), " ")
	if !strings.HasSuffix(all, " weights/digits.safetensors weights/fashion.safetensors") {
		t.Errorf("the file carries %s", all)
	}

	name := filepath.Join(t.TempDir(), "demo.html")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newTab(t, &site{url: "file://" + name})
	d.must(chromedp.Navigate("file://" + name))
	d.wait(compared + ` && ` + has("status", "identical"))
	if got := eval[string](d, asked); got != address {
		t.Errorf("the file opens with %s, want %s", got, address)
	}
	_, prints, _ := strings.Cut(status, ": ")
	for _, hash := range regexp.MustCompile(`[0-9a-f]{16}`).FindAllString(prints, -1) {
		d.says("status", hash)
	}
	if got := d.value("timeline"); got != "1" {
		t.Errorf("the file shows step %s", got)
	}
}

// Saving can be cancelled, and what cannot be had is told in one sentence.
func TestSavingTheDemoFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newViewerTab(t, s)
	w.before(keepFiles)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.wait(onViewer)
	w.click("button", "Save")
	s.replace("/web/single.html", missing)
	w.click("button", "Save Offline copy")
	w.waitText("share-said", "web/single.html cannot be had: the server answered 404.")
	w.forgive("web/single.html")
	s.cut(true)
	w.click("button", "Save Offline copy")
	w.waitText("share-said", "web/single.html could not be downloaded")
	s.cut(false)
	s.replace("/web/single.html", nil)
	w.on(w.find("button", "Save Offline copy"),
		`function () { this.click(); `+byID("save-cancel")+`.click(); return ''; }`)
	w.waitText("share-said", "Nothing was saved.")
	if n := eval[int](w, `saved.length`); n != 0 {
		t.Errorf("%d files were saved", n)
	}

	// Without the program for engines without vectors the file is whole for others.
	s.replace("/web/worker-scalar.wasm", missing)
	got := carriedFiles(w.saves("Offline copy"))
	if slices.Contains(got, "web/worker-scalar.wasm") ||
		!slices.Contains(got, "web/worker.wasm") {
		t.Errorf("the file carries %s", got)
	}
	w.forgive("web/worker-scalar.wasm")
}
