package conditional

import (
	"math"
	"strings"
	"testing"
)

// echo answers with the label plus the state, in every channel; the variance half is the timestep.
type echo struct {
	channels, out, classes int
	asked                  [][]int
}

func (e *echo) Shape() (c, h, w int) { return e.channels, 1, 2 }
func (e *echo) OutChannels() int     { return e.out }
func (e *echo) Classes() int         { return e.classes }
func (e *echo) Predict(out [][]float32, x []float32, t float64, labels []int) {
	e.asked = append(e.asked, labels)
	for i, label := range labels {
		for j := range out[i] {
			if j < len(x) {
				out[i][j] = x[j] + float32(label)
			} else {
				out[i][j] = float32(t) + float32(label)
			}
		}
	}
}

// precise answers with more digits than a float32 has.
type precise struct{ *echo }

func (p precise) PredictFloat64(out [][]float64, x []float64, t float64, labels []int) {
	for i := range labels {
		for j := range out[i] {
			out[i][j] = x[j%len(x)] + 1e-12
		}
	}
}

func TestEvaluate(t *testing.T) {
	const third = 1.0 / 3
	x := []float64{third, 2}
	for _, c := range []struct {
		label    int
		guidance float64
		labels   []int
		offset   float64 // of the mean
		variance float64
	}{
		{NoClass, 3, []int{NoClass}, -1, 6},
		{4, 0, []int{NoClass}, -1, 6},
		{4, 1, []int{4}, 4, 11},
		{4, 3, []int{4, NoClass}, -1 + 3*5, 11},
	} {
		for _, out := range []int{1, 2} {
			e := &echo{channels: 1, out: out, classes: 5}
			n, err := New(e, c.label, c.guidance)
			if err != nil {
				t.Fatal(err)
			}
			mean, variance, ok := n.Evaluate(x, 7)
			if !ok || n.Size() != 2 || n.Variance() != (out == 2) || n.Precise() ||
				n.Guided() != (len(c.labels) == 2) || n.Label() != c.labels[0] {
				t.Errorf("label %d, guidance %v: finite %v, %d values",
					c.label, c.guidance, ok, n.Size())
			}
			if got := e.asked[0]; len(e.asked) != 1 || len(got) != len(c.labels) ||
				got[0] != c.labels[0] || got[len(got)-1] != c.labels[len(got)-1] {
				t.Errorf("label %d, guidance %v: asked for %v, want %v",
					c.label, c.guidance, e.asked, c.labels)
			}
			for i, v := range mean {
				if want := float64(float32(x[i])) + c.offset; !(math.Abs(v-want) <= 1e-5) {
					t.Errorf("label %d, guidance %v: %v, want %v", c.label, c.guidance, v, want)
				}
			}
			if len(variance) != 2*(out-1) ||
				out == 2 && (variance[0] != c.variance || variance[1] != c.variance) {
				t.Errorf("label %d, guidance %v: variance %v, want %v",
					c.label, c.guidance, variance, c.variance)
			}
			evaluate := func() { e.asked = e.asked[:0]; n.Evaluate(x, 7) }
			if a := testing.AllocsPerRun(5, evaluate); a != 0 {
				t.Errorf("%v allocations", a)
			}
		}
	}
	n, err := New(precise{&echo{channels: 1, out: 1}}, NoClass, 1)
	if err != nil {
		t.Fatal(err)
	}
	if mean, _, ok := n.Evaluate(x, 0); !ok || !n.Precise() || mean[0] != x[0]+1e-12 {
		t.Errorf("in float64: %v", mean)
	}
	if _, _, ok := n.Evaluate([]float64{0, math.Inf(1)}, 0); ok || Finite([]float64{math.NaN()}) ||
		!Finite(nil) {
		t.Error("infinite values pass for finite ones")
	}
	if s := Sentence(2.5); !strings.Contains(s, "timestep 2.5 is not finite") {
		t.Error(s)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		says     string
		e        echo
		label    int
		guidance float64
	}{
		{"no class 2", echo{1, 1, 2, nil}, 2, 1},
		{"no class 0", echo{1, 1, 0, nil}, 0, 1},
		{"no class -2", echo{1, 1, 2, nil}, -2, 1},
		{"guidance must be", echo{1, 1, 2, nil}, 1, math.NaN()},
		{"guidance must be", echo{1, 1, 2, nil}, 1, 101},
		{"a network of 2 channels", echo{2, 3, 2, nil}, 1, 1},
		{"a network of 0 channels", echo{0, 0, 2, nil}, 1, 1},
	} {
		if _, err := New(&c.e, c.label, c.guidance); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
}
