package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/chromedp"

	"tweedie/sampler/kernels"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// native measures in this process.
func native(j job) (*result, error) {
	start := time.Now()
	b, err := os.ReadFile(j.Weights)
	if err != nil {
		return nil, err
	}
	f, err := weights.Parse(b)
	if err != nil {
		return nil, err
	}
	config := []byte(f.Metadata["config"])
	if j.Config != "" {
		if config, err = os.ReadFile(j.Config); err != nil {
			return nil, err
		}
	}
	cfg, err := unet.ParseConfig(config)
	if err != nil {
		return nil, err
	}
	n, err := unet.New(cfg, f, 2, kernels.Best())
	if err != nil {
		return nil, err
	}
	r := &result{Kernels: kernels.Best().Name, LoadMs: ms(start), Parameters: n.Parameters,
		Bytes: n.Bytes, MultiplyAdds: n.MultiplyAdds()}
	var items []unet.Item
	var out [][]float32
	x := make([]float32, n.InChannels*n.SampleHeight*n.SampleWidth)
	for k := range x {
		x[k] = float32(k%13)/6 - 1
	}
	for i := range 2 { // as in guidance: one sample, two classes
		items = append(items, unet.Item{Sample: x, Timestep: 500,
			Class: min(i, n.NumClassEmbeds-1)})
		out = append(out, make([]float32, n.OutChannels*n.SampleHeight*n.SampleWidth))
	}
	times := make([][]float64, 2)
	for range j.Rounds {
		for c := range times {
			for range 5 {
				start := time.Now()
				n.Forward(out[:c+1], items[:c+1])
				times[c] = append(times[c], ms(start))
			}
		}
	}
	for c, name := range []string{"one pass", "guided step, two passes"} {
		slices.Sort(times[c])
		last := len(times[c]) - 1
		r.Timings = append(r.Timings,
			timing{name, len(times[c]), times[c][last/2], times[c][last/4], times[c][0]})
	}
	least, kept := 1e9, float32(0)
	for range 20 {
		start := time.Now()
		kept += kernels.PeakLoop(100000)
		least = min(least, ms(start))
	}
	if kept != kept {
		return nil, errors.New("the loop that measures the peak made no number")
	}
	r.Peak = 2e-6 * kernels.PeakRound * 100000 / least
	return r, nil
}

func ms(start time.Time) float64 { return float64(time.Since(start)) / 1e6 }

// node measures in Node.
func node(j job) (*result, error) {
	r := new(result)
	return r, inNode(j, r)
}

// inNode reads what node.mjs finds into answer.
func inNode(ask, answer any) error {
	text, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	command := exec.Command("node", "--stack-size=8192", "tools/bench/node.mjs", string(text))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return json.Unmarshal(out, answer)
}

// chromium measures in a fresh headless Chromium, with web/bench.html.
func chromium(j job) (*result, error) {
	query := url.Values{"rounds": {fmt.Sprint(j.Rounds)}}
	asked := map[string]string{"weights": j.Weights, "config": j.Config, "model": j.Model}
	if j.Ort == "" {
		asked["model"] = ""
	}
	maps.DeleteFunc(asked, func(_, file string) bool { return file == "" })
	for key := range asked {
		query.Set(key, "/asked/"+key)
	}
	mux := pageWith(j, asked)
	if j.Ort != "" {
		addOrt(mux, j.Ort)
		query.Set("ort", ortModule)
	}
	origin, stop, err := serve(mux)
	if err != nil {
		return nil, err
	}
	defer stop()
	return open(origin + "/web/bench.html?" + query.Encode())
}

// ortModule is the address under which addOrt serves onnxruntime-web for WebAssembly.
const ortModule = "/ort/ort.wasm.min.mjs"

// addOrt also serves the dist folder of onnxruntime-web.
func addOrt(mux *http.ServeMux, folder string) {
	mux.Handle("/ort/", http.StripPrefix("/ort/", scripts(http.FileServer(http.Dir(folder)))))
}

// scripts gives .mjs files the type that browsers require.
func scripts(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if filepath.Ext(r.URL.Path) == ".mjs" {
			w.Header().Set("Content-Type", "text/javascript")
		}
		h.ServeHTTP(w, r)
	})
}

// open waits for the page's result.
func open(address string) (*result, error) {
	answer := struct{ Result *result }{new(result)}
	return answer.Result, measured(address, &answer)
}

// measured waits for what a benchmark's page has found, and reads it into answer.
func measured(address string, answer any) error {
	ctx, stop, err := browser()
	if err != nil {
		return err
	}
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return err
	}
	text, err := chromedp.Run(ctx, chromedp.Poll[string](`document.documentElement.dataset.result`,
		chromedp.WithPollingInterval(200*time.Millisecond),
		chromedp.WithPollingTimeout(29*time.Minute)))
	if err != nil {
		return err
	}
	var failed struct{ Error string }
	if err := json.Unmarshal([]byte(text), &failed); err != nil {
		return err
	}
	if failed.Error != "" {
		return errors.New(failed.Error)
	}
	return json.Unmarshal([]byte(text), answer)
}
