package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/chromedp/chromedp"
)

// marks are the milestones that the page records of its start
// (performance.mark), in their usual order.
var marks = []struct{ name, what string }{
	{"tweedie:program", "the sampler is compiled"},
	{"tweedie:ready", "the worker takes requests"},
	{"tweedie:weights", "the weights are there"},
	{"tweedie:model", "the network is ready"},
	{"tweedie:step", "the first step"},
}

// start prints the times of the page's milestones in milliseconds since the
// visit began: in a fresh browser, and on the next visit with everything in the
// cache.
func start(j job) error {
	origin, stop, err := serve(http.FileServer(http.Dir(j.Dist)))
	if err != nil {
		return err
	}
	defer stop()
	var times [2]map[string][]float64
	for visit := range times {
		times[visit] = map[string][]float64{}
	}
	for range j.Rounds {
		if err := visits(origin, &times); err != nil {
			return err
		}
	}
	fmt.Printf("| ms since the visit began, median of %d | first visit | next visit "+
		"|\n|---|---|---|\n", j.Rounds)
	for _, m := range marks {
		fmt.Printf("| %s | %.0f | %.0f |\n",
			m.what, median(times[0][m.name]), median(times[1][m.name]))
	}
	for _, between := range []struct{ what, from, to string }{
		{"from the compiled sampler to the worker", "tweedie:program", "tweedie:ready"},
		{"from the weights to the network", "", "tweedie:model"},
	} {
		fmt.Printf("| %s", between.what)
		for _, t := range times {
			var spans []float64
			for i, to := range t[between.to] {
				from := max(t["tweedie:ready"][i], t["tweedie:weights"][i])
				if between.from != "" {
					from = t[between.from][i]
				}
				spans = append(spans, to-from)
			}
			fmt.Printf(" | %.0f", median(spans))
		}
		fmt.Println(" |")
	}
	return nil
}

// visits opens the page twice in a fresh browser.
func visits(origin string, times *[2]map[string][]float64) error {
	ctx, stop, err := browser()
	if err != nil {
		return err
	}
	defer stop()
	// The first page of a browser also starts parts of the browser.
	if err := chromedp.Do(ctx, chromedp.Navigate(origin+"/web/embed.js")); err != nil {
		return err
	}
	for visit := range times {
		err := chromedp.Do(ctx, chromedp.Navigate(origin+"/#m=digits&c=7&steps=50"))
		if err != nil {
			return err
		}
		if visit > 0 {
			if err := chromedp.Do(ctx, chromedp.Reload()); err != nil {
				return err
			}
		}
		for _, m := range marks {
			at, err := markOf(ctx, m.name)
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			times[visit][m.name] = append(times[visit][m.name], at)
		}
		// A browser caches compiled code some time after it was busy.
		if err := chromedp.Do(ctx, chromedp.Sleep(5*time.Second)); err != nil {
			return err
		}
	}
	return nil
}

// markOf waits for a mark of the page and returns its time.
func markOf(ctx context.Context, name string) (float64, error) {
	return chromedp.Run(ctx, chromedp.Poll[float64](
		`performance.getEntriesByName('`+name+`')[0]?.startTime`,
		chromedp.WithPollingInterval(20*time.Millisecond),
		chromedp.WithPollingTimeout(time.Minute)))
}
