package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tweedie/tools/serve/static"
)

// watchStage notes when the stage moves: when its canvas shows a second picture,
// which is one if it has more than a few greys, or in the frame after the second
// step, which the viewer may have drawn instead.
const watchStage = `{
	let before = '';
	let moved = false;
	const moves = () => {
		if (!moved) performance.mark('bench:motion');
		moved = true;
	};
	const small = new OffscreenCanvas(64, 36).getContext('2d', {willReadFrequently: true});
	const look = () => {
		const canvas = document.getElementById('canvas');
		if (canvas?.width) {
			small.drawImage(canvas, 0, 0, 64, 36);
			const {data} = small.getImageData(0, 0, 64, 36);
			const picture = new Set(data.filter((_, i) => i % 4 === 0)).size > 16 ? data.join() : '';
			if (picture && before && picture !== before) moves();
			before = picture || before;
		}
		if (!moved) requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
	addEventListener('tweedie:step', ({detail}) => detail.step === 2 && requestAnimationFrame(moves));
}`

// moments are what a visitor sees, in the order in which it comes.
var moments = []struct{ what, when string }{
	{"first contentful paint", `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`},
	{"first live step", `performance.getEntriesByName('tweedie:step')[0]?.startTime`},
	{"the stage moves", `performance.getEntriesByName('bench:motion')[0]?.startTime`},
	{"Ebitengine draws", `document.getElementById('box').dataset.surface === 'viewer' ? performance.now() : undefined`},
}

// visit prints when a first visit shows what, and how much it has downloaded in
// all, as a server counts it. Nothing slows the network down here.
func visit(j job) error {
	root, err := os.OpenRoot(j.Dist)
	if err != nil {
		return err
	}
	defer root.Close()
	var sent atomic.Int64
	files := static.New(root.FS())
	origin, stop, err := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.ServeHTTP(&counter{w, &sent}, r)
	}))
	if err != nil {
		return err
	}
	defer stop()
	times := make([][]float64, len(moments))
	var bytes []float64
	for range j.Rounds {
		sent.Store(0)
		if err := visitOnce(origin, times); err != nil {
			return err
		}
		bytes = append(bytes, float64(sent.Load()))
	}
	fmt.Printf("| first visit, median of %d | |\n|---|---|\n", j.Rounds)
	for i, m := range moments {
		fmt.Printf("| %s | %.0f ms |\n", m.what, median(times[i]))
	}
	fmt.Printf("| downloaded by then | %.0f KB |\n", median(bytes)/1000)
	return nil
}

// visitOnce visits in a fresh browser.
func visitOnce(origin string, times [][]float64) error {
	ctx, stop, err := browser()
	if err != nil {
		return err
	}
	defer stop()
	// The first page of a browser starts more than the page.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return err
	}
	early := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, pages.AddScriptToEvaluateOnNewDocument, pages.AddScriptToEvaluateOnNewDocumentParams{Source: watchStage})
		return err
	})
	if err := chromedp.Do(ctx, early, chromedp.Navigate(origin+"/")); err != nil {
		return err
	}
	for i, m := range moments {
		at, err := chromedp.Run(ctx, chromedp.Poll[float64](m.when,
			chromedp.WithPollingInterval(10*time.Millisecond), chromedp.WithPollingTimeout(time.Minute)))
		if err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
		times[i] = append(times[i], at)
	}
	return nil
}

// counter counts the bytes of answers.
type counter struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.sent.Add(int64(n))
	return n, err
}
