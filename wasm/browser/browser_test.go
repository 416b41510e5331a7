package browser

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tweedie/wasm/browser/engines"
)

// patience is how long a test waits for something that has to come. A whole
// generation of the shipped model takes seconds on a slow machine.
const patience = 90 * time.Second

// withoutWebGL makes a browser that has no WebGL, as some computers have none.
var withoutWebGL = []chromedp.ExecAllocatorOption{
	chromedp.Flag("enable-unsafe-swiftshader", false),
	chromedp.Flag("disable-gpu", true),
	chromedp.Flag("disable-3d-apis", true),
}

// chromium is the path of the browser. Without one the test is skipped, or
// fails where CI says that nothing may be missing.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := engines.Chromium()
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip(err)
	}
	return path
}

// startBrowser starts a browser with a fresh profile; stop ends it.
func startBrowser(path string, extra []chromedp.ExecAllocatorOption) (ctx context.Context,
	stop func(), err error) {
	profile, err := os.MkdirTemp("", "tweedie-browser-")
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.WindowSize(1280, 900),
	)
	// Not t.Context, which ends before the cleanup that takes the last picture.
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(options, extra...)...)
	ctx, closeTab := chromedp.NewContext(allocator)
	stop = func() {
		_ = chromedp.Cancel(ctx) // a browser that is gone already is as good as one that is ended
		closeTab()
		end()
		os.RemoveAll(profile)
	}
	// So does the browser.
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// everyday is the browser of all tests that ask for no special one. Starting it
// takes longer than many of them.
var everyday sharedBrowser

type sharedBrowser struct {
	mu   sync.Mutex
	ctx  context.Context
	stop func()
}

