package layers

import (
	"errors"
	"math"
	"slices"
	"testing"

	"tweedie/sampler/kernels"
	"tweedie/weights"
)

// tiny is a network on the kit, and the same network as plain sums: two
// convolutions with a normalisation between them, a number that is embedded and
// added to the first, the mean and a linear layer.
type tiny struct {
	h, w                 int
	file                 *store
	a, n, b, l           linear
	first, second, block linear

	program *Program
	samples [][]float32 // of the items
	numbers []float32   // theirs
	out     *Plane
}

const (
	tinyIn, tinyMid, tinyOut, tinyGroups, tinyEps = 3, 10, 9, 2, 1e-5
	tinyResults, tinyEmbed                        = 5, 12
)

func newTiny(t testing.TB, h, w int) *tiny {
	t.Helper()
	s := newStore()
	n := &tiny{h: h, w: w, file: s}
	n.a, n.b = s.conv("a", tinyIn, tinyMid, 3), s.conv("b", tinyMid, tinyOut, 3)
	n.n, n.l = s.norm("n", tinyMid), s.linear("l", tinyOut, tinyResults)
	n.first, n.second = s.linear("e.1", tinyEmbed, tinyEmbed), s.linear("e.2", tinyEmbed, tinyEmbed)
	n.block = s.linear("time", tinyEmbed, tinyMid)
	return n
}

