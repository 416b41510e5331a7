package browser

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/sampler/unet"
	"tweedie/weights"
)

// TestBenchmark runs tools/bench on the built page: a step in Node and in Chromium, and pictures on
// one worker and on two.
func TestBenchmark(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed, and half of this benchmark runs in it")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	for in, rows := range map[string][]string{
		"node,chromium": {"| node | guided step, two passes |",
			"| chromium | guided step, two passes |"},
		"pool":   {"| native copies |", "| workers in Chromium |"},
		"guided": {"| from asking to the hash |"},
	} {
		bench := exec.Command("go", "run", "./tools/bench", "-in", in, "-rounds", "1",
			"-recipe", "m=digits&n=2&steps=2", "-dist", dist,
			"-weights", "weights/digits-small.safetensors")
		bench.Dir = filepath.Join("..", "..")
		bench.Stderr = os.Stderr
		out, err := bench.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if !strings.Contains(string(out), row) {
				t.Errorf("no line %q in\n%s", row, out)
			}
		}
	}
}

// silent is the config of a network that says nothing: all its weights are zero, and so is its ε̂.
const silent = `{"_class_name": "UNet2DModel", "sample_size": 8, "in_channels": 1,
	"out_channels": 1, "down_block_types": ["DownBlock2D", "DownBlock2D"],
	"up_block_types": ["UpBlock2D", "UpBlock2D"], "block_out_channels": [8, 8],
	"layers_per_block": 1, "norm_num_groups": 4, "add_attention": false}`

// standIn has the interface of onnxruntime-web for a network with the same answer everywhere.
const standIn = `export const env = {wasm: {}};
export class Tensor { constructor(type, data, dims) { Object.assign(this, {type, data, dims}); } }
export const InferenceSession = {
	create: async () => ({
		inputMetadata: [{name: 'x', type: 'float32', shape: ['n', 1, 8, 8]},
			{name: 't', type: 'float32', shape: ['n']}],
		outputNames: ['out'],
		run: async ({x}) => ({out: {data: new Float32Array(x.data.length).fill(ANSWER)}}),
	}),
};`

// TestGuidedBenchmark compares guided pictures with those of a peer: one that draws the same, and
// one that does not.
func TestGuidedBenchmark(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("there is one processor, and two workers are compared with two threads")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	peer, ort := t.TempDir(), t.TempDir()
	put := func(path string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := unet.ParseConfig([]byte(silent))
	if err != nil {
		t.Fatal(err)
	}
	f := new(weights.File)
	if f.Tensors, err = unet.Tensors(cfg); err != nil {
		t.Fatal(err)
	}
	for i := range f.Tensors {
		tensor := &f.Tensors[i]
		tensor.DType = weights.F32
		tensor.Data = make([]byte, 4*tensor.Len())
	}
	file, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	put(filepath.Join(peer, "config.json"), []byte(silent))
	put(filepath.Join(peer, "diffusion_pytorch_model.safetensors"), file)
	for _, path := range []string{filepath.Join(peer, "model.onnx"),
		filepath.Join(ort, "ort-wasm-simd-threaded.mjs"),
		filepath.Join(ort, "ort-wasm-simd-threaded.wasm")} {
		put(path, nil)
	}
	for answer, want := range map[string]string{"0": "| onnxruntime-web, 2 threads |",
		"0.5": "onnxruntime-web drew another picture"} {
		script := strings.Replace(standIn, "ANSWER", answer, 1)
		put(filepath.Join(ort, "ort.wasm.min.mjs"), []byte(script))
		bench := exec.Command("go", "run", "./tools/bench", "-in", "guided", "-rounds", "1",
			"-dist", dist, "-peer", peer, "-ort", ort)
		bench.Dir = filepath.Join("..", "..")
		out, err := bench.CombinedOutput()
		if (err == nil) != (answer == "0") || !strings.Contains(string(out), want) {
			t.Errorf("with the answer %s: %v, and no %q in\n%s", answer, err, want, out)
		}
	}
}

// TestGuidedBenchmarkRefuses opens the comparison with a peer on a page that is not isolated.
func TestGuidedBenchmarkRefuses(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.Navigate(w.site.url + "/web/bench.html?guided=m=digits%26c=7"))
	w.wait(`document.documentElement.dataset.result`)
	if got := w.text("state"); !strings.Contains(got, "not cross-origin isolated") {
		t.Errorf("the page says %q", got)
	}
}

// TestLabBenchmark runs that of the lab on the built page, in Node and in Chromium.
func TestLabBenchmark(t *testing.T) {
	t.Parallel()
	const recipe = "d=moons&units=8&batch=16&steps=40&n=30&ssteps=5"
	check := func(place string, r *labFigures) {
		t.Helper()
		for i, list := range [][]float64{r.Rates, r.Reached, r.Learned, r.Drawing} {
			if len(list) < 2 || !(slices.Min(list) > 0) {
				t.Errorf("in %s: list %d of the figures is %v", place, i, list)
			}
		}
	}
	w := newTab(t, newSite(t))
	w.must(chromedp.Navigate(w.site.url + "/web/bench.html?" + url.Values{"lab": {recipe},
		"drawn": {recipe + "&k=heun"}, "reach": {"20"}, "rounds": {"2"}}.Encode()))
	w.wait(`document.documentElement.dataset.result`)
	check("Chromium", eval[*labFigures](w,
		`JSON.parse(document.documentElement.dataset.result).lab`))
	if n := eval[int](w, byID("speeds")+`.rows.length`); n != 3 {
		t.Errorf("there are %d rows of figures", n)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed, and half of this benchmark runs in it")
	}
	dist, err := filepath.Abs(page(t))
	if err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"dist": dist, "lab": true, "recipe": recipe,
		"drawn": recipe + "&k=heun", "reach": 20, "rounds": 2})
	if err != nil {
		t.Fatal(err)
	}
	bench := exec.Command("node", filepath.Join("..", "..", "tools", "bench", "node.mjs"),
		string(ask))
	bench.Stderr = os.Stderr
	out, err := bench.Output()
	r := new(labFigures)
	if err == nil {
		err = json.Unmarshal(out, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	check("Node", r)
}

// labFigures is what the lab's benchmark finds.
type labFigures struct{ Rates, Reached, Learned, Drawing []float64 }

// The page of the benchmark finds what it measures by itself.
func TestBenchmarkPage(t *testing.T) {
	t.Parallel()
	w := newTab(t, newSite(t))
	w.must(chromedp.Navigate(w.site.url + "/web/bench.html?rounds=1"))
	w.wait(`document.documentElement.dataset.result`)
	if got := w.text("state"); strings.Contains(got, "failed") {
		t.Errorf("the page says %q", got)
	}
	if n := eval[int](w, byID("timings")+`.rows.length`); n < 3 {
		t.Errorf("there are %d rows of figures", n)
	}
}
