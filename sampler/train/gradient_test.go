package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"tweedie/sampler/kernels"
)

// network is a small network of one operation, or a few.
type network struct {
	name  string
	build func(c *Compiler, x, z *Value) *Value // x: [3], z: [5]
}

// networks has a row for every operation, each with a gradient that other operations add to.
var networks = []network{
	{"linear", func(c *Compiler, x, _ *Value) *Value { return c.Linear("l", x, 9) }},
	{"two uses", func(c *Compiler, x, _ *Value) *Value {
		return c.Concat(c.Linear("a", x, 2), c.Linear("b", x, 3), x)
	}},
	{"rising", func(c *Compiler, x, _ *Value) *Value {
		return c.Rising("b", c.Sigmoid(c.Rising("a", x, 10)), 2)
	}},
	{"silu", func(c *Compiler, x, _ *Value) *Value { return c.SiLU(x) }},
	{"silu twice", func(c *Compiler, x, _ *Value) *Value { return c.Add(c.SiLU(x), c.SiLU(x)) }},
	{"exp", func(c *Compiler, x, _ *Value) *Value { return c.Linear("l", c.Exp(x), 2) }},
	{"softplus", func(c *Compiler, x, _ *Value) *Value { return c.Linear("l", c.Softplus(x), 2) }},
	{"sigmoid", func(c *Compiler, x, _ *Value) *Value { return c.Multiply(c.Sigmoid(x), x) }},
	{"tanh", func(c *Compiler, x, _ *Value) *Value { return c.Add(c.Tanh(x), c.Tanh(x)) }},
	{"add", func(c *Compiler, x, _ *Value) *Value { return c.Add(c.Add(x, x), c.SiLU(x)) }},
	{"multiply", func(c *Compiler, x, z *Value) *Value {
		return c.Multiply(c.Linear("l", z, 3), x)
	}},
	{"square", func(c *Compiler, x, _ *Value) *Value { return c.Sum(c.Multiply(x, x)) }},
	{"concat", func(c *Compiler, x, z *Value) *Value {
		return c.Linear("l", c.Concat(z, x, z), 4)
	}},
	{"slice", func(c *Compiler, x, z *Value) *Value {
		return c.Concat(c.Slice(z, 1, 3), c.SiLU(c.Slice(z, 3, 2)), x)
	}},
	{"sum", func(c *Compiler, x, z *Value) *Value {
		return c.Add(c.Sum(c.SiLU(z)), c.Sum(c.Linear("l", x, 11)))
	}},
	{"table", func(c *Compiler, x, _ *Value) *Value {
		row, pick := c.Table("classes", 4, 3)
		for i := range pick {
			pick[i] = i * i % 3 // one row twice and more, one never
		}
		return c.Linear("l", c.Add(row, x), 2)
	}},
	{"sinusoid", func(c *Compiler, x, _ *Value) *Value {
		return c.Linear("l", c.Sinusoid(c.Sum(x), 10), 3)
	}},
	{"octaves", func(c *Compiler, x, z *Value) *Value {
		scale := c.Input(3)
		for i := range scale.Data {
			scale.Data[i] = 0.25 + float32(i%scale.Stride)/8
		}
		return c.Add(c.Linear("l", c.Octaves(x, scale, 2), 3), x)
	}},
	{"hidden layers", func(c *Compiler, x, z *Value) *Value {
		return c.Linear("out", c.Hidden("a.", c.Concat(x, z), 9, 3), 2)
	}},
	{"residual network", func(c *Compiler, x, z *Value) *Value {
		h := c.SiLU(c.Linear("in", c.Concat(x, z), 12))
		h = c.Add(h, c.SiLU(c.Linear("middle", h, 12)))
		return c.Linear("out", h, 2)
	}},
	{"autoencoder", func(c *Compiler, x, z *Value) *Value {
		both := c.Linear("encode", x, 10)
		mean, spread := c.Slice(both, 0, 5), c.Exp(c.Slice(both, 5, 5))
		latent := c.Add(mean, c.Multiply(spread, z))
		return c.Concat(c.Linear("decode", latent, 3), c.Multiply(mean, mean))
	}},
}