func (n *tiny) compile(t testing.TB, o Options) {
	t.Helper()
	o.Family = "tiny"
	p, err := Compile(o, &n.file.File, func(c *Compiler) {
		embedding := Channels{tinyEmbed}
		times := c.Modulations(embedding)
		in, mid := c.Padding(n.h, n.w, Channels{tinyIn}), c.Padding(n.h, n.w, Channels{tinyMid})
		in.Common = true
		c.Input("sample", func(item int) []float32 { return n.samples[item] }, nil, in)
		x, y := c.Plane(n.h, n.w, Channels{tinyMid}), c.Plane(n.h, n.w, Channels{tinyOut})
		c.Conv3("a", in, x, times.Add("time", x.Ch, c.Tensor("a.bias", tinyMid)).Bias(), nil)
		c.Norm(Norm{Name: "n", Groups: tinyGroups, Eps: tinyEps, Act: "silu"}, x, mid)
		c.Conv3("b", mid, y, Fixed(c.Vector("b.bias", y.Ch)), nil)
		mean := c.Plane(1, 1, y.Ch)
		n.out = c.Plane(1, 1, Channels{tinyResults})
		c.Mean("mean", y, mean)
		c.Product("l", c.Linear(Weights{Name: "l"}, y.Ch, n.out.Ch), mean, n.out, nil)
		c.Before(func() {
			e, embed := c.Floats(c.Batch*embedding.Physical()), Sinusoid(tinyEmbed, 0, true)
			c.Perceptron("e", Perceptron{"e.1", "e.2", embedding, embedding}, e, nil,
				func(item int, x []float32) { embed(n.numbers[item], x) })
			times.Compute("time", e, "silu")
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	n.program = p
}

// plain is the network as plain sums.
func (n *tiny) plain(x picture, number float64) []float64 {
	e := n.first.vector(sinusoid(number, tinyEmbed))
	for i := range e {
		e[i] = silu(e[i])
	}
	e = n.second.vector(e)
	for i := range e {
		e[i] = silu(e[i])
	}
	share := n.block.vector(e)
	y := x.conv3(n.a.weight, n.a.bias)
	y = each(y.c, y.h, y.w, func(c, i, j int) float64 { return y.at(c, i, j) + share[c] })
	y = y.norm(n.n.weight, n.n.bias, tinyGroups, tinyEps).mapped(silu).conv3(n.b.weight, n.b.bias)
	mean := make([]float64, y.c)
	for i, v := range y.v {
		mean[i/(y.h*y.w)] += v / float64(y.h*y.w)
	}
	return n.l.vector(mean)
}

// shapes has pictures of every kind of tile: small, thin, with and without
// tiles that reach over the edge.
var shapes = [][2]int{{8, 8}, {1, 70}, {2, 40}, {40, 2}, {9, 13}, {16, 12}, {3, 30}}

// TestTinyNetwork compares a network that no package of this repository has
// with plain sums in float64: items apart and alike, on every set of kernels,
// with both tiles for thin pictures.
func TestTinyNetwork(t *testing.T) {
	for _, shape := range shapes {
		n := newTiny(t, shape[0], shape[1])
		p, x := n.file.sample(tinyIn, n.h, n.w)
		q, y := n.file.sample(tinyIn, n.h, n.w)
		for _, k := range sets() {
			for _, thin := range []kernels.Tile{kernels.F2, kernels.F4} {
				n.compile(t, Options{Kernels: k, Batch: 2, Thin: thin})
				n.numbers = []float32{3.5, 250}
				n.samples = [][]float32{x, y}
				n.program.Run(2, false)
				near(t, "item 0", n.out.Item(0)[:tinyResults], n.plain(p, 3.5), 2e-6)
				near(t, "item 1", n.out.Item(1)[:tinyResults], n.plain(q, 250), 2e-6)
				apart := slices.Clone(n.out.Item(0)[:tinyResults])
				n.samples = [][]float32{x, x}
				n.program.Run(2, true)
				near(t, "alike", n.out.Item(1)[:tinyResults], n.plain(p, 250), 2e-6)
				if got := n.out.Item(0)[:tinyResults]; !slices.Equal(got, apart) {
					t.Errorf("%v: the same item gives %v alike, %v apart", shape, got, apart)
				}
			}
		}
	}
}

// TestTinyGradient compares the gradient of one result with differences of the
// plain sums.
func TestTinyGradient(t *testing.T) {
	for _, shape := range [][2]int{{4, 5}, {9, 13}, {2, 40}} {
		n := newTiny(t, shape[0], shape[1])
		p, x := n.file.sample(tinyIn, n.h, n.w)
		n.compile(t, Options{Kernels: kernels.Best(), Batch: 1, Gradient: true, Thin: kernels.F4})
		n.samples, n.numbers = [][]float32{x}, []float32{40}
		n.program.Run(1, true)
		near(t, "result", n.out.Item(0)[:tinyResults], n.plain(p, 40), 2e-6)
		const result, h = 2, 1e-5
		clear(n.out.Grad)
		n.out.Grad[result] = 1
		dx := make([]float32, len(x))
		n.program.Back(dx)
		want, size := make([]float64, len(x)), 0.0
		for i := range want {
			v := p.v[i]
			p.v[i] = v + h
			up := n.plain(p, 40)[result]
			p.v[i] = v - h
			want[i] = (up - n.plain(p, 40)[result]) / (2 * h)
			p.v[i] = v
			size = max(size, math.Abs(want[i]))
		}
		near(t, "gradient", dx, want, 1e-4*size)
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	n := newTiny(t, 9, 13)
	_, x := n.file.sample(tinyIn, n.h, n.w)
	n.samples, n.numbers = [][]float32{x, x}, []float32{1, 2}
	n.compile(t, Options{Kernels: kernels.Best(), Batch: 2, Thin: kernels.F2})
	for _, alike := range []bool{false, true} {
		if a := testing.AllocsPerRun(3, func() { n.program.Run(2, alike) }); a != 0 {
			t.Errorf("Run allocates %v times", a)
		}
	}
	n.compile(t, Options{Kernels: kernels.Best(), Batch: 1, Gradient: true, Thin: kernels.F2})
	dx := make([]float32, len(x))
	if a := testing.AllocsPerRun(3, func() { n.program.Run(1, true); n.program.Back(dx) }); a != 0 {
		t.Errorf("Run and Back allocate %v times", a)
	}
}

// TestSameBits compares the two sets of kernels.
func TestSameBits(t *testing.T) {
	if len(sets()) == 1 {
		t.Skip("this build has no vector kernels to compare with the reference")
	}
	for _, shape := range shapes {
		n := newTiny(t, shape[0], shape[1])
		_, x := n.file.sample(tinyIn, n.h, n.w)
		n.samples, n.numbers = [][]float32{x}, []float32{77}
		var results [][]float32
		for _, k := range sets() {
			n.compile(t, Options{Kernels: k, Batch: 1, Gradient: true, Thin: kernels.F2})
			n.program.Run(1, true)
			copy(n.out.Grad, n.out.Data)
			dx := make([]float32, len(x))
			n.program.Back(dx)
			results = append(results, append(slices.Clone(n.out.Data), dx...))
		}
		for i, want := range results[0] {
			if got := results[1][i]; math.Float32bits(got) != math.Float32bits(want) {
				t.Fatalf("%v: element %d: got %v, want %v", shape, i, got, want)
			}
		}
	}
}

// TestProgram: the numbers that a program tells about itself.
func TestProgram(t *testing.T) {
	n := newTiny(t, 8, 8)
	_, x := n.file.sample(tinyIn, 8, 8)
	n.samples, n.numbers = [][]float32{x}, []float32{1}
	n.compile(t, Options{Kernels: kernels.Reference(), Batch: 1, Thin: kernels.F2})
	parameters, data := 0, 0
	for i := range n.file.Tensors {
		parameters += n.file.Tensors[i].Len()
		data += len(n.file.Tensors[i].Data)
	}
	if n.program.Parameters != parameters {
		t.Errorf("got %d parameters, want %d", n.program.Parameters, parameters)
	}
	if b := n.program.Bytes; b < data || b > 40*data {
		t.Errorf("%d bytes for %d bytes of weights", b, data)
	}
	want := 64*9*(tinyIn*tinyMid+tinyMid*tinyOut) + tinyOut*tinyResults
	if got := n.program.MultiplyAdds(); got != want {
		t.Errorf("got %d multiply-adds, want %d", got, want)
	}
	ticks := 0.0
	parts := n.program.Profile(1, true, func() float64 { ticks++; return ticks })
	if len(parts) != 8 || parts[0].Name != "e" || parts[3].Name != "a" || parts[3].Time != 1 {
		t.Errorf("got the profile %v", parts)
	}
}

// TestTensorsRefused breaks one tensor at a time; the sentence names it.
func TestTensorsRefused(t *testing.T) {
	type tensor = weights.Tensor
	for _, c := range []struct {
		want   string
		breaks func(f *weights.File, x *tensor)
	}{
		{"b.weight is missing from the weights file",
			func(_ *weights.File, x *tensor) { x.Name = "other" }},
		{"b.weight has shape [9, 90], wanted [9, 10, 3, 3]",
			func(_ *weights.File, x *tensor) { x.Shape = []int{9, 90} }},
		{"b.weight is not finite at element 2",
			func(_ *weights.File, x *tensor) { copy(x.Data[8:], "\x00\x00\x80\x7f") }},
		{"b.weight holds I64, wanted floating-point numbers",
			func(_ *weights.File, x *tensor) {
				x.DType, x.Data = weights.I64, make([]byte, 8*x.Len())
			}},
		{"c.weight is not part of the network that the config describes",
			func(f *weights.File, x *tensor) {
				extra := *x
				extra.Name = "c.weight"
				f.Tensors = append(f.Tensors, extra)
			}},
	} {
		n := newTiny(t, 8, 8)
		x, ok := n.file.Tensor("b.weight")
		if !ok {
			t.Fatal("the network has no b.weight")
		}
		c.breaks(&n.file.File, x)
		o := Options{Family: "tiny", Kernels: kernels.Reference(), Batch: 1, Thin: kernels.F2}
		_, err := Compile(o, &n.file.File, func(c *Compiler) {
			for _, known := range newTiny(t, 8, 8).file.Tensors {
				c.Tensor(known.Name, known.Shape...)
			}
		})
		var te *TensorError
		if want := "tiny: tensor " + c.want; !errors.As(err, &te) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestRefuse: what a family refuses with comes out as it is, and a mistake of
// the program stays a panic.
func TestRefuse(t *testing.T) {
	o := Options{Family: "tiny", Kernels: kernels.Reference(), Batch: 1}
	reason := errors.New("no")
	_, err := Compile(o, &weights.File{}, func(c *Compiler) { c.Refuse(reason) })
	if err != reason {
		t.Errorf("got %v", err)
	}
	o.Gradient = true
	defer func() {
		if recover() == nil {
			t.Error("a layer without a way back does not panic")
		}
	}()
	Compile(o, &weights.File{}, func(c *Compiler) {
		x := c.Plane(2, 2, Channels{1})
		c.Resample("x", Half, x, c.Plane(1, 1, Channels{1}))
	})
}

// TestTileFor holds the rule to what it stands for: F(2×2) up to 64 pixels,
// above them the tile with fewer products. Only thin pictures differ by Thin.
func TestTileFor(t *testing.T) {
	products := func(h, w int, tile kernels.Tile) int {
		s := int(tile)
		return (h + s - 1) / s * ((w + s - 1) / s) * tile.Elements()
	}
	for h := 1; h <= 1024; h++ {
		for w := 1; w <= 1024; w++ {
			want := kernels.F4
			if h*w <= 64 || products(h, w, kernels.F2) < products(h, w, kernels.F4) {
				want = kernels.F2
			}
			if got := TileFor(h, w, false, kernels.F2); got != want {
				t.Fatalf("%d×%d: got F%d, want F%d", h, w, got, want)
			}
			thin := h*w > 64 && min(h, w) <= 2
			if got := TileFor(h, w, false, kernels.F4); (got != want) != thin {
				t.Fatalf("%d×%d: got F%d where a thin picture has F4", h, w, got)
			}
		}
	}
}

func TestChannels(t *testing.T) {
	c := Channels{3, 9}
	want := []int{0, 1, 2, -1, -1, -1, -1, -1,
		3, 4, 5, 6, 7, 8, 9, 10, 11, -1, -1, -1, -1, -1, -1, -1}
	if got := c.Places(); c.Count() != 12 || c.Physical() != len(want) || !slices.Equal(got, want) {
		t.Fatalf("%d channels at %v", c.Count(), got)
	}
	for i, at := range c.Offsets(7) {
		if w := want[i]; w >= 0 && at != 7*w || w < 0 && at != -1 {
			t.Errorf("place %d: got offset %d of channel %d", i, at, w)
		}
	}
}

// TestPlanesShareMemory: a dead activation's buffer is used again, and counted
// once; with gradients every activation is kept.
func TestPlanesShareMemory(t *testing.T) {
	for _, gradient := range []bool{false, true} {
		o := Options{Kernels: kernels.Reference(), Batch: 1, Gradient: gradient}
		_, err := Compile(o, &weights.File{}, func(c *Compiler) {
			cat := c.Plane(4, 4, Channels{8, 8})
			before := c.program.Bytes
			c.Free(cat.Part(1)) // owns nothing
			c.Free(cat)
			small := c.Plane(4, 4, Channels{3})
			if again := &small.Data[0] == &cat.Data[0]; again == gradient {
				t.Errorf("gradient %v: the buffer is used again: %v", gradient, again)
			}
			if grown := c.program.Bytes > before; grown != gradient {
				t.Errorf("gradient %v: %d bytes, then %d", gradient, before, c.program.Bytes)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
