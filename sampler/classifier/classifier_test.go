package classifier

import (
	"math"
	"path/filepath"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// load reads a network of testdata and its recording; see testdata/README.md.
func load(t testing.TB, name string, k *kernels.Set) (*Network, *weights.File) {
	t.Helper()
	f := read(t, name, "model.safetensors")
	cfg, err := ParseConfig([]byte(f.Metadata["config"]))
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(cfg, f, k)
	if err != nil {
		t.Fatal(err)
	}
	return n, read(t, name, "io.safetensors")
}

func read(t testing.TB, name, file string) *weights.File {
	t.Helper()
	return fixture.Weights(t, filepath.Join("testdata", name, file))
}

func cases(t testing.TB) (names []string) {
	t.Helper()
	list, err := filepath.Glob("testdata/*/model.safetensors")
	if err != nil || len(list) != 5 {
		t.Fatalf("found %d recorded networks, want 5 (%v)", len(list), err)
	}
	for _, p := range list {
		names = append(names, filepath.Base(filepath.Dir(p)))
	}
	return names
}

// record is one recorded evaluation.
type record struct {
	x      []float32
	t      float32
	class  int
	logits []float64
	slope  []float64 // the gradient
}

// records splits a recording; suffix chooses PyTorch's float32 or float64.
func records(t testing.TB, io *weights.File, suffix string) (list []record) {
	t.Helper()
	get := func(name string) *weights.Tensor { return fixture.Tensor(t, io, name) }
	x, times := get("sample").Float32s(), get("timesteps").Float32s()
	logits, slopes := get("output"+suffix).Float64s(), get("gradient"+suffix).Float64s()
	classes := fixture.Int64s(t, io, "class_labels")
	n := len(times)
	for i := range times {
		part := func(x []float64) []float64 { return x[i*len(x)/n : (i+1)*len(x)/n] }
		list = append(list, record{x[i*len(x)/n : (i+1)*len(x)/n], times[i], int(classes[i]),
			part(logits), part(slopes)})
	}
	return list
}

// difference returns the largest |got − want|, and the largest |want|.
func difference(got []float32, want []float64) (most, size float64) {
	for i, w := range want {
		most, size = max(most, math.Abs(float64(got[i])-w)), max(size, math.Abs(w))
	}
	return most, size
}

// TestPyTorch compares every logit and every element of the input gradient
// with PyTorch's, computed by autograd from the same weights in float64 (within
// 2e-5 of the largest) and in float32 (within 5e-5).
func TestPyTorch(t *testing.T) {
	for _, name := range cases(t) {
		n, io := load(t, name, kernels.Best())
		logits := make([]float32, n.Classes)
		for suffix, bound := range map[string]float64{"_f64": 2e-5, "": 5e-5} {
			count, worst := 0, 0.0
			for i, r := range records(t, io, suffix) {
				n.Forward(logits, r.x, r.t)
				slope := make([]float32, len(r.x))
				n.Gradient(slope, r.x, r.t, r.class)
				for what, d := range map[string]func() (float64, float64){
					"logits":   func() (float64, float64) { return difference(logits, r.logits) },
					"gradient": func() (float64, float64) { return difference(slope, r.slope) },
				} {
					most, size := d()
					if !(most <= bound*size) || size == 0 {
						t.Errorf("%s%s: item %d: the %s differ by %g, and the largest is %g",
							name, suffix, i, what, most, size)
					}
					worst = max(worst, most/size)
				}
				count += len(logits) + len(slope)
			}
			t.Logf("%s%s: %d values, largest difference %.2g of the largest value, %d parameters",
				name, suffix, count, worst, n.Parameters)
		}
	}
}

// TestFiniteDifferences compares the gradient along random directions with
// the change of log p(class | x) in a small step.
func TestFiniteDifferences(t *testing.T) {
	for _, name := range cases(t) {
		n, io := load(t, name, kernels.Best())
		for i, r := range records(t, io, "_f64") {
			slope := make([]float32, len(r.x))
			n.Gradient(slope, r.x, r.t, r.class)
			for direction := range 3 {
				d := make([]float64, len(r.x))
				along, size := 0.0, 0.0
				for j := range d {
					d[j] = math.Sin(float64(j*(direction+1)) * 1.7)
					along += d[j] * float64(slope[j])
					size += math.Abs(d[j] * float64(slope[j]))
				}
				const h = 1.0 / 256
				got := (logLikelihood(n, r, d, h) - logLikelihood(n, r, d, -h)) / (2 * h)
				if !(math.Abs(got-along) <= 2e-2*math.Abs(along)+1e-2*size) {
					t.Errorf("%s: item %d, direction %d: the step changes it by %g, "+
						"the gradient says %g", name, i, direction, got, along)
				}
			}
		}
	}
}

// logLikelihood is log p(class | x + h·d).
func logLikelihood(n *Network, r record, d []float64, h float64) float64 {
	x := make([]float32, len(r.x))
	for i := range x {
		x[i] = float32(float64(r.x[i]) + h*d[i])
	}
	logits := make([]float32, n.Classes)
	n.Forward(logits, x, r.t)
	sum := 0.0
	for _, v := range logits {
		sum += math.Exp(float64(v - logits[r.class]))
	}
	return -math.Log(sum)
}

// TestGradientInPlace gives the gradient its picture's place.
func TestGradientInPlace(t *testing.T) {
	n, io := load(t, "two_layers", kernels.Best())
	r := records(t, io, "")[1]
	want := make([]float32, len(r.x))
	n.Gradient(want, r.x, r.t, r.class)
	got := append([]float32(nil), r.x...)
	n.Gradient(got, got, r.t, r.class)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("element %d: got %v in place, %v apart", i, got[i], want[i])
		}
	}
}

