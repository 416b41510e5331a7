package layers

import (
	"math"
	"testing"

	"tweedie/sampler/kernels"
)

// bench is one picture on its way through a layer alone.
type bench struct {
	*store
	t  *testing.T
	in picture
	x  []float32
}

func newBench(t *testing.T, c, h, w int) *bench {
	b := &bench{store: newStore(), t: t}
	b.in, b.x = b.sample(c, h, w)
	return b
}

// compare runs the layer that build adds from the picture to the plane that it
// returns, on every set of kernels, and their results with each other bit by bit.
func (b *bench) compare(what string, want picture, build func(c *Compiler, x *Plane) *Plane) {
	b.t.Helper()
	var first []float32
	for _, k := range sets() {
		got := make([]float32, len(want.v))
		o := Options{Family: "bench", Kernels: k, Batch: 1, Thin: kernels.F2}
		p, err := Compile(o, &b.File, func(c *Compiler) {
			x := c.Plane(b.in.h, b.in.w, Channels{b.in.c})
			c.Input("in", func(int) []float32 { return b.x }, nil, x)
			y := build(c, x)
			c.Output("out", y, func(int) []float32 { return got }, nil)
		})
		if err != nil {
			b.t.Fatal(err)
		}
		p.Run(1, true)
		near(b.t, what, got, want.v, 2e-5)
		if first == nil {
			first = got
		}
		for i, v := range first {
			if math.Float32bits(got[i]) != math.Float32bits(v) {
				b.t.Fatalf("%s: element %d on the kernels %q is %v, and on others %v", what, i,
					k.Name, got[i], v)
			}
		}
		if a := testing.AllocsPerRun(2, func() { p.Run(1, true) }); a != 0 {
			b.t.Errorf("%s: a run allocates %v times", what, a)
		}
	}
}

// TestConv has the windows of the families: a stem, the two ways to halve a
// picture, and patches.
func TestConv(t *testing.T) {
	for _, c := range []struct {
		win  Window
		h, w int
	}{
		{Window{7, 1, 3}, 9, 11}, {Window{3, 2, 1}, 5, 6}, {Window{3, 2, 0}, 4, 5},
		{Window{4, 2, 1}, 4, 5}, {Window{3, 3, 0}, 3, 3}, {Window{1, 1, 0}, 9, 11},
	} {
		b := newBench(t, 3, 9, 11)
		l := b.conv("l", 3, 10, c.win.Side)
		b.compare("convolution", b.in.conv(l.weight, l.bias, c.win, c.h, c.w),
			func(k *Compiler, x *Plane) *Plane {
				y := k.Plane(c.h, c.w, Channels{10})
				k.Conv("l", x, y, c.win)
				return y
			})
	}
}

// TestConcatenation writes two layers side by side; a normalisation whose
// groups cross the seam and a convolution read both.
func TestConcatenation(t *testing.T) {
	b := newBench(t, 2, 6, 5)
	l, m := b.linear("l", 2, 3), b.linear("m", 2, 9)
	n, conv := b.norm("n", 12), b.conv("c", 12, 4, 3)
	left, right := l.over(b.in), m.over(b.in)
	both := picture{12, 6, 5, append(append([]float64{}, left.v...), right.v...)}
	gelu := func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }
	want := both.norm(n.weight, n.bias, 3, 1e-3).mapped(gelu).conv3(conv.weight, conv.bias)
	b.compare("concatenation", want, func(c *Compiler, x *Plane) *Plane {
		cat := c.Plane(6, 5, Channels{3, 9})
		c.Product("l", c.Linear(Weights{Name: "l"}, x.Ch, cat.Ch[:1]), x, cat.Part(0), nil)
		c.Product("m", c.Linear(Weights{Name: "m"}, x.Ch, cat.Ch[1:]), x, cat.Part(1), nil)
		pad, y := c.Padding(6, 5, cat.Ch), c.Plane(6, 5, Channels{4})
		c.Norm(Norm{Name: "n", Groups: 3, Eps: 1e-3, Act: "gelu"}, cat, pad)
		c.Conv3("c", pad, y, Fixed(c.Vector("c.bias", y.Ch)), nil)
		return y
	})
}

// TestDoubled compares the convolution that leaves out the zeros of a doubled
// picture with the plain one, for both tiles.
func TestDoubled(t *testing.T) {
	for _, side := range []int{4, 7} {
		b := newBench(t, 3, side, side)
		l := b.conv("l", 3, 4, 3)
		twice := each(3, 2*side, 2*side, func(c, y, x int) float64 { return b.in.at(c, y/2, x/2) })
		b.compare("doubled", twice.conv3(l.weight, l.bias), func(c *Compiler, x *Plane) *Plane {
			pad, y := c.Padding(2*side, 2*side, x.Ch), c.Plane(2*side, 2*side, Channels{4})
			pad.Doubled = true
			c.Resample("up", Double, x, pad)
			c.Conv3("l", pad, y, Fixed(c.Vector("l.bias", y.Ch)), nil)
			return y
		})
	}
}

