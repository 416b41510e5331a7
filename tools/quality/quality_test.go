package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/noise"
)

// npz writes arrays as numpy does.
func npz(t *testing.T, path string, arrays map[string][]byte) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range arrays {
		w, err := z.Create(name + ".npy")
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func npy(kind, shape string, data []byte) []byte {
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n", kind, shape)
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(text)), byte(len(text)>>8))
	return append(append(b, text...), data...)
}

// bars are pictures of ten classes, 16×16 grey, with a bright row that says which.
func bars(n, from int) (x, y []byte) {
	u := make([]float64, 256)
	for i := range n {
		noise.Uniform(u, 1, uint32(from+i), 0)
		one := make([]byte, 256)
		for k := range one {
			one[k] = byte(80 * u[k])
			if k/16 == 3+i%10 {
				one[k] += 150
			}
		}
		x = append(x, one...)
		y = binary.LittleEndian.AppendUint64(y, uint64(i%10))
	}
	return x, y
}

// TestReport judges a small model against pictures that it does not draw: the classifier is right
// on real ones, the model's are far from them, and the command prints the same twice.
func TestReport(t *testing.T) {
	data := filepath.Join(t.TempDir(), "bars.npz")
	x, y := bars(400, 0)
	held, heldY := bars(200, 400)
	npz(t, data, map[string][]byte{"x_train": npy("|u1", "400, 16, 16, 1", x),
		"y_train": npy("<i8", "400,", y), "x_test": npy("|u1", "200, 16, 16, 1", held),
		"y_test": npy("<i8", "200,", heldY)})
	grid, near := filepath.Join(t.TempDir(), "grid.png"), filepath.Join(t.TempDir(), "near.png")
	args := []string{"-data", data, "-weights", "../../weights/digits-small.safetensors",
		"-recipe", "steps=1&g=1", "-recipe", "steps=2", "-n", "20", "-draws", "2",
		"-judge-steps", "60", "-grid", grid, "-near", near}
	var first, said bytes.Buffer
	if status := run(args, &first, &said); status != 0 {
		t.Fatalf("status %d: %s", status, said.String())
	}
	text := first.String()
	for _, want := range []string{"classifier: 100.0 % of 200 held-out pictures",
		"20 pictures, the first ones by m=digits-small&c=0&n=2&steps=1&g=1",
		"| real, training: 2 draws | 100.0 % |", "| digits-small steps=1&g=1 |",
		"| digits-small steps=2 |", "Of digits-small steps=2: ", "Accuracy by class"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	var real, model, over float64
	for line := range strings.Lines(text) {
		cells := strings.Split(line, "|")
		switch {
		case strings.HasPrefix(line, "| real, training"):
			fmt.Sscan(cells[3], &real)
		case strings.HasPrefix(line, "| digits-small steps=1&g=1"):
			fmt.Sscan(cells[3], &model)
			fmt.Sscan(cells[4], &over)
		}
	}
	if !(real > 0 && model > 2*real) || math.Abs(over-model/real) > 0.05*over {
		t.Errorf("the distances are %v and %v, and their ratio %v", real, model, over)
	}
	for _, path := range []string{grid, near} {
		if b := fixture.File(t, path); !bytes.HasPrefix(b, []byte("\x89PNG")) {
			t.Errorf("%s is no picture", path)
		}
	}
	var again bytes.Buffer
	if status := run(args, &again, &said); status != 0 || again.String() != text {
		t.Errorf("status %d; the second time it prints\n%s", status, again.String())
	}
}

// TestDistance compares with Gaussians whose distance is known.
func TestDistance(t *testing.T) {
	const n = 20_000
	sample := func(image uint32, scale, shift [2]float64) [][]float64 {
		u := make([]float64, 2*n)
		noise.Normal(u, 5, image, 0)
		var x [][]float64
		for i := range n {
			a, b := u[2*i]*scale[0]+shift[0], u[2*i+1]*scale[1]+shift[1]
			x = append(x, []float64{(a + b) / math.Sqrt2, (a - b) / math.Sqrt2}) // turned by 45°
		}
		return x
	}
	one := fit(sample(0, [2]float64{1, 1}, [2]float64{}))
	two := fit(sample(1, [2]float64{2, 3}, [2]float64{1, 0}))
	if got, want := distance(one, two), 1.0+1+4; math.Abs(got-want) > 0.15 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := distance(two, two); math.Abs(got) > 1e-9 {
		t.Errorf("from itself it is %v away", got)
	}
}

// TestEigen takes a matrix apart and puts it together.
func TestEigen(t *testing.T) {
	const d = 20
	a := square(d)
	u := make([]float64, d*d)
	noise.Normal(u, 1, 0, 0)
	for i := range d {
		for k := range i + 1 {
			a[i][k], a[k][i] = u[i*d+k], u[i*d+k]
		}
	}
	values, v := eigen(a)
	for i := range d {
		for k := range d {
			sum, unit := 0.0, 0.0
			for l := range d {
				sum += v[i][l] * values[l] * v[k][l]
				unit += v[i][l] * v[k][l]
			}
			if want := map[bool]float64{true: 1}[i == k]; math.Abs(sum-a[i][k]) > 1e-12*d ||
				math.Abs(unit-want) > 1e-12*d {
				t.Fatalf("at %d, %d: %v and %v, want %v and %v", i, k, sum, unit, a[i][k], want)
			}
		}
	}
}

// TestNearest finds a picture again, mirrored, and measures what differs.
func TestNearest(t *testing.T) {
	a, b := []byte{0, 255, 0, 0, 0, 0}, []byte{255, 255, 255, 255, 255, 255}
	training := pictures{x: [][]byte{b, {0, 0, 0, 255, 0, 0}}, h: 2, w: 3, c: 1}
	apart, which := nearest([][]byte{{0, 0, 0, 0, 0, 255}, a}, training)
	if which[0] != 1 || apart[0] != 0 || which[1] != 1 {
		t.Errorf("got %v at %v", apart, which)
	}
	if want := 2 * math.Sqrt(2.0/6); math.Abs(apart[1]-want) > 1e-12 {
		t.Errorf("got %v, want %v", apart[1], want)
	}
}

// TestPalette counts pixels whose every channel is near to one colour.
func TestPalette(t *testing.T) {
	colours := palette([][]byte{{10, 20, 30, 10, 20, 30, 200, 0, 0}})
	if !slices.Equal(colours, [][3]byte{{10, 20, 30}, {200, 0, 0}}) {
		t.Fatalf("got %v", colours)
	}
	got := onPalette([][]byte{{14, 16, 34, 15, 20, 30, 196, 4, 4, 200, 0, 5}}, colours)
	if got != 0.5 {
		t.Errorf("got %v, want 0.5", got)
	}
}

// TestRefused gives sentences for what cannot be judged.
func TestRefused(t *testing.T) {
	folder := t.TempDir()
	x, y := bars(20, 0)
	whole := func() map[string][]byte {
		return map[string][]byte{"x_train": npy("|u1", "20, 16, 16, 1", x),
			"y_train": npy("<i8", "20,", y), "x_test": npy("|u1", "20, 16, 16, 1", x),
			"y_test": npy("<i8", "20,", y)}
	}
	file := func(name string, change func(a map[string][]byte)) string {
		a := whole()
		change(a)
		path := filepath.Join(folder, name)
		npz(t, path, a)
		return path
	}
	good := file("good.npz", func(map[string][]byte) {})
	lacking := file("lacking", func(a map[string][]byte) { delete(a, "y_test") })
	files := 0
	with := func(name string, array []byte) string {
		files++
		return file(fmt.Sprint(files), func(a map[string][]byte) { a[name] = array })
	}
	small := "../../weights/digits-small.safetensors"
	of200 := bytes.Repeat([]byte{200, 200, 200, 200, 0, 0, 0, 0}, 20)
	for want, c := range map[string]struct {
		data, weights string
		more          []string
	}{
		"give both":            {"", small, nil},
		"belongs to no flag":   {good, small, []string{"more"}},
		"must be 1 or more":    {good, small, []string{"-n", "0"}},
		"take fewer":           {good, small, []string{"-n", "30"}},
		"are the least":        {good, small, []string{"-n", "10"}},
		"cannot be read":       {small, small, nil},
		"no such file":         {good, "nowhere", []string{"-n", "20"}},
		"the model draws":      {good, "../../weights/tiles.safetensors", []string{"-n", "20"}},
		`"shoes"`:              {good, small, []string{"-n", "20", "-recipe", "shoes=2"}},
		"there is no y_test":   {lacking, small, nil},
		"must be bytes [N, H,": {with("x_train", npy("|u1", "21, 16, 16, 1", x)), small, nil},
		"a class for each":     {with("y_test", npy("<f8", "20,", y)), small, nil},
		"is of class":          {with("y_test", npy("<i8", "20,", of200)), small, nil},
		"no array of numpy's":  {with("y_test", []byte("none")), small, nil},
		"not understood":       {with("y_test", npy("|u1", "one", nil)), small, nil},
		"of other sizes":       {with("x_test", npy("|u1", "20, 8, 32, 1", x)), small, nil},
	} {
		var out, said bytes.Buffer
		args := append([]string{"-data", c.data, "-weights", c.weights}, c.more...)
		if status := run(args, &out, &said); status == 0 || !strings.Contains(said.String(), want) {
			t.Errorf("want %q, got status %d: %s", want, status, said.String())
		}
	}
}