const rows = 7

// problem is a compiled network with random weights and inputs, whose loss is Σ factor·output.
type problem struct {
	program *Program
	x, z, y *Value
	factor  []float32
}

func newProblem(n network, k *kernels.Set) *problem {
	q := new(problem)
	q.program = Compile(Options{Kernels: k, Batch: rows + 2}, func(c *Compiler) {
		q.x, q.z = c.InputWithGradient(3), c.InputWithGradient(5)
		q.y = c.Output(n.build(c, q.x, q.z))
	})
	r := rand.New(rand.NewPCG(31, 32))
	q.program.Start(5, 6)
	if n.name == "rising" { // |w| has no derivative at 0: the differences must not reach it
		for i, w := range q.program.Weights {
			if w != 0 {
				q.program.Weights[i] += float32(math.Copysign(0.2, float64(w)))
			}
		}
	}
	for i := range rows {
		for _, v := range []*Value{q.x, q.z} {
			for j := range v.Row(i) {
				v.Row(i)[j] = float32(r.NormFloat64())
			}
		}
		row := q.y.Grad[i*q.y.Stride:][:q.y.Width]
		for j := range row {
			row[j] = float32(r.NormFloat64())
		}
	}
	q.factor = append(q.factor, q.y.Grad...)
	return q
}

func (q *problem) loss() float64 {
	q.program.Forward(rows)
	sum := 0.0
	for i, f := range q.factor[:rows*q.y.Stride] {
		sum += float64(f) * float64(q.y.Data[i])
	}
	return sum
}

// TestGradients compares the gradient of every weight and input of every network with finite
// differences. Those are of the fourth order, with steps of 1/16, because the network is float32:
// rounding is then 1e-5 of the loss's terms, and what the difference leaves out is as small.
func TestGradients(t *testing.T) {
	for _, k := range kernelSets() {
		for _, n := range networks {
			q := newProblem(n, k)
			q.program.Forward(rows)
			q.program.Backward(rows)
			list := []struct {
				name      string
				at, found []float32
			}{{"weight", q.program.Weights, q.program.Gradient}, {"x", q.x.Data, q.x.Grad},
				{"z", q.z.Data, q.z.Grad}}
			for i := range list { // Backward again would change them
				list[i].found = append([]float32(nil), list[i].found...)
			}
			for _, s := range list {
				for i := range s.at {
					if padding(q, s.name, i) {
						if s.found[i] != 0 {
							t.Errorf("%s on %s: the padding of %s, element %d, has the gradient %v",
								n.name, k.Name, s.name, i, s.found[i])
						}
						continue
					}
					want := q.difference(&s.at[i])
					if !(math.Abs(float64(s.found[i])-want) <= 2e-4*(3+math.Abs(want))) {
						t.Errorf("%s on %s: gradient of %s, element %d: got %v, by differences %v",
							n.name, k.Name, s.name, i, s.found[i], want)
					}
				}
			}
		}
	}
}

// padding reports whether a number of the weights or of an input stands for nothing.
func padding(q *problem, name string, i int) bool {
	switch name {
	case "x":
		return i%q.x.Stride >= q.x.Width || i >= rows*q.x.Stride
	case "z":
		return i%q.z.Stride >= q.z.Width || i >= rows*q.z.Stride
	}
	for _, w := range q.program.parameters {
		for row := range w.height() {
			for column := range w.columns {
				if w.place(row, column) == i {
					return false
				}
			}
		}
	}
	return true
}

func (q *problem) difference(at *float32) float64 {
	const h = 1.0 / 16
	old := *at
	loss := func(by float32) float64 {
		*at = old + by
		return q.loss()
	}
	d := (8*(loss(h)-loss(-h)) - (loss(2*h) - loss(-2*h))) / (12 * h)
	*at = old
	return d
}

func kernelSets() []*kernels.Set {
	if kernels.Best().Name == kernels.Reference().Name {
		return []*kernels.Set{kernels.Reference()}
	}
	return []*kernels.Set{kernels.Best(), kernels.Reference()}
}

