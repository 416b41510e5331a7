package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/lab/keys"
)

// quick is a recipe that takes no time, and quickHash its h, on every platform.
const (
	quick     = "d=moons&units=8&layers=2&batch=16&steps=12&n=21&c=all&ssteps=5"
	quickHash = "e1eecee3dc4de446"
)

// call runs the command and returns its exit status and what it wrote.
func call(t *testing.T, args ...string) (status int, out, errors string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// TestRun: the recipe comes back with its hash, and with that hash it is certified.
func TestRun(t *testing.T) {
	picture, trace := filepath.Join(t.TempDir(), "points.png"),
		filepath.Join(t.TempDir(), "run.safetensors")
	status, out, wrong := call(t, "-recipe", quick, "-o", picture, "-trace", trace, "-hash")
	lines := strings.Split(out, "\n")
	const want = quick + "&h=" + quickHash
	if status != 0 || wrong != "" || lines[0] != want ||
		!strings.HasPrefix(lines[1], "points  "+quickHash) ||
		!strings.HasPrefix(lines[2], "weights ") || len(lines[2]) != 8+64 {
		t.Fatalf("status %d, %q, %q, want %s", status, out, wrong, want)
	}
	if status, again, wrong := call(t, "-recipe", want); status != 0 ||
		!strings.HasPrefix(again, want+"\n") ||
		!strings.Contains(again, " parameters, 12 training") {
		t.Errorf("the recipe with its hash: status %d, %q, %q", status, again, wrong)
	}
	file := fixture.File(t, picture)
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil || img.Bounds().Dx() != side || !bytes.Contains(file, []byte(want)) {
		t.Errorf("the picture: %v", err)
	}
	f := fixture.Weights(t, trace)
	if f.Metadata["recipe"] != want || !strings.HasPrefix(f.Metadata["sha256"], quickHash) {
		t.Errorf("the trace's metadata are %v", f.Metadata)
	}
	for name, count := range map[string]int{"xt.000": 40, "xt.005": 40, "x0.005": 40, "losses": 12,
		"weights.out.bias": 2, "weights.classes.weight": 3 * 8} {
		if n := len(fixture.Tensor(t, f, name).Float32s()); n != count {
			t.Errorf("%s has %d numbers, want %d", name, n, count)
		}
	}
	if n := len(fixture.Int64s(t, f, "timesteps")); n != 5 {
		t.Errorf("%d timesteps", n)
	}
}

// TestLevels: the trace of an autoencoder has a step for each level of latents.
func TestLevels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.safetensors")
	status, out, wrong := call(t, "-trace", path, "-recipe",
		"d=moons&m=vae&levels=2&units=8&batch=16&steps=12&n=21")
	if status != 0 || wrong != "" || !strings.Contains(out, "divergence at t=2: ") ||
		!strings.Contains(out, " ± ") {
		t.Fatalf("status %d, %q, %q", status, out, wrong)
	}
	f := fixture.Weights(t, path)
	if got := fixture.Int64s(t, f, "timesteps"); len(got) != 2 || got[0] != 2 || got[1] != 1 {
		t.Errorf("the levels are %v", got)
	}
	for name, count := range map[string]int{"xt.000": 42, "xt.002": 42, "x0.001": 42,
		"weights.decoder.2.spread.weight": 1, "weights.encoder.1.out.bias": 4} {
		if n := len(fixture.Tensor(t, f, name).Float32s()); n != count {
			t.Errorf("%s has %d numbers, want %d", name, n, count)
		}
	}
}

// TestJudges: without classes the distance from held-out data is printed, and with an exact score
// the error of the own one.
func TestJudges(t *testing.T) {
	for _, c := range []struct {
		data         string
		exact, apart bool
	}{{"d=moons", false, true}, {"d=grid", true, true}, {"d=grid&c=all", true, false}} {
		_, out, wrong := call(t, "-recipe", c.data+"&units=8&batch=16&steps=5&n=30&ssteps=3")
		if strings.Contains(out, "exact score") != c.exact ||
			strings.Contains(out, "Wasserstein") != c.apart || wrong != "" {
			t.Errorf("%s: %q, %q", c.data, out, wrong)
		}
	}
}

// TestRefusals: what is wrong is said in one sentence, with the status of its kind, and nothing is
// written.
// TestDigits: below the points is what the plane decodes to, in grey.
func TestDigits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "digits.png")
	const text = "d=digits&units=8&batch=16&steps=2&vsteps=20&n=10&ssteps=2"
	if status, out, wrong := call(t, "-recipe", text, "-o", file); status != 0 ||
		!strings.Contains(out, "share of decoded digits") || wrong != "" {
		t.Fatalf("status %d, %q, %q", status, out, wrong)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	inked := 0
	for i := range side * side {
		c := color.RGBAModel.Convert(img.At(i%side, i/side)).(color.RGBA)
		if c.R == c.G && c.G == c.B && c.R < 255 && c.R >= 255-ink {
			inked++
		}
	}
	if inked < side*side/50 {
		t.Errorf("%d pixels are grey", inked)
	}
}

