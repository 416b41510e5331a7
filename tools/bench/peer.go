package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// complete reports what is missing for a comparison with a peer.
func (j *job) complete() error {
	for _, file := range []string{j.Config, j.Weights, j.Model} {
		if err := isThere(file, "the peer's folder needs config.json, "+
			"diffusion_pytorch_model.safetensors and the same network as model.onnx"); err != nil {
			return err
		}
	}
	if j.Ort == "" {
		return nil
	}
	const needs = "-ort is the folder dist of the npm package onnxruntime-web"
	for _, name := range []string{filepath.Base(ortModule), "ort-wasm-simd-threaded.mjs",
		"ort-wasm-simd-threaded.wasm"} {
		if err := isThere(filepath.Join(j.Ort, name), needs); err != nil {
			return err
		}
	}
	return nil
}

func isThere(file, needs string) error {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("there is no file %s: %s", file, needs)
	}
	return nil
}

// besideRecipe is drawn beside a peer. With ε̂ derived again from the bounded x̂0, a network with
// random weights is steady: without, 50 steps make a difference of rounding a million times larger,
// and nothing could be compared.
const besideRecipe = "m=digits&c=0&g=1.5&steps=50&rederive=on"

// peerTimes is what web/bench/guided.js finds of onnxruntime-web on a number of threads.
type peerTimes struct {
	Threads      int
	Ms           []float64
	Batch, Turns float64 // milliseconds of a step, tried by a batch of two and by two passes
	Together     bool    // which of them drew
	Apart        float64 // largest distance of its picture from this program's
}

// beside times a guided picture on one worker and on two, and with onnxruntime-web on one thread
// and on two, in one page.
func beside(j job, recipe string) error {
	if j.Ort == "" {
		return errors.New("guided compares a peer's network with onnxruntime-web: add -ort")
	}
	if err := enough(runtime.NumCPU()); err != nil {
		return err
	}
	page, err := besideInPage(j, recipe)
	if err != nil {
		return err
	}
	fmt.Print(page.comparison(fmt.Sprintf("`%s`, %d rounds", recipe, j.Rounds)))
	return nil
}

// enough refuses machines on which two threads gain nothing.
func enough(processors int) error {
	if processors < 2 {
		return errors.New("this machine has one processor: comparing two workers with two " +
			"threads needs two")
	}
	return nil
}

// besideInPage draws with both in Chromium, in a page that may have threads.
func besideInPage(j job, recipe string) (*onWorkers, error) {
	network, err := withClass(j.Config, j.Weights)
	if err != nil {
		return nil, err
	}
	plan, err := planOf(network, recipe)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(plan)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "tweedie-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	asked := map[string]string{"model": j.Model}
	for name, b := range map[string][]byte{"weights": network, "plan": text} {
		asked[name] = filepath.Join(folder, name)
		if err := os.WriteFile(asked[name], b, 0o666); err != nil {
			return nil, err
		}
	}
	mux := pageWith(j, asked)
	addOrt(mux, j.Ort)
	origin, stop, err := serve(isolated(mux))
	if err != nil {
		return nil, err
	}
	defer stop()
	query := url.Values{"guided": {recipe}, "rounds": {strconv.Itoa(j.Rounds)}, "ort": {ortModule},
		"weights": {"/asked/weights"}, "model": {"/asked/model"}, "plan": {"/asked/plan"}}
	var answer struct{ Pool onWorkers }
	err = measured(origin+"/web/bench.html?"+query.Encode(), &answer)
	return &answer.Pool, err
}

// isolated serves a page that browsers keep apart from all others: only such a page may share
// memory between threads.
func isolated(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.ServeHTTP(w, r)
	})
}

// comparison is a table of what the page found. Ratios are medians over the rounds, in each of
// which everything was drawn once, in turn; the least of each is what was least disturbed.
func (page *onWorkers) comparison(what string) string {
	type row struct {
		name string
		ms   []float64
	}
	rows := []row{{"one worker", page.One}, {"two workers", page.Two}}
	notes := ""
	for _, p := range page.Peers {
		name := fmt.Sprintf("onnxruntime-web, %d threads", p.Threads)
		name = strings.Replace(name, "1 threads", "1 thread", 1)
		rows = append(rows, row{name, p.Ms})
		notes += p.note(name)
	}
	text := "| " + what + " | ms, median | least | ÷ one worker: median of rounds, of the least " +
		"| ÷ two workers |\n|---|---|---|---|---|\n"
	for _, r := range rows {
		text += fmt.Sprintf("| %s | %.0f | %.0f |", r.name, median(r.ms), slices.Min(r.ms))
		for _, by := range [][]float64{page.One, page.Two} {
			text += fmt.Sprintf(" %.2f, %.2f |", gain([2][]float64{r.ms, by}),
				slices.Min(r.ms)/slices.Min(by))
		}
		text += "\n"
	}
	return text + "\n" + notes
}

// note says how the peer drew.
func (p *peerTimes) note(name string) string {
	way := map[bool]string{true: "as a batch of two", false: "one after the other"}
	tried := fmt.Sprintf("%.1f ms a step %s, %.1f ms %s", p.Batch, way[true], p.Turns, way[false])
	switch {
	case p.Turns == 0:
		tried = "the model takes no other"
	case p.Batch == 0:
		tried = "the model takes no batch of two"
	}
	return fmt.Sprintf("%s: the two passes of a step are made %s (%s). Its picture is at most "+
		"%.1g of a grey level from Tweedie's.\n", name, way[p.Together], tried, p.Apart*255/2)
}