// TestSameBits: the vector kernels give every network the bits of the reference.
func TestSameBits(t *testing.T) {
	if len(kernelSets()) < 2 {
		t.Skip("this build has no vector kernels, or none that this processor can run")
	}
	for _, n := range networks {
		var all [2][]float32
		for i, k := range kernelSets() {
			q := newProblem(n, k)
			q.program.Forward(rows)
			q.program.Backward(rows)
			all[i] = append(append(append(append([]float32(nil), q.y.Data...), q.x.Grad...),
				q.z.Grad...), q.program.Gradient...)
		}
		for i, v := range all[0] {
			if math.Float32bits(v) != math.Float32bits(all[1][i]) {
				t.Errorf("%s: number %d is %v with vectors, %v without", n.name, i, v, all[1][i])
				break
			}
		}
	}
}

// TestRowsAreIndependent: fewer rows of a batch give the same outputs.
func TestRowsAreIndependent(t *testing.T) {
	for _, n := range networks {
		q := newProblem(n, kernels.Best())
		q.program.Forward(rows)
		want := append([]float32(nil), q.y.Data...)
		clear(q.y.Data)
		q.program.Forward(3)
		for i := range 3 * q.y.Stride {
			if q.y.Data[i] != want[i] {
				t.Fatalf("%s: number %d is %v in a batch of 3, %v in one of %d", n.name, i,
					q.y.Data[i], want[i], rows)
			}
		}
	}
}

// TestSinglePasses: a second way back does not see the first one.
func TestSinglePasses(t *testing.T) {
	for _, n := range networks {
		q := newProblem(n, kernels.Best())
		var first string
		for range 2 {
			q.program.Forward(rows)
			q.program.Backward(rows)
			got := fmt.Sprint(q.program.Gradient, q.x.Grad)
			if first == "" {
				first = got
			} else if got != first {
				t.Errorf("%s: the second gradient differs from the first", n.name)
			}
		}
	}
}

func TestOctaves(t *testing.T) {
	var x, scale, y *Value
	p := Compile(Options{Kernels: kernels.Best(), Batch: 4, Frozen: true}, func(c *Compiler) {
		x, scale = c.Input(2), c.Input(6)
		y = c.Output(c.Octaves(x, scale, 5))
	})
	factors := []float32{2, 1, 0.5, 0.25, -1, 0}
	copy(scale.Row(0), factors)
	copy(scale.Row(1), factors)
	copy(x.Data, []float32{0.3, -1.7})
	copy(x.Data[x.Stride:], []float32{4.25, 0})
	p.Forward(2)
	for r := range 2 {
		for j, v := range x.Row(r) {
			if y.Row(r)[j] != v {
				t.Errorf("row %d begins with %v, want %v", r, y.Row(r)[:2], x.Row(r))
			}
			for k := range 5 {
				sin, cos := math.Sincos(math.Pi * math.Exp2(float64(k)) * 2 * float64(v))
				sin, cos = sin*float64(factors[1+k]), cos*float64(factors[1+k])
				got := y.Row(r)[2+j*10+2*k:]
				if !(math.Abs(float64(got[0])-sin) < 1e-6 && math.Abs(float64(got[1])-cos) < 1e-6) {
					t.Errorf("octave %d of %v: got %v, want %v and %v", k, v, got[:2], sin, cos)
				}
			}
		}
	}
}

// TestRisingRises: no output of a network of rising layers falls where an input rises.
func TestRisingRises(t *testing.T) {
	var x, y *Value
	p := Compile(Options{Kernels: kernels.Best(), Batch: 64, Frozen: true}, func(c *Compiler) {
		x = c.Input(1)
		y = c.Output(c.Rising("b", c.Sigmoid(c.Rising("a", x, 16)), 2))
	})
	p.Start(1, 2)
	for i := range 64 {
		x.Row(i)[0] = float32(i)/8 - 4
	}
	p.Forward(64)
	for i := 1; i < 64; i++ {
		for j := range y.Width {
			if !(y.Row(i)[j] > y.Row(i - 1)[j]) {
				t.Fatalf("output %d falls from %v to %v", j, y.Row(i - 1)[j], y.Row(i)[j])
			}
		}
	}
}
