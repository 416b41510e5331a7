package browser

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// A processor without the instructions that SIMD needs has the other program,
// and the same pixels.
func TestWithoutSIMD(t *testing.T) {
	t.Parallel()
	const recipe = "m=digits&c=7&s=3&steps=3"
	w := newTab(t, newSite(t), chromedp.Flag("js-flags", "--no-enable-sse4-1"))
	w.before(events)
	w.open("#" + recipe)
	w.waitState("done")
	heard := w.events()
	if got, want := heard[len(heard)-1].SHA256, native(t, recipe).done.Hash; got != want {
		t.Errorf("got %s, natively %s", got, want)
	}
	if !strings.Contains(strings.Join(w.asked(), " "), "/web/worker-scalar.") {
		t.Skip("this processor has no flag that takes SIMD away")
	}
}

// What a browser does not have, or does not allow, costs no more than it must.
func TestWithout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, say string }{ // say: where nothing can be drawn
		{"WebAssembly", "no WebAssembly"},
		{"workers", "The sampler could not be started"},
		{"module workers", ""},
		{"storage", ""},
		{"a safe connection", ""},
		{"a digest", ""},
		{"a count of processors", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newTab(t, newSite(t))
			w.before(events + run("without.js", c.what))
			w.open("#m=digits&c=7&s=3&steps=2")
			if c.say != "" {
				w.waitState("failed")
				w.says("trouble-text", c.say)
				return
			}
			w.waitState("done")
			if got, want := eval[string](w, `location.hash`),
				"#"+native(t, "m=digits&c=7&s=3&steps=2").done.Recipe; got != want {
				t.Errorf("the address is %s, natively the recipe is %s", got, want)
			}
			w.set("Language", "zh-Hans")
			w.wait(`document.documentElement.lang === 'zh-Hans'`)
		})
	}
}

// torn answers with half of a body, and then the connection is gone.
func torn(mediaType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// When the network goes in the middle of loading, whatever it was that came, one
// sentence says so, and trying again works with the same recipe.
func TestOfflineInMidLoad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, mediaType, say string
		complains            bool // of a worker's script the browser itself says nothing
	}{
		{"weights/digits.safetensors", "application/octet-stream", "could not be downloaded", true},
		{"web/worker.wasm", "application/wasm", "could not", true},
		{"web/engine/worker.js", "text/javascript", "The sampler could not be started", false},
		{"web/page/main.js", "text/javascript", "did not arrive", true},
		{"web/page/main-1.js", "text/javascript", "did not arrive", true},
	} {
		t.Run(c.file, func(t *testing.T) {
			s := newSite(t)
			s.replace("/"+c.file, torn(c.mediaType, pageFile(t, c.file)))
			w := newTab(t, s)
			w.open("#m=digits&c=7&s=3&steps=2")
			w.waitState("failed")
			got := w.text("trouble-text")
			if !strings.Contains(got, c.say) || !w.visible("trouble") {
				t.Errorf("the stage says %q, want %q in it", got, c.say)
			}
			w.shoot("-offline")
			if c.complains {
				w.forgive(c.file)
			}
			s.replace("/"+c.file, nil)
			w.click("button", "Try again")
			w.waitThrough("done")
			if got, want := eval[string](w, `location.hash`),
				"#"+native(t, "m=digits&c=7&s=3&steps=2").done.Recipe; got != want {
				t.Errorf("the address holds %s, want %s", got, want)
			}
		})
	}
}

// A script that comes in part, and then nothing, is told as well; once the rest has
// come the page goes on as if nothing had been.
func TestStalledScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	more := make(chan struct{})
	s.replace("/web/page/main.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		body := pageFile(t, "web/page/main.js")
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		select {
		case <-more:
			w.Write(body[len(body)/2:])
		case <-r.Context().Done():
		}
	})
	w := newTab(t, s)
	// Nobody waits for the document's end, which does not come.
	eval[any](w, `location.assign('`+s.url+`/#m=digits&c=7&s=3&steps=2'); 0`)
	w.waitThrough("failed")
	w.says("trouble-text", "did not arrive")
	close(more)
	w.ended("m=digits&c=7&s=3&steps=2")
	if w.visible("trouble") {
		t.Error("the sentence stays")
	}
}

// waitThrough waits for a state of the page while it may be loaded again, and
// what is asked of it be lost.
func (w *tab) waitThrough(state string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for {
		got, err := chromedp.Run(ctx,
			chromedp.Evaluate[string](`document.documentElement?.dataset.state ?? ''`))
		if got == state {
			return
		}
		if ctx.Err() != nil {
			w.t.Fatalf("the page is %q, want %q (%v)", got, state, err)
		}
	}
}

// A script that the browser does not understand is told of, as well in a player.
func TestOldBrowser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, script string }{
		{"/", "web/page/main.js"}, {"/web/player.html", "web/embed/player.js"},
	} {
		s := newSite(t)
		s.replace("/"+c.script, content("text/javascript", []byte("export class Stage { #| }")))
		w := newTab(t, s)
		w.must(chromedp.Navigate(s.url + c.page))
		w.waitState("failed")
		w.forgive("SyntaxError")
		got := w.text("trouble-text")
		if !strings.Contains(got, "too old") || !w.visible("trouble") {
			t.Errorf("%s says %q", c.page, got)
		}
		w.find("button", "Try again")
	}
}

// window gives the window of the tab a state.
func window(state browser.WindowState) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		w, err := cdp.Call(ctx, t, browser.GetWindowForTarget, browser.GetWindowForTargetParams{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, browser.SetWindowBounds, browser.SetWindowBoundsParams{
			WindowID: w.WindowID, Bounds: &browser.Bounds{WindowState: state},
		})
		return err
	})
}

// A run whose tab is hidden goes on without being seen; what is drawn when it is
// seen again is all of it.
func TestHiddenInMidRun(t *testing.T) {
	const recipe = "m=digits&c=7&s=3&steps=20"
	w := newViewerTab(t, newSite(t))
	w.before(events + processors(2) + passes("", ""))
	w.open("#" + recipe)
	w.waitState("done")
	w.wait(onViewer)
	eval[any](w, struck("n")) // starts again, and waits at the first step
	w.wait(paused)
	w.must(window(browser.WindowStateMinimized))
	w.wait(`document.visibilityState === 'hidden'`)
	eval[any](w, `heard.length = 0; `+struck("p")+`; 0`)
	w.wait(`heard.at(-1)?.name === 'done'`)
	if eval[int](w, `passes`) == 0 {
		t.Error("no pass was made by a second worker")
	}
	w.must(window(browser.WindowStateNormal))
	w.wait(`document.visibilityState === 'visible'`)
	w.wait(onViewer)
	w.checkStage(native(t, recipe), 20, 0)
}

// A player in a hidden tab waits, and goes on when it is seen.
func TestHiddenPlayer(t *testing.T) {
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, embedScript+tag(`id="e" steps="900"`)), s)
	w.open("")
	w.wait(`of('e', 'step').length > 3`)
	w.must(window(browser.WindowStateMinimized))
	w.wait(`document.visibilityState === 'hidden'`)
	w.rests("e")
	w.must(window(browser.WindowStateNormal))
	w.goesOn("e")
}
