package layers

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/kernels"
)

// The layers of transformers and of networks with batch normalisation, against plain sums.

// transposed is a transposed convolution with weights [in][out][side][side]: each pixel adds its
// window to the result.
func (p picture) transposed(weight, bias []float64, win Window) picture {
	out := blank(len(bias), win.Transposed(p.h), win.Transposed(p.w))
	for i := range out.v {
		out.v[i] = bias[i/(out.h*out.w)]
	}
	for i := range p.v {
		in, y, x := i/(p.h*p.w), i/p.w%p.h, i%p.w
		for o := range bias {
			for tap := range win.Side * win.Side {
				r := y*win.Stride + tap/win.Side - win.Padding
				s := x*win.Stride + tap%win.Side - win.Padding
				if r >= 0 && r < out.h && s >= 0 && s < out.w {
					w := weight[(in*len(bias)+o)*win.Side*win.Side+tap]
					out.v[(o*out.h+r)*out.w+s] += w * p.v[i]
				}
			}
		}
	}
	return out
}

// TestTransposed has the windows of the families: labml's, whose pixels overlap, those of
// minDiffusion and its kin, which do not, and one with gaps.
func TestTransposed(t *testing.T) {
	for _, win := range []Window{{4, 2, 1}, {2, 2, 0}, {4, 4, 0}, {7, 7, 0}, {3, 1, 1}, {2, 3, 0}} {
		b := newBench(t, 11, 3, 4)
		scale := 1 / math.Sqrt(11*float64(win.Side))
		weight := b.add("l.weight", scale, 11, 9, win.Side, win.Side)
		bias := b.add("l.bias", 0.3, 9)
		b.compare("transposed convolution", b.in.transposed(weight, bias, win),
			func(c *Compiler, x *Plane) *Plane {
				y := c.Plane(win.Transposed(3), win.Transposed(4), Channels{9})
				c.Transposed("l", x, y, win)
				return y
			})
	}
}

func TestPool(t *testing.T) {
	b := newBench(t, 5, 6, 9)
	for kind, pool := range map[Pooling]func(y, x float64) float64{
		MeanPool: func(y, x float64) float64 { return y + x/9 }, MaxPool: math.Max,
	} {
		want := each(5, 2, 3, func(c, y, x int) float64 {
			v := 0.0
			if kind == MaxPool {
				v = math.Inf(-1)
			}
			for i := range 9 {
				v = pool(v, b.in.at(c, 3*y+i/3, 3*x+i%3))
			}
			return v
		})
		b.compare("pool", want, func(c *Compiler, x *Plane) *Plane {
			y := c.Plane(2, 3, x.Ch)
			c.Pool("p", kind, 3, x, y)
			return y
		})
	}
}

// TestLayerNorm has no weights and no modulation, both, and the concatenation of two values.
func TestLayerNorm(t *testing.T) {
	b := newBench(t, 5, 4, 3)
	l, m := b.linear("l", 5, 3), b.linear("m", 5, 9)
	n := b.norm("n", 12)
	by := [][]float64{b.add("scale", 1, 1, 12), b.add("shift", 1, 1, 12)}
	left, right := l.over(b.in), m.over(b.in)
	both := picture{12, 4, 3, append(append([]float64{}, left.v...), right.v...)}
	for _, weighted := range []bool{false, true} {
		want := each(12, 4, 3, func(c, y, x int) float64 {
			mean, variance := 0.0, 0.0
			for i := range 12 {
				mean += both.at(i, y, x) / 12
			}
			for i := range 12 {
				variance += (both.at(i, y, x) - mean) * (both.at(i, y, x) - mean) / 12
			}
			v := (both.at(c, y, x) - mean) / math.Sqrt(variance+1e-5)
			if weighted {
				v = (v*n.weight[c]+n.bias[c])*(1+by[0][c]) + by[1][c]
			}
			return v
		})
		b.compare("layer normalisation", want, func(c *Compiler, x *Plane) *Plane {
			cat, y := c.Plane(4, 3, Channels{3, 9}), c.Plane(4, 3, Channels{3, 9})
			c.Product("l", c.Linear(Weights{Name: "l"}, x.Ch, cat.Ch[:1]), x, cat.Part(0), nil)
			c.Product("m", c.Linear(Weights{Name: "m"}, x.Ch, cat.Ch[1:]), x, cat.Part(1), nil)
			norm := LayerNorm{Eps: 1e-5}
			vectors := make([]*Plane, 2)
			for i, name := range []string{"scale", "shift"} {
				vectors[i] = c.Plane(1, 1, cat.Ch)
				cat.Ch.spread(vectors[i].Data, c.Passing(name, 1, 12))
			}
			c.Passing("n.weight", 12)
			c.Passing("n.bias", 12)
			if weighted {
				norm = LayerNorm{Name: "n", Eps: 1e-5, Scale: vectors[0], Shift: vectors[1]}
			}
			c.LayerNorm("n", norm, cat, y)
			out, places := c.Plane(4, 3, Channels{12}), y.Ch.Places()
			c.Add(Step{Name: "together", Run: func(int) {
				for p := range 12 {
					for place, channel := range places {
						if v := y.Data[p*y.Pixel+place]; channel >= 0 {
							out.Data[p*out.Pixel+channel] = v
						} else if v != 0 {
							t.Errorf("the padding of pixel %d holds %v", p, v)
						}
					}
				}
			}})
			return out
		})
	}
}

