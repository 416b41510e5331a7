package model

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler"
	"tweedie/sampler/network"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
)

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	return fixture.File(t, "testdata/"+name+".safetensors")
}

// TestUpscale compares the second stage with PyTorch's evaluations.
func TestUpscale(t *testing.T) {
	opened, info, err := Open("large", testdata(t, "large"))
	if err != nil {
		t.Fatal(err)
	}
	m := opened.(network.Upscaler)
	if c, h, w := m.Shape(); c != 1 || h != 16 || w != 16 || info.Channels != 1 ||
		m.Classes() != 0 || len(info.Classes) != 2 ||
		*info.Cascade != (recipe.Cascade{Base: "small", Augmentation: 60, Limit: 299}) {
		t.Fatalf("shape %d×%d×%d, %+v", c, h, w, info)
	}
	io := fixture.Weights(t, "testdata/io.safetensors")
	floats := func(name string) []float32 { return fixture.Tensor(t, io, name).Float32s() }
	x, low, want := floats("sample"), floats("low"), floats("output")
	times, levels := fixture.Int64s(t, io, "timesteps"), fixture.Int64s(t, io, "levels")
	out, worst := make([]float32, 256), 0.0
	for i := range times {
		m.Upscale(out, x[i*256:(i+1)*256], low[i*256:(i+1)*256], float64(times[i]), int(levels[i]))
		for j, got := range out {
			d := math.Abs(float64(got - want[i*256+j]))
			if worst = max(worst, d); !(d <= 2e-5) {
				t.Fatalf("evaluation %d, element %d: got %v, want %v", i, j, got, want[i*256+j])
			}
		}
	}
	t.Logf("%d values, largest difference %.2g", len(want), worst)
	if n := testing.AllocsPerRun(3, func() { m.Upscale(out, x[:256], low[:256], 9, 9) }); n != 0 {
		t.Errorf("an evaluation allocates %v times", n)
	}
}

// TestGolden runs the whole cascade and compares the pixels with those that every platform made.
func TestGolden(t *testing.T) {
	m, info, err := Open("large", testdata(t, "large"))
	if err != nil {
		t.Fatal(err)
	}
	small, base, err := Open("small", testdata(t, "small"))
	if err != nil {
		t.Fatal(err)
	}
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err != nil {
		t.Fatal(err)
	}
	var lines []fixture.Line
	for _, text := range []string{"m=large&c=all&s=3",
		"m=large&c=dog&n=2&k=dpmpp_2m&bsteps=9&aug=0", "m=large&c=all&s=3&cache=2"} {
		run := draw(t, text, info, m)
		pixels := make([][]byte, run.Images())
		for i := range pixels {
			pixels[i] = make([]byte, 256)
			picture.Pixels(pixels[i], run.X(i), 1, 16, 16)
		}
		lines = append(lines, fixture.Line{Name: text, Value: picture.Hash(pixels...)})
	}
	fixture.Golden(t, "testdata/golden.txt", lines)
}

// TestCascadeCache: both stages use deep features again, also from every checkpoint of another
// trajectory on.
func TestCascadeCache(t *testing.T) {
	m, info, err := Open("large", testdata(t, "large"))
	if err != nil {
		t.Fatal(err)
	}
	small, base, err := Open("small", testdata(t, "small"))
	if err != nil {
		t.Fatal(err)
	}
	if err := info.AccompanyBase(recipe.Stage{Info: base, Model: small}); err != nil {
		t.Fatal(err)
	}
	begun := func(text string) *sampler.Trajectory {
		r, err := recipe.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := sampler.NewTrajectory(r, info, m, 0)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	finished := func(tr *sampler.Trajectory) string {
		for tr.Step() {
		}
		return fixture.Hash(tr.X())
	}
	const text = "m=large&c=dog&steps=5&k=dpmpp_2m&bsteps=4&cache=3"
	tr := begun(text)
	marks, stages := []sampler.Checkpoint{tr.Checkpoint()}, []string{}
	for tr.Step() {
		marks = append(marks, tr.Checkpoint())
		if tr.Done() == 4 {
			stages = append(stages, fixture.Hash(tr.X()))
		}
	}
	want, other := fixture.Hash(tr.X()), begun(text)
	for i := len(marks) - 1; i >= 0; i-- {
		other.Return(marks[i])
		if finished(other) != want {
			t.Errorf("from the checkpoint of step %d the picture differs", i)
		}
	}
	plain := begun(strings.TrimSuffix(text, "&cache=3"))
	for plain.Done() < 4 {
		plain.Step()
	}
	if fixture.Hash(plain.X()) == stages[0] {
		t.Error("the first stage uses nothing again")
	}
	// with the same small picture: a second stage whose first has one step, which cannot
	one := "m=large&c=dog&steps=5&k=euler&bsteps=1"
	if finished(begun(one)) == finished(begun(one+"&cache=3")) {
		t.Error("the second stage uses nothing again")
	}
}

// TestOpenCascadeFails opens networks that cannot be a second stage.
func TestOpenCascadeFails(t *testing.T) {
	for what, c := range map[string]struct{ file, from, to, says string }{
		"one channel for two": {"small", `"classes"`, `"cascade":"{\"base\":\"x\"}","classes"`,
			"in_channels"},
		"a base without a name": {"large", `{\"base\":\"small\",\"augmentation\":60`,
			`{\"bass\":\"small\",\"augmentation\":60`, "base is missing"},
	} {
		b := testdata(t, c.file)
		n := int(b[0]) + int(b[1])<<8 + int(b[2])<<16
		header := string(b[8 : 8+n])
		broken := strings.Replace(header, c.from, c.to, 1)
		if broken == header {
			t.Fatalf("%s: %s does not stand in %s", what, c.from, header[:300])
		}
		broken += strings.Repeat(" ", (8-len(broken)%8)%8)
		n = len(broken)
		file := append([]byte{byte(n), byte(n >> 8), byte(n >> 16), 0, 0, 0, 0, 0}, broken...)
		if _, _, err := Open("x", append(file, b[8+len(header):]...)); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", what, err, c.says)
		}
	}
}
