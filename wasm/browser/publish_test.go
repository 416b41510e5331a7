package browser

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/internal/fixture"
	"tweedie/tools/serve/static"
	"tweedie/wasm/protocol"
)

// One command goes from a checkpoint to a site: it opens with that model, draws what the converted
// file draws natively, and the file beside it does so without a server.
func TestSiteOfACheckpoint(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	checkpoint := filepath.Join(folder, "model-10.safetensors")
	state := fixture.File(t,
		"../../tools/convert/family/testdata/lucidrains-unet-selfcond/state.safetensors.gz")
	if err := os.WriteFile(checkpoint, state, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(folder, "site")
	build := exec.Command("go", "run", "./tools/pack", "site", "-checkpoint", checkpoint,
		"-title", "Small <noise>", "-size", "16", "-o", out)
	build.Dir = filepath.Join("..", "..")
	said, err := build.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{"family lucidrains", "small-noise.html", "web/embed.js",
		"badge.svg"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	const recipe = "m=small-noise&s=3&steps=4"
	files, err := filepath.Glob(filepath.Join(out, "weights", "*.safetensors"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the site has the models %q (%v)", files, err)
	}
	want := &conversation{}
	session := protocol.NewSession(want, protocol.Open, func() float64 { return 0 })
	session.Receive(protocol.Load{Model: "small-noise",
		Bytes: protocol.Bytes(fixture.File(t, files[0]))})
	session.Receive(protocol.Run{ID: 1, Recipe: recipe})
	for session.Advance() {
	}
	if want.failed != nil {
		t.Fatal(want.failed.Message)
	}
	server := httptest.NewServer(static.New(os.DirFS(out)))
	t.Cleanup(server.Close)
	for _, address := range []string{server.URL + "/", "file://" + out + "/small-noise.html"} {
		w := newTab(t, &site{url: strings.TrimSuffix(address, "/")})
		w.must(chromedp.Navigate(address))
		w.waitState("done")
		if got := eval[string](w, `location.hash`); !strings.HasPrefix(got, "#m=small-noise&") {
			t.Errorf("%s opens with %s", address, got)
		}
		if got := w.text("model"); !strings.Contains(got, "Small <noise>") {
			t.Errorf("%s names the model %q", address, got)
		}
		// A recipe without a model means the page's own.
		w.must(chromedp.Navigate(address + "#s=3&steps=4"))
		w.wait(done + ` && location.hash === '#` + want.done.Recipe + `'`)
	}
}
