package browser

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// kept waits until the browser has the page and its model for visits without a
// network.
func (w *tab) kept() {
	w.t.Helper()
	w.wait(`navigator.serviceWorker.controller !== null`)
	model := eval[string](w, `new URLSearchParams(location.hash.slice(1)).get('m')`)
	w.keepsModel(model)
}

// keepsModel waits until the browser has a model.
func (w *tab) keepsModel(name string) {
	w.t.Helper()
	file := "weights/" + name + ".safetensors"
	w.waitValue(`caches.match('`+file+`').then((kept) => kept !== undefined)`, "true")
}

// cacheNames are the versions that the browser keeps.
const cacheNames = `caches.keys().then((names) => names.sort().join(', '))`

// registration is what the browser has of the page's service worker.
const registration = `navigator.serviceWorker.getRegistration()`

// waitValue waits until an expression, which may be a promise, has a value.
func (w *tab) waitValue(expression, want string) {
	w.t.Helper()
	eval[any](w, "("+source("wait-value.js")+")(() => "+expression+", "+quoted(want)+", "+
		itoa(int(patience.Milliseconds())-5000)+")")
}

// reloads waits until an expression holds in the document that comes after this.
func (w *tab) reloads(expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for {
		// Between two documents there is no document to ask.
		if holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil &&
			holds {
			return
		}
		if ctx.Err() != nil {
			w.t.Fatalf("the page was not loaded again so that %s", expression)
		}
	}
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic("browser: a text that is none")
	}
	return string(b)
}

// The second visit needs no network, asks for nothing where there is one, and
// draws the same pixels with everything that draws.
func TestSecondVisitOffline(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=4"
	s := newSite(t)
	s.keeps = true
	w := newViewerTab(t, s)
	w.before(events)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.kept()
	s.cut(true)
	before := s.count()
	want := native(t, recipe)
	w.open("?views=x0#" + recipe)
	w.waitState("done")
	heard := w.events()
	if last := heard[len(heard)-1]; last.SHA256 != want.done.Hash {
		t.Errorf("without a network: got %s, natively %s", last.SHA256, want.done.Hash)
	}
	w.wait(onViewer)
	w.must(chromedp.Navigate(s.url + "/web/player.html#" + recipe))
	w.waitState("done")
	// What was never loaded is told of, and nothing else is lost.
	w.open("#m=glyphs&steps=1")
	w.wait(byID("trouble") + `.checkVisibility()`)
	w.says("trouble-text", "glyphs")
	w.forgive("weights/glyphs.safetensors")
	s.cut(false)
	for _, path := range s.since(before) {
		// The browser itself looks whether there is another version.
		if path != "/service-worker.js" && !strings.HasPrefix(path, "/weights/glyphs.") {
			t.Errorf("the second visit asks for %s", path)
		}
	}

	// A model is kept once it was there.
	w.click("button", "Try again")
	w.waitState("done")
	w.keepsModel("glyphs")
	s.cut(true)
	w.open("")
	w.waitState("done")
	w.open("#m=glyphs&c=A&steps=1")
	w.waitDone("#m=glyphs&c=A")
}

// What the page had loaded before it was kept is kept as well.
func TestKeepsWhatWasUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keeps = true
	w := newTab(t, s)
	w.open("#m=glyphs&steps=1")
	w.waitState("done")
	w.kept()
	s.cut(true)
	w.open("#m=glyphs&c=B&steps=1")
	w.waitState("done")
}

