package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/picture"
	"tweedie/sampler/solver"
)

// small is a U-Net of random weights for pictures of 28×28, without classes.
const small = "../../sampler/testdata/mnist28.safetensors"

// call runs the command and returns its exit status and what it wrote.
func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(context.Background(), args, &out, &err)
	return status, out.String(), err.String()
}

// must is call for a command that works; it returns the recipe and the hash.
func must(t *testing.T, args ...string) (recipe, sum string) {
	t.Helper()
	status, stdout, stderr := call(t, args...)
	lines := strings.Split(stdout, "\n")
	if status != 0 || len(lines) != 3 || lines[2] != "" || len(lines[1]) != 64 {
		t.Fatalf("%v: status %d, output %q, messages %q", args, status, stdout, stderr)
	}
	return lines[0], lines[1]
}

func TestFlagsAndRecipe(t *testing.T) {
	recipe, sum := must(t, "-weights", small, "-steps", "2", "-seed", "7", "-n", "2", "-eta", "0.5",
		"-guidance", "2", "-sampler", "ddim")
	if want := "m=mnist28&s=7&n=2&steps=2&g=2&eta=0.5&by=77942be2.2&h=" + sum[:16]; recipe != want {
		t.Errorf("recipe %q, want %q", recipe, want)
	}
	for _, args := range [][]string{
		{"-recipe", recipe},
		{"-recipe", "#" + recipe},
		{"-recipe", "s=7&n=2&steps=2&eta=.5&g=2.0"},
		{"-recipe", "m=mnist28&s=1&n=1&steps=2&eta=.5&g=2", "-seed", "7", "-n", "2"},
	} {
		again, sumAgain := must(t, append(args, "-weights", small)...)
		if again != recipe || sumAgain != sum {
			t.Errorf("%v gives %s %s, want %s %s", args, again, sumAgain, recipe, sum)
		}
	}
	other, sumOther := must(t, "-weights", small, "-recipe", recipe, "-seed", "8")
	if sumOther == sum || !strings.HasSuffix(other, sumOther[:16]) {
		t.Errorf("another seed gives %s", other)
	}
}

// TestAutoguidance: the weaker version lies beside the model, or where a flag says.
func TestAutoguidance(t *testing.T) {
	const faces, weak = "../../weights/faces.safetensors", "../../weights/faces-weak.safetensors"
	args := []string{"-weights", faces, "-class", "hat", "-steps", "2", "-guidance", "1"}
	_, plain := must(t, args...)
	args = append(args, "-autoguidance", "1.5")
	recipe, sum := must(t, args...)
	if !strings.HasPrefix(recipe, "m=faces&c=hat&steps=2&ag=1.5&by=") || sum == plain {
		t.Errorf("recipe %s, pixels %s, and %s without it", recipe, sum, plain)
	}
	if again, sumAgain := must(t, append(args, "-weak", weak)...); again != recipe ||
		sumAgain != sum {
		t.Errorf("with the flag: %s %s, want %s %s", again, sumAgain, recipe, sum)
	}
	const digits = "../../weights/digits.safetensors"
	args = slices.Clip(args)
	for says, wrong := range map[string][]string{
		"guides nothing":       {"-weights", faces, "-weak", weak},
		"no weights file":      {"-weights", digits, "-autoguidance", "2"},
		"another shape":        append(args, "-weak", digits),
		"another network than": append(args, "-weak", faces),
		"must be a number":     append(args, "-autoguidance", "much"),
	} {
		if status, _, stderr := call(t, wrong...); status != 1 || !strings.Contains(stderr, says) {
			t.Errorf("%v: status %d, %q, want %q", wrong, status, stderr, says)
		}
	}
}

func TestBrokenPromise(t *testing.T) {
	for by, says := range map[string]string{"00000000.1": "other weights"} {
		status, stdout, stderr := call(t, "-weights", small, "-recipe",
			"steps=1&by="+by+"&h=0123456789abcdef")
		if status != 1 || !strings.Contains(stderr, says) ||
			!strings.Contains(stdout, "&by=77942be2.2&h=") {
			t.Errorf("by=%s: status %d, output %q, messages %q", by, status, stdout, stderr)
		}
	}
	status, stdout, stderr := call(t, "-weights", small, "-recipe", "steps=1&h=0123456789abcdef")
	if status != 1 || !strings.Contains(stderr, "and the recipe promised 0123456789abcdef") ||
		!strings.Contains(stdout, "&h=") {
		t.Errorf("status %d, output %q, messages %q", status, stdout, stderr)
	}
}