// TestGradientsOfAllClassesCancel: Σ p(y)·∇ log p(y) = ∇ Σ p(y) = 0.
func TestGradientsOfAllClassesCancel(t *testing.T) {
	n, io := load(t, "not_square", kernels.Best())
	r := records(t, io, "")[0]
	logits := make([]float32, n.Classes)
	n.Forward(logits, r.x, r.t)
	top, total := logits[0], 0.0
	for _, v := range logits {
		top = max(top, v)
	}
	for _, v := range logits {
		total += math.Exp(float64(v - top))
	}
	sum, size := make([]float64, len(r.x)), 0.0
	slope := make([]float32, len(r.x))
	for class, v := range logits {
		p := math.Exp(float64(v-top)) / total
		n.Gradient(slope, r.x, r.t, class)
		for i, s := range slope {
			sum[i] += p * float64(s)
			size = max(size, math.Abs(p*float64(s)))
		}
	}
	for i, s := range sum {
		if !(math.Abs(s) <= 1e-4*size) {
			t.Fatalf("element %d: the gradients add up to %g of at most %g", i, s, size)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	n, io := load(t, "four_levels", kernels.Best())
	r := records(t, io, "")[0]
	slope, logits := make([]float32, len(r.x)), make([]float32, n.Classes)
	if a := testing.AllocsPerRun(3, func() {
		n.Forward(logits, r.x, r.t)
		n.Gradient(slope, r.x, r.t, r.class)
	}); a != 0 {
		t.Errorf("an evaluation allocates %v times", a)
	}
}

func BenchmarkGradient(b *testing.B) {
	for _, k := range []*kernels.Set{kernels.Reference(), kernels.Best()} {
		b.Run(k.Name, func(b *testing.B) {
			n, io := load(b, "four_levels", k)
			r := records(b, io, "")[0]
			slope := make([]float32, len(r.x))
			for b.Loop() {
				n.Gradient(slope, r.x, r.t, r.class)
			}
		})
	}
}
