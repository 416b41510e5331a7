package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
	"tweedie/sampler/noise"
)

// recording is a training run of PyTorch, see testdata/README.md.
type recording struct {
	Start, End, Average map[string][]float64
	Batches             []struct {
		X, Target []float64
		Y         []int
	}
	Losses, Norms []float64
}

// TestTorchRun repeats PyTorch's run. Ours is float32, so it may differ by what sixty steps make of
// that: 2e-6 of a loss, and 1e-5 of a weight.
func TestTorchRun(t *testing.T) {
	var want recording
	fixture.JSON(t, "testdata/torch_run.json.gz", &want)
	const batch, width = 24, 12
	var x, y *Value
	var pick []int
	p := Compile(Options{Kernels: kernels.Best(), Batch: batch}, func(c *Compiler) {
		x = c.Input(2)
		var class *Value
		class, pick = c.Table("classes", 3, 4)
		h := c.SiLU(c.Linear("first", c.Concat(x, class), width))
		h = c.Add(h, c.SiLU(c.Linear("second", h, width)))
		y = c.Output(c.Linear("last", h, 2))
	})
	err := p.Load(func(name string) []float32 { return narrow(want.Start[name]) })
	if err != nil {
		t.Fatal(err)
	}
	r := Rule{Rate: 0.01, Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8, Decay: 0.1, Clip: 1,
		Average: 0.95, Warmup: 5, Steps: 60}
	o := NewOptimiser(p, r)
	for n, b := range want.Batches {
		copy(pick, b.Y)
		for i := range batch {
			copy(x.Row(i), narrow(b.X[2*i:2*i+2]))
		}
		p.Forward(batch)
		loss := 0.0
		for i := range batch {
			for j, v := range y.Row(i) {
				d := float64(v) - b.Target[2*i+j]
				loss += d * d / (2 * batch)
				y.Grad[i*y.Stride+j] = float32(d / batch)
			}
		}
		p.Backward(batch)
		norm := o.norm(p.Gradient)
		if !(math.Abs(loss-want.Losses[n]) <= 2e-6*(1+want.Losses[n])) ||
			!(math.Abs(norm-want.Norms[n]) <= 1e-5*(1+want.Norms[n])) {
			t.Fatalf("step %d: loss %v and norm %v, PyTorch's are %v and %v", n, loss, norm,
				want.Losses[n], want.Norms[n])
		}
		if err := o.Step(p.Gradient, loss); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []struct {
		name string
		got  []float32
		want map[string][]float64
	}{{"weights", p.Weights, want.End}, {"average", o.Average, want.Average}} {
		for _, tensor := range p.Tensors(s.got) {
			got := make([]float64, len(tensor.Values))
			for i, v := range tensor.Values {
				got[i] = float64(v)
			}
			if d := fixture.Distance(got, s.want[tensor.Name]); !(d <= 1e-5) {
				t.Errorf("%s %s: the largest difference from PyTorch's is %v", s.name,
					tensor.Name, d)
			}
		}
	}
}

func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// task is a network that learns a function of the plane from the generator's numbers.
type task struct {
	program  *Program
	x, y     *Value
	rule     Rule
	learner  *Optimiser
	numbers  []float64
	lastLoss float64
}

const taskBatch = 512

func newTask(k *kernels.Set, r Rule) *task {
	q := &task{rule: r, numbers: make([]float64, 2*taskBatch)}
	q.program = Compile(Options{Kernels: k, Batch: taskBatch}, func(c *Compiler) {
		q.x = c.Input(2)
		scale := c.Input(4)
		for i := range scale.Data {
			scale.Data[i] = 1
		}
		h := c.SiLU(c.Linear("first", c.Octaves(q.x, scale, 3), 64))
		h = c.Add(h, c.SiLU(c.Linear("second", h, 64)))
		h = c.Add(h, c.SiLU(c.Linear("third", h, 64)))
		q.y = c.Output(c.Linear("last", h, 2))
	})
	q.program.Start(1, 0)
	q.learner = NewOptimiser(q.program, r)
	return q
}

// step learns (x, y) ↦ (sign x·y, x²).
func (q *task) step(n int) error {
	noise.Normal(q.numbers, 1, 1, uint32(n))
	for i := range taskBatch {
		row := q.x.Row(i)
		row[0], row[1] = float32(q.numbers[2*i]), float32(q.numbers[2*i+1])
	}
	q.program.Forward(taskBatch)
	loss := 0.0
	for i := range taskBatch {
		a, b := q.numbers[2*i], q.numbers[2*i+1]
		sign := 1.0
		if a < 0 {
			sign = -1
		}
		for j, want := range [2]float64{float64(sign * b), float64(a * a)} {
			d := float64(q.y.Row(i)[j]) - want
			loss += float64(d * d)
			q.y.Grad[i*q.y.Stride+j] = float32(d / taskBatch)
		}
	}
	q.lastLoss = loss / (2 * taskBatch)
	q.program.Backward(taskBatch)
	return q.learner.Step(q.program.Gradient, q.lastLoss)
}

// TestGolden holds the weights of a run to their bits, which every platform and both sets of
// kernels must give.
func TestGolden(t *testing.T) {
	for _, k := range kernelSets() {
		r := Standard()
		r.Decay, r.Warmup, r.Steps = 0.01, 3, 40
		q := newTask(k, r)
		first := 0.0
		for n := range 40 {
			if err := q.step(n); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				first = q.lastLoss
			}
		}
		if !(q.lastLoss < 0.8*first) {
			t.Errorf("on %s the loss went from %v to %v only", k.Name, first, q.lastLoss)
		}
		fixture.Golden(t, "testdata/golden.txt", []fixture.Line{
			{Name: "weights", Value: fixture.Hash(q.program.Weights)},
			{Name: "moving average", Value: fixture.Hash(q.learner.Average)},
		})
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	for _, k := range kernelSets() {
		q := newTask(k, Standard())
		n := 0
		if a := testing.AllocsPerRun(3, func() {
			if err := q.step(n); err != nil {
				t.Fatal(err)
			}
			n++
		}); a != 0 {
			t.Errorf("a training step on %s allocates %v times", k.Name, a)
		}
	}
}

// TestDivergence: with a rate far too high the run ends with an error, and with the state that last
// had a finite loss.
func TestDivergence(t *testing.T) {
	r := Standard()
	r.Rate, r.Clip = 1e12, 0
	q := newTask(kernels.Best(), r)
	var before []float32
	var err error
	for n := 0; err == nil; n++ {
		if n == 100 {
			t.Fatal("a learning rate of 1e12 did no harm")
		}
		before = append(before[:0], q.program.Weights...)
		err = q.step(n)
		if err == nil {
			continue
		}
		if !strings.Contains(err.Error(), "not finite") ||
			!strings.Contains(err.Error(), "learning rate") {
			t.Errorf("the error is %q", err)
		}
		if slices.Equal(before, q.program.Weights) {
			t.Error("the weights that gave no finite loss were kept")
		}
	}
	for i, v := range q.program.Weights {
		if v-v != 0 {
			t.Fatalf("weight %d is %v", i, v)
		}
	}
	kept := slices.Clone(q.program.Weights)
	if again := q.step(200); again == nil || again.Error() != err.Error() ||
		q.learner.Err() == nil {
		t.Errorf("the step after it gave %v", again)
	}
	if !slices.Equal(kept, q.program.Weights) {
		t.Error("a step after the error changed the weights")
	}
	// The weights that are kept give a finite loss.
	q.program.Forward(taskBatch)
	for _, v := range q.y.Data {
		if v-v != 0 {
			t.Fatalf("the weights that were kept give %v", v)
		}
	}
}

func TestDivergingLossAtOnce(t *testing.T) {
	q := newTask(kernels.Best(), Standard())
	before := slices.Clone(q.program.Weights)
	if err := q.learner.Step(q.program.Gradient, math.NaN()); err == nil ||
		!slices.Equal(before, q.program.Weights) || q.learner.Steps() != 0 {
		t.Errorf("a loss of NaN in the first step: %v after %d steps", err, q.learner.Steps())
	}
}

func TestRateOf(t *testing.T) {
	r := Rule{Rate: 2, Warmup: 4, Steps: 14}
	for _, c := range []struct {
		step int
		want float64
	}{{0, 0.4}, {3, 1.6}, {4, 2}, {9, 1}, {14, 0}, {99, 0}} {
		if got := r.RateOf(c.step); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("the rate of step %d is %v, want %v", c.step, got, c.want)
		}
	}
	r.Steps = 0
	if got := r.RateOf(1000); got != 2 {
		t.Errorf("without a number of steps the rate becomes %v", got)
	}
}

