package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
)

// rest is how long a tab is left alone before its memory counts as what it keeps.
const rest = 5 * time.Second

// spans are the parts of the time until the first step, between the page's marks. The latest of
// from is where a part begins.
var spans = []struct {
	what string
	from []string
	to   string
}{
	{"the visit, until the weights are there", nil, "tweedie:weights"},
	{"and the worker", nil, "tweedie:ready"},
	{"from both to the network", []string{"tweedie:weights", "tweedie:ready"}, "tweedie:model"},
	{"from the network to the first step", []string{"tweedie:model"}, "tweedie:step"},
	{"the visit, until the first step", nil, "tweedie:step"},
}

// tab prints how long the first network of a site takes from the browser's own store to its first
// step, and the memory of the tab's process: the most while it loads and draws, and what it keeps.
func tab(j job) error {
	name, err := firstModel(j.Dist)
	if err != nil {
		return err
	}
	origin, stop, err := serveSite(j.Dist)
	if err != nil {
		return err
	}
	defer stop()
	times := make([][]float64, len(spans))
	var most, kept []float64
	for range j.Rounds {
		m, k, err := loadInTab(origin+"/#m="+name+"&s=1&steps=8", times)
		if err != nil {
			return err
		}
		most, kept = append(most, m), append(kept, k)
	}
	fmt.Printf("| %s, from the browser's store | median of %d |\n|---|---:|\n", name, j.Rounds)
	for i, s := range spans {
		fmt.Printf("| %s | %.0f ms |\n", s.what, median(times[i]))
	}
	fmt.Printf("| memory of the tab's process, at most | %.0f MB |\n", median(most)/1e6)
	fmt.Printf("| %.0f s after the run | %.0f MB |\n", rest.Seconds(), median(kept)/1e6)
	return nil
}

// firstModel returns the name of the first network of a built page.
func firstModel(dist string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dist, "files.json"))
	if err != nil {
		return "", err
	}
	var built struct{ Files []struct{ Name string } }
	if err := json.Unmarshal(text, &built); err != nil {
		return "", err
	}
	for _, f := range built.Files {
		name, of := strings.CutPrefix(f.Name, "weights/")
		if name, is := strings.CutSuffix(name, ".safetensors"); of && is {
			return name, nil
		}
	}
	return "", errors.New(dist + " has no network")
}

// loadInTab visits a site until the browser keeps it, and again in a tab of its own, which it
// watches.
func loadInTab(address string, times [][]float64) (most, kept float64, err error) {
	ctx, stop, err := browser()
	if err != nil {
		return 0, 0, err
	}
	defer stop()
	if err := storeVisit(ctx, address); err != nil {
		return 0, 0, err
	}
	again, end := chromedp.NewContext(ctx)
	defer end()
	if err := chromedp.Do(again, chromedp.Navigate("about:blank")); err != nil {
		return 0, 0, err
	}
	w, err := watchRenderers(again)
	if err != nil {
		return 0, 0, err
	}
	err = chromedp.Do(again, chromedp.Navigate(address))
	at := map[string]float64{}
	for _, name := range []string{"weights", "ready", "model", "step", "done"} {
		if err == nil && name == "done" {
			_, err = chromedp.Run(again, chromedp.Poll[bool](
				`document.documentElement.dataset.state === 'done'`))
		} else if err == nil {
			at["tweedie:"+name], err = markOf(again, "tweedie:"+name)
		}
	}
	if err == nil {
		err = chromedp.Do(again, chromedp.Sleep(rest))
	}
	most, kept = w.stop()
	for i, s := range spans {
		from := 0.0
		for _, mark := range s.from {
			from = max(from, at[mark])
		}
		times[i] = append(times[i], at[s.to]-from)
	}
	return most, kept, err
}

// storeVisit makes the first visit, and ends its tab.
func storeVisit(ctx context.Context, address string) error {
	// The last tab of a browser ends it, so this one stays and is empty.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return err
	}
	first, end := chromedp.NewContext(ctx)
	defer end()
	if err := chromedp.Do(first, chromedp.Navigate(address)); err != nil {
		return err
	}
	if _, err := markOf(first, "tweedie:step"); err != nil {
		return err
	}
	_, err := chromedp.Run(first, chromedp.Evaluate[any](kept, chromedp.EvalAwaitPromise))
	return err
}

// watcher samples the private memory of a browser's tabs, and knows the largest.
type watcher struct {
	end        chan struct{}
	all        sync.WaitGroup
	most, last float64
}

// watchRenderers begins to watch the processes of tabs. Memory is what Linux tells of it: what is
// no part of a file, and so is no other process's.
func watchRenderers(ctx context.Context) (*watcher, error) {
	b := chromedp.FromContext(ctx).Browser
	renderers := func() (ids []int64, err error) {
		var info systeminfo.GetProcessInfoResult
		if err := b.Call(ctx, systeminfo.CommandGetProcessInfo, struct{}{}, &info); err != nil {
			return nil, err
		}
		for _, p := range info.ProcessInfo {
			if p.Type == "renderer" {
				ids = append(ids, p.ID)
			}
		}
		return ids, nil
	}
	if _, err := renderers(); err != nil {
		return nil, err
	}
	w := &watcher{end: make(chan struct{})}
	w.all.Go(func() {
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-w.end:
				tick.Stop()
				return
			case <-tick.C:
			}
			ids, _ := renderers()
			largest := 0.0
			for _, id := range ids {
				largest = max(largest, privateMemory(id))
			}
			if largest > 0 {
				w.most, w.last = max(w.most, largest), largest
			}
		}
	})
	return w, nil
}

// stop returns the most memory of a tab, and what the largest had in the end, in bytes.
func (w *watcher) stop() (most, last float64) {
	close(w.end)
	w.all.Wait()
	return w.most, w.last
}

// privateMemory returns the bytes of a process that are resident or swapped out and no part of a
// file; 0 where it is gone.
func privateMemory(id int64) float64 {
	text, err := os.ReadFile("/proc/" + strconv.FormatInt(id, 10) + "/status")
	if err != nil {
		return 0
	}
	sum := 0.0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && slices.Contains([]string{"RssAnon:", "VmSwap:"}, fields[0]) {
			kilobytes, _ := strconv.ParseFloat(fields[1], 64)
			sum += kilobytes * 1024
		}
	}
	return sum
}