// TestPictureAndTrace reads back what was written and compares the two with each other and with the
// hash.
func TestPictureAndTrace(t *testing.T) {
	folder := t.TempDir()
	pngFile, traceFile := filepath.Join(folder, "out.png"), filepath.Join(folder, "out.safetensors")
	recipe, sum := must(t, "-weights", small, "-n", "3", "-recipe", "steps=2&k=ddpm", "-o",
		pngFile, "-trace", traceFile, "-scale", "2")

	f := fixture.Weights(t, traceFile)
	if f.Metadata["recipe"] != recipe || f.Metadata["sha256"] != sum ||
		f.Metadata["model"] != "mnist28" || len(f.Metadata["weights"]) != 16 {
		t.Errorf("metadata %v", f.Metadata)
	}
	names := []string{"xt.00", "xt.01", "x0.01", "xt.02", "x0.02", "timesteps"}
	if len(f.Tensors) != len(names) {
		t.Errorf("%d tensors, want %v", len(f.Tensors), names)
	}
	for _, name := range names {
		if _, ok := f.Tensor(name); !ok {
			t.Errorf("there is no tensor %s", name)
		}
	}
	timesteps, _ := f.Tensor("timesteps")
	if values, err := timesteps.Int64s(); err != nil || len(values) != 2 ||
		values[0] != 500 || values[1] != 0 {
		t.Errorf("timesteps %v, %v", values, err)
	}
	last, _ := f.Tensor("xt.02")
	state := last.Float64s()
	var pictures [][]byte
	for i := range 3 {
		p := make([]byte, 28*28)
		picture.Pixels(p, state[i*28*28:][:28*28], 1, 28, 28)
		pictures = append(pictures, p)
	}
	if got := picture.Sum(pictures...); picture.Hex(got[:]) != sum {
		t.Errorf("the trace's last state has the hash %x, want %s", got, sum)
	}

	encoded := fixture.File(t, pngFile)
	if got := textOf(t, encoded); got != recipe {
		t.Errorf("the PNG has the text %q, want %q", got, recipe)
	}
	img, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	if side := 2 * (2*28 + 3*padding); img.Bounds() != image.Rect(0, 0, side, side) {
		t.Fatalf("the PNG is %v, want %d×%d", img.Bounds(), side, side)
	}
	for i, p := range pictures {
		for j, want := range p {
			x, y := 2*(padding+i%2*(28+padding)+j%28), 2*(padding+i/2*(28+padding)+j/28)
			if got := img.At(x+1, y+1); got != (color.Gray{Y: want}) {
				t.Fatalf("picture %d, pixel %d: %v, want %d", i, j, got, want)
			}
		}
	}
	if got := img.At(2*(28+2*padding)+5, 2*(28+2*padding)+5); got != (color.Gray{Y: background}) {
		t.Errorf("the empty cell is %v", got)
	}
}

// textOf reads the recipe out of a PNG, checking each chunk.
func textOf(t *testing.T, file []byte) string {
	t.Helper()
	for rest := file[8:]; len(rest) >= 12; {
		n := binary.BigEndian.Uint32(rest)
		kind, body := string(rest[4:8]), rest[8:8+n]
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			t.Errorf("chunk %s has a wrong checksum", kind)
		}
		if text, ok := strings.CutPrefix(string(body), "tweedie\x00"); ok && kind == "tEXt" {
			return text
		}
		rest = rest[12+n:]
	}
	t.Error("there is no text chunk")
	return ""
}

func TestColourPNG(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.png")
	if err := writePNG(file, [][]byte{{1, 2, 3, 4, 5, 6}}, 0, 3, 1, 2, 1, "m=x", ""); err != nil {
		t.Fatal(err)
	}
	encoded := fixture.File(t, file)
	img, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	if got := color.NRGBAModel.Convert(img.At(1, 0)); got != (color.NRGBA{4, 5, 6, 255}) ||
		textOf(t, encoded) != "m=x" {
		t.Errorf("pixel 1 is %v, text %q", got, textOf(t, encoded))
	}
	if colourType := encoded[25]; colourType != 2 {
		t.Errorf("colour type %d, want 2 (without alpha)", colourType)
	}
	if err := writePNG(filepath.Join(file, "below.png"), [][]byte{{1}}, 0, 1, 1, 1, 1, "",
		""); err == nil {
		t.Error("a PNG is written into a file")
	}
}