// statistics adds the tensors of a batch normalisation.
func (s *store) statistics(name string, variance ...float32) (mean []float64) {
	mean = s.add(name+".running_mean", 1, len(variance))
	s.Tensors = append(s.Tensors,
		fixture.NewTensor(name+".running_var", []int{len(variance)}, variance...))
	return mean
}

func TestBatchNorm(t *testing.T) {
	b := newBench(t, 3, 4, 5)
	n, variance := b.norm("n", 3), []float32{0.5, 0, 4}
	mean := b.statistics("n", variance...)
	want := each(3, 4, 5, func(c, y, x int) float64 {
		v := (b.in.at(c, y, x) - mean[c]) / math.Sqrt(float64(variance[c])+1e-3)
		return max(v*n.weight[c]+n.bias[c], 0)
	})
	b.compare("batch normalisation", want, func(c *Compiler, x *Plane) *Plane {
		y := c.Plane(4, 5, x.Ch)
		c.BatchNorm(BatchNorm{Name: "n", Eps: 1e-3, Act: "relu"}, x, y)
		return y
	})
}

// A variance that has no root is refused by the tensor's name.
func TestBatchNormWithoutVariance(t *testing.T) {
	b := newBench(t, 2, 1, 1)
	b.norm("n", 2)
	b.statistics("n", 1, -0.25)
	_, err := Compile(Options{Family: "bench", Kernels: sets()[0], Batch: 1}, &b.File,
		func(c *Compiler) {
			x := c.Plane(1, 1, Channels{2})
			c.BatchNorm(BatchNorm{Name: "n", Eps: 1e-3}, x, x)
		})
	const want = "bench: tensor n.running_var has the variance -0.25, which has no standard " +
		"deviation"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestFunctions has the activations that diffusers does not name.
func TestFunctions(t *testing.T) {
	b := newBench(t, 3, 9, 11)
	for i := range b.x {
		b.x[i] *= 3
		b.in.v[i] = float64(b.x[i])
	}
	for act, f := range map[string]func(x float64) float64{
		"sine":      math.Sin,
		"gelu_fast": func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 },
		"gelu_tanh": func(x float64) float64 {
			return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		},
	} {
		b.compare(act, b.in.mapped(f), func(c *Compiler, x *Plane) *Plane {
			y := c.Plane(9, 11, x.Ch)
			c.Activate("a", act, x, y)
			return y
		})
	}
}

// TestTile: the tile that the options name is that of every picture, and the smaller rounds less.
func TestTile(t *testing.T) {
	b := newBench(t, 16, 12, 12)
	l := b.conv("l", 16, 8, 3)
	want := b.in.conv3(l.weight, l.bias)
	error := func(tile kernels.Tile) (sum float64) {
		got := make([]float32, len(want.v))
		p, err := Compile(Options{Kernels: sets()[0], Batch: 1, Tile: tile}, &b.File,
			func(c *Compiler) {
				x, y := c.Padding(12, 12, Channels{16}), c.Plane(12, 12, Channels{8})
				c.Input("in", func(int) []float32 { return b.x }, nil, x)
				c.Conv3("l", x, y, Fixed(c.Vector("l.bias", y.Ch)), nil)
				c.Output("out", y, func(int) []float32 { return got }, nil)
			})
		if err != nil {
			t.Fatal(err)
		}
		p.Run(1, true)
		for i, w := range want.v {
			sum += math.Abs(float64(got[i]) - w)
		}
		return sum
	}
	fine, coarse, chosen := error(kernels.F2), error(kernels.F4), error(0)
	if !(fine < coarse/2) || chosen != coarse {
		t.Errorf("errors of %g with F(2×2), %g with F(4×4) and %g without a choice", fine, coarse,
			chosen)
	}
}
