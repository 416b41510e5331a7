package main

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/sampler/network"
	"tweedie/sampler/unet"
	"tweedie/weights"
)

// small is the config of a network without classes that a test can afford.
const small = `{"_class_name": "UNet2DModel", "sample_size": 8, "in_channels": 1,
	"out_channels": 1, "down_block_types": ["DownBlock2D", "DownBlock2D"],
	"up_block_types": ["UpBlock2D", "UpBlock2D"], "block_out_channels": [8, 8],
	"layers_per_block": 1, "norm_num_groups": 4, "add_attention": false}`

// folders makes a peer's folder and one of onnxruntime-web, of which the model and the programs are
// empty.
func folders(t *testing.T, config string) (peer, ort string) {
	t.Helper()
	peer, ort = t.TempDir(), t.TempDir()
	f, err := randomWeights([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata = nil
	tensors, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string][]byte{
		filepath.Join(peer, "config.json"):                         []byte(config),
		filepath.Join(peer, "diffusion_pytorch_model.safetensors"): tensors,
		filepath.Join(peer, "model.onnx"):                          nil,
		filepath.Join(ort, "ort.wasm.min.mjs"):                     nil,
		filepath.Join(ort, "ort-wasm-simd-threaded.mjs"):           nil,
		filepath.Join(ort, "ort-wasm-simd-threaded.wasm"):          nil,
	} {
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return peer, ort
}

func TestPeerArguments(t *testing.T) {
	for _, c := range []struct {
		without string // a file of the two folders
		noPeer  bool
		noOrt   bool
		want    string
	}{
		{noPeer: true, want: "add -peer"},
		{noOrt: true, want: "add -ort"},
		{without: "config.json", want: "the peer's folder needs"},
		{without: "diffusion_pytorch_model.safetensors", want: "the peer's folder needs"},
		{without: "model.onnx", want: "model.onnx: the peer's folder needs"},
		{without: "ort.wasm.min.mjs", want: "the npm package onnxruntime-web"},
		{without: "ort-wasm-simd-threaded.mjs", want: "the npm package onnxruntime-web"},
		{without: "ort-wasm-simd-threaded.wasm", want: "the npm package onnxruntime-web"},
	} {
		peer, ort := folders(t, small)
		if c.without != "" {
			os.Remove(filepath.Join(peer, c.without))
			os.Remove(filepath.Join(ort, c.without))
		}
		args := []string{"-in", "guided", "-dist", t.TempDir()}
		if !c.noPeer {
			args = append(args, "-peer", peer)
		}
		if !c.noOrt {
			args = append(args, "-ort", ort)
		}
		if err := run(args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got the error %v", c, err)
		}
	}
}

func TestEnoughProcessors(t *testing.T) {
	if err := enough(1); err == nil || !strings.Contains(err.Error(), "one processor") {
		t.Errorf("with one processor: %v", err)
	}
	if err := enough(2); err != nil {
		t.Errorf("with two processors: %v", err)
	}
}

func TestWithClassRefuses(t *testing.T) {
	for config, want := range map[string]string{
		strings.Replace(small, "{", `{"num_class_embeds": 3, `, 1): "has classes",
		small + "!": "config.json",
	} {
		peer, _ := folders(t, small)
		path := filepath.Join(peer, "config.json")
		if err := os.WriteFile(path, []byte(config), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := withClass(path, filepath.Join(peer, "diffusion_pytorch_model.safetensors"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s…: got the error %v", config, err)
		}
	}
}

// TestPlan draws by a plan with the peer's own network, which has no class, as web/bench/ddim.js
// does it.
func TestPlan(t *testing.T) {
	peer, _ := folders(t, small)
	tensors := filepath.Join(peer, "diffusion_pytorch_model.safetensors")
	file, err := withClass(filepath.Join(peer, "config.json"), tensors)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(tensors)
	if err != nil {
		t.Fatal(err)
	}
	f, err := weights.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := unet.ParseConfig([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	n, err := unet.New(cfg, f, 1, kernels.Best())
	if err != nil {
		t.Fatal(err)
	}
	for _, recipe := range []string{besideRecipe, "m=digits&c=0&steps=3&g=4&clip=0.5&s=9"} {
		p, err := planOf(file, recipe)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Hash) != 64 || len(p.Steps) < 3 || p.Steps[len(p.Steps)-1].Next != 1 {
			t.Errorf("%s: hash %q after steps %v", recipe, p.Hash, p.Steps)
		}
		x, seen, out := append([]float64(nil), p.Noise...), make([]float32, 64), make([]float32, 64)
		for _, s := range p.Steps {
			for i, v := range x {
				seen[i] = float32(v)
			}
			n.Forward([][]float32{out}, []unet.Item{{Sample: seen, Timestep: float32(s.T),
				Class: network.NoClass}})
			for i := range x {
				epsilon := float64(out[i]) // of both passes
				x0 := (x[i] - float64(math.Sqrt(1-s.AlphaBar)*epsilon)) / math.Sqrt(s.AlphaBar)
				x0 = min(max(x0, -p.Bound), p.Bound)
				if p.Rederive {
					epsilon = (x[i] - float64(math.Sqrt(s.AlphaBar)*x0)) / math.Sqrt(1-s.AlphaBar)
				}
				x[i] = float64(math.Sqrt(s.Next)*x0) + float64(math.Sqrt(1-s.Next)*epsilon)
			}
		}
		for i := range x {
			if !(math.Abs(x[i]-p.Picture[i]) < 1e-4) {
				t.Fatalf("%s: value %d is %g, want %g", recipe, i, x[i], p.Picture[i])
			}
		}
	}
	for _, recipe := range []string{"m=digits&c=0&k=ddpm", "m=digits&c=0&eta=0.5", "m=digits&g=2",
		"m=digits&c=0&n=2", "m=digits&c=0&g=1", "m=digits&c=0&clip=none"} {
		_, err := planOf(file, recipe)
		if err == nil || !strings.Contains(err.Error(), "the peer") {
			t.Errorf("%s: got the error %v", recipe, err)
		}
	}
}

func TestIsolated(t *testing.T) {
	w := httptest.NewRecorder()
	isolated(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	for name, want := range map[string]string{"Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestComparison(t *testing.T) {
	var page onWorkers
	err := json.Unmarshal([]byte(`{"one": [20, 22, 30], "two": [10, 11, 30], "peers": [
		{"threads": 1, "ms": [60, 70, 90], "batch": 0, "turns": 1.5, "apart": 0.002},
		{"threads": 2, "ms": [40, 33, 60], "batch": 2, "turns": 3, "together": true}]}`), &page)
	if err != nil {
		t.Fatal(err)
	}
	got := page.comparison("`c=0`, 3 rounds")
	for _, want := range []string{
		"| `c=0`, 3 rounds | ms, median | least |",
		"| one worker | 22 | 20 | 1.00, 1.00 | 2.00, 2.00 |",
		"| two workers | 11 | 10 | 0.50, 0.50 | 1.00, 1.00 |",
		"| onnxruntime-web, 1 thread | 70 | 60 | 3.00, 3.00 | 6.00, 6.00 |",
		"| onnxruntime-web, 2 threads | 40 | 33 | 2.00, 1.65 | 3.00, 3.30 |",
		"1 thread: the two passes of a step are made one after the other (the model takes " +
			"no batch of two). Its picture is at most 0.3 of",
		"2 threads: the two passes of a step are made as a batch of two (2.0 ms a step as " +
			"a batch of two, 3.0 ms one after the other). Its picture is at most 0 of",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
