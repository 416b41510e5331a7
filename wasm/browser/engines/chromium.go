package engines

import (
	"context"
	"os"
	"slices"
	"sync"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium speaks the browser's debugging protocol.
type chromium struct {
	page    context.Context
	stop    func()
	profile string

	mu         sync.Mutex
	complaints []string
}

func startChromium(ctx context.Context) (Browser, error) {
	path, err := Chromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "tweedie-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"))
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(ctx), options...)
	page, closePage := chromedp.NewContext(allocator)
	c := &chromium{page: page, profile: profile, stop: func() {
		_ = chromedp.Cancel(page) // one that is gone already is as good as one that is ended
		closePage()
		stop()
	}}
	// The browser lives as long as the context of the first call.
	if err := chromedp.Do(page, chromedp.EmulateViewport(1280, 900)); err != nil {
		c.Close()
		return nil, err
	}
	if err := chromedp.Listen(page, c.heard); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// heard notes the errors of the page.
func (c *chromium) heard(event any) {
	complaint := ""
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = event.ExceptionDetails.Text
		if thrown := event.ExceptionDetails.Exception; thrown != nil {
			complaint += " " + thrown.Description
		}
	case *runtime.EventConsoleAPICalled:
		if event.Type != "error" && event.Type != "assert" {
			return
		}
		for _, arg := range event.Args {
			complaint += arg.Description + string(arg.Value)
		}
	case *log.EventEntryAdded:
		if event.Entry.Level != "error" {
			return
		}
		complaint = event.Entry.Text + " " + event.Entry.URL
	default:
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.complaints = append(c.complaints, complaint)
}

// with is the page's context, ending with ctx as well.
func (c *chromium) with(ctx context.Context) (context.Context, func()) {
	page, cancel := context.WithCancelCause(c.page)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	return page, func() {
		stop()
		cancel(nil)
	}
}

func (c *chromium) Open(ctx context.Context, address string) error {
	page, done := c.with(ctx)
	defer done()
	return chromedp.Do(page, chromedp.Navigate(address))
}

func (c *chromium) Evaluate(ctx context.Context, expression string) ([]byte, error) {
	page, done := c.with(ctx)
	defer done()
	text, err := chromedp.Run(page,
		chromedp.Evaluate[string](asText(expression), chromedp.EvalAwaitPromise))
	return []byte(text), err
}

func (c *chromium) Hide(ctx context.Context) error {
	return c.window(ctx, cdpbrowser.WindowStateMinimized)
}
func (c *chromium) Show(ctx context.Context) error {
	return c.window(ctx, cdpbrowser.WindowStateNormal)
}

// window gives the page's window a state.
func (c *chromium) window(ctx context.Context, state cdpbrowser.WindowState) error {
	page, done := c.with(ctx)
	defer done()
	return chromedp.Do(page, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		w, err := cdp.Call(ctx, t, cdpbrowser.GetWindowForTarget,
			cdpbrowser.GetWindowForTargetParams{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, cdpbrowser.SetWindowBounds, cdpbrowser.SetWindowBoundsParams{
			WindowID: w.WindowID, Bounds: &cdpbrowser.Bounds{WindowState: state},
		})
		return err
	}))
}

func (c *chromium) Screenshot(ctx context.Context) ([]byte, error) {
	page, done := c.with(ctx)
	defer done()
	return chromedp.Run(page, chromedp.CaptureScreenshot())
}

func (c *chromium) Complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.complaints)
}

func (c *chromium) Close() {
	c.stop()
	os.RemoveAll(c.profile)
}
