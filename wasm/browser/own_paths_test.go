package browser

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tweedie/internal/fixture"
)

// Everything about an own model can be done by keyboard alone: what has the focus never goes away
// with it.
func TestOwnModelByKeyboard(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	host := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		if strings.HasSuffix(r.URL.Path, "/flow.safetensors") {
			_, _ = rw.Write(fixture.File(t, flowFamily))
			return
		}
		http.NotFound(rw, r)
	}))
	t.Cleanup(host.Close)
	w.host = host.URL
	w.forgive("config.json") // which the host does not have
	w.must(chromedp.EmulateViewport(1280, 900), media(wishes["dark"]))
	w.open("#m=digits-small&c=7&steps=2")
	w.waitState("done")
	focused := func(id string) {
		t.Helper()
		w.wait(`document.activeElement.id === ` + quoted(id))
	}
	w.focus("button", "Your own model…")
	w.press(kb.Enter)
	w.wait(byID("own") + `.checkVisibility()`)
	for _, id := range []string{"own-files", "own-folder", "own-address"} {
		w.press(kb.Tab)
		focused(id)
	}
	w.press(strings.Split(host.URL+"/flow.safetensors", "")...)
	w.press(kb.Tab)
	focused("own-fetch")
	w.press(kb.Enter)
	w.saysOfOwn("Give their side, a multiple of 2.")
	focused("own-set-size")
	w.shoot("asked-dark")
	w.press("1", "5", kb.Enter)
	w.saysOfOwn("must be multiples of 2")
	focused("own-set-size")
	w.press("1", "6", kb.Enter) // what the field held is selected
	w.saysOfOwn("is loaded and draws")
	focused("own")
	w.wait(`document.documentElement.dataset.state === 'done'`)
	w.shoot("loaded-dark")
	w.press(kb.Tab) // what the converter said
	w.wait(`document.activeElement.tagName === 'SUMMARY'`)
}

// What the panel asks and tells is for everybody, in both languages and in the dark.
func TestOwnModelForEveryone(t *testing.T) {
	t.Parallel()
	source := axe(t)
	for _, c := range []struct{ page, scheme, again, loaded string }{
		{"", "dark", "Try again", "is loaded and draws"},
		{"?lang=zh", "light", "重试", "已加载并开始作画"},
	} {
		w := newTab(t, newSite(t))
		w.must(chromedp.EmulateViewport(390, 1400), media(wishes[c.scheme]))
		w.open(c.page + "#m=digits-small&c=7&steps=2")
		w.waitState("done")
		root := onDisk(t, map[string][]byte{"flow.safetensors": fixture.File(t, flowFamily),
			"damaged.safetensors": []byte(damagedWeights)})
		w.dropPaths(filepath.Join(root, "damaged.safetensors"))
		w.saysOfOwn("damaged.safetensors")
		w.unhindered(source, "a refusal with a quotation")
		w.shoot("quoted-" + c.scheme)
		w.dropPaths(filepath.Join(root, "flow.safetensors"))
		w.wait(byID("own-set-size") + `?.checkVisibility()`)
		eval[any](w, `document.querySelector('#own-retry details').open = true`)
		w.unhindered(source, "the fields")
		w.writes("own-set-size", "16")
		w.click("button", c.again)
		w.saysOfOwn(c.loaded)
		w.wait(`document.documentElement.dataset.state === 'done'`)
		eval[any](w, `document.querySelectorAll('#own-report details').forEach((e) => {
			e.open = true;
		})`)
		w.unhindered(source, "the report")
		// Nothing lies on it, and it is as wide as what stands above and below it.
		if got := eval[[]float64](w, `['own-said', 'own-report', 'own-files'].map((id) =>
			document.getElementById(id).getBoundingClientRect()).flatMap(({top, bottom, width}) =>
			[top, bottom, width])`); got[1] > got[3] || got[4] > got[6] || got[5] < got[2] {
			t.Errorf("the sentence, the report and what is below it are at %v", got)
		}
		w.shoot("report-" + c.scheme)
	}
}

// A saved picture that falls on the page while an own model draws takes its place; the model stays
// in the menu, and a picture of its own brings it back.
func TestPictureWhileOwnModelRuns(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.before(keepFiles)
	w.open("#m=digits-small&c=7&s=3&steps=2")
	w.waitState("done")
	saved := func() []byte {
		t.Helper()
		w.click("button", "Save")
		b := w.saves("Picture")
		w.click("button", "Close")
		return b
	}
	other := saved()
	root := onDisk(t, map[string][]byte{
		"mine.safetensors": pageFile(t, "weights/digits-small.safetensors")})
	w.dropPaths(filepath.Join(root, "mine.safetensors"))
	w.saysOfOwn("Recipes call it mine.")
	w.waitDone("#m=mine&")
	w.follow("#m=mine&c=4&s=3&steps=2")
	w.waitDone("#m=mine&c=4&s=3&steps=2&")
	mine := saved()
	w.follow("#m=mine&c=4&s=3&steps=1000")
	w.waitState("running")
	w.drop("other.png", other)
	w.waitDone("#m=digits-small&c=7&s=3&steps=2&")
	w.waitText("status", "identical")
	w.drop("mine.png", mine)
	w.waitDone("#m=mine&c=4&s=3&steps=2&")
	w.waitText("status", "identical")
}

// Models with many files: what a folder holds beside its model is not read.
func TestFolderOfManyFiles(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.open("#m=digits-small&c=7&steps=2")
	w.waitState("done")
	files := inFolder("many", tidyFolder(t))
	for i := range 3990 {
		files["many/logs/"+strconv.Itoa(i)+".txt"] = []byte("x")
	}
	w.dropPaths(filepath.Join(onDisk(t, files), "many"))
	w.saysOfOwn("Recipes call it many.")
	w.wait(`location.hash.startsWith('#m=many&') && ` + hashed)
	for i := range 20 {
		files[fmt.Sprintf("many/logs/more-%d.txt", i)] = []byte("x")
	}
	w.dropPaths(filepath.Join(onDisk(t, files), "many"))
	w.saysOfOwn("There are more than 4,000 files in it.")
}

// The page in one file loads weights that fall on it, and says of what it cannot convert where that
// can be done.
func TestOwnModelInOneFile(t *testing.T) {
	t.Parallel()
	name := singleFile(t)
	if bytes.Contains(fixture.File(t, name), []byte("own.why.")) {
		t.Error("the file holds the words about conversions, and converts nothing")
	}
	address := "file://" + strings.ReplaceAll(name, " ", "%20")
	w := newTab(t, &site{url: address})
	w.must(chromedp.Navigate(address), media(wishes["dark"]))
	w.waitState("done")
	root := onDisk(t, map[string][]byte{"flow.safetensors": fixture.File(t, flowFamily),
		"mine.safetensors": pageFile(t, "weights/digits-small.safetensors")})
	w.dropPaths(filepath.Join(root, "flow.safetensors"))
	w.wait(`[...document.querySelectorAll('#own-said, #status')].some((e) => e.textContent.includes(
		'This file needs to be converted'))`)
	w.dropPaths(filepath.Join(root, "mine.safetensors"))
	w.saysOfOwn("Recipes call it mine.")
	w.wait(`location.hash.startsWith('#m=mine&') && ` + hashed)
	w.shoot("loaded")
}
