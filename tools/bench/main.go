// Bench times one denoising step of a network natively, in Node and in
// Chromium, and compares it with onnxruntime-web on the same network.
//
//	make bench-step
//	go run ./tools/bench [-in native,node,chromium]
//	                     [-weights FILE | -config FILE | -peer DIR -ort DIR]
//	                     [-rounds 20] [-json FILE]
//	go run ./tools/bench -in pool [-recipe …] [-rounds 5]   a grid on one and on two workers
//	go run ./tools/bench -in guided [-recipe …] [-rounds 5] [-peer DIR -ort DIR]
//	                                  a picture on one and on two workers
//	go run ./tools/bench -in start [-rounds 5]              the first seconds of a visit
//	go run ./tools/bench -in visit [-rounds 5]              what a visitor sees, and its bytes
//	go run ./tools/bench -in plane [-points 10000] [-rounds 5]  the lab's stage, a second a round
//	go run ./tools/bench -in pad [-recipe …] [-rounds 5]    the pad of a plane, a second a round
//	go run ./tools/bench -in lab [-rounds 5]                the lab's training and drawing
//	go run ./tools/bench -in growth [-rounds 20]            how time grows with the work
//
// -config is a config.json of diffusers' UNet2DModel, which gets random weights.
// -peer is a folder with config.json, diffusion_pytorch_model.safetensors and
// model.onnx; -ort the dist folder of the npm package onnxruntime-web. Both run
// one thread, alternating within one process, five runs each in every round; with
// guided both run one and two. It prints a Markdown table; -json writes all results.
// Build the page first (make build). The native figures are those of the vector
// kernels only with GOEXPERIMENT=simd.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// job is what is measured.
type job struct {
	Dist    string `json:"dist"`
	Weights string `json:"weights"`
	Config  string `json:"config,omitempty"`
	Ort     string `json:"ort,omitempty"`
	Model   string `json:"model,omitempty"`
	Rounds  int    `json:"rounds"`
	Points  int    `json:"-"`
}

// result is what web/bench/core.js returns.
type result struct {
	Kernels      string      `json:"kernels"`
	LoadMs       float64     `json:"loadMs"`
	Parameters   int         `json:"parameters"`
	Bytes        int         `json:"bytes"`
	Memory       int         `json:"memory"`
	MultiplyAdds int         `json:"multiplyAdds"`
	Timings      []timing    `json:"timings"`
	Rounds       [][]float64 `json:"rounds"`
	Parts        []part      `json:"parts"`
	Peak         float64     `json:"peak"`
}

type timing struct {
	Name     string  `json:"name"`
	Runs     int     `json:"runs"`
	Median   float64 `json:"median"`
	Quartile float64 `json:"quartile"`
	Least    float64 `json:"least"`
}

type part struct {
	Name         string  `json:"name"`
	MultiplyAdds int     `json:"multiplyAdds"`
	Ms           float64 `json:"ms"`
}

// places are the places where a step can be measured.
var places = map[string]func(job) (*result, error){
	"native": native, "node": node, "chromium": chromium,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	in := flags.String("in", "native,node,chromium", "`places` to measure in")
	weights := flags.String("weights", "weights/digits.safetensors", "`file` of the network")
	config := flags.String("config", "", "`file` config.json of a network, which gets random "+
		"weights, instead of -weights")
	peer := flags.String("peer", "", "`folder` with a network for both, instead of -weights")
	ort := flags.String("ort", "", "dist `folder` of onnxruntime-web, to compare with it")
	dist := flags.String("dist", "web/dist", "`folder` of the built page")
	rounds := flags.Int("rounds", 20, "rounds of five runs")
	out := flags.String("json", "", "`file` to write everything to")
	points := flags.Int("points", 10_000, "points on the lab's stage (plane only)")
	recipe := flags.String("recipe", "",
		"`recipe` of the pictures (pool, guided) or of the plane (pad)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	j := job{Weights: *weights, Rounds: *rounds, Dist: *dist, Ort: *ort, Points: *points}
	if *peer != "" {
		j.Weights, j.Config = filepath.Join(*peer, "diffusion_pytorch_model.safetensors"),
			filepath.Join(*peer, "config.json")
		j.Model = filepath.Join(*peer, "model.onnx")
		if err := j.complete(); err != nil {
			return err
		}
	} else if *ort != "" {
		return errors.New("-ort compares networks that exist as ONNX: add -peer")
	}
	if *config != "" {
		folder, err := os.MkdirTemp("", "tweedie-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		if j.Weights, err = random(*config, folder); err != nil {
			return err
		}
	}
	for _, p := range []*string{&j.Dist, &j.Weights, &j.Config, &j.Ort, &j.Model} {
		if *p == "" {
			continue
		}
		absolute, err := filepath.Abs(*p)
		if err != nil {
			return err
		}
		*p = absolute
	}
	switch *in {
	case "pool":
		return pool(j, cmp.Or(*recipe, "m=digits&c=all&n=8&steps=20"))
	case "guided":
		if j.Model != "" {
			return beside(j, cmp.Or(*recipe, besideRecipe))
		}
		return guided(j, cmp.Or(*recipe, "m=digits&c=7&steps=50"))
	case "start":
		return start(j)
	case "visit":
		return visit(j)
	case "pad":
		return pad(j, cmp.Or(*recipe, "m=faces-few&c=3&s=3&plane=5,9,12&at=0.5,0.5"))
	case "plane":
		return plane(j)
	case "lab":
		return labs(j)
	case "growth":
		return growth(j)
	}
	all := map[string]*result{}
	header()
	for _, place := range strings.Split(*in, ",") {
		f, ok := places[place]
		if !ok {
			return fmt.Errorf(
				"there is no place %q; there are native, node and chromium, and alone pool, "+
					"guided, start, visit, plane, lab, pad and growth", place)
		}
		r, err := f(j)
		if err != nil {
			return fmt.Errorf("in %s: %w", place, err)
		}
		all[place] = r
		show(place, r)
	}
	if *out == "" {
		return nil
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(*out, append(text, '\n'), 0o666)
}