// TestLoad: a program gives back the tensors that it was given, and refuses others.
func TestLoad(t *testing.T) {
	a, b := newTask(kernels.Best(), Standard()), newTask(kernels.Best(), Standard())
	a.program.Start(9, 9)
	tensors := a.program.Tensors(a.program.Weights)
	find := func(name string) []float32 {
		i := slices.IndexFunc(tensors, func(x Tensor) bool { return x.Name == name })
		return tensors[i].Values
	}
	if err := b.program.Load(find); err != nil || !slices.Equal(a.program.Weights,
		b.program.Weights) {
		t.Errorf("weights that were written and read differ: %v", err)
	}
	if n := a.program.Parameters(); n != 14*64+64+2*(64*64+64)+64*2+2 {
		t.Errorf("the network has %d parameters", n)
	}
	for _, c := range []struct {
		values []float32
		says   string
	}{
		{[]float32{1, 2, 3}, "train: last.bias has 3 values, wanted 2"},
		{[]float32{1, float32(math.Inf(1))}, "train: last.bias is not finite (element 1)"},
	} {
		err := b.program.Load(func(name string) []float32 {
			if name == "last.bias" {
				return c.values
			}
			return find(name)
		})
		if err == nil || err.Error() != c.says {
			t.Errorf("last.bias = %v: %v, want %q", c.values, err, c.says)
		}
	}
	if !slices.Equal(a.program.Weights, b.program.Weights) {
		t.Error("a refused file changed the weights")
	}
}

// BenchmarkStep is one training step of the lab's network: 3×64 units and a batch of 512.
func BenchmarkStep(b *testing.B) {
	for _, k := range kernelSets() {
		b.Run(k.Name, func(b *testing.B) {
			q := newTask(k, Standard())
			n := 0
			for b.Loop() {
				if err := q.step(n); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
