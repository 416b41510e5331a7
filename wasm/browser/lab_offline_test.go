package browser

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// labFiles are what the lab in one file carries.
var labFiles = []string{"web/lab-scalar.wasm", "web/lab-single.html", "web/lab.wasm",
	"web/lab/lessons.css", "web/lab/lessons.json", "web/lab/worker.js", "web/look/lessons.css",
	"web/viewer.wasm", "web/viewer/frame.html"}

// offlineRecipe is a small training, on which a copy of the lab opens.
const offlineRecipe = "d=rings&units=8&batch=16&steps=20&n=300&ssteps=5"

// The lab saves itself with the recipe of the moment as one file, which opens from a folder, trains
// the same network, and asks for nothing; so does the file itself.
func TestLabOffline(t *testing.T) {
	t.Parallel()
	w := newViewerTab(t, newSite(t))
	w.before(keepFiles)
	w.openLab(offlineRecipe)
	w.wait(hashed)
	promised := eval[string](w, `location.hash`)
	name := filepath.Join(t.TempDir(), "the lab.html")
	address := "file://" + strings.ReplaceAll(name, " ", "%20")
	for again := range 2 {
		w.says("offline", "Offline copy, ", " MB")
		n := eval[int](w, `saved.length`)
		w.click("button", w.text("offline"))
		w.wait(`saved.length > ` + itoa(n))
		w.says("copied", "Saved as tweedie-lab.html, ")
		file, err := base64.StdEncoding.DecodeString(eval[string](w, `saved.at(-1)`))
		if err != nil {
			t.Fatal(err)
		}
		if got := carriedFiles(file); !slices.Equal(got, labFiles) {
			t.Fatalf("the file carries %s", got)
		}
		if again == 1 {
			break
		}
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		w = newViewerTab(t, &site{url: address})
		w.before(keepFiles)
		w.before(run("graphics-card.js"))
		w.must(chromedp.Navigate(address))
		w.wait(hashed)
		if got := eval[string](w, `location.hash`); got != promised {
			t.Errorf("the file ends with %s, want %s", got, promised)
		}
		w.says("status", "the link promises")
		w.wait(onViewer)
		w.set("Language", "zh-Hans")
		w.waitText("offline", "离线副本")
		w.set("语言", "en")
		const led = `[...document.querySelectorAll('a[href]')].filter((a) => a.checkVisibility() &&
			!a.getAttribute('href').startsWith('#')).join()`
		if got := eval[string](w, led); got != "" {
			t.Errorf("links lead beside the file: %s", got)
		}
		w.click("button", "Help")
		w.wait(byID("questions") + `.childElementCount > 0`)
		w.click("button", "Close")
		// The lab's lesson is in it, and the others are not.
		w.must(chromedp.Navigate(address + "?lesson=9.2"))
		w.wait(`document.querySelector('.lessons h3')?.textContent.startsWith('9.2 ') &&
			document.adoptedStyleSheets.length === 2`)
		w.click("button", "The card before")
		w.wait(`document.querySelector('.lessons h3').textContent.startsWith('9.1 ') &&
			document.querySelector('.told button').disabled`)
		if w.visible("lessons-others") {
			t.Error("a link leads to lessons that the file does not have")
		}
		w.click("button", "Close the lesson")
		w.wait(`!` + byID("lessons") + `.checkVisibility()`)
		asked := slices.DeleteFunc(w.asked(), func(url string) bool {
			return strings.HasPrefix(url, address) || strings.HasPrefix(url, "data:") ||
				strings.HasPrefix(url, "blob:")
		})
		if len(asked) > 0 {
			t.Errorf("the file asks for %s", asked)
		}
	}
}

// What cannot be had for the copy is told, and it can be stopped.
func TestLabOfflineFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := newTab(t, s)
	w.before(keepFiles)
	w.openLab(offlineRecipe)
	w.wait(hashed)
	s.replace("/web/lab-single.html", missing)
	eval[any](w, byID("offline")+`.click()`)
	w.waitText("copied", "web/lab-single.html cannot be had: the server answered 404.")
	w.forgive("web/lab-single.html")
	s.replace("/web/lab-single.html", nil)
	label := w.text("offline")
	eval[any](w, byID("offline")+`.click(); `+byID("offline")+`.click()`)
	w.wait(byID("offline") + `.textContent === ` + quoted(label))
	if n := eval[int](w, `saved.length`); n != 0 || w.text("copied") != "" {
		t.Errorf("%d files were saved after a stop, and the page says %q", n, w.text("copied"))
	}
}