// context is the running browser's; one that has ended is replaced, so that a
// test that brings it down fails alone.
func (b *sharedBrowser) context(t *testing.T) context.Context {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx != nil && b.ctx.Err() == nil {
		return b.ctx
	}
	b.close()
	ctx, stop, err := startBrowser(chromium(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	b.ctx, b.stop = ctx, stop
	return ctx
}

func (b *sharedBrowser) close() {
	if b.stop != nil {
		b.stop()
	}
}

// tab is one page.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site *site

	host       string        // another origin that the page may ask, "" for none
	expected   []string      // parts of complaints that the test causes on purpose
	complained chan struct{} // has a value where complains has grown
	careless   bool          // whether what the browser itself logs is no complaint

	mu        sync.Mutex
	complains []string // what the page's console and exceptions said
	requests  []string // URLs that were asked for
}

// newTab opens a new page, with its own storage and caches. Unless the
// test says otherwise, it fails when the page's console has an error or when
// another origin is asked. The page is told that there is no WebGL, so that it
// draws on a plain canvas: starting the viewer and drawing WebGL without a
// graphics card takes half the time of most tests.
func newTab(t *testing.T, s *site, extra ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	w := newViewerTab(t, s, extra...)
	w.before(run("without.js", "WebGL"))
	return w
}

// newViewerTab is newTab for a page with WebGL, which Ebitengine's viewer draws.
func newViewerTab(t *testing.T, s *site, extra ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	var w *tab
	if len(extra) == 0 {
		ctx, closeTab := chromedp.NewContext(everyday.context(t), chromedp.WithNewBrowserContext())
		w = &tab{t: t, ctx: ctx, site: s, complained: make(chan struct{}, 1)}
		t.Cleanup(func() {
			w.finish()
			_ = chromedp.Cancel(ctx) // a page that is gone already is as good as one that is closed
			closeTab()
		})
	} else {
		ctx, stop, err := startBrowser(chromium(t), extra)
		if err != nil {
			t.Fatal(err)
		}
		w = &tab{t: t, ctx: ctx, site: s, complained: make(chan struct{}, 1)}
		t.Cleanup(func() {
			w.finish()
			stop()
		})
	}
	// The page lives as long as the context of the first call, so this one has no
	// deadline.
	if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(w.ctx, w.heard); err != nil {
		t.Fatal(err)
	}
	if !s.keeps {
		w.before(run("without.js", "service workers"))
	}
	w.before(run("drawn.js"))
	return w
}

// heard notes what the browser tells of the page.
func (w *tab) heard(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(w.complains)
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		w.complains = append(w.complains,
			"exception: "+event.ExceptionDetails.Text+" "+describe(
				event.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if event.Type == "error" || event.Type == "assert" {
			text := "console:"
			for _, arg := range event.Args {
				text += " " + describe(arg)
			}
			w.complains = append(w.complains, text)
		}
	case *log.EventEntryAdded:
		if event.Entry.Level == "error" && !w.careless {
			w.complains = append(w.complains, "log: "+event.Entry.Text+" "+event.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, event.Request.URL)
	}
	if len(w.complains) > before {
		select {
		case w.complained <- struct{}{}:
		default:
		}
	}
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	if o.Description != "" {
		return o.Description
	}
	return string(o.Value)
}

// finish checks what no test may cause, and keeps a picture.
func (w *tab) finish() {
	for _, complaint := range w.complaints() {
		w.t.Errorf("the page complained: %s", complaint)
	}
	for _, url := range w.asked() {
		if !strings.HasPrefix(url, w.site.url) && !strings.HasPrefix(url, "data:") &&
			!strings.HasPrefix(url, "blob:") && (w.host == "" || !strings.HasPrefix(url, w.host)) {
			w.t.Errorf("the page asked another origin: %s", url)
		}
	}
	if w.t.Failed() || os.Getenv("TWEEDIE_SCREENSHOTS") != "" {
		w.shoot("")
	}
}

// forgive expects complaints of the page that a test causes on purpose, before
// or after: for each text, a file named as in the repository or another part of
// a complaint, one or more. All others still fail the test.
func (w *tab) forgive(texts ...string) {
	for _, text := range texts {
		w.expected = append(w.expected, w.site.files.Named(text))
	}
}

// sift says which complaints no text is part of, and which texts are part of
// no complaint.
func sift(complaints, texts []string) (others, missing []string) {
	others = slices.DeleteFunc(slices.Clone(complaints), func(complaint string) bool {
		return slices.ContainsFunc(texts,
			func(text string) bool { return strings.Contains(complaint, text) })
	})
	missing = slices.DeleteFunc(slices.Clone(texts), func(text string) bool {
		return slices.ContainsFunc(complaints,
			func(complaint string) bool { return strings.Contains(complaint, text) })
	})
	return others, missing
}

// What is forgiven hides nothing else, and must have been there.
func TestSift(t *testing.T) {
	missing404, thrown := "log: 404 http://x/weights/a.safetensors", "exception: no"
	for _, c := range []struct{ complaints, texts, others, missing []string }{
		{nil, nil, nil, nil},
		{[]string{missing404, thrown}, nil, []string{missing404, thrown}, nil},
		{[]string{missing404, thrown, missing404}, []string{"weights/a"}, []string{thrown}, nil},
		{[]string{thrown}, []string{"weights/a"}, []string{thrown}, []string{"weights/a"}},
		{nil, []string{"weights/a"}, nil, []string{"weights/a"}},
	} {
		if others, missing := sift(c.complaints, c.texts); !slices.Equal(others, c.others) ||
			!slices.Equal(missing, c.missing) {
			t.Errorf("%q with %q: others %q, missing %q", c.complaints, c.texts, others, missing)
		}
	}
}

// asComplained lists all complaints so far.
func (w *tab) asComplained() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complains)
}

// complaints waits for those that the test expects, and returns the others.
func (w *tab) complaints() []string {
	w.t.Helper()
	for late := time.After(patience); ; {
		w.mu.Lock()
		others, missing := sift(w.complains, w.expected)
		w.mu.Unlock()
		if len(missing) == 0 {
			return others
		}
		select {
		case <-w.complained:
		case <-late:
			w.t.Errorf("the page was to complain of %q", missing)
			return others
		}
	}
}

// must carries out steps.
func (w *tab) must(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

// open shows the page with a fragment, "" or "#…".
func (w *tab) open(fragment string) {
	w.t.Helper()
	w.must(chromedp.Navigate(w.site.url + "/" + fragment))
}

// into gives the value of an expression in the page.
func (w *tab) into(expression string, value any) {
	w.t.Helper()
	text := eval[string](w, `(async () => JSON.stringify(await (`+expression+`)))()`)
	if err := json.Unmarshal([]byte(text), value); err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
}

// eval is the value of an expression in the page; a promise is waited for.
// Files of the page are named as in the repository.
func eval[T any](w *tab, expression string) T {
	w.t.Helper()
	expression = w.site.files.Named(expression)
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// wait waits until an expression holds.
func (w *tab) wait(expression string) {
	w.t.Helper()
	expression = w.site.files.Named(expression)
	ctx, cancel := context.WithTimeout(w.ctx, patience+time.Second)
	defer cancel()
	poll := chromedp.Poll[any](expression, chromedp.WithPollingInterval(20*time.Millisecond),
		chromedp.WithPollingTimeout(patience))
	_, err := chromedp.Run(ctx, poll)
	for err != nil && strings.Contains(err.Error(), "Cannot find context") && ctx.Err() == nil {
		_, err = chromedp.Run(ctx, poll) // another document has taken the place of that one
	}
	if err != nil {
		is := eval[string](w, state) + ": " + w.text("status")
		w.t.Fatalf("waiting for %s: %v (the page is %s)", expression, err, is)
	}
}

// before runs a script in every page before the page's own.
func (w *tab) before(script string) {
	w.t.Helper()
	script = w.site.files.Named(script)
	w.must(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, pages.AddScriptToEvaluateOnNewDocument,
			pages.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// asked lists the URLs that the page asked for so far.
func (w *tab) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// waitState waits for documentElement.dataset.state.
func (w *tab) waitState(name string) {
	w.t.Helper()
	w.wait(state + ` === '` + name + `'`)
}

// shoot keeps a picture of the page in build/screenshots, of a moment in the
// middle of a test only where pictures are asked for.
func (w *tab) shoot(suffix string) {
	if suffix != "" && os.Getenv("TWEEDIE_SCREENSHOTS") == "" {
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	keepPicture(w.t, suffix, picture, err)
}

// keepPicture writes a picture of a test into build/screenshots.
func keepPicture(t *testing.T, suffix string, picture []byte, err error) {
	folder := filepath.Join("..", "..", "build", "screenshots")
	name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()) + suffix + ".png"
	if err == nil {
		err = os.MkdirAll(folder, 0o777)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), picture, 0o666)
	}
	if err != nil {
		t.Logf("no screenshot: %v", err)
		return
	}
	t.Logf("screenshot: build/screenshots/%s", name)
}
