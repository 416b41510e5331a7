package oracle

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/sampler/mixture"
	"tweedie/sampler/noise"
	"tweedie/sampler/schedule"
	"tweedie/weights"
)

// few are three pictures of 2×3 in two classes.
func few() *weights.File {
	return &weights.File{Tensors: []weights.Tensor{
		{Name: PicturesTensor, DType: weights.U8, Shape: []int{3, 1, 2, 3}, Data: []byte{
			0, 255, 3, 200, 90, 17, 255, 0, 128, 127, 64, 1, 9, 99, 199, 19, 0, 255}},
		{Name: ClassesTensor, DType: weights.U8, Shape: []int{3}, Data: []byte{1, 0, 1}},
	}}
}

func cosine(t *testing.T) *schedule.Schedule {
	t.Helper()
	c := schedule.Default()
	c.BetaSchedule, c.PredictionType = "squaredcos_cap_v2", schedule.Sample
	s, err := schedule.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAgainstMixture compares every prediction with the posterior mean of package
// mixture, in float64: at whole timesteps and between them, with a class and without,
// near a picture and far from all.
func TestAgainstMixture(t *testing.T) {
	f, s := few(), cosine(t)
	m, err := Open(f, s)
	if err != nil {
		t.Fatal(err)
	}
	c, h, w := m.Shape()
	got := []int{c, h, w, m.OutChannels(), m.Classes(), m.Pictures()}
	if want := []int{1, 2, 3, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("shape, outputs, classes and pictures are %v, want %v", got, want)
	}
	var components []mixture.Component
	for i, class := range f.Tensors[1].Data {
		c := mixture.Component{Weight: 1, Class: int(class)}
		for _, k := range f.Tensors[0].Data[6*i : 6*i+6] {
			c.Mean = append(c.Mean, float64(k)/127.5-1)
		}
		components = append(components, c)
	}
	exact, err := mixture.New(components)
	if err != nil {
		t.Fatal(err)
	}
	wide, z, x := make([]float64, 6), make([]float64, 6), make([]float32, 6)
	x0, epsilon := make([]float64, 6), make([]float64, 6)
	out := [][]float32{make([]float32, 6), make([]float32, 6), make([]float32, 6)}
	labels := []int{1, -1, 0}
	for draw, at := range []float64{999, 998.25, 700, 500.5, 300, 40, 0} {
		l := s.Interpolate(at)
		for which := range components {
			noise.Normal(z, 7, uint32(which), uint32(draw))
			for i, mean := range components[which].Mean {
				x[i] = float32(l.Signal*mean + l.Noise*z[i])
				wide[i] = float64(x[i])
			}
			m.Predict(out, x, at, labels)
			for k, label := range labels {
				exact.Denoise(x0, epsilon, wide, l, label)
				for i, want := range x0 {
					if got := out[k][i]; !(math.Abs(float64(got)-want) <= 1e-7) {
						t.Fatalf("t %v, near picture %d, label %d: element %d is %v, want %v",
							at, which, label, i, got, want)
					}
				}
			}
		}
	}
	if n := testing.AllocsPerRun(5, func() { m.Predict(out, x, 3.5, labels) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	x[0] = 1e18 // every plain exponential is zero there
	if m.Predict(out[:1], x, 0, labels[1:2]); out[0][0]-out[0][0] != 0 {
		t.Errorf("far from all pictures: %v", out[0])
	}
}

// TestRefusals: each says what is wrong; a label that the model does not have is a
// mistake of the program.
func TestRefusals(t *testing.T) {
	const needs = "needs the tensors pictures"
	for _, c := range []struct {
		says   string
		change func(f *weights.File)
	}{
		{needs, func(f *weights.File) { f.Tensors = f.Tensors[:1] }},
		{needs, func(f *weights.File) { f.Tensors = f.Tensors[1:] }},
		{needs, func(f *weights.File) {
			f.Tensors[0].DType, f.Tensors[0].Shape = weights.F16, []int{3, 1, 1, 3}
		}},
		{needs, func(f *weights.File) { f.Tensors[0].Shape = []int{3, 2, 3} }},
		{needs, func(f *weights.File) {
			f.Tensors[0].Shape, f.Tensors[0].Data = []int{3, 0, 2, 3}, nil
		}},
		{needs, func(f *weights.File) {
			f.Tensors[1].Shape, f.Tensors[1].Data = []int{2}, []byte{0, 1}
		}},
		{"no picture is of class 1, of 3", func(f *weights.File) {
			f.Tensors[1].Data = []byte{0, 2, 0}
		}},
	} {
		f := few()
		f.Tensors = slices.Clone(f.Tensors)
		c.change(f)
		if _, err := Open(f, cosine(t)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	s := cosine(t)
	s.Config.PredictionType = schedule.Epsilon
	if _, err := Open(few(), s); err == nil ||
		!strings.Contains(err.Error(), "prediction_type sample") {
		t.Errorf("error %v", err)
	}
	m, err := Open(few(), cosine(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("class 2 of 2 was predicted")
		}
	}()
	m.Predict([][]float32{make([]float32, 6)}, make([]float32, 6), 9, []int{2})
}

func BenchmarkPredict(b *testing.B) {
	c := schedule.Default()
	c.PredictionType = schedule.Sample
	s, err := schedule.New(c)
	if err != nil {
		b.Fatal(err)
	}
	f := &weights.File{Tensors: []weights.Tensor{
		{Name: PicturesTensor, DType: weights.U8, Shape: []int{500, 1, 32, 32},
			Data: make([]byte, 512000)},
		{Name: ClassesTensor, DType: weights.U8, Shape: []int{500}, Data: make([]byte, 500)},
	}}
	m, err := Open(f, s)
	if err != nil {
		b.Fatal(err)
	}
	out, x := [][]float32{make([]float32, 1024)}, make([]float32, 1024)
	for b.Loop() {
		m.Predict(out, x, 500, []int{-1})
	}
}
