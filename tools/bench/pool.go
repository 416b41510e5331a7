package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/chromedp/chromedp"

	"tweedie/tools/pack/list"
	"tweedie/wasm/protocol"
)

// pool times a grid on one worker and on two: in Chromium with the page's
// engine, and natively with as many sessions, each with its own network. Two
// native copies show the gain that two processors of this machine allow.
func pool(j job, recipe string) error {
	file, err := os.ReadFile(j.Weights)
	if err != nil {
		return err
	}
	copies := make([]*copyOfNetwork, 2)
	for i := range copies {
		if copies[i], err = newCopy(file); err != nil {
			return err
		}
	}
	inPage, stop, err := openPool(j, recipe)
	if err != nil {
		return err
	}
	defer stop()
	var native, page [2][]float64
	for range j.Rounds {
		for n := range 2 {
			ms, err := together(copies[:n+1], recipe)
			if err != nil {
				return err
			}
			native[n] = append(native[n], ms)
			if ms, err = inPage(n + 1); err != nil {
				return err
			}
			page[n] = append(page[n], ms)
		}
	}
	a, b := gain(native), gain(page)
	fmt.Printf("| `%s`, %d rounds | one, ms | two, ms | gain |\n|---|---|---|---|\n",
		recipe, j.Rounds)
	fmt.Printf("| native copies | %.0f | %.0f | %.2f |\n", median(native[0]), median(native[1]), a)
	fmt.Printf("| workers in Chromium | %.0f | %.0f | %.2f |\n",
		median(page[0]), median(page[1]), b)
	fmt.Printf("\nTwo workers reach %.2f of what two native copies gain.\n", b/a)
	return nil
}

// gain is the median over the rounds of the speed of two relative to one.
func gain(ms [2][]float64) float64 {
	var ratios []float64
	for i := range ms[0] {
		ratios = append(ratios, ms[0][i]/ms[1][i])
	}
	return median(ratios)
}

func median(x []float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	return x[len(x)/2]
}

// copyOfNetwork is a session with its own network.
type copyOfNetwork struct {
	session *protocol.Session
	last    protocol.Message
	id      int
}

func (c *copyOfNetwork) Send(m protocol.Message) { c.last = m }

func newCopy(file []byte) (*copyOfNetwork, error) {
	c := new(copyOfNetwork)
	c.session = protocol.NewSession(c, protocol.Open, func() float64 { return 0 })
	c.session.Receive(protocol.Load{Model: "digits", Bytes: file})
	if failed, ok := c.last.(protocol.Failed); ok {
		return nil, errors.New(failed.Message)
	}
	return c, nil
}

// together lets every copy run its share of a recipe at the same time, and
// returns the milliseconds until the last one has finished.
func together(copies []*copyOfNetwork, recipe string) (float64, error) {
	began := time.Now()
	var all sync.WaitGroup
	for i, c := range copies {
		all.Go(func() {
			c.id++
			c.session.Receive(protocol.Run{ID: c.id, Recipe: recipe, Share: i, Of: len(copies)})
			for c.session.Advance() {
			}
		})
	}
	all.Wait()
	for _, c := range copies {
		if failed, ok := c.last.(protocol.Failed); ok {
			return 0, errors.New(failed.Message)
		}
	}
	return ms(began), nil
}

// poolPage is the page's engine without the page, and a function that runs the
// recipe on a given number of workers and returns the milliseconds.
const poolPage = `(async () => {
	let workers = 2;
	Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => workers });
	const { Engine } = await import('./web/engine/engine.js');
	let ended;
	const engine = new Engine('web/engine/worker.js', (message) => {
		if (message.type === 'failed') throw new Error(message.message);
		if (message.type === 'done') ended(message);
	});
	await engine.start(await WebAssembly.compileStreaming(fetch('web/worker.wasm')));
	await engine.load('digits', await (await fetch('asked/weights')).arrayBuffer());
	window.grid = async (recipe, of) => {
		workers = of;
		const began = performance.now();
		await new Promise((resolve) => { ended = resolve; engine.run(recipe); });
		return performance.now() - began;
	};
	await grid(%s, 2); // engines compile what runs often, and the second worker is started
	return true;
})()`

// openPool starts the engine in Chromium.
func openPool(
	j job, recipe string,
) (run func(workers int) (float64, error), stop func(), err error) {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(j.Dist)))
	mux.HandleFunc("/asked/weights", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, j.Weights)
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>pool</title>")
	})
	origin, stopServer, err := serve(mux)
	if err != nil {
		return nil, nil, err
	}
	ctx, stopBrowser, err := browser()
	if err != nil {
		stopServer()
		return nil, nil, err
	}
	stop = func() {
		stopBrowser()
		stopServer()
	}
	text := strconv.Quote(recipe)
	built, err := list.Read(os.DirFS(j.Dist))
	if err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(origin+"/empty"))
	}
	if err == nil {
		_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(built.Named(poolPage), text),
			chromedp.EvalAwaitPromise))
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return func(workers int) (float64, error) {
		return chromedp.Run(ctx,
			chromedp.Evaluate[float64](fmt.Sprintf("grid(%s, %d)", text, workers),
				chromedp.EvalAwaitPromise))
	}, stop, nil
}