// other puts another version of the page on the site: a style sheet has another
// content and so another name, index.html knows it, and the service worker's
// script says so. broken is done to the answers of the new version.
func other(t *testing.T, s *site) (sheet string) {
	t.Helper()
	page := pageFile(t, "index.html")
	found := regexp.MustCompile(`"(index\.\w+\.css)"`).FindSubmatch(page)
	if found == nil {
		t.Fatal("the page has no style sheet of its own")
	}
	old := string(found[1])
	was := pageFile(t, old)
	css := append(bytes.Clone(was), []byte("\n:root { --build: B; }\n")...)
	sheet = fmt.Sprintf("index.%.6x.css", sha256.Sum256(css))
	index := bytes.ReplaceAll(page, []byte(old), []byte(sheet))
	index = bytes.Replace(index, []byte("<html"), []byte(`<html data-build="B"`), 1)

	script := string(pageFile(t, "web/load/service-worker.js"))
	hash := func(data []byte) string {
		sum := sha256.Sum256(data)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	version := regexp.MustCompile(`\bversion:"(\w+)"`).FindStringSubmatch(script)
	if version == nil {
		t.Fatal("the service worker's script has no version")
	}
	for _, change := range [][2]string{{version[1], "B"}, {old, sheet}, {hash(was), hash(css)},
		{hash(page), hash(index)}} {
		if strings.Count(script, `"`+change[0]+`"`) != 1 {
			t.Fatalf("the service worker's script does not say %q once", change[0])
		}
		script = strings.Replace(script, change[0], change[1], 1)
	}
	s.replace("/"+old, missing)
	s.replace("/"+sheet, content("text/css", css))
	s.replace("/", content("text/html; charset=utf-8", index))
	s.replace("/service-worker.js", content("text/javascript", []byte(script)))
	return sheet
}

// build is which version the page shows, by its document and by a style sheet.
const build = `(document.documentElement.dataset.build ?? 'A') +
	(getComputedStyle(document.documentElement).getPropertyValue('--build').trim() || 'A')`

// Another version waits until it is whole, and then for a person; it takes over
// in one go, and the old one is forgotten.
func TestUpdates(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keeps = true
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.kept()
	first := eval[string](w, cacheNames)
	other(t, s)

	w.must(chromedp.Reload())
	w.waitState("done")
	if got := eval[string](w, build); got != "AA" {
		t.Errorf("before anyone asked for it the page is %s, want all of A", got)
	}
	w.appears("button", "Use it")
	w.shoot("-offer")
	if got := eval[string](w, cacheNames); !strings.Contains(got, first) ||
		!strings.HasSuffix(got+first, " B"+first) && !strings.Contains(got, " B,") {
		t.Errorf("kept are %s, want the first, %s, and B", got, first)
	}
	w.click("button", "Use it")
	w.reloads(`document.documentElement.dataset.build === 'B' && ` + done)
	if got := eval[string](w, build); got != "BB" {
		t.Errorf("after the change the page is %s, want all of B", got)
	}
	if w.visible("fresh") {
		t.Error("the version that is shown is offered")
	}
	w.waitValue(`caches.keys().then((all) =>
		all.length > 0 && all.every((name) => name.endsWith(' B')))`, "true")
	s.cut(true)
	w.open("#m=digits&steps=3")
	w.waitState("done")
	if got := eval[string](w, build); got != "BB" {
		t.Errorf("without a network the page is %s, want all of B", got)
	}
}

// A new version that is not whole, or not what it says, changes nothing.
func TestBrokenUpdate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"missing", missing},
		{"of another version", content("text/css", []byte(":root { --build: C; }"))},
		{"cut short", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			s.keeps = true
			w := newTab(t, s)
			w.open("#m=digits&steps=2")
			w.waitState("done")
			w.kept()
			first := eval[string](w, cacheNames)
			sheet := other(t, s)
			s.replace("/"+sheet, c.answer)
			before := s.count()
			w.must(chromedp.Reload())
			w.waitState("done")
			eval[any](w, registration+`.then((r) => r.update()).catch(() => {})`)
			w.waitValue(registration+`.then((r) => (r.installing ?? r.waiting) === null)`, "true")
			if asked := strings.Join(s.since(before), " "); !strings.Contains(asked, sheet) {
				t.Errorf("the new version was not tried: %s", asked)
			}
			w.waitValue(cacheNames, first)
			s.cut(true)
			w.open("#m=digits&steps=3")
			w.waitState("done")
			if got := eval[string](w, build); got != "AA" {
				t.Errorf("the page is %s, want all of A", got)
			}
			if w.visible("fresh") {
				t.Error("a version that is not whole is offered")
			}
		})
	}
}

// A page that shows the first version never gets a model of the second.
func TestModelsBelongToTheirVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keeps = true
	w := newTab(t, s)
	w.open("#m=digits&steps=2")
	w.waitState("done")
	w.kept()
	other(t, s)
	s.replace("/weights/glyphs.safetensors", missing)
	w.follow("#m=glyphs&steps=1")
	w.wait(byID("trouble") + `.checkVisibility()`)
	w.says("trouble-text", "weights/glyphs.safetensors cannot be had")
	w.forgive("weights/glyphs.safetensors")
}

// A player in a post keeps nothing, and a page that may keep nothing works.
func TestKeepsNothing(t *testing.T) {
	t.Parallel()
	t.Run("embed", func(t *testing.T) {
		s := newSite(t)
		s.keeps = true
		host := blog(t, s, embedScript+tag(`id="e" steps="2"`))
		host.keeps = true
		w := newBlogTab(t, host, s)
		w.open("")
		w.wait(`of('e', 'done').length === 1`)
		for _, path := range s.since(0) {
			if path == "/service-worker.js" {
				t.Error("the player asks for the service worker")
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		s := newSite(t)
		s.keeps = true
		w := newTab(t, s)
		w.before(`ServiceWorkerContainer.prototype.register = () =>
			Promise.reject(new DOMException('no', 'SecurityError'))`)
		w.open("#m=digits&steps=2")
		w.waitState("done")
	})
	t.Run("no place", func(t *testing.T) {
		s := newSite(t)
		s.keeps = true
		script, err := os.ReadFile(filepath.Join(page(t), "service-worker.js"))
		if err != nil {
			t.Fatal(err)
		}
		const full = "Cache.prototype.put = () => " +
			"Promise.reject(new DOMException('full', 'QuotaExceededError'));\n"
		s.replace("/service-worker.js", content("text/javascript", append([]byte(full), script...)))
		w := newTab(t, s)
		w.open("#m=digits&steps=2")
		w.waitState("done")
		w.waitValue(registration+`.then((r) => r === undefined)`, "true")
		w.waitValue(cacheNames, "")
	})
}