func TestRefusals(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing", "x.png")
	unwritten := filepath.Join(t.TempDir(), "x.png")
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-recipe", "colour=red"}, 1, `there is no key "colour"`},
		{[]string{"-recipe", "d=moons&steps=0"}, 1, "steps is \"0\" but must be a whole"},
		{[]string{"-recipe", "d=moons&lr=1e9"}, 1, "a number above 0 and up to 100"},
		{[]string{"-recipe", quick + "&h=0123456789abcdef", "-o", unwritten}, 1,
			"the recipe says 0123456789abcdef"},
		{[]string{"-recipe", "d=moons&lr=100&norm=0&warm=0&batch=16&steps=90&fall=constant", "-o",
			unwritten}, 1, "a lower learning rate may help"},
		{[]string{"-o", missing}, 2, "there is no folder"},
		{[]string{"moons"}, 2, `the argument "moons" belongs to no flag`},
		{[]string{"-colour"}, 2, "flag provided but not defined"},
	} {
		status, out, wrong := call(t, c.args...)
		if status != c.status || !strings.Contains(wrong, c.says) || out != "" ||
			strings.Count(wrong, "\n") != 1 {
			t.Errorf("%q: status %d, %q, %q, want %d and %q", c.args, status, out, wrong, c.status,
				c.says)
		}
	}
	if _, err := os.Stat(unwritten); err == nil {
		t.Error("a refused run wrote its picture")
	}
}

// TestPaint: a picture's ink becomes the data, or with -light its light part; the recipe
// that is printed gives the same points without the picture.
func TestPaint(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	file, flat := filepath.Join(t.TempDir(), "a.png"), filepath.Join(t.TempDir(), "b.png")
	save(t, flat, img)
	for y := range 20 {
		for x := range 64 {
			img.SetGray(x, y, color.Gray{})
		}
	}
	save(t, file, img)
	const rest = "units=8&batch=16&steps=5&n=30&ssteps=3"
	for _, c := range []struct{ flag, want string }{
		{"-hash=false", "d=painted&paint=P9_9_9_9_95&units"}, // ten rows, for the edge is light
		{"-light=false", "d=painted&paint=P9_9_9_9_95&units"},
		{"-light", "d=painted&paint=A9_9_9_9_95P9_"},
	} {
		_, out, wrong := call(t, "-paint", file, c.flag, "-recipe", rest)
		if !strings.HasPrefix(out, c.want) || wrong != "" {
			t.Errorf("%s: %q, %q, want %s", c.flag, out, wrong, c.want)
			continue
		}
		printed, _, _ := strings.Cut(out, "\n")
		if status, again, wrong := call(t, "-recipe", printed); status != 0 || again != out {
			t.Errorf("%s: status %d, %q, %q", printed, status, again, wrong)
		}
	}
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-paint", flat}, 1, "has one brightness everywhere; choose one with contrast"},
		{[]string{"-paint", flat + "x"}, 1, "there is no picture"},
		{[]string{"-paint", "main.go"}, 1, "main.go is no PNG that can be read"},
		{[]string{"-paint", file, "-recipe", "d=moons"}, 1, "the key d is given twice"},
		{[]string{"-light"}, 2, "-light is for the picture of -paint"},
	} {
		if status, _, wrong := call(t, c.args...); status != c.status ||
			!strings.Contains(wrong, c.says) {
			t.Errorf("%q: status %d, %q, want %d and %q", c.args, status, wrong, c.status, c.says)
		}
	}
}

func save(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var stdout, stderr bytes.Buffer
	status := run(ctx, []string{"-recipe", quick}, &stdout, &stderr)
	if status != 1 || !strings.Contains(stderr.String(), "interrupted after training step 0") {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}

func TestLists(t *testing.T) {
	_, out, _ := call(t, "-presets")
	for _, p := range keys.Presets() {
		if !strings.Contains(out, "d="+p.Name) || !strings.Contains(out, p.Doc) {
			t.Errorf("the list of presets lacks %s", p.Name)
		}
	}
	for _, e := range keys.Examples() {
		if !strings.Contains(out, e.Recipe+"\n") || !strings.Contains(out, e.Doc) {
			t.Errorf("the list of presets lacks %s", e.Recipe)
		}
	}
	if _, out, _ := call(t, "-keys"); !strings.Contains(out, "| d | data") {
		t.Errorf("the keys are %q", out)
	}
	if status, _, help := call(t, "-h"); status != 0 || !strings.Contains(help, "-recipe") {
		t.Errorf("help: %d, %q", status, help)
	}
}