func TestMistakes(t *testing.T) {
	folder := t.TempDir()
	notWeights := filepath.Join(folder, "bad.safetensors")
	if err := os.WriteFile(notWeights, []byte("nothing of use"), 0o644); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		status int
		says   string
		args   []string
	}{
		{2, "flag provided but not defined: -model", []string{"-model", "x"}},
		{2, "flag needs an argument", []string{"-seed"}},
		{2, `the argument "7" belongs to no flag`, []string{"7"}},
		{2, "-scale is 0 but must be from 1 to 32", []string{"-scale", "0"}},
		{2, `-o is "a.jpg" but must be a file name that ends in .png`, []string{"-o", "a.jpg"}},
		{1, `there is no key "x"`, []string{"-weights", small, "-recipe", "x=1"}},
		{1, `s is "-1" but must be a whole number`, []string{"-weights", small, "-seed", "-1"}},
		{1, "the model has no classes", []string{"-weights", small, "-class", "7"}},
		{1, "steps is 1001", []string{"-weights", small, "-steps", "1001"}},
		{1, `k is "best" but must be one of ddim, ddpm`,
			[]string{"-weights", small, "-sampler", "best"}},
		{1, `m is "glyphs" but this model is "mnist28"`,
			[]string{"-weights", small, "-recipe", "m=glyphs"}},
		{1, "there is no weights file",
			[]string{"-weights", filepath.Join(folder, "none.safetensors")}},
		{1, "there is no weights file weights", []string{"-recipe", "m=none"}},
		{1, "rename", []string{"-weights", filepath.Join(folder, "a b.safetensors")}},
		{1, "bad.safetensors: ", []string{"-weights", notWeights}},
		{1, "there is no folder",
			[]string{"-weights", small, "-o", filepath.Join(folder, "no", "a.png")}},
		{1, "there is no folder",
			[]string{"-weights", small, "-trace", filepath.Join(folder, "no", "a.safetensors")}},
	}
	for _, c := range cases {
		status, stdout, stderr := call(t, c.args...)
		if status != c.status || stdout != "" || !strings.Contains(stderr, c.says) ||
			strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "sample: ") {
			t.Errorf("%v: status %d, output %q, messages %q; want %d and one sentence with %q",
				c.args, status, stdout, stderr, c.status, c.says)
		}
	}
	if status, _, stderr := call(t, "-help"); status != 0 ||
		!strings.Contains(stderr, "usage: sample") || !strings.Contains(stderr, "ddim, ddpm") {
		t.Errorf("-help: status %d, %q", status, stderr)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	file := filepath.Join(t.TempDir(), "out.png")
	var stdout, stderr bytes.Buffer
	status := run(ctx, []string{"-weights", small, "-o", file}, &stdout, &stderr)
	if status != 1 || stdout.Len() != 0 ||
		!strings.Contains(stderr.String(), "interrupted after step 0 of 50; nothing was written") {
		t.Errorf("status %d, output %q, messages %q", status, &stdout, &stderr)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a picture was written")
	}
}

// TestSamplersAreListed: each in one line with its sentence and its paper.
func TestSamplersAreListed(t *testing.T) {
	status, stdout, stderr := call(t, "-samplers")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, messages %q", status, stderr)
	}
	for _, s := range solver.Samplers() {
		line := ""
		for candidate := range strings.Lines(stdout) {
			if strings.HasPrefix(candidate, "  "+s.Name+" ") {
				line = candidate
			}
		}
		if !strings.Contains(line, s.Title+": "+s.Description) ||
			!strings.HasSuffix(line, " ["+s.Paper+"]\n") || s.Paper == "" ||
			!strings.HasSuffix(s.Description, ".") {
			t.Errorf("%s is listed as %q", s.Name, line)
		}
		if strings.Count(stdout, "\n"+s.Group+"\n") > 1 {
			t.Errorf("the group %s comes twice", s.Group)
		}
	}
}
