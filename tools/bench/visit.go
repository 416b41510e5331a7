package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tweedie/tools/serve/static"
)

// watchStage marks the time when the stage moves: when its canvas shows a
// second picture (a picture has more than a few greys), or in the frame after
// the second step, which the viewer may have drawn instead.
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
			const shades = new Set(data.filter((_, i) => i % 4 === 0)).size;
			const picture = shades > 16 ? data.join() : '';
			if (picture && before && picture !== before) moves();
			before = picture || before;
		}
		if (!moved) requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
	addEventListener('tweedie:step', ({detail}) => {
		if (detail.step === 2) requestAnimationFrame(moves);
	});
}`

// moments are what a visitor sees, in order.
var moments = []struct{ what, when string }{
	{"first contentful paint",
		`performance.getEntriesByName('first-contentful-paint')[0]?.startTime`},
	{"first live step", `performance.getEntriesByName('tweedie:step')[0]?.startTime`},
	{"the stage moves", `performance.getEntriesByName('bench:motion')[0]?.startTime`},
	{"Ebitengine draws", `document.getElementById('box').dataset.surface === 'viewer' ?
		performance.now() : undefined`},
}

// kept waits until the browser keeps the page and its network for visits
// without a host.
const kept = `(async () => {
	const names = performance.getEntriesByType('resource').map(({name}) => name);
	const network = names.find((name) => name.includes('/weights/'));
	while (!navigator.serviceWorker.controller || !(await caches.match(network))) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
})()`

// visit prints when a first visit and a second one, which the service worker
// serves, show what, and the bytes of every download, as the server counts
// them. The network is not slowed down.
func visit(j job) error {
	root, err := os.OpenRoot(j.Dist)
	if err != nil {
		return err
	}
	defer root.Close()
	sent := &downloads{}
	files := static.New(root.FS())
	origin, stop, err := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.ServeHTTP(&counter{w, sent, r.URL.Path}, r)
	}))
	if err != nil {
		return err
	}
	defer stop()
	var times [2][][]float64
	for i := range times {
		times[i] = make([][]float64, len(moments))
	}
	var bytes [3][]float64 // of the first visit, of keeping the page, of the second
	var list []download
	for range j.Rounds {
		sent.take()
		each, err := visitTwice(origin, sent, &times)
		if err != nil {
			return err
		}
		for i, part := range each {
			bytes[i] = append(bytes[i], total(part))
		}
		list = each[0]
	}
	slices.SortStableFunc(list, func(a, b download) int { return int(b.bytes - a.bytes) })
	fmt.Printf("| download of a first visit | bytes |\n|---|---:|\n")
	for _, d := range list {
		fmt.Printf("| %s | %d |\n", d.path, d.bytes)
	}
	fmt.Printf("\n| median of %d | first visit | second visit |\n|---|---:|---:|\n", j.Rounds)
	for i, m := range moments {
		fmt.Printf("| %s | %.0f ms | %.0f ms |\n", m.what, median(times[0][i]), median(times[1][i]))
	}
	fmt.Printf("| downloaded by then | %.0f KB | %.0f KB |\n",
		median(bytes[0])/1000, median(bytes[2])/1000)
	fmt.Printf("| downloaded afterwards, to be kept | %.0f KB | |\n", median(bytes[1])/1000)
	return nil
}

// visitTwice visits twice with a fresh browser, and returns the downloads of
// the first visit, of keeping the page, and of the second visit.
func visitTwice(
	origin string, sent *downloads, times *[2][][]float64,
) (parts [3][]download, err error) {
	ctx, stop, err := browser()
	if err != nil {
		return parts, err
	}
	defer stop()
	// The first page of a browser also starts parts of the browser.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return parts, err
	}
	early := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, pages.AddScriptToEvaluateOnNewDocument,
			pages.AddScriptToEvaluateOnNewDocumentParams{Source: watchStage})
		return err
	})
	if err := chromedp.Do(ctx, early); err != nil {
		return parts, err
	}
	if err := look(ctx, origin, times[0]); err != nil {
		return parts, err
	}
	parts[0] = sent.take()
	waits := chromedp.Evaluate[any](kept, chromedp.EvalAwaitPromise)
	if _, err := chromedp.Run(ctx, waits); err != nil {
		return parts, err
	}
	parts[1] = sent.take()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return parts, err
	}
	err = look(ctx, origin, times[1])
	parts[2] = sent.take()
	return parts, err
}

// look opens the page and records its moments.
func look(ctx context.Context, origin string, times [][]float64) error {
	if err := chromedp.Do(ctx, chromedp.Navigate(origin+"/")); err != nil {
		return err
	}
	for i, m := range moments {
		at, err := chromedp.Run(ctx, chromedp.Poll[float64](m.when,
			chromedp.WithPollingInterval(10*time.Millisecond),
			chromedp.WithPollingTimeout(time.Minute)))
		if err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
		times[i] = append(times[i], at)
	}
	return nil
}

// download is a path with the bytes of its answers.
type download struct {
	path  string
	bytes int64
}

func total(list []download) float64 {
	sum := int64(0)
	for _, d := range list {
		sum += d.bytes
	}
	return float64(sum)
}

// downloads are those that a server has answered since the last take.
type downloads struct {
	mu   sync.Mutex
	list []download
}

func (d *downloads) add(path string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.list, func(each download) bool { return each.path == path })
	if i < 0 {
		i = len(d.list)
		d.list = append(d.list, download{path: path})
	}
	d.list[i].bytes += int64(n)
}

func (d *downloads) take() []download {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := d.list
	d.list = nil
	return list
}

// counter counts the bytes of an answer.
type counter struct {
	http.ResponseWriter
	sent *downloads
	path string
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.sent.add(c.path, n)
	return n, err
}
