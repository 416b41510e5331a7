package mixture

import (
	"math"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

var (
	f32 = fixture.NewTensor[float32]
	f64 = fixture.NewTensor[float64]
	i64 = fixture.NewTensor[int64]
)

// TestRead writes a mixture to a file and reads it back: as a data set, and with all tensors given.
func TestRead(t *testing.T) {
	means := f32("mixture.means", []int{2, 1, 1, 2}, 1, -1, -0.5, 0.25)
	l := schedule.LevelOf(0.5)
	x := []float64{0.2, 0.1}
	for _, c := range []struct {
		tensors []weights.Tensor
		want    *Mixture
	}{
		{[]weights.Tensor{means}, mustNew(t, Component{Weight: 1, Mean: []float64{1, -1}},
			Component{Weight: 1, Mean: []float64{-0.5, 0.25}})},
		{
			[]weights.Tensor{means, f32("mixture.weights", []int{2}, 3, 1), f32("mixture.std_devs",
				[]int{2}, 0.5, 0.25), i64("mixture.classes", []int{2}, 1, 0)},
			mustNew(t, Component{Weight: 3, Mean: []float64{1, -1}, StdDev: 0.5, Class: 1},
				Component{Weight: 1, Mean: []float64{-0.5, 0.25}, StdDev: 0.25}),
		},
	} {
		text, err := (&weights.File{Tensors: c.tensors}).Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		f, err := weights.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		m, ch, h, w, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		if ch != 1 || h != 1 || w != 2 || m.Classes() != c.want.Classes() {
			t.Errorf("%d×%d×%d, %d classes", ch, h, w, m.Classes())
		}
		for class := -1; class < m.Classes(); class++ {
			if got, want := m.LogDensity(x, l, class), c.want.LogDensity(x, l, class); got != want {
				t.Errorf("class %d: log density %v, want %v", class, got, want)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	means := f32("mixture.means", []int{2, 1, 1, 1}, 1, -1)
	for _, c := range []struct {
		says    string
		tensors []weights.Tensor
	}{
		{"no tensor mixture.means", nil},
		{"mixture.means must be floating-point",
			[]weights.Tensor{f32("mixture.means", []int{2}, 1, 1)}},
		{"mixture.means must be floating-point",
			[]weights.Tensor{i64("mixture.means", []int{1, 1, 1, 1}, 1)}},
		{"one component or more", []weights.Tensor{f32("mixture.means", []int{0, 1, 1, 1})}},
		{"component 0 has a mean of 0 values",
			[]weights.Tensor{f32("mixture.means", []int{2, 0, 1, 1})}},
		{"component 1 has a mean whose element 0 is no number of float32",
			[]weights.Tensor{f32("mixture.means", []int{2, 1, 1, 1}, 1, float32(math.NaN()))}},
		{"component 0 has a mean whose element 1 is no number of float32",
			[]weights.Tensor{f64("mixture.means", []int{1, 1, 1, 2}, 1, -1e39)}},
		{"mixture.weights must be one",
			[]weights.Tensor{means, f32("mixture.weights", []int{1}, 1)}},
		{"component 1 must have a weight",
			[]weights.Tensor{means, f32("mixture.weights", []int{2}, 1, 0)}},
		{"mixture.std_devs must be one",
			[]weights.Tensor{means, f32("mixture.std_devs", []int{2, 1}, 1, 1)}},
		{"component 0 must have a standard deviation",
			[]weights.Tensor{means, f32("mixture.std_devs", []int{2}, -1, 1)}},
		{"component 1 must have a standard deviation of 0 or more, and one that float32 has",
			[]weights.Tensor{means, f64("mixture.std_devs", []int{2}, 1, 1e200)}},
		{"mixture.classes must be one I64",
			[]weights.Tensor{means, f32("mixture.classes", []int{2}, 0, 1)}},
		{"mixture.classes[1] is -1",
			[]weights.Tensor{means, i64("mixture.classes", []int{2}, 0, -1)}},
		{"mixture.classes[0] is 1000000",
			[]weights.Tensor{means, i64("mixture.classes", []int{2}, 1000000, 0)}},
	} {
		if _, _, _, _, err := Read(&weights.File{Tensors: c.tensors}); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	if _, err := DataSet([][]float64{{1}}, []int{1, 2}); err == nil ||
		!strings.Contains(err.Error(), "1 pictures have 2 classes") {
		t.Errorf("error %v", err)
	}
}

// TestDataSetIsNearest checks that with little noise the optimal denoiser of a data set returns its
// nearest picture of the given class.
func TestDataSetIsNearest(t *testing.T) {
	pictures := [][]float64{{1, 1}, {-1, 1}, {0.9, -1}}
	m, err := DataSet(pictures, []int{0, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	x0, epsilon := make([]float64, 2), make([]float64, 2)
	for class, want := range map[int]int{-1: 0, 0: 0, 1: 2} {
		m.Denoise(x0, epsilon, []float64{0.9, 0.2}, schedule.Level{Signal: 1, Noise: 0.01}, class)
		if x0[0] != pictures[want][0] || x0[1] != pictures[want][1] {
			t.Errorf("class %d: %v, want %v", class, x0, pictures[want])
		}
	}
}

// FuzzRead checks that any accepted mixture fits its shape, and has a density and a denoised
// picture that are numbers.
func FuzzRead(f *testing.F) {
	for _, tensors := range [][]weights.Tensor{
		{f32("mixture.means", []int{2, 1, 1, 2}, 1, -1, -0.5, 0.25)},
		{f32("mixture.means", []int{1, 1, 1, 1}, 1), f32("mixture.weights", []int{1}, 2),
			f32("mixture.std_devs", []int{1}, 1), i64("mixture.classes", []int{1}, 3)},
		{f64("mixture.means", []int{1, 1, 1, 2}, 1, -1e38),
			f64("mixture.std_devs", []int{1}, 1e38)},
	} {
		text, err := (&weights.File{Tensors: tensors}).Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := weights.Parse(text)
		if err != nil {
			return
		}
		m, channels, height, width, err := Read(file)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "mixture: ") {
				t.Errorf("the error %q", err)
			}
			return
		}
		if m.Dim() != channels*height*width || m.Classes() < 1 {
			t.Fatalf("%d values for %d×%d×%d, %d classes",
				m.Dim(), channels, height, width, m.Classes())
		}
		x, l := make([]float64, m.Dim()), schedule.LevelOf(0.5)
		x0, epsilon := make([]float64, m.Dim()), make([]float64, m.Dim())
		density := m.LogDensity(x, l, -1)
		m.Denoise(x0, epsilon, x, l, -1)
		for _, v := range append(append(x0, epsilon...), density) {
			if math.IsNaN(v) {
				t.Fatalf("density %v, x0 %v, epsilon %v", density, x0, epsilon)
			}
		}
	})
}
