package browser

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/tools/pack/program"
	"tweedie/wasm/browser/engines"
)

// labGolden has the recipes that the lab carries out to the same bits everywhere.
func labGolden(t *testing.T) []fixture.Line {
	return fixture.Lines(t, filepath.Join("..", "..", "sampler", "lab", "experiment", "testdata",
		"golden.txt"))
}

// What is asked of the lab in a tab that is hidden comes to its end there.
func visitLearnsHidden(v *visit) {
	golden := labGolden(v.t)
	v.open(v.site.url + "/web/lab.html?hidden#" + golden[0].Name)
	v.wait(hashed)
	err := v.b.Hide(v.t.Context())
	var cannot *engines.Cannot
	if errors.As(err, &cannot) {
		v.t.Skip(err)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	v.wait(`document.visibilityState === 'hidden'`)
	v.do(`location.hash = '#` + golden[1].Name + `'`)
	v.wait(hashed)
	if got := v.text(`document.visibilityState`); got != "hidden" {
		v.t.Errorf("at the end the tab is %s", got)
	}
	if got := v.text(`location.hash.split('&h=')[1]`); got != golden[1].Value {
		v.t.Errorf("%s: got %s, natively %s", golden[1].Name, got, golden[1].Value)
	}
	if err := v.b.Show(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
	v.wait(`document.visibilityState === 'visible'`)
	v.wait(has("plane-state", "of 20"))
}

// The lab comes to the points of every golden recipe, which are those that it has natively: its
// page to those of the first, and its worker to all others.
func visitLearns(v *visit) {
	golden := labGolden(v.t)
	v.open(v.site.url + "/web/lab.html#" + golden[0].Name)
	v.wait(hashed)
	got := []string{v.text(`location.hash.split('&h=')[1]`)}
	var recipes []string
	for _, l := range golden[1:] {
		recipes = append(recipes, l.Name)
	}
	var others []string
	v.into(call("lab-hashes.js", v.site.url+"/"+v.site.files.Named("web/lab/worker.js"), recipes),
		&others)
	for i, hash := range append(got, others...) {
		if !strings.HasPrefix(hash, golden[i].Value) {
			v.t.Errorf("%s: got %s, natively %s", golden[i].Name, hash, golden[i].Value)
		}
	}
}

// The test that fixes networks to their bits, those of the weights, the loss and the points, runs
// in the browser as it does natively, with vector kernels and with the reference.
func visitTrains(v *visit) {
	lab := filepath.Join("..", "..", "sampler", "lab")
	binary, err := labTest()
	if err != nil {
		v.t.Fatal(err)
	}
	loader, err := program.Loader(".")
	if err != nil {
		v.t.Fatal(err)
	}
	for path, answer := range map[string]struct {
		kind string
		data []byte
	}{
		"/empty.html": {"text/html",
			[]byte("<!doctype html><title>Tests</title><link rel=icon href=data:,>")},
		"/loader.js":     {"text/javascript", loader},
		"/lab.test.wasm": {"application/wasm", binary},
	} {
		v.site.replace(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", answer.kind)
			w.Write(answer.data)
		})
	}
	v.open(v.site.url + "/empty.html")
	said := v.text(`await ` + call("go-test.js", v.site.url+"/lab.test.wasm",
		v.site.url+"/loader.js", "TestGolden",
		string(fixture.File(v.t, filepath.Join(lab, "testdata", "golden.txt")))))
	if !strings.Contains(said, "--- PASS: TestGolden") || !strings.HasSuffix(said, "exit 0") {
		v.t.Errorf("the test says\n%s", said)
	}
}

// labTest is the tests of sampler/lab, compiled for WebAssembly.
var labTest = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "tweedie-lab-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	out := filepath.Join(folder, "lab.test.wasm")
	if _, err := program.Go(filepath.Join("..", "..", "sampler", "lab"), []string{"GOOS=js",
		"GOARCH=wasm", "GOEXPERIMENT=simd"}, "test", "-c", "-vet=off", "-o", out); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
})
