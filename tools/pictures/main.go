// Pictures makes the pictures of README.md: it opens the built page in
// Chromium, takes screenshots, and keeps the animation that the page saves.
//
//	go run ./tools/pictures [-page web/dist] [-o tools/pictures]
package main

import (
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tweedie/tools/serve/static"
)

// patience is the longest time that a run may take.
const patience = 2 * time.Minute

// shots are the screenshots.
var shots = []struct {
	name          string
	address       string
	width, height int64
	phone         bool
	scheme        string
}{
	{"desktop.png", "?views=xt,x0&step=9#m=faces&c=all", 1280, 740, false, "light"},
	{"phone.png", "?views=xt,x0#m=glyphs&w=TWEEDIE&s=4&steps=20", 390, 844, true, "dark"},
}

// film is the address of the run whose animation is kept.
const film = "?views=xt,x0#m=faces&c=all&steps=14"

// keepSaved keeps the file that the page saves, for readSaved.
const keepSaved = `
	const real = URL.createObjectURL;
	URL.createObjectURL = (blob) => { window.saved = blob; return real.call(URL, blob); };
	HTMLAnchorElement.prototype.click = () => {};`

// readSaved is that file in base64.
const readSaved = `new Promise((resolve) => {
	const reader = new FileReader();
	reader.onload = () => resolve(reader.result.split(',')[1]);
	reader.readAsDataURL(saved);
})`

func main() {
	page := flag.String("page", "web/dist", "`folder` of the built page")
	out := flag.String("o", "tools/pictures", "`folder` for the pictures")
	browser := flag.String("chromium", "chromium", "`program` of the browser")
	flag.Parse()
	if err := run(*page, *out, *browser); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(page, out, browser string) error {
	root, err := os.OpenRoot(page)
	if err != nil {
		return fmt.Errorf("the built page cannot be read, `make build` makes it: %w", err)
	}
	defer root.Close()
	server := httptest.NewServer(static.New(root.FS()))
	defer server.Close()
	profile, err := os.MkdirTemp("", "tweedie-pictures-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.ExecPath(browser), chromedp.UserDataDir(profile),
		// The plain canvas draws the same pixels, and leaves the processors to the sampler.
		chromedp.Flag("disable-3d-apis", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-US"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	before := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, pages.AddScriptToEvaluateOnNewDocument,
			pages.AddScriptToEvaluateOnNewDocumentParams{Source: keepSaved})
		return err
	})
	if err := chromedp.Do(ctx, before); err != nil {
		return err
	}
	for i, s := range shots {
		look := []chromedp.EmulateViewportOption{}
		if s.phone {
			look = append(look, chromedp.EmulateMobile, chromedp.EmulateTouch,
				chromedp.EmulateScale(2))
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, s.height, look...),
			scheme(s.scheme)); err != nil {
			return err
		}
		// A different query each time, so that the page is loaded again.
		if err := draw(ctx, fmt.Sprintf("%s/?%d&%s", server.URL, i, s.address[1:])); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		if err := keep(out, s.name, picture); err != nil {
			return err
		}
	}
	if err := draw(ctx, server.URL+"/"+film); err != nil {
		return err
	}
	press := func(id string) error {
		_, err := chromedp.Run(ctx,
			chromedp.Evaluate[any](`document.getElementById('`+id+`').click()`))
		return err
	}
	if err := press("save-open"); err != nil {
		return err
	}
	if err := wait(ctx, `!document.getElementById('share-files-panel').inert`); err != nil {
		return err
	}
	if err := press("save-animation"); err != nil {
		return err
	}
	if err := wait(ctx, `window.saved !== undefined`); err != nil {
		return err
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](readSaved, chromedp.EvalAwaitPromise))
	if err != nil {
		return err
	}
	animation, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return keep(out, "drawing.gif", animation)
}

// draw opens an address and waits until its run is done and drawn.
func draw(ctx context.Context, address string) error {
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return err
	}
	if err := wait(ctx, `document.documentElement.dataset.state === 'done'`); err != nil {
		return err
	}
	_, err := chromedp.Run(ctx, chromedp.Evaluate[any](`new Promise((done) => {
		let frames = 30;
		const next = () => (frames-- > 0 ? requestAnimationFrame(next) : done(0));
		next();
	})`, chromedp.EvalAwaitPromise))
	return err
}

func wait(ctx context.Context, expression string) error {
	_, err := chromedp.Run(ctx,
		chromedp.Poll[any](expression, chromedp.WithPollingTimeout(patience)))
	return err
}

// scheme sets a light or dark colour scheme.
func scheme(value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
}

func keep(folder, name string, data []byte) error {
	path := filepath.Join(folder, name)
	fmt.Printf("%s: %d KB\n", filepath.ToSlash(path), (len(data)+500)/1000)
	return os.WriteFile(path, data, 0o666)
}