func TestResample(t *testing.T) {
	b := newBench(t, 2, 4, 6)
	k := []float64{1, 3, 3, 1}
	for r, want := range map[Resample]picture{
		Keep: b.in,
		Half: each(2, 2, 3, func(c, y, x int) float64 {
			return (b.in.at(c, 2*y, 2*x) + b.in.at(c, 2*y, 2*x+1) +
				b.in.at(c, 2*y+1, 2*x) + b.in.at(c, 2*y+1, 2*x+1)) / 4
		}),
		Double: each(2, 8, 12, func(c, y, x int) float64 { return b.in.at(c, y/2, x/2) }),
		HalfFIR: each(2, 2, 3, func(c, y, x int) (sum float64) {
			for i := range 16 {
				sum += k[i/4] * k[i%4] / 64 * b.in.at(c, 2*y+i/4-1, 2*x+i%4-1)
			}
			return sum
		}),
		DoubleFIR: each(2, 8, 12, func(c, y, x int) (sum float64) {
			for i := range 16 { // the pixels stand at the even places
				p, q := y+i/4-2, x+i%4-2
				if p%2 == 0 && q%2 == 0 {
					sum += k[i/4] * k[i%4] / 16 * b.in.at(c, p/2, q/2)
				}
			}
			return sum
		}),
	} {
		b.compare("resample", want, func(c *Compiler, x *Plane) *Plane {
			y := c.Plane(r.Size(x.H), r.Size(x.W), x.Ch)
			c.Resample("r", r, x, y)
			return y
		})
	}
}

// TestAttention has heads narrower and wider than a register tile, and more
// pixels than a block of queries. Queries, keys and values are one tensor: head
// by head, or all queries first.
func TestAttention(t *testing.T) {
	for _, heads := range []Channels{{5}, {3, 3}, {9, 9}} {
		for _, byHead := range []bool{true, false} {
			b := newBench(t, 6, 6, 7)
			inner, width := heads.Count(), heads[0]
			all := b.linear("qkv", 6, 3*inner, 1)
			out := linear{b.add("o.weight", 0.5, 6, inner), make([]float64, 6)}
			rows := make([][]int, 3)
			parts := make([]linear, 3)
			for i := range 3 {
				for l := range inner {
					row := i*inner + l
					if byHead {
						row = l/width*3*width + i*width + l%width
					}
					rows[i] = append(rows[i], row)
					parts[i].weight = append(parts[i].weight, all.weight[row*6:(row+1)*6]...)
					parts[i].bias = append(parts[i].bias, all.bias[row])
				}
			}
			for _, x := range [][]float64{parts[0].weight, parts[0].bias} {
				for i := range x {
					x[i] /= 2
				}
			}
			mixed := b.in.attention(parts[0], parts[1], parts[2], len(heads))
			want := out.over(mixed).plus(b.in)
			b.compare("attention", want, func(c *Compiler, x *Plane) *Plane {
				part := func(i int, factor float32) Linear {
					shape := []int{3 * inner, 6, 1}
					w := Weights{Name: "qkv", Factor: factor, Shape: shape, Rows: rows[i]}
					return c.Linear(w, x.Ch, heads)
				}
				mixed, y := c.Plane(6, 7, heads), c.Plane(6, 7, x.Ch)
				a := Attention{Q: part(0, 0.5), K: part(1, 1), V: part(2, 0), Heads: heads}
				c.Attention("a", a, x, mixed)
				o := c.Linear(Weights{Name: "o", Unbiased: true}, heads, x.Ch)
				c.Product("o", o, mixed, y, x)
				return y
			})
		}
	}
}

// TestModulation scales and shifts a normalisation by an embedding: a row of a
// table plus random features.
func TestModulation(t *testing.T) {
	b := newBench(t, 4, 3, 5)
	n, table, waves := b.norm("n", 4), b.add("rows.weight", 1, 3, 6), b.add("w", 1, 3)
	block := b.linear("block", 6, 8)
	e := make([]float64, 6)
	for i, w := range waves {
		s, c := math.Sincos(2 * math.Pi * 1.25 * w)
		e[i], e[3+i] = s, c
	}
	for i := range e {
		e[i] = max(e[i]+table[2*6+i], 0)
	}
	by := block.vector(e)
	y := b.in.norm(n.weight, n.bias, 2, 1e-5)
	want := each(4, 3, 5, func(c, i, j int) float64 {
		return (y.at(c, i, j)*(1+by[c]) + by[4+c]) / 2
	})
	b.compare("modulation", want, func(c *Compiler, x *Plane) *Plane {
		ch, y := Channels{6}, c.Plane(3, 5, x.Ch)
		m := c.Modulations(ch)
		by := m.Add("block", Channels{4, 4}, nil)
		c.Norm(Norm{Name: "n", Groups: 2, Eps: 1e-5, By: by}, x, y)
		c.Divide("half", y, 2)
		if m.Empty() {
			t.Error("a list with one block is empty")
		}
		c.Before(func() {
			e, embed := c.Floats(ch.Physical()), Fourier(c.Tensor("w", 3))
			c.Add(Step{Name: "w", Run: func(int) { embed(1.25, e) }})
			c.AddRow("rows", 3, e, ch, func(int) int { return 2 })
			c.AddRow("rows", 3, e, ch, func(int) int { return -1 })
			m.Compute("m", e, "relu")
		})
		return y
	})
}

// TestPictures: samples are changed on their way in and divided on their way
// out.
func TestPictures(t *testing.T) {
	b := newBench(t, 3, 4, 5)
	got := make([]float32, len(b.x))
	o := Options{Kernels: kernels.Reference(), Batch: 1, Thin: kernels.F2}
	p, err := Compile(o, &b.File, func(c *Compiler) {
		x := c.Plane(4, 5, Channels{3})
		for i := range x.Data {
			x.Data[i] = 99 // what stood in the padding
		}
		twice := func(v float32) float32 { return 2 * v }
		c.Input("in", func(int) []float32 { return b.x }, twice, x)
		c.Output("out", x, func(int) []float32 { return got }, func(int) float32 { return 8 })
		c.Add(Step{Name: "check", Run: func(int) {
			for i, v := range x.Data {
				if i%8 >= 3 && v != 0 {
					t.Errorf("the padding holds %v", v)
				}
			}
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Run(1, true)
	for i, v := range b.x {
		if got[i] != v/4 {
			t.Fatalf("element %d: got %v, want %v", i, got[i], v/4)
		}
	}
}
